"""Leaving work for the background, taking it, and saying how it went.

Taking a job is one conditional write that gives the run a token of its own. Everything a run writes, it writes in a
transaction that first asks whether the token is still the job's (`hold`): whoever lost the job can change nothing more,
so what a job does happens once, though it may be begun several times.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.clock import Clock
from app.db.base import new_id
from app.jobs import due
from app.jobs.models import Job
from app.jobs.rules import KEPT_WHEN_DONE, LEASE, MOST_ATTEMPTS, OPEN_STATES, JobState

# Marks a session that left a job, so that a worker of this process wakes when it commits.
LEFT_A_JOB = "left a job"


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    *,
    clock: Clock,
    project_id: str | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Leaves a job, in the transaction of the data it is about. `run_after`: not before then; far ahead only where its
    kind `may_wait`.
    """
    now = clock()
    job = Job(kind=kind, payload=dict(payload), project_id=project_id, run_after=run_after or now, created_at=now)
    session.add(job)
    session.info[LEFT_A_JOB] = True
    return job


def enqueue_unless_waiting(
    session: Session, kind: str, payload: Mapping[str, Any], *, clock: Clock, project_id: str
) -> None:
    """As `enqueue`, for work that covers all there is: one waiting job of the project with the same payload is enough.

    The waiting job is locked, so that it cannot run before what is being written now is committed.
    """
    waiting = select(Job.seq).where(
        Job.state == JobState.QUEUED, Job.kind == kind, Job.project_id == project_id, Job.payload == dict(payload)
    )
    if session.scalar(waiting.limit(1).with_for_update(skip_locked=True)) is None:
        enqueue(session, kind, payload, clock=clock, project_id=project_id)


def take(session: Session, kind: str, now: datetime, *, lease: timedelta = LEASE, may_wait: bool = False) -> Job | None:
    """A job of this kind, now ours until its lease runs out; or None. See `due.look` for which."""
    at = due.moments(now)
    for is_due in (due.left_over(at), due.waiting(at), *([] if may_wait else [due.stranded(at)])):
        first = select(Job.seq).where(Job.kind == kind, is_due).order_by(Job.run_after, Job.seq).limit(1)
        job: Job | None = session.scalar(
            update(Job)
            .where(Job.seq == first.with_for_update(skip_locked=True).scalar_subquery())
            .values(
                state=JobState.RUNNING, attempts=Job.attempts + 1, locked_until=now + lease, token=new_id()
            )
            .returning(Job)
        )  # fmt: skip
        if job is not None:
            return job
    return None


def hold(session: Session, job: Job, now: datetime, *, lease: timedelta = LEASE) -> bool:
    """Renews the lease. False when the job is no longer ours; else nobody takes it before this transaction ends."""
    return _write(session, job, {"locked_until": now + lease})


def note_progress(session: Session, job: Job, *, done: int, total: int | None) -> bool:
    return _write(session, job, {"done": done, "total": total})


def note_checkpoint(session: Session, job: Job, checkpoint: Mapping[str, Any], *, done: int, total: int | None) -> bool:
    """Where the next run goes on; in the transaction of what was done up to there. The job came forward, so it has
    all its tries again.
    """
    values = {"checkpoint": dict(checkpoint), "done": done, "total": total, "attempts": 1}
    return _write(session, job, values)


def finish(session: Session, job: Job, now: datetime) -> bool:
    return _write(session, job, _ended(JobState.DONE, now) | {"error": None})


def give_back(session: Session, job: Job, now: datetime) -> bool:
    """Leaves the job to whoever comes next: it was not tried, only interrupted."""
    values = {"state": JobState.QUEUED, "run_after": now, "attempts": Job.attempts - 1, "locked_until": None}
    return _write(session, job, values | {"token": None})


def fail(session: Session, job: Job, now: datetime, *, reason: str, delay: timedelta | None) -> bool:
    """Puts the job back until `delay` has passed, or fails it for good."""
    if delay is None:
        return _write(session, job, _ended(JobState.FAILED, now) | {"error": reason})
    values = {"state": JobState.QUEUED, "run_after": now + delay, "locked_until": None, "token": None}
    return _write(session, job, values | {"error": reason})


def attempts_of(session: Session, job: Job) -> int:
    """How often it was tried since it last came forward, this run included."""
    return session.scalars(select(Job.attempts).where(Job.seq == job.seq)).one()


def fail_deadly(session: Session, kinds: frozenset[str], now: datetime) -> list[Job]:
    """Fails those that ended their worker as often as they may be tried."""
    reason = f"The process that worked on it ended {MOST_ATTEMPTS} times in the middle of it."
    which = and_(Job.kind.in_(kinds), due.deadly(due.moments(now)))
    ended = update(Job).where(which).values(**_ended(JobState.FAILED, now), error=reason)
    return list(session.scalars(ended.returning(Job)))


def cancel(session: Session, job_id: str, now: datetime) -> bool:
    """Ends a job that waits or runs; what its run has not committed by now is not done. False where it has ended."""
    open_ = and_(Job.id == job_id, Job.state.in_(OPEN_STATES))
    return _change(session, open_, _ended(JobState.CANCELLED, now))


def retry(session: Session, job_id: str, now: datetime) -> bool:
    """Gives a failed job all its tries again, from where it stopped. False where it has not failed."""
    session.info[LEFT_A_JOB] = True
    return _change(session, and_(Job.id == job_id, Job.state == JobState.FAILED), _afresh(now))


def retry_all(session: Session, kind: str, now: datetime) -> int:
    """As `retry`, for every failed job of a kind. Gives how many."""
    session.info[LEFT_A_JOB] = True
    failed = update(Job).where(Job.kind == kind, Job.state == JobState.FAILED).values(**_afresh(now))
    return len(session.scalars(failed.returning(Job.seq).execution_options(synchronize_session=False)).all())


def drop(session: Session, job_id: str) -> bool:
    """Lets a failed job be. False where it has not failed."""
    return _change(session, and_(Job.id == job_id, Job.state == JobState.FAILED), {"state": JobState.DROPPED})


def forget_done(session: Session, now: datetime) -> int:
    """Removes jobs that were done long ago: they say nothing about the data, which tells its own history."""
    old = select(Job.seq).where(Job.state == JobState.DONE, Job.finished_at < now - KEPT_WHEN_DONE).limit(1000)
    removed = session.scalars(delete(Job).where(Job.seq.in_(old)).returning(Job.seq))
    return len(removed.all())


def _afresh(now: datetime) -> dict[str, Any]:
    return {"state": JobState.QUEUED, "attempts": 0, "run_after": now, "finished_at": None}


def _ended(state: JobState, now: datetime) -> dict[str, Any]:
    return {"state": state, "finished_at": now, "locked_until": None, "token": None}


def _write(session: Session, job: Job, values: Mapping[str, Any]) -> bool:
    """By the run that holds the job."""
    return _change(session, and_(Job.seq == job.seq, Job.state == JobState.RUNNING, Job.token == job.token), values)


def _change(session: Session, condition: ColumnElement[bool], values: Mapping[str, Any]) -> bool:
    changing = update(Job).where(condition).values(**values).returning(Job.seq)
    return session.scalar(changing.execution_options(synchronize_session=False)) is not None
