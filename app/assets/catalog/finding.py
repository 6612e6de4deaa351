"""One page of the ads that fit a filter and a search, in an order: by key, never by counting from the start.

A filter is answered by sets of bits, exactly. What no set is kept for (a search for words that stand in very many ads, what the
queues know) is asked of the candidates in their order, page after page, and never of more than `MOST_LOOKED_AT` of them: where
that is not enough for a page, the page says so, and the next one goes on there. So any page takes a bounded time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.catalog import bits, searching, terms, words
from app.assets.catalog.bits import Bits, Places
from app.assets.catalog.tables import BITS
from app.assets.catalog.terms import EVERY, Filter
from app.assets.models import Asset
from app.db.listing import is_among
from app.errors import Invalid

MOST_EXACT = {"sqlite": 60_000, "postgresql": 20_000}  # ads that a search may find and be kept as a set
MOST_SORTED = 3000  # ads that are sorted by external id in memory
MOST_LOOKED_AT = 12_000
FIRST_LOOK = 400
WIDER = 5  # times as many candidates are looked at each time that a look was not enough


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    EXTERNAL_ID = "external_id"


@dataclass(frozen=True)
class Asked:
    filter: Filter
    search: str = ""
    sort: Sort = Sort.NEWEST

    @property
    def is_everything(self) -> bool:
        return not self.filter and not self.search


@dataclass(frozen=True)
class Place:
    """Beyond the ad of this id, or before it."""

    limit: int
    after: str | None = None
    before: str | None = None


class Condition(Protocol):
    """What ads must fulfil that no set of bits is kept for."""

    def first(self, database: Session, most: int) -> Places | None: ...

    def among(self, database: Session, seqs: Places) -> Places: ...


# The condition that the queues' states of an ad be among these; handed in by main, since queues lie above.
QueueStates = Callable[[str, Sequence[str]], Condition]


@dataclass(frozen=True)
class Selection:
    """Which ads fit: the set of each key of the filter, and what must be asked of the candidates one by one."""

    project_id: str
    every: Bits
    sets: Mapping[str, Bits]
    open: Sequence[Condition]
    broad: Sequence[str] = ()

    def bits(self, *, but: str | None = None) -> Bits:
        """All that fit, whatever stands under one of the keys."""
        found = self.every
        for key, one in self.sets.items():
            if key != but:
                found = found & one
        return found

    @property
    def blocks(self) -> int:
        return len(self.every) // bits.BYTES

    @property
    def total(self) -> int | None:
        return None if self.open else bits.size(self.bits())


@dataclass(frozen=True)
class Found:
    """`seqs` in their order. `after` and `before` are ids to go on from; `looked_at` is told where a page was cut short."""

    seqs: Sequence[int]
    after: str | None
    before: str | None
    looked_at: int | None


def select_ads(session: Session, project_id: str, asked: Asked, queue_states: QueueStates) -> Selection:
    sets = _sets(session, project_id, {key: asked.filter[key] for key in asked.filter if key != "queue_state"})
    every = sets.pop("")
    count = len(every) // bits.BYTES
    conditions: dict[str, Condition] = {}
    if "queue_state" in asked.filter:
        conditions["queue_state"] = queue_states(project_id, [str(one) for one in asked.filter["queue_state"]])
    phrases = words.asked(asked.search)
    search = searching.search_of(session, project_id, phrases)
    if phrases:
        conditions["search"] = search
    elif asked.search:  # of what was typed, nothing can be looked for
        sets["search"] = np.zeros_like(every)
    remaining = []
    for key, condition in conditions.items():
        few = condition.first(session, MOST_EXACT[session.connection().dialect.name])
        if few is None:
            remaining.append(condition)
        else:
            sets[key] = bits.of_places(few, count)
    return Selection(project_id, every, sets, remaining, search.broad)


def seqs_of(session: Session, project_id: str, wanted: Filter) -> Places:
    """Of all ads of the project that this filter fits, in rising order; it asks nothing of queues."""
    sets = _sets(session, project_id, wanted)
    return bits.places(Selection(project_id, sets.pop(""), sets, ()).bits())


def page(session: Session, selection: Selection, sort: Sort, place: Place) -> Found:
    """Raises `Invalid` for a place that names no ad."""
    backwards = place.before is not None
    start = _start(session, place.before or place.after)
    found: list[int] = []
    looked_at, goes_on, last = 0, False, 0
    for look in _looks(session, selection, sort, start, backwards):
        found += _fitting(session, selection, look.seqs).tolist()
        looked_at, goes_on, last = looked_at + look.width, look.goes_on, look.last
        if len(found) > place.limit:
            break
    shown = found[: place.limit]
    is_cut = goes_on and len(found) <= place.limit
    edge = shown[-1] if len(found) > place.limit else last if is_cut else 0
    ids = _ids(session, {edge, *shown[:1]})
    onwards, back = ids.get(edge), ids.get(shown[0]) if shown and start else None
    if backwards:
        return Found(shown[::-1], back, onwards, looked_at if is_cut else None)
    return Found(shown, onwards, back, looked_at if is_cut else None)


def _sets(session: Session, project_id: str, wanted: Filter) -> dict[str, Bits]:
    """The union of the listed values of each key; under "" all ads of the project."""
    keys = {terms.number_of(project_id, *EVERY): ""}
    for key, listed in wanted.items():
        if key == "external_id":
            continue
        keys |= {terms.number_of(project_id, key, terms.text_of(value)): key for value in listed}
    blocks: dict[str, list[tuple[int, bytes]]] = {key: [] for key in ("", *wanted)}
    query = select(BITS.c.term, BITS.c.block, BITS.c.bits).where(BITS.c.term.in_(keys))
    for term, block, content in session.execute(query):
        blocks[keys[term]].append((block, content))
    count = max((block for block, _ in blocks[""]), default=-1) + 1
    found = {key: bits.union(held, count) for key, held in blocks.items()}
    if "external_id" in wanted:
        found["external_id"] = bits.of_places(_named(session, project_id, wanted["external_id"]), count)
    return found


def _named(session: Session, project_id: str, listed: Sequence[Any]) -> Places:
    names = [str(one) for one in listed]
    query = select(Asset.seq).where(Asset.project_id == project_id, Asset.external_id.in_(names))
    return np.fromiter(session.scalars(query), np.int64)


def _start(session: Session, asset_id: str | None) -> tuple[int, str] | None:
    if asset_id is None:
        return None
    row = session.execute(select(Asset.seq, Asset.external_id).where(Asset.id == asset_id)).first()
    if row is None:
        raise Invalid("This page begins at an ad that is not there. Start again from the first page.")
    return row.seq, row.external_id


def _ids(session: Session, seqs: set[int]) -> dict[int, str]:
    return {row.seq: row.id for row in session.execute(select(Asset.seq, Asset.id).where(Asset.seq.in_(seqs)))}


def _fitting(session: Session, selection: Selection, seqs: Places) -> Places:
    """In the order they came in."""
    for condition in selection.open:
        fitting = condition.among(session, seqs)
        seqs = seqs[np.isin(seqs, fitting)]
    return seqs


@dataclass(frozen=True)
class _Look:
    """Candidates in their order, how many ads were passed for them, the last of those, and whether there may be more."""

    seqs: Places
    width: int
    last: int
    goes_on: bool


def _looks(
    session: Session, selection: Selection, sort: Sort, start: tuple[int, str] | None, backwards: bool
) -> Iterator[_Look]:
    """Ads of the sets in their order from the start on, in ever wider looks."""
    chosen = selection.bits()
    if sort != Sort.EXTERNAL_ID:
        seqs = _by_age(bits.places(chosen), start, newest_first=(sort == Sort.NEWEST) != backwards)
    elif bits.size(chosen) <= MOST_SORTED:
        seqs = _sorted_by_external_id(session, bits.places(chosen), start, backwards)
    else:
        yield from _along_external_ids(session, selection, chosen, start, backwards)
        return
    first = 0
    for width in _widths():
        some = seqs[first : first + width]
        first += width
        if not len(some):
            return
        yield _Look(some, len(some), int(some[-1]), first < len(seqs))


def _widths() -> Iterator[int]:
    """Of one look after the other, until all that may be looked at is."""
    left, width = MOST_LOOKED_AT, FIRST_LOOK
    while left > 0:
        yield min(width, left)
        left, width = left - width, width * WIDER


def _by_age(seqs: Places, start: tuple[int, str] | None, *, newest_first: bool) -> Places:
    if newest_first:
        return seqs[: np.searchsorted(seqs, start[0]) if start else None][::-1]
    return seqs[np.searchsorted(seqs, start[0], side="right") if start else 0 :]


def _sorted_by_external_id(session: Session, seqs: Places, start: tuple[int, str] | None, backwards: bool) -> Places:
    query = select(Asset.seq).where(is_among(session, Asset.seq, seqs.tolist()))
    return np.fromiter(session.scalars(_beyond(query, start, backwards)), np.int64)


def _along_external_ids(
    session: Session, selection: Selection, chosen: Bits, start: tuple[int, str] | None, backwards: bool
) -> Iterator[_Look]:
    flags = np.unpackbits(chosen, bitorder="little").astype(bool)
    query = select(Asset.seq, Asset.external_id).where(Asset.project_id == selection.project_id)
    for width in _widths():
        rows = session.execute(_beyond(query, start, backwards).limit(width)).all()
        if not rows:
            return
        seqs = np.fromiter((row.seq for row in rows), np.int64)
        start = rows[-1].seq, rows[-1].external_id
        yield _Look(seqs[flags[seqs]], len(rows), start[0], len(rows) == width)


def _beyond(query: Any, start: tuple[int, str] | None, backwards: bool) -> Any:
    """In the order of external ids, which are unique in a project."""
    if start is not None:
        query = query.where(Asset.external_id < start[1] if backwards else Asset.external_id > start[1])
    return query.order_by(Asset.external_id.desc() if backwards else Asset.external_id)
