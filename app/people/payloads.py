"""What programs send about people. Shape only."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.people.rules import LONGEST_QUALIFICATION, QualificationKind


class QualificationIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: QualificationKind
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_QUALIFICATION, pattern=r"^[^\x00]*$")]
    until: AwareDatetime | None = None
