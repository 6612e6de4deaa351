"""What the forms of projects send."""

from typing import Annotated

from pydantic import BaseModel, Field


class ProjectForm(BaseModel):
    name: Annotated[str, Field(max_length=500)]
    slug: Annotated[str, Field(max_length=500)]
    languages: Annotated[str, Field(max_length=1000)] = ""
    markets: Annotated[str, Field(max_length=1000)] = ""
    organisations: list[str] = []


def codes(text: str) -> list[str]:
    """Codes as people write them: with commas or spaces between."""
    return text.replace(",", " ").split()
