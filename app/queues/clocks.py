"""When the server's clock was set back, claims would end as much later as it was ahead: they are brought to their length.

A clock that was set forward ends claims early; what their pages send then is kept as drafts, as after any claim's end.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.queues.models import Claim, Queue, Slot
from app.queues.queries import AHEAD, HELD

# Longer than any lease of a queue whose time per task was lowered lately; a page renews its claim long before.
SLACK = timedelta(hours=1)


def bring_back(session: Session, queue: Queue, now: datetime) -> None:
    """Shortens what ends later than any claim of this queue could."""
    length = timedelta(seconds=queue.claim_seconds)
    far = select(Slot).where(
        Slot.queue_id == queue.id, Slot.state.in_([HELD, AHEAD]), Slot.expires_at > now + max(2 * length, SLACK)
    )
    locked = far.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    for slot in session.scalars(locked).all():
        slot.expires_at = now + length
        session.flush()
        session.execute(update(Claim).where(Claim.id == slot.claim_id).values(expires_at=now + length, active_at=now))
