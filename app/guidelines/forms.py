"""What the forms of guidelines send."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.guidelines.rules import BODY_AT_MOST, TITLE_AT_MOST


class DraftForm(BaseModel):
    """`then` says which button was pressed."""

    title: Annotated[str, Field(max_length=2 * TITLE_AT_MOST)] = ""
    body: Annotated[str, Field(max_length=2 * BODY_AT_MOST)] = ""
    then: Annotated[str, Field(pattern="^(save|publish)$")] = "save"


class PublicationForm(BaseModel):
    change: Annotated[str, Field(max_length=20)]
    clauses_changed: list[Annotated[str, Field(max_length=100)]] = []
