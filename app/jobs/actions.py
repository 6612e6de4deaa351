"""Leaving work for the background, taking it, and saying how it went.

Taking a job is one conditional write, so two processes never run the same one. `attempts` fences: a worker whose lock
ran out, and whose job was taken again, can no longer report on it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.clock import Clock
from app.jobs.models import Job
from app.jobs.rules import LOCK, MOST_ATTEMPTS, delay_after

# Marks a session that left a job, so that a worker of this process wakes when it commits.
LEFT_A_JOB = "left a job"


def enqueue(
    session: Session, kind: str, payload: Mapping[str, Any], *, clock: Clock, project_id: str | None = None
) -> Job:
    """Leaves a job, in the transaction of the data it is about."""
    now = clock()
    job = Job(kind=kind, payload=dict(payload), project_id=project_id, run_after=now, created_at=now)
    session.add(job)
    session.info[LEFT_A_JOB] = True
    return job


def enqueue_unless_waiting(
    session: Session, kind: str, payload: Mapping[str, Any], *, clock: Clock, project_id: str
) -> None:
    """As `enqueue`, for work that covers all there is: one waiting job of the project is enough.

    The waiting job is locked, so that it cannot run before what is being written now is committed.
    """
    waiting = select(Job.seq).where(Job.kind == kind, Job.project_id == project_id, Job.state == "queued").limit(1)
    if session.scalar(waiting.with_for_update(skip_locked=True)) is None:
        enqueue(session, kind, payload, clock=clock, project_id=project_id)


def is_due(session: Session, kinds: frozenset[str], now: datetime) -> bool:
    """Whether `take` would find something; reading only, so that an idle worker never writes."""
    return session.scalar(select(Job.seq).where(_due(kinds, now)).limit(1)) is not None


def take(session: Session, kinds: frozenset[str], now: datetime) -> Job | None:
    """The job that has waited longest, now ours until its lock runs out; or None."""
    first = (
        select(Job.seq)
        .where(_due(kinds, now))
        .order_by(Job.run_after, Job.seq)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalar(
        update(Job)
        .where(Job.seq == first.scalar_subquery())
        .values(state="running", attempts=Job.attempts + 1, locked_until=now + LOCK)
        .returning(Job)
    )


def keep(session: Session, job: Job, now: datetime, *, done: int | None = None, total: int | None = None) -> bool:
    """Renews the lock and notes progress. False when the job is no longer ours."""
    values: dict[str, Any] = {"locked_until": now + LOCK}
    if done is not None:
        values |= {"done": done, "total": total}
    return _write(session, job, values)


def finish(session: Session, job: Job, now: datetime) -> bool:
    return _write(session, job, {"state": "done", "finished_at": now, "locked_until": None, "error": None})


def fail(session: Session, job: Job, now: datetime, *, reason: str, again: bool) -> bool:
    """Puts the job back for later, or fails it for good after its last try."""
    delay = delay_after(job.attempts) if again else None
    values: dict[str, Any] = {"error": reason, "locked_until": None}
    if delay is None:
        return _write(session, job, values | {"state": "failed", "finished_at": now})
    return _write(session, job, values | {"state": "queued", "run_after": now + delay})


def _due(kinds: frozenset[str], now: datetime) -> ColumnElement[bool]:
    waiting = and_(Job.state == "queued", Job.run_after <= now)
    # A process that died over a job leaves it running with a lock that nobody renews.
    abandoned = and_(Job.state == "running", Job.locked_until < now, Job.attempts < MOST_ATTEMPTS * 2)
    return and_(Job.kind.in_(kinds), or_(waiting, abandoned))


def _write(session: Session, job: Job, values: Mapping[str, Any]) -> bool:
    ours = and_(Job.seq == job.seq, Job.state == "running", Job.attempts == job.attempts)
    found = session.scalar(update(Job).where(ours).values(**values).returning(Job.seq))
    return found is not None
