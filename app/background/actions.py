"""What people do about background work. Each is one conditional write, so of two people who act at once one is told."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Conflict
from app.jobs import actions as jobs
from app.jobs.models import Job
from app.jobs.runs import Kind
from app.people import audit
from app.people.models import Person


def retry(session: Session, job: Job, *, person: Person, clock: Clock) -> None:
    """A failed job gets all its tries again. Raises `Conflict` for another."""
    if not jobs.retry(session, job.id, clock()):
        raise Conflict("This has not failed, so it was not tried again.")
    _record(session, "retried", job, person, clock)


def drop(session: Session, job: Job, *, person: Person, clock: Clock) -> None:
    """A failed job is let be. Raises `Conflict` for another."""
    if not jobs.drop(session, job.id):
        raise Conflict("This has not failed, so it was not dropped.")
    _record(session, "dropped", job, person, clock)


def cancel(session: Session, job: Job, kinds: Mapping[str, Kind], *, person: Person, clock: Clock) -> None:
    """Ends a job that waits or runs. Raises `Conflict` where it has ended, or where others wait for what it does."""
    kind = kinds.get(job.kind)
    if kind is None or not kind.may_cancel:
        raise Conflict("This cannot be cancelled: what waits for it would wait for ever.")
    if not jobs.cancel(session, job.id, clock()):
        raise Conflict("This has ended already, so it was not cancelled.")
    _record(session, "cancelled", job, person, clock)


def retry_all(session: Session, kind: str, *, person: Person, clock: Clock) -> int:
    """Every failed job of a kind gets all its tries again. Gives how many."""
    count = jobs.retry_all(session, kind, clock())
    audit.record(
        session, actor=person, verb="retried all", subject_kind="job", subject_id=kind,
        details={"kind": kind, "jobs": count}, clock=clock,
    )  # fmt: skip
    return count


def _record(session: Session, verb: str, job: Job, person: Person, clock: Clock) -> None:
    details = {"kind": job.kind, "reason": job.error or ""}
    audit.record(session, actor=person, verb=verb, subject_kind="job", subject_id=job.id, details=details, clock=clock)
