"""What the pages of labels are asked by their addresses."""

from typing import Annotated

from fastapi import Depends, Query

from app.labels.choosing import Chosen
from app.web.pagination import PageRequest

CARDS = 48

_Text = Annotated[str, Query(max_length=300)]


def chosen(
    queue: _Text = "", labeler: _Text = "", status: _Text = "", schema_version: _Text = "", choice: _Text = ""
) -> Chosen:
    """The filter as its form sends it: empty fields say nothing."""
    version = int(schema_version) if schema_version.isascii() and schema_version.isdigit() else None
    return Chosen(queue, labeler, status, version, choice)


def page_of_cards(after: Annotated[str | None, Query(max_length=64)] = None) -> PageRequest:
    return PageRequest(CARDS, after or None)


Filter = Annotated[Chosen, Depends(chosen)]
PageOfCards = Annotated[PageRequest, Depends(page_of_cards)]
AsTable = Annotated[str, Query(alias="as", pattern="^(grid|table)$")]
ListedMarks = Annotated[str, Query(alias="marks", pattern="^(first|all)$")]
WhichRevision = Annotated[int | None, Query(ge=1, alias="revision")]
