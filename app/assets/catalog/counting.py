"""How many ads of a selection have each value that a page offers to filter by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.catalog import bits, terms
from app.assets.catalog.bits import Bits
from app.assets.catalog.finding import Asked, Selection
from app.assets.catalog.tables import BITS, VALUES
from app.assets.catalog.terms import FACETS

MOST_SHOWN = 8  # values of one key


@dataclass(frozen=True)
class Value:
    """`number` is None where counting would take long, or there are that many and more."""

    value: str
    number: int | None
    chosen: bool
    at_least: bool = False


@dataclass(frozen=True)
class Facet:
    """`has_more`: there are values that are not listed."""

    key: str
    values: Sequence[Value]
    has_more: bool


def facets(session: Session, selection: Selection, asked: Asked) -> list[Facet]:
    """Of each key its commonest values and those that are chosen, each with what choosing it as well would give."""
    chosen = {key: {terms.text_of(one) for one in asked.filter.get(key, ())} for key in FACETS}
    known = {key: _commonest(session, selection.project_id, key) for key in FACETS}
    names = {key: [*known[key]][:MOST_SHOWN] for key in FACETS}
    for key in FACETS:
        names[key] += sorted(chosen[key] - set(names[key]))
    numbers = _numbers(session, selection, asked, names, known)
    return [
        Facet(
            key,
            [Value(name, numbers.get((key, name)), name in chosen[key]) for name in names[key]],
            has_more=len(known[key]) > MOST_SHOWN,
        )
        for key in FACETS
        if names[key]
    ]


def _commonest(session: Session, project_id: str, key: str) -> dict[str, int]:
    """One more than are shown, the commonest first."""
    query = select(VALUES.c.value, VALUES.c.number).where(
        VALUES.c.project_id == project_id, VALUES.c.key == key, VALUES.c.number > 0
    )
    rows = session.execute(query.order_by(VALUES.c.number.desc(), VALUES.c.value).limit(MOST_SHOWN + 1))
    return {row.value: row.number for row in rows}


def _numbers(
    session: Session, selection: Selection, asked: Asked, names: Mapping[str, Sequence[str]],
    known: Mapping[str, Mapping[str, int]],
) -> dict[tuple[str, str], int]:  # fmt: skip
    if asked.is_everything:
        return {(key, name): known[key][name] for key in names for name in names[key]}
    if selection.open:
        return {}
    sets = _sets(session, selection, [(key, name) for key in names for name in names[key]])
    found: dict[tuple[str, str], int] = {}
    for key, listed in names.items():
        others = selection.bits(but=key)
        found |= {(key, name): bits.size(others & sets[key, name]) for name in listed}
    return found


def _sets(session: Session, selection: Selection, wanted: Sequence[terms.Term]) -> dict[terms.Term, Bits]:
    by_number = {terms.number_of(selection.project_id, *term): term for term in wanted}
    blocks: dict[terms.Term, list[tuple[int, bytes]]] = {term: [] for term in wanted}
    query = select(BITS.c.term, BITS.c.block, BITS.c.bits).where(BITS.c.term.in_(by_number))
    for number, block, content in session.execute(query):
        blocks[by_number[number]].append((block, content))
    return {term: bits.union(held, selection.blocks) for term, held in blocks.items()}
