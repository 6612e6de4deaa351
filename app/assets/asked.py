"""What of a project's ads is asked for, as addresses say it: the page's and the API's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from app.assets.catalog import terms
from app.assets.catalog.finding import Asked, Sort
from app.errors import Invalid, Problem

LONGEST_SEARCH = 200
LONGEST_FILTER = 8000

Search = Annotated[str, Query(max_length=LONGEST_SEARCH)]
FilterText = Annotated[str, Query(max_length=LONGEST_FILTER)]


class View(StrEnum):
    GALLERY = "gallery"
    TABLE = "table"


@dataclass(frozen=True)
class Browsed:
    """A page of ads as asked for. Words that mean nothing here count as absent."""

    asked: Asked = field(default_factory=lambda: Asked({}))
    view: View = View.GALLERY

    def address(self, **changes: str | None) -> str:
        """The query string that asks for the same, but for these changes. Never the place: that is the page's."""
        pairs = [(key, terms.text_of(one)) for key, listed in self.asked.filter.items() for one in listed]
        others = {"q": self.asked.search, "sort": str(self.asked.sort), "view": str(self.view)} | changes
        plain = {"sort": str(Sort.NEWEST), "view": str(View.GALLERY)}
        pairs += [(key, value) for key, value in others.items() if value and plain.get(key) != value]
        return urlencode(pairs)

    def without(self, key: str, value: Any) -> str:
        """The query string without one value of the filter."""
        left = [one for one in self.asked.filter.get(key, ()) if one != value]
        kept = {other: listed for other, listed in self.asked.filter.items() if other != key}
        smaller = kept | ({key: left} if left else {})
        return Browsed(Asked(smaller, self.asked.search, self.asked.sort), self.view).address()

    def as_query(self) -> dict[str, str]:
        """The same as parameters of an address, the filter as one."""
        asked = self.asked
        return {"filter": self.filter_text, "q": asked.search, "sort": str(asked.sort), "view": str(self.view)}

    def as_saved(self) -> dict[str, Any]:
        """As a saved filter keeps it."""
        return self.as_query() | {"filter": dict(self.asked.filter)}

    @property
    def conditions(self) -> list[tuple[str, str, str]]:
        """Key and value of all that is filtered by, and the query string without it."""
        return [
            (key, terms.text_of(one), self.without(key, one))
            for key, listed in self.asked.filter.items()
            for one in listed
        ]

    @property
    def filter_text(self) -> str:
        return json.dumps(dict(self.asked.filter), ensure_ascii=False)


async def browsed(
    request: Request,
    q: Search = "",
    sort: str = "",
    view: str = "",
    filter: FilterText = "",  # noqa: A002  # the contract's word
) -> Browsed:
    """Of a page: a filter as JSON, or each key as a parameter of its own, as a form sends it."""
    order = Sort(sort) if sort in set(Sort) else Sort.NEWEST
    shown = View(view) if view in set(View) else View.GALLERY
    wanted = both(read_filter(filter), _parameters(request))
    return Browsed(Asked(wanted, q.strip(), order), shown)


def of_saved(kept: Mapping[str, Any]) -> Browsed:
    return Browsed(Asked(kept["filter"], kept["q"], Sort(kept["sort"])), View(kept["view"]))


class SavedForm(BaseModel):
    """What the gallery shows now, to be kept under a name."""

    name: Annotated[str, Field(max_length=100)] = ""
    shared: bool = False
    filter: Annotated[str, Field(max_length=LONGEST_FILTER)] = ""
    q: Annotated[str, Field(max_length=LONGEST_SEARCH)] = ""
    sort: Sort = Sort.NEWEST
    view: View = View.GALLERY

    def browsed(self) -> Browsed:
        return Browsed(Asked(read_filter(self.filter), self.q.strip(), self.sort), self.view)


def read_filter(written: str) -> dict[str, list[Any]]:
    """Raises `Invalid` for what is no filter."""
    try:
        wanted = json.loads(written) if written.strip() else {}
    except ValueError as fault:
        raise _unreadable([Problem("/filter", f"is not JSON: {fault}")]) from None
    problems = terms.check(wanted)
    if problems:
        raise _unreadable(problems)
    return {str(key): list(listed) for key, listed in wanted.items()}


def both(one: Mapping[str, list[Any]], other: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Values under the same key are ored, as everywhere."""
    joined = {key: [*one.get(key, ()), *other.get(key, ())] for key in {**one, **other}}
    problems = terms.check(joined)
    if problems:
        raise _unreadable(problems)
    return {key: list(dict.fromkeys(listed)) for key, listed in joined.items()}


def _parameters(request: Request) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for key, value in request.query_params.multi_items():
        known = key in terms.PLAIN_KEYS or (key.startswith(terms.METADATA) and key != terms.METADATA)
        if known and value.strip():
            found.setdefault(key, []).append(value.strip())
    name, value = (request.query_params.get(one, "").strip() for one in ("key", "value"))
    if name and value:  # a form asks for any key of the metadata by these two
        found.setdefault(terms.METADATA + name, []).append(value)
    return found


def _unreadable(problems: list[Problem]) -> Invalid:
    return Invalid("This filter cannot be read.", problems=problems)


Chosen = Annotated[Browsed, Depends(browsed)]
