"""Several managers at one queue: each change is made from a revision of it, and one that was made from an old is refused.

Who comes second is told what the first changed; nothing of theirs is overwritten.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import OutOfDate
from app.people.models import AuditEvent, Person
from app.queues.models import Queue
from app.queues.wording import in_words

MOST_TOLD = 20


def begin_change(session: Session, queue: Queue, *, made_from: int | None) -> None:
    """The queue is this transaction's to change, and gets its next revision. `made_from` None: whichever it has."""
    ours = update(Queue).where(Queue.id == queue.id).values(revision=Queue.revision + 1)
    if made_from is not None:
        ours = ours.where(Queue.revision == made_from)
    changed = session.execute(ours.returning(Queue.seq).execution_options(synchronize_session=False)).first()
    if changed is None:
        told = "; ".join(changes_since(session, queue, made_from or 0)) or "Load the page again"
        raise OutOfDate(f"The queue was changed meanwhile, so nothing of this was saved. {told}.")
    session.refresh(queue)


def changes_since(session: Session, queue: Queue, revision: int) -> list[str]:
    """Who changed what since then, the newest first; empty where the queue still has this revision."""
    rows: Sequence[tuple[AuditEvent, str | None]] = session.execute(
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.subject_kind == "queue", AuditEvent.subject_id == queue.id)
        .order_by(AuditEvent.seq.desc())
        .limit(MOST_TOLD)
    ).all()
    return [_told(event, name) for event, name in rows if event.details.get("revision", 0) > revision]


def _told(event: AuditEvent, name: str | None) -> str:
    """`Grace at 10:12 UTC: overlap changed from 1 to 2`."""
    details = event.details
    from_to = f" from {in_words(details['from'])}" if "from" in details else ""
    from_to += f" to {in_words(details['to'])}" if "to" in details else ""
    what = event.verb.removeprefix("queue ") + from_to
    return f"{name or 'The queue itself'} at {event.created_at:%H:%M} UTC: {what}"
