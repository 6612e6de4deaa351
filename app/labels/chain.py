"""The history chain: every revision and every later event, linked in batches by a job.

Submits therefore never queue on the chain's head. `history_hash` = SHA-256(previous history hash, record hash).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.base import new_id
from app.db.reading import columns, read
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.jobs.runs import Kind, Run
from app.labels import records
from app.labels.models import HistoryLink, LabelEvent, Revision

KIND = "labels.chain"
BATCH = 500
GATHERING = timedelta(seconds=2)  # how long records gather before they are linked
_ADVISORY_LOCK = 7_264_412  # any number: processes that extend the same chain take turns by it
_job = columns(Job)
WAITING_JOB = select(_job.seq).where(_job.state == JobState.QUEUED, _job.kind == KIND).limit(1)


def ask(session: Session, *, clock: Clock) -> None:
    """Leaves the job, unless one is waiting already."""
    if read(session, WAITING_JOB).first() is None:
        now = clock()
        session.add(Job(kind=KIND, payload={}, run_after=now + GATHERING, created_at=now))


def job_kind(clock: Clock) -> Kind:
    def link_all(_payload: Mapping[str, Any], run: Run) -> None:
        while _link_batch(run, clock):
            run.rest()

    return Kind("Linking the history", link_all)


def _link_batch(run: Run, clock: Clock) -> bool:
    with run.write() as session:
        linked = link_next(session, clock=clock)
        if linked:
            ask(session, clock=clock)  # who saw this job waiting left none, and may be committed only now
        return linked == BATCH


def link_next(session: Session, *, clock: Clock, limit: int = BATCH) -> int:
    """Links the oldest records that are not in the chain yet. Gives how many."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    head = session.scalar(select(HistoryLink).order_by(HistoryLink.position.desc()).limit(1))
    position, previous = (head.position, head.history_hash) if head else (0, "")
    waiting = _waiting(session, limit)
    for position, (kind, row) in enumerate(waiting, start=position + 1):  # noqa: B020  # the head's place goes on
        previous = records.chained(previous, row.record_hash)
        row.history_hash = previous
        session.add(
            HistoryLink(
                id=new_id(),
                position=position,
                subject_kind=kind,
                subject_id=row.id,
                record_hash=row.record_hash,
                history_hash=previous,
                created_at=clock(),
            )
        )
    session.flush()
    return len(waiting)


def _waiting(session: Session, limit: int) -> list[tuple[str, Revision | LabelEvent]]:
    """Each table by itself in order; a label's event always follows its revisions."""
    revisions = session.scalars(
        select(Revision).where(Revision.history_hash.is_(None)).order_by(Revision.seq).limit(limit)
    ).all()
    found: list[tuple[str, Revision | LabelEvent]] = [("revision", row) for row in revisions]
    if len(found) < limit:
        events = session.scalars(
            select(LabelEvent)
            .where(LabelEvent.history_hash.is_(None))
            .order_by(LabelEvent.seq)
            .limit(limit - len(found))
        ).all()
        found += [("event", row) for row in events]
    return found
