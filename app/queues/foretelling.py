"""What somebody would be handed next, read without taking it: as the hand-out picks, which a test holds this to.

Claims whose time is up stay as they are until somebody asks for a task; here they are read as ended.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from app.db.types import UtcDateTime
from app.people.models import Person
from app.queues import admission, queries
from app.queues.choosing import is_unwanted
from app.queues.models import Claim, Queue
from app.queues.ordering import AFTER_ALL, BEFORE_ALL
from app.queues.passing import AT_ONCE, LOOKED_AT, NotForMe
from app.queues.rules import QueueState, Seat
from app.queues.slots import NOT_MINE_NOW, RAN_OUT


def _reading(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("now", type_=UtcDateTime))


_WITH_CLAIM = "SELECT c.seq AS claim, coalesce(c.ended_at, c.expires_at) AS ended, {seat} AS seat,"
# The seat of a live claim tells nothing yet of whether it began; its slot does.
_NEVER_BEGAN = "(SELECT count(*) FROM slots r WHERE r.id = c.slot_id AND r.state = 'ahead')"
# Apart from each other, since one statement for both would use no index of either.
_BEGUN = [
    _reading(f"""{LOOKED_AT.replace("SELECT", _WITH_CLAIM.format(seat=seat))} JOIN claims c ON c.task_id = s.task_id
WHERE c.person_id = :person AND c.queue_id = :queue AND {ended} AND s.queue_id = c.queue_id
AND (s.state IN ('free', 'returned') OR {RAN_OUT}) AND {NOT_MINE_NOW}
ORDER BY seat, ended DESC, c.seq DESC, s.seq LIMIT {AT_ONCE}""")
    for seat, ended in (
        ("c.seat", "c.state IN ('expired', 'released')"),
        (_NEVER_BEGAN, "c.state = 'live' AND c.expires_at <= :now"),
    )
]
_RETURNED, _RUN_OUT, _FRESH = (
    _reading(f"""{LOOKED_AT} WHERE s.queue_id = :queue AND {state} AND s.sort_key > :after AND {NOT_MINE_NOW}
ORDER BY s.sort_key, s.seq LIMIT {AT_ONCE}""")
    for state in ("s.state = 'returned'", RAN_OUT, "s.state = 'free'")
)
_RESERVED = _reading(f"""{LOOKED_AT} WHERE s.queue_id = :queue AND s.state = 'ahead' AND s.expires_at > :now
AND {NOT_MINE_NOW} ORDER BY s.seq LIMIT {AT_ONCE}""")


@dataclass(frozen=True)
class _Asked:
    """`reached`: where the search for a fresh task begins."""

    session: Session
    values: Mapping[str, Any]
    unwanted: NotForMe
    reached: str

    def rows(self, statement: TextClause, **more: str) -> Sequence[Any]:
        return self.session.execute(statement, {**self.values, **more}).all()

    def wanted(self, rows: Sequence[Any]) -> Iterator[Any]:
        return (row for row in rows if not is_unwanted(self.unwanted, orjson.loads(row.metadata)))


def next_for(session: Session, queue: Queue, person: Person, now: datetime) -> str | None:
    """The task that this person would be handed now if nothing keeps them from the queue: with one at hand, after it."""
    live = {seat: one.claim for seat, one in queries.seats_of(session, queue, person).items()}
    live = {seat: claim for seat, claim in live.items() if claim.expires_at > now}
    asked = _asked(session, queue, person, now)
    reserved: Claim | None = live.get(Seat.NEXT)
    if reserved is not None:
        begun = None if Seat.AT_HAND in live else _begun(asked)
        return str(begun.task_id) if begun else reserved.task_id
    first = _begun(asked) or _came_back(asked) or _first(asked, _FRESH, asked.reached)
    first = first or next(asked.wanted(asked.rows(_RESERVED)), None)
    return None if first is None else str(first.task_id)


def _asked(session: Session, queue: Queue, person: Person, now: datetime) -> _Asked:
    reached = queries.reached_by(session, queue, person, under=admission.search_of(queue, person))
    if queue.state == QueueState.DRAINING:
        reached = AFTER_ALL
    values = {"queue": queue.id, "person": person.id, "now": now}
    return _Asked(session, values, admission.not_for_me(person), reached)


def _begun(asked: _Asked) -> Any:
    """Of the task that they began and lost last, or else of the one that was reserved for them last."""
    rows = [row for statement in _BEGUN for row in asked.wanted(asked.rows(statement))]
    return max(rows, key=lambda row: (-row.seat, row.ended, row.claim, -row.seq), default=None)


def _came_back(asked: _Asked) -> Any:
    first = [_first(asked, statement, BEFORE_ALL) for statement in (_RETURNED, _RUN_OUT)]
    return min((row for row in first if row), key=lambda row: (row.sort_key, row.seq), default=None)


def _first(asked: _Asked, statement: TextClause, after: str) -> Any:
    """Of the rows behind `after` in their order, read a few at a time."""
    while True:
        rows = asked.rows(statement, after=after)
        found = next(asked.wanted(rows), None)
        if found is not None or len(rows) < AT_ONCE:
            return found
        after = rows[-1].sort_key
