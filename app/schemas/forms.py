"""What the forms of schemas send."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.schemas.rules import SCHEMA_BYTES_AT_MOST


class NewDraftForm(BaseModel):
    """`start` is `example:image`, `version:3` or empty."""

    start: Annotated[str, Field(max_length=100)] = ""


class DraftForm(BaseModel):
    """`then` says which button was pressed, `language` which one the preview is in."""

    text: Annotated[str, Field(max_length=2 * SCHEMA_BYTES_AT_MOST)]
    then: Annotated[str, Field(pattern="^(check|publish)$")] = "check"
    language: Annotated[str, Field(max_length=20)] = ""


class PreviewForm(BaseModel):
    """A schema to be shown as a labeler meets it; `language` is one that it speaks."""

    body: Annotated[str, Field(max_length=2 * SCHEMA_BYTES_AT_MOST)]
    language: Annotated[str, Field(max_length=20)] = ""
