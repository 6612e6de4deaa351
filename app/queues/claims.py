"""Holding a claim: who may write with it, renewing, taking it over from another page, giving it back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Conflict, NotFound
from app.people import audit
from app.people.models import Person
from app.queues import ahead, queries, slots
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.rules import ClaimState, Lease, Seat, SlotState, is_live

LEFT_FOR = timedelta(seconds=30)  # a page that is loaded anew, or closed by mistake, is back by then


class DeadClaim(Conflict):
    """The claim ended, or another page took it over. What was sent is kept before this is answered."""


@dataclass(frozen=True)
class Held:
    """A claim whose slot is locked until the transaction ends. `dead` says why it takes no more writes."""

    claim: Claim
    slot: Slot
    queue: Queue
    dead: DeadClaim | None


def hold(
    session: Session, claim_id: str, *, person: Person, token: str | None, now: datetime, begins: bool = True
) -> Held:
    """Locks the claim's slot and says whether it still takes writes. Raises `NotFound` unless it is this person's.

    A claim that was reserved ahead begins with its first write. `token` None: whatever page asks, which only taking
    over may do.
    """
    found = queries.claim_with_slot(session, claim_id, person)
    if found is None:
        raise NotFound
    claim, slot, queue = found
    held = Held(claim, slot, queue, _reason_dead(claim, slot, token, now))
    if begins and held.dead is None and slot.state == SlotState.AHEAD:
        ahead.begin(session, claim, slot, queue, now=now)
    return held


KEPT = "Your work is kept as a draft"


def _reason_dead(claim: Claim, slot: Slot, token: str | None, now: datetime) -> DeadClaim | None:
    if not is_live(claim.state, claim.expires_at, now) or slot.claim_id != claim.id:
        return DeadClaim(_how_it_ended(claim))
    if token is None or secrets.compare_digest(claim.token.encode(), token.encode()):
        return None
    return DeadClaim(f"Another page took this task over. {KEPT}; go on in that page, or take the task over here.")


def _how_it_ended(claim: Claim) -> str:
    if claim.state == ClaimState.SUBMITTED:
        return f"This task was submitted already. {KEPT}."
    if claim.ended_by is not None and claim.ended_at is not None:
        taken_back = f"{claim.ended_at:%H:%M} UTC"
        again = "take the task again to submit it, if the queue hands out and it is still free then, or ask your lead about it"
        return f"This task was taken back at {taken_back}, so anybody may be given it. {KEPT}; {again}."
    if claim.left_at is not None:
        return (
            f"The page of this task was closed at {claim.left_at:%H:%M} UTC. {KEPT}; take the task again to submit it."
        )
    if claim.state in {ClaimState.LIVE, ClaimState.EXPIRED}:
        return f"Your claim ran out at {claim.expires_at:%H:%M} UTC. {KEPT}; take the task again to submit it."
    return f"This claim has ended. {KEPT}."


def renew(
    session: Session, claim_id: str, *, person: Person, token: str, holder: str | None, active: bool, clock: Clock
) -> datetime:
    """The new end. Renewing stops four claims' lengths after the last activity."""
    held = hold(session, claim_id, person=person, token=token, now=clock())
    if held.dead is not None:
        raise held.dead
    if active:
        held.claim.active_at = clock()
    if holder is not None:
        held.claim.holder = holder
    held.claim.left_at = None
    until = _prolong(session, held.claim, held.slot, held.queue, clock())
    ahead.prolong(session, held.claim, held.queue, until=until, now=clock())
    return until


def take_over(session: Session, claim_id: str, *, person: Person, holder: str | None, clock: Clock) -> Claim:
    """This page goes on with the claim: a new token, and the old one is dead."""
    held = hold(session, claim_id, person=person, token=None, now=clock())
    if held.dead is not None:
        raise held.dead
    held.claim.token, held.claim.holder, held.claim.active_at = ahead.new_token(), holder, clock()
    held.claim.left_at = None
    ahead.follow(session, held.claim, held.queue)
    _prolong(session, held.claim, held.slot, held.queue, clock())
    return held.claim


def leave(
    session: Session, claim_id: str, *, person: Person, token: str, known_end: datetime, clock: Clock
) -> datetime:
    """The page closes: the task goes back soon, unless a page is opened on it again, as when it is only loaded anew. Gives
    the new end. `known_end`: where the claim ends at another time, such a page was quicker, and it stays as it is.
    """
    now = clock()
    held = hold(session, claim_id, person=person, token=token, now=now, begins=False)
    if held.dead is not None:
        raise held.dead
    if held.claim.expires_at == known_end and held.slot.state == SlotState.HELD:
        held.claim.holder, held.claim.left_at = None, now
        held.claim.expires_at = held.slot.expires_at = min(known_end, now + LEFT_FOR)
        session.flush()
    return held.claim.expires_at


def open_again(session: Session, claim: Claim, queue: Queue, *, holder: str | None, now: datetime) -> Claim | None:
    """A page that is opened on a claim becomes its holder, with a lease from now on, unless another page has it. None where
    the claim has ended meanwhile.
    """
    if claim.holder not in {None, holder}:
        return claim
    slot = slots.lock(session, claim.slot_id)
    session.refresh(claim)
    if slot.claim_id != claim.id:
        return None
    if claim.holder in {None, holder}:
        claim.holder, claim.left_at = holder, None
        if slot.state == SlotState.HELD:
            _prolong(session, claim, slot, queue, now)
        session.flush()
    return claim


def _prolong(session: Session, claim: Claim, slot: Slot, queue: Queue, now: datetime) -> datetime:
    until = Lease(queue.claim_seconds, claim.active_at).until(now)
    claim.expires_at = slot.expires_at = max(until, claim.expires_at)
    session.flush()
    return claim.expires_at


def release(session: Session, claim_id: str, *, person: Person, token: str, clock: Clock) -> None:
    """Gives the task back. Its draft is kept: the task may come to the same person again."""
    held = hold(session, claim_id, person=person, token=token, now=clock(), begins=False)
    if held.dead is not None:
        raise held.dead
    end(session, held.slot, held.claim, ClaimState.RELEASED, clock=clock)


def recall(session: Session, claim: Claim, *, recaller: Person, clock: Clock) -> None:
    """Takes a task back from who holds it: anybody may be handed it, they among them. What they write late becomes a draft
    of theirs.
    """
    slot = slots.lock(session, claim.slot_id)
    session.refresh(claim)
    if not is_live(claim.state, claim.expires_at, clock()) or slot.claim_id != claim.id:
        raise Conflict("This task is not held any more. Nothing was changed.")
    claim.ended_by = recaller.id
    end(session, slot, claim, ClaimState.RELEASED, clock=clock)
    audit.record(
        session, actor=recaller, verb="took a task back from", subject_kind="person", subject_id=claim.person_id,
        details={"task": claim.task_id, "queue": claim.queue_id}, clock=clock,
    )  # fmt: skip


def end(session: Session, slot: Slot, claim: Claim, state: ClaimState, *, clock: Clock) -> Task:
    """Ends a live claim without a label; its slot goes back."""
    now = clock()
    claim.state, claim.ended_at = state, now
    claim.seat = Seat.NEXT if slot.state == SlotState.AHEAD else Seat.AT_HAND
    return slots.give_back(session, slot, now)
