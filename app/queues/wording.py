"""Words that people give: names and notes, as text that every database keeps."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.schemas.rules import ShowSuggestions

LONGEST_NOTE = 4000

SHOW_SUGGESTIONS = {
    ShowSuggestions.SHOWN: "As the schema says",
    ShowSuggestions.AFTER_FIRST_ANSWER: "Only after the person's own first answer",
    ShowSuggestions.HIDDEN: "Not shown",
}


def _words(value: str) -> str:
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("holds a character that is not text")
    return value.strip()


Words = Annotated[str, AfterValidator(_words)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_words), Field(min_length=1)]
