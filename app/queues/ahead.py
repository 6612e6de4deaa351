"""A task reserved ahead: held for somebody who works on another, begun with its first lease, lost to who is free."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.errors import Conflict
from app.queues import admission, choosing, queries, slots
from app.queues.choosing import Reason, Why
from app.queues.models import Claim, Queue, Slot
from app.queues.rules import HANDS_OUT, Seat, SlotState, begun_at, reserved_until


@dataclass(frozen=True)
class Shown:
    """A reserved claim that a page shows since it sent the one before. `ago`: how long."""

    claim_id: str
    token: str
    ago: timedelta


def new_token() -> str:
    return secrets.token_urlsafe(24)


def open_with(queue: Queue, guideline: int | None) -> int:
    """The guideline version of a claim that becomes active now. Raises where nothing is handed out."""
    if queue.state not in HANDS_OUT:
        raise Conflict(f"The queue {queue.name} is {queue.state}. Work on another one, or come back when it is open.")
    if guideline is None:
        raise Conflict("This project has no published guideline yet, so nothing can be labelled in it.")
    return guideline


def begin(
    session: Session, claim: Claim, slot: Slot, queue: Queue, *, now: datetime, shown_for: timedelta = timedelta()
) -> None:
    """The claim's time begins, on a slot that the caller has locked. Ad and schema stay as they were reserved; the
    guideline is the one of now.
    """
    guideline = open_with(queue, queries.guideline_for(session, queue))
    opens_at = admission.opens_at(queue, now)
    if opens_at is not None:
        raise Conflict(choosing.told([Reason(Why.OUTSIDE_HOURS, opens_at)]))
    claim.guideline_version = guideline
    claim.claimed_at = begun_at(reserved_at=claim.created_at, shown_for=shown_for, now=now)
    claim.active_at = now
    claim.expires_at = slot.expires_at = now + timedelta(seconds=queue.claim_seconds)
    slot.state = SlotState.HELD
    session.flush()


def prolong(session: Session, claim: Claim, queue: Queue, *, until: datetime, now: datetime) -> None:
    """With the claim at hand the one after it lives on, though never longer."""
    after = _after(session, claim, queue)
    slot = None if after is None else slots.lock_free(session, after.slot_id)
    if after is None or slot is None or slot.claim_id != after.id:
        return
    longest = min(until, reserved_until(queue.claim_seconds, now)) if slot.state == SlotState.AHEAD else until
    after.expires_at = slot.expires_at = max(longest, after.expires_at)
    session.flush()


def follow(session: Session, claim: Claim, queue: Queue) -> None:
    """What is reserved goes along to the page that took the claim at hand over."""
    after = _after(session, claim, queue)
    if after is not None:
        after.holder, after.token = claim.holder, new_token()


def _after(session: Session, claim: Claim, queue: Queue) -> Claim | None:
    if claim.seat != Seat.AT_HAND:
        return None
    return queries.claim_after(session, queue, claim.person_id)
