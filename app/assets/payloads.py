"""What the API takes about assets, but for files: those come in forms.py."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Withdrawal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=2000)]
