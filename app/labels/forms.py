"""What the pages of labels are asked by their addresses."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field

from app.labels.choosing import Chosen
from app.web.pagination import PageRequest

CARDS = 48

# The number of a schema's version, as databases keep it; empty where none is asked for.
VersionOrNone = Literal[""] | Annotated[int, Field(ge=1, le=2**31 - 1)]
_Text = Annotated[str, Query(max_length=300)]


def chosen(
    queue: _Text = "",
    labeler: _Text = "",
    status: _Text = "",
    schema_version: Annotated[VersionOrNone, Query()] = "",
    choice: _Text = "",
) -> Chosen:
    """The filter as its form sends it: empty fields say nothing."""
    return Chosen(queue, labeler, status, schema_version or None, choice)


def page_of_cards(after: Annotated[str | None, Query(max_length=64)] = None) -> PageRequest:
    return PageRequest(CARDS, after or None)


Filter = Annotated[Chosen, Depends(chosen)]
PageOfCards = Annotated[PageRequest, Depends(page_of_cards)]
AsTable = Annotated[str, Query(alias="as", pattern="^(grid|table)$")]
ListedMarks = Annotated[str, Query(alias="marks", pattern="^(first|all)$")]
WhichRevision = Annotated[int | None, Query(ge=1, alias="revision")]
