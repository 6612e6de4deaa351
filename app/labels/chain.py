"""The history chain: every revision and every later event, linked in batches by a job.

Submits therefore never queue on the chain's head. `history_hash` = SHA-256(previous history hash, record hash).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, select, text, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.base import Row, new_id
from app.db.bulk import insert_rows
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
_link = columns(HistoryLink)
_kept: Mapping[str, type[Row]] = {"revision": Revision, "event": LabelEvent}
HEAD = select(_link.position, _link.history_hash).order_by(_link.position.desc()).limit(1)
WAITING = {
    kind: select(row.seq, row.id, row.record_hash)
    .where(row.history_hash.is_(None))
    .order_by(row.seq)
    .limit(bindparam("most", type_=Integer))
    for kind, row in ((kind, columns(table)) for kind, table in _kept.items())
}
LINKING = {
    kind: update(table).where(columns(table).seq == bindparam("this")).values(history_hash=bindparam("history"))
    for kind, table in _kept.items()
}
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
    """Links the oldest records that are not in the chain yet. Gives how many.

    By values: on SQLite every submit waits meanwhile, and with rows held as objects that took several times as long.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    found = _waiting(session, limit)
    if not found:
        return 0
    head = read(session, HEAD).first()
    position, previous = (head.position, head.history_hash) if head else (0, "")
    histories = []
    for _, row in found:
        previous = records.chained(previous, row.record_hash)
        histories.append(previous)
    links: dict[str, list[Any]] = {
        "id": [new_id() for _ in found],
        "position": list(range(position + 1, position + 1 + len(found))),
        "subject_kind": [kind for kind, _ in found],
        "subject_id": [row.id for _, row in found],
        "record_hash": [row.record_hash for _, row in found],
        "history_hash": histories,
    }
    insert_rows(session, HistoryLink, links, same={"created_at": clock()})
    for kind, linking in LINKING.items():
        written = [
            {"this": row.seq, "history": history}
            for (of, row), history in zip(found, histories, strict=True)
            if of == kind
        ]
        if written:
            session.connection().execute(linking, written)
    return len(found)


def _waiting(session: Session, limit: int) -> list[tuple[str, Any]]:
    """Each table by itself in order; a label's event always follows its revisions."""
    found: list[tuple[str, Any]] = []
    for kind, waiting in WAITING.items():
        if len(found) < limit:
            found += [(kind, row) for row in read(session, waiting, most=limit - len(found))]
    return found
