"""Keyset pages in order of creation: `?limit=&after=` -> `{"items": [...], "next": ...}`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db.base import Row
from app.errors import Invalid

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Page(Generic[R]):
    """`next` is the id to pass as `after` for the following page, or None at the end."""

    items: Sequence[R]
    next: str | None

    def as_json(self, show: Callable[[R], Any]) -> dict[str, Any]:
        return {"items": [show(item) for item in self.items], "next": self.next}


@dataclass(frozen=True)
class PageRequest:
    limit: int
    after: str | None


async def page_request(
    limit: Annotated[int, Query(ge=1, le=1000)] = 100, after: Annotated[str | None, Query(max_length=64)] = None
) -> PageRequest:
    return PageRequest(limit, after)


Paging = Annotated[PageRequest, Depends(page_request)]


def fetch_page(
    session: Session, query: Select[R], table: type[R], paging: PageRequest, *, newest_first: bool = False
) -> Page[R]:
    """One page of `query`, ordered by creation. Raises `Invalid` for an `after` that names no row."""
    if paging.after is not None:
        seq = session.scalar(select(table.seq).where(table.id == paging.after))
        if seq is None:
            raise _unknown_after()
        query = query.where(table.seq < seq if newest_first else table.seq > seq)
    order = table.seq.desc() if newest_first else table.seq
    rows = session.scalars(query.order_by(order).limit(paging.limit + 1)).all()
    items = rows[: paging.limit]
    return Page(items, items[-1].id if len(rows) > paging.limit else None)


def page_of(rows: Sequence[R], paging: PageRequest) -> Page[R]:
    """One page of rows that are all at hand, in their order. Raises `Invalid` for an `after` that names none."""
    start = 0
    if paging.after is not None:
        places = [number for number, row in enumerate(rows) if row.id == paging.after]
        if not places:
            raise _unknown_after()
        start = places[0] + 1
    items = rows[start : start + paging.limit]
    return Page(items, items[-1].id if len(rows) > start + paging.limit else None)


def _unknown_after() -> Invalid:
    return Invalid("`after` names nothing in this list. Start again without it.")
