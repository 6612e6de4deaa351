"""How many tasks of a queue stand in each state and how many labels came when, kept by the transactions that change it.

Counting a million tasks takes longer than a page may, so every change of a task's state adds to a row of its queue, its
hour, and whoever made it. Nobody waits for anybody: each person writes rows of their own, and what no person did gets a
row of its own. `fasit check` compares the sums with what is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Integer, String, TextClause, UniqueConstraint, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import writing
from app.db.base import Row, new_id, refers_to
from app.db.reading import columns
from app.db.types import UtcDateTime
from app.db.writing import Change
from app.queues.rules import TaskState

KEPT_BY_HOUR = timedelta(days=8)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # the hour of all that is older

COUNTED = ("labels", "wanted", *(f"tasks_{state}" for state in TaskState))


class Tally(Row):
    """Changes of one queue in one hour by one person, in all. Sums over a queue's rows are its counts."""

    __tablename__ = "queue_tallies"
    __table_args__ = (UniqueConstraint("queue_id", "noted_by", "hour"),)
    queue_id: Mapped[str] = refers_to("queues.id")
    noted_by: Mapped[str] = mapped_column(String(32))  # a person, or any new id where none did it
    hour: Mapped[datetime] = mapped_column(UtcDateTime)
    labels: Mapped[int] = mapped_column(Integer)  # slots that have their label
    wanted: Mapped[int] = mapped_column(Integer)  # labels that there will be when all is done
    tasks_open: Mapped[int] = mapped_column(Integer)
    tasks_answered: Mapped[int] = mapped_column(Integer)
    tasks_done: Mapped[int] = mapped_column(Integer)
    tasks_on_hold: Mapped[int] = mapped_column(Integer)
    tasks_escalated: Mapped[int] = mapped_column(Integer)
    tasks_withdrawn: Mapped[int] = mapped_column(Integer)


def note(
    session: Session,
    queue_id: str,
    *,
    by: str | None,
    at: datetime,
    labels: int = 0,
    wanted: int = 0,
    tasks: Mapping[TaskState, int] | None = None,
    beside: Sequence[Change] = (),
) -> None:
    """Adds to the counts of a queue; `tasks`: how many more there are in each state. Written after all other rows, but
    for changes `beside` it.
    """
    more = tasks or {}
    values: dict[str, object] = {
        "labels": labels, "wanted": wanted, **{f"tasks_{state}": more.get(state, 0) for state in TaskState},
    }  # fmt: skip
    values = {f"more_{name}": value for name, value in values.items()}
    values |= {"queue": queue_id, "by": by or new_id(), "at_hour": at.replace(minute=0, second=0, microsecond=0)}
    session.flush()
    if writing.change(session, *beside, then=None if by is None else (_ADDING, values)):
        return
    session.execute(_beginning(), {**values, "id": new_id(), "at": at})
    if by is not None:
        _fold(session, queue_id, by, at)


_tally = columns(Tally)
_ADDING = (
    update(Tally.__table__)  # type: ignore[arg-type]  # every row's table is one
    .where(
        _tally.queue_id == bindparam("queue"), _tally.noted_by == bindparam("by"), _tally.hour == bindparam("at_hour")
    )
    .values({name: _tally[name] + bindparam(f"more_{name}") for name in COUNTED})
    .returning(_tally.seq)
)


@cache
def _beginning() -> TextClause:
    sums = ", ".join(f"{name} = queue_tallies.{name} + excluded.{name}" for name in COUNTED)
    names = ", ".join(COUNTED)
    given = ", ".join(f":more_{name}" for name in COUNTED)
    return text(
        f"INSERT INTO queue_tallies (id, created_at, queue_id, noted_by, hour, {names}) "  # noqa: S608  # constants only
        f"VALUES (:id, :at, :queue, :by, :at_hour, {given}) ON CONFLICT (queue_id, noted_by, hour) DO UPDATE SET {sums}"
    ).bindparams(_HOUR, bindparam("at", type_=UtcDateTime))


_HOUR = bindparam("at_hour", type_=UtcDateTime)


def _fold(session: Session, queue_id: str, by: str, at: datetime) -> None:
    """A person's old hours become one row, so that reading stays quick however long a queue is worked in."""
    counted = [getattr(Tally, name) for name in COUNTED]
    old = session.execute(
        delete(Tally)
        .where(Tally.queue_id == queue_id, Tally.noted_by == by, Tally.hour < at - KEPT_BY_HOUR, Tally.hour > LONG_AGO)
        .returning(*counted)
        .execution_options(synchronize_session=False)
    ).all()
    if old:
        sums = {f"more_{name}": sum(all_of) for name, all_of in zip(COUNTED, zip(*old, strict=True), strict=True)}
        session.execute(
            _beginning(), {**sums, "queue": queue_id, "by": by, "at_hour": LONG_AGO, "id": new_id(), "at": at}
        )


def moved(old: TaskState, new: TaskState, count: int = 1) -> dict[TaskState, int]:
    """As `note` takes it: so many tasks went from one state to another."""
    return {} if old == new else {TaskState(old): -count, TaskState(new): count}


# Reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """What there is in a queue. `wanted`: labels that there will be when all is done."""

    tasks: Mapping[TaskState, int]
    labels: int
    wanted: int

    @property
    def left(self) -> int:
        """Labels that are still to come."""
        return max(0, self.wanted - self.labels)


NOTHING = Counts(dict.fromkeys(TaskState, 0), 0, 0)


def counts_of(session: Session, queue_ids: Sequence[str]) -> dict[str, Counts]:
    """Of each of these queues."""
    sums = [func.sum(getattr(Tally, name)) for name in COUNTED]
    rows = session.execute(select(Tally.queue_id, *sums).where(Tally.queue_id.in_(queue_ids)).group_by(Tally.queue_id))
    found = dict.fromkeys(queue_ids, NOTHING)
    for queue_id, labels, wanted, *tasks in rows:
        by_state = {state: int(count) for state, count in zip(TaskState, tasks, strict=True)}
        found[queue_id] = Counts(by_state, int(labels), int(wanted))
    return found


def labels_by_hour(session: Session, queue_id: str, since: datetime) -> dict[datetime, int]:
    """Labels that came in each hour from `since` on, less those that were taken back in it; hours with none are absent."""
    rows = session.execute(
        select(Tally.hour, func.sum(Tally.labels))
        .where(Tally.queue_id == queue_id, Tally.hour >= since)
        .group_by(Tally.hour)
        .having(func.sum(Tally.labels) != 0)
    )
    return {hour: int(count) for hour, count in rows}
