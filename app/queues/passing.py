"""Picking for somebody who asked not to be given every ad: what comes next is looked at, and the first that passes taken.

A few rows are read at a time and judged in Python; who wins one is decided by the same conditional write as everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from app.db.types import UtcDateTime
from app.queues.choosing import is_unwanted
from app.queues.ordering import AFTER_ALL, BEFORE_ALL
from app.queues.slots import NOT_MINE, Taken, Wish, free_reserved

AT_ONCE = 50
NotForMe = Mapping[str, Sequence[Any]]

_LOOKED_AT = "SELECT s.seq, s.state, s.sort_key, s.task_id, a.metadata FROM slots s JOIN tasks t ON t.id = s.task_id JOIN assets a ON a.id = t.asset_id"
_BEGUN = text(f"""{_LOOKED_AT} JOIN claims c ON c.task_id = s.task_id
WHERE c.person_id = :person AND c.queue_id = :queue AND c.state IN ('expired', 'released')
AND s.queue_id = c.queue_id AND s.state IN ('free', 'returned') AND {NOT_MINE} ORDER BY c.seq DESC, s.seq LIMIT {AT_ONCE}""")
_OF_STATE = {
    state: text(f"""{_LOOKED_AT} WHERE s.queue_id = :queue AND s.state = '{state}' AND s.sort_key > :after AND {NOT_MINE}
ORDER BY s.sort_key, s.seq LIMIT {AT_ONCE}""")
    for state in ("returned", "free")
}
_RESERVED = text(f"""{_LOOKED_AT} WHERE s.queue_id = :queue AND s.state = 'ahead' AND {NOT_MINE}
ORDER BY s.seq LIMIT {AT_ONCE}""")


def take(session: Session, wish: Wish, unwanted: NotForMe, *, fresh: bool = True) -> Taken | None:
    """`fresh`: also what nobody had yet."""
    return take_begun(session, wish, unwanted) or next(
        (
            taken
            for state, start in (("returned", BEFORE_ALL), ("free", wish.reached if fresh else AFTER_ALL))
            for row in _passing(session, wish.values, unwanted, state=state, after=start)
            if (taken := _take(session, wish, row)) is not None
        ),
        None,
    )


def take_begun(session: Session, wish: Wish, unwanted: NotForMe) -> Taken | None:
    return _first(session, wish, unwanted, _BEGUN)


def take_reserved(session: Session, wish: Wish, unwanted: NotForMe) -> Taken | None:
    taken = _first(session, wish, unwanted, _RESERVED)
    return None if taken is None else free_reserved(session, taken, wish)


def next_for(session: Session, *, queue_id: str, person_id: str, reached: str, unwanted: NotForMe) -> str | None:
    """The task that `take` would take a slot of now; nothing is changed."""
    values = {"queue": queue_id, "person": person_id}
    begun = session.execute(_BEGUN, values).all()
    found = (row for row in begun if not is_unwanted(unwanted, orjson.loads(row.metadata)))
    first = next(found, None)
    for state, start in (("returned", BEFORE_ALL), ("free", reached)):
        first = first or next(_passing(session, values, unwanted, state=state, after=start), None)
    return None if first is None else str(first.task_id)


def left(session: Session, *, queue_id: str, person_id: str, reached: str, unwanted: NotForMe, most: int) -> int:
    """Tasks that this person could still get, counted up to `most`."""
    values = {"queue": queue_id, "person": person_id}
    tasks: set[str] = set()
    for state, start in (("returned", BEFORE_ALL), ("free", reached)):
        for row in _passing(session, values, unwanted, state=state, after=start):
            tasks.add(row.task_id)
            if len(tasks) == most:
                return most
    return len(tasks)


def _passing(
    session: Session, values: Mapping[str, Any], unwanted: NotForMe, *, state: str, after: str
) -> Iterator[Any]:
    """Rows that pass, in their order, read a few at a time."""
    while True:
        rows = session.execute(_OF_STATE[state], {**values, "after": after}).all()
        yield from (row for row in rows if not is_unwanted(unwanted, orjson.loads(row.metadata)))
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].sort_key


def _first(session: Session, wish: Wish, unwanted: NotForMe, found: TextClause) -> Taken | None:
    rows = session.execute(found, wish.values).all()
    passing = (row for row in rows if not is_unwanted(unwanted, orjson.loads(row.metadata)))
    return next((taken for row in passing if (taken := _take(session, wish, row)) is not None), None)


def _take(session: Session, wish: Wish, row: Any) -> Taken | None:
    locking = "" if session.get_bind().dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    taking = text(
        "UPDATE slots SET state = :state, claim_id = :claim, expires_at = :until WHERE seq = "  # noqa: S608  # only constants are put together here
        f"(SELECT seq FROM slots WHERE seq = :seq AND state = :was{locking}) RETURNING id, task_id, root_id, sort_key"
    ).bindparams(bindparam("until", type_=UtcDateTime))
    taken = session.execute(taking, {**wish.values, "seq": row.seq, "was": row.state}).one_or_none()
    if taken is None:
        return None
    reached = max(wish.reached, taken.sort_key) if row.state == "free" else wish.reached
    return Taken(taken.id, taken.task_id, taken.root_id, reached)
