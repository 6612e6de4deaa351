"""When the server's clock was set back, claims would end as much later as it was ahead: they are brought to their length.

A clock that was set forward ends claims early; what their pages send then is kept as drafts, as after any claim's end.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.db.reading import columns, read
from app.queues.models import Claim, Queue, Slot
from app.queues.queries import AHEAD, HELD
from app.queues.rules import SlotState

# Longer than any lease of a queue whose time per task was lowered lately; a page renews its claim long before.
SLACK = timedelta(hours=1)


_slot = columns(Slot)
_FAR = select(_slot.seq).where(
    _slot.queue_id == bindparam("queue"), _slot.state.in_([HELD, AHEAD]), _slot.expires_at > bindparam("latest")
)


def latest_end(queue: Queue, now: datetime) -> datetime:
    """No claim of this queue that was made by now ends later."""
    return now + max(timedelta(seconds=2 * queue.claim_seconds), SLACK)


def bring_back(session: Session, queue: Queue, now: datetime) -> None:
    """Shortens what ends later than any claim of this queue could."""
    length = timedelta(seconds=queue.claim_seconds)
    far = read(session, _FAR, queue=queue.id, latest=latest_end(queue, now)).scalars()
    locked = select(Slot).where(Slot.seq.in_(far)).with_for_update(skip_locked=True)
    for slot in session.scalars(locked.execution_options(populate_existing=True)).all():
        if slot.state not in {SlotState.HELD, SlotState.AHEAD}:
            continue
        slot.expires_at = now + length
        session.flush()
        session.execute(update(Claim).where(Claim.id == slot.claim_id).values(expires_at=now + length, active_at=now))
