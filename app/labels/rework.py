"""Labels that are returned to their authors, who revise them; after a time the task goes to somebody else.

As in labels, task and queue are copied without foreign keys.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, Text, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.clock import Clock
from app.db.base import Id, Row, partial_index, refers_to
from app.db.reading import columns, read
from app.db.types import UtcDateTime
from app.errors import Conflict
from app.jobs import actions as jobs
from app.labels.canonical import moment
from app.labels.models import Label
from app.labels.rules import LabelStatus
from app.people.models import Person


class Ending(StrEnum):
    REVISED = "revised"
    PASSED_ON = "passed on"


OPEN = "ended_at IS NULL"
JOB = "reworks.look_after"  # of a queue whose reworks end; the queues do it


class Rework(Row):
    """A label that waits for its author until `until`. Open until `ended_at`; a label has at most one that is open."""

    __tablename__ = "reworks"
    __table_args__ = (
        partial_index("uq_reworks_open", "label_id", where=OPEN, unique=True),
        partial_index("ix_reworks_of_author", "author_id", where=OPEN),
        partial_index("ix_reworks_due", "queue_id", "until", where=OPEN),
    )
    label_id: Mapped[str] = refers_to("labels.id")
    task_id: Mapped[Id]
    queue_id: Mapped[Id]
    author_id: Mapped[str] = refers_to("people.id")
    returned_by: Mapped[str] = refers_to("people.id")
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ending: Mapped[Ending | None] = mapped_column(String(20))


def begin(session: Session, label: Label, *, reason: str, until: datetime, person: Person, clock: Clock) -> Rework:
    """The label goes back to its author. Raises `Conflict` where it was reviewed, returned or taken back already."""
    session.refresh(label, with_for_update=True)
    if label.status != LabelStatus.SUBMITTED or label.withdrawn_at is not None:
        raise Conflict("This label was returned, reviewed or taken back already. Nothing was changed.")
    label.status = LabelStatus.RETURNED
    begun = Rework(
        label_id=label.id, task_id=label.task_id, queue_id=label.queue_id, author_id=label.person_id,
        returned_by=person.id, reason=reason, until=until, created_at=clock(),
    )  # fmt: skip
    session.add(begun)
    session.flush()
    _leave_job(session, label, run_after=until, clock=clock)
    return begun


def end(session: Session, label: Label, ending: Ending, *, clock: Clock) -> None:
    """The caller has locked the label."""
    found = open_of(session, label)
    if found is not None:
        found.ended_at, found.ending = clock(), ending
    label.status = LabelStatus.SUBMITTED
    session.flush()
    if ending == Ending.REVISED:  # its queue may have waited for nothing else
        _leave_job(session, label, run_after=clock(), clock=clock)


def _leave_job(session: Session, label: Label, *, run_after: datetime, clock: Clock) -> None:
    payload = {"queue": label.queue_id}
    jobs.enqueue(session, JOB, payload, clock=clock, project_id=label.project_id, run_after=run_after)


def open_of(session: Session, label: Label) -> Rework | None:
    return session.scalar(select(Rework).where(Rework.label_id == label.id, Rework.ended_at.is_(None)))


def waiting_for(session: Session, person: Person, now: datetime) -> Sequence[Rework]:
    """What is this person's to revise now, the longest returned first."""
    return session.scalars(
        select(Rework)
        .where(Rework.author_id == person.id, Rework.until > now, Rework.ended_at.is_(None))
        .order_by(Rework.seq)
    ).all()


def count_open(session: Session, queue_id: str) -> int:
    """How many labels of a queue are with their authors."""
    found = select(func.count()).where(Rework.queue_id == queue_id, Rework.ended_at.is_(None))
    return int(session.scalar(found) or 0)


def waiting_on(session: Session, task_id: str, queue_id: str, now: datetime) -> Sequence[Rework]:
    """What of a task is its authors' to revise now."""
    return session.scalars(
        select(Rework).where(
            Rework.queue_id == queue_id, Rework.until > now, Rework.ended_at.is_(None), Rework.task_id == task_id
        )
    ).all()


_rework = columns(Rework)
_DUE = select(_rework.id).where(
    _rework.queue_id == bindparam("queue"), _rework.until <= bindparam("now"), _rework.ended_at.is_(None)
)


def due(session: Session, queue_id: str, now: datetime) -> Sequence[Rework]:
    """Those of a queue whose author's time is up. Asked with each claim."""
    found = read(session, _DUE, queue=queue_id, now=now).scalars()
    return session.scalars(select(Rework).where(Rework.id.in_(found)).order_by(Rework.seq)).all() if found else []


def as_json(rework: Rework) -> dict[str, Any]:
    return {
        "id": rework.id, "label": rework.label_id, "task": rework.task_id, "queue": rework.queue_id,
        "reason": rework.reason, "returned_at": moment(rework.created_at), "until": moment(rework.until),
    }  # fmt: skip
