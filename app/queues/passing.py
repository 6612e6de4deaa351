"""Picking for somebody who asked not to be given every ad: what comes next is looked at, and the first that passes taken.

A few rows are read at a time and judged in Python; who wins one is decided by the same conditional write as everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from app.db.types import UtcDateTime
from app.queues.choosing import is_unwanted
from app.queues.ordering import BEFORE_ALL
from app.queues.slots import NOT_MINE, NOT_MINE_NOW, RAN_OUT, Taken, Wish, free_reserved

AT_ONCE = 50
NotForMe = Mapping[str, Sequence[Any]]

LOOKED_AT = "SELECT s.seq, s.state, s.sort_key, s.task_id, a.metadata FROM slots s JOIN tasks t ON t.id = s.task_id JOIN assets a ON a.id = t.asset_id"
_BEGUN = text(f"""{LOOKED_AT} JOIN claims c ON c.task_id = s.task_id
WHERE c.person_id = :person AND c.queue_id = :queue AND c.state IN ('expired', 'released')
AND s.queue_id = c.queue_id AND s.state IN ('free', 'returned') AND {NOT_MINE} ORDER BY c.seat, c.ended_at DESC, c.seq DESC, s.seq LIMIT {AT_ONCE}""")
_OF_STATE = {
    state: text(f"""{LOOKED_AT} WHERE s.queue_id = :queue AND s.state = '{state}' AND s.sort_key > :after AND {NOT_MINE}
ORDER BY s.sort_key, s.seq LIMIT {AT_ONCE}""")
    for state in ("returned", "ahead", "free")
}
_OF_STATE["ran out"] = text(f"""{LOOKED_AT} WHERE s.queue_id = :queue AND {RAN_OUT} AND s.sort_key > :after
AND {NOT_MINE_NOW} ORDER BY s.sort_key, s.seq LIMIT {AT_ONCE}""").bindparams(bindparam("now", type_=UtcDateTime))
_RESERVED = text(f"""{LOOKED_AT} WHERE s.queue_id = :queue AND s.state = 'ahead' AND {NOT_MINE}
ORDER BY s.seq LIMIT {AT_ONCE}""")


def take(session: Session, wish: Wish, unwanted: NotForMe, *, fresh: bool = True) -> Taken | None:
    """`fresh`: also what nobody had yet."""
    waiting = take_begun(session, wish, unwanted) or _come_upon(session, wish, unwanted, state="returned")
    return waiting or (_come_upon(session, wish, unwanted, state="free") if fresh else None)


def _come_upon(session: Session, wish: Wish, unwanted: NotForMe, *, state: str) -> Taken | None:
    """The first slot of the state. Only among fresh ones does it tell how far the search has come: a free slot of a task
    that they had begun may lie behind others that nobody looked at.
    """
    is_fresh = state == "free"
    for row in _passing(session, wish.values, unwanted, state=state, after=wish.reached if is_fresh else BEFORE_ALL):
        reached = max(wish.reached, row.sort_key) if is_fresh else wish.reached
        taken = _take(session, wish, row, reached=reached)
        if taken is not None:
            return taken
    return None


def take_begun(session: Session, wish: Wish, unwanted: NotForMe) -> Taken | None:
    return _first(session, wish, unwanted, _BEGUN)


def take_reserved(session: Session, wish: Wish, unwanted: NotForMe) -> Taken | None:
    taken = _first(session, wish, unwanted, _RESERVED)
    return None if taken is None else free_reserved(session, taken, wish)


def left(
    session: Session, *, queue_id: str, person_id: str, reached: str, unwanted: NotForMe, now: datetime, most: int
) -> int:
    """Tasks that this person could still get, counted up to `most`."""
    values = {"queue": queue_id, "person": person_id, "now": now}
    tasks: set[str] = set()
    for state, start in (("returned", BEFORE_ALL), ("ran out", BEFORE_ALL), ("ahead", BEFORE_ALL), ("free", reached)):
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
    return next(
        (taken for row in passing if (taken := _take(session, wish, row, reached=wish.reached)) is not None), None
    )


def _take(session: Session, wish: Wish, row: Any, *, reached: str) -> Taken | None:
    locking = "" if session.get_bind().dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"
    taking = text(
        "UPDATE slots SET state = :state, claim_id = :claim, expires_at = :until WHERE seq = "  # noqa: S608  # only constants are put together here
        f"(SELECT seq FROM slots WHERE seq = :seq AND state = :was{locking}) RETURNING id, task_id, root_id, sort_key"
    ).bindparams(bindparam("until", type_=UtcDateTime))
    taken = session.execute(taking, {**wish.values, "seq": row.seq, "was": row.state}).one_or_none()
    return None if taken is None else Taken(taken.id, taken.task_id, taken.root_id, reached)
