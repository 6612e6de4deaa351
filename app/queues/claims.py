"""Claims: handing out the next task, renewing, taking over from another page, giving back."""

import secrets
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.clock import Clock
from app.db.base import new_id
from app.errors import Conflict, NotFound
from app.people.models import Person
from app.queues import actions, queries, slots, suggesting
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.rules import ClaimState, Lease, QueueState, SlotState, is_live

TRIES = 20


class DeadClaim(Conflict):
    """The claim ended, or another page took it over. What was sent is kept before this is answered."""


@dataclass(frozen=True)
class Held:
    """A claim whose slot is locked until the transaction ends. `dead` says why it takes no more writes."""

    claim: Claim
    slot: Slot
    queue: Queue
    dead: DeadClaim | None


@dataclass(frozen=True)
class Versions:
    """What a claim pins."""

    schema: int
    guideline: int
    asset: int


class Miss(Enum):
    """Why a try gave no claim."""

    NOTHING = "nothing"  # there is no slot for this person
    WITHDRAWN = "withdrawn"  # the next one was of a withdrawn ad: try again


# Handing out ----------------------------------------------------------------------------------------------------


def claim_next(session: Session, queue: Queue, *, person: Person, holder: str | None, clock: Clock) -> Claim | None:
    """The person's claim in this queue: the one they hold, else the next task; None when there is nothing for them."""
    slots.expire_due(session, queue.id, clock())
    for _ in range(TRIES):
        held = queries.live_claim(session, queue, person)
        if held is not None:
            return _again(session, held, holder)
        guideline = _may_hand_out(session, queue)
        try:
            with _undone_alone(session):
                found = _take_next(session, queue, guideline, person=person, holder=holder, clock=clock)
        except IntegrityError:
            continue  # the same person claimed in another tab at this moment: theirs is found above
        if isinstance(found, Claim):
            return found
        if found is Miss.NOTHING and not _found_more(session, queue, clock=clock):
            return None
    raise Conflict("Others were quicker many times in a row. Nothing was taken; ask again.")


def _again(session: Session, claim: Claim, holder: str | None) -> Claim:
    """A page without an owner so far becomes its holder; another page only sees it."""
    if claim.holder is None and holder is not None:
        claim.holder = holder
        session.flush()
    return claim


def _may_hand_out(session: Session, queue: Queue) -> int:
    if queue.state != QueueState.OPEN:
        raise Conflict(f"The queue {queue.name} is {queue.state}. Work on another one, or come back when it is open.")
    guideline = queries.guideline_for(session, queue)
    if guideline is None:
        raise Conflict("This project has no published guideline yet, so nothing can be labelled in it.")
    return guideline


def _undone_alone(session: Session) -> AbstractContextManager[object]:
    """Where several write at once, what fails is undone without the rest; SQLite has one writer, who does not fail."""
    return nullcontext() if session.get_bind().dialect.name == "sqlite" else session.begin_nested()


def _take_next(
    session: Session, queue: Queue, guideline: int, *, person: Person, holder: str | None, clock: Clock
) -> Claim | Miss:
    now, claim_id = clock(), new_id()
    until = now + timedelta(seconds=queue.claim_seconds)
    reached = queries.reached_by(session, queue, person)
    taken = slots.take(session, queue_id=queue.id, person_id=person.id, claim_id=claim_id, until=until, reached=reached)
    if taken is None:
        return Miss.NOTHING
    task, asset_revision, withdrawn_at = session.execute(
        select(Task, Asset.revision, Asset.withdrawn_at)
        .join(Asset, Asset.id == Task.asset_id)
        .where(Task.id == taken.task_id)
    ).one()
    if withdrawn_at is not None:
        _pass_over(session, taken, task, clock=clock)
        return Miss.WITHDRAWN
    versions = Versions(task.schema_version, guideline, asset_revision)
    return _make(session, queue, taken, versions, claim_id=claim_id, person=person, holder=holder, now=now)


def _pass_over(session: Session, taken: slots.Taken, task: Task, *, clock: Clock) -> None:
    """The ad was withdrawn, and no job has come round to its task yet."""
    slots.give_back(session, slots.lock(session, taken.slot_id), clock())
    actions.withdraw_task(session, task, person=None, reason="its ad was withdrawn", clock=clock)


def resume(
    session: Session, queue: Queue, slot: Slot, versions: Versions, *, person: Person, holder: str | None, now: datetime
) -> Claim:
    """A new claim on a slot that the caller has locked and given back."""
    claim_id = new_id()
    slot.state, slot.claim_id = SlotState.HELD, claim_id
    slot.expires_at = now + timedelta(seconds=queue.claim_seconds)
    taken = slots.Taken(slot.id, slot.task_id, queries.reached_by(session, queue, person))
    return _make(session, queue, taken, versions, claim_id=claim_id, person=person, holder=holder, now=now)


def _make(
    session: Session,
    queue: Queue,
    taken: slots.Taken,
    versions: Versions,
    *,
    claim_id: str,
    person: Person,
    holder: str | None,
    now: datetime,
) -> Claim:
    claim = Claim(
        id=claim_id, task_id=taken.task_id, slot_id=taken.slot_id, queue_id=queue.id, person_id=person.id,
        token=new_token(), holder=holder, state=ClaimState.LIVE, schema_version=versions.schema,
        guideline_version=versions.guideline, asset_revision=versions.asset, claimed_at=now,
        expires_at=now + timedelta(seconds=queue.claim_seconds), active_at=now, reached=taken.reached, created_at=now,
    )  # fmt: skip
    session.add(claim)
    session.flush()
    suggesting.note_shown(session, queue, claim, now=now)
    return claim


def _found_more(session: Session, queue: Queue, *, clock: Clock) -> bool:
    return actions.needs_filling(session, queue) and actions.fill(session, queue, clock=clock) > 0


def new_token() -> str:
    return secrets.token_urlsafe(24)


# Holding --------------------------------------------------------------------------------------------------------


def hold(session: Session, claim_id: str, *, person: Person, token: str | None, now: datetime) -> Held:
    """Locks the claim's slot and says whether it still takes writes. Raises `NotFound` unless it is this person's.

    `token` None: whatever page asks, which only taking over may do.
    """
    found = queries.slot_of_claim(session, claim_id, person)
    if found is None:
        raise NotFound
    slot, queue = found
    claim = queries.own_claim(session, claim_id, person)  # read now that nobody else can change it
    assert claim is not None
    return Held(claim, slot, queue, _reason_dead(claim, slot, token, now))


def _reason_dead(claim: Claim, slot: Slot, token: str | None, now: datetime) -> DeadClaim | None:
    kept = "Your work is kept as a draft"
    if is_live(claim.state, claim.expires_at, now) and slot.claim_id == claim.id:
        if token is None or secrets.compare_digest(claim.token.encode(), token.encode()):
            return None
        return DeadClaim(f"Another page took this task over. {kept}; go on in that page, or take the task over here.")
    if claim.state == ClaimState.SUBMITTED:
        return DeadClaim(f"This task was submitted already. {kept}.")
    if claim.state in {ClaimState.LIVE, ClaimState.EXPIRED}:
        ran_out = f"{claim.expires_at:%H:%M} UTC"
        return DeadClaim(f"Your claim ran out at {ran_out}. {kept}; take the task again to submit it.")
    return DeadClaim(f"This claim has ended. {kept}.")


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
    return _prolong(session, held, clock())


def take_over(session: Session, claim_id: str, *, person: Person, holder: str | None, clock: Clock) -> Claim:
    """This page goes on with the claim: a new token, and the old one is dead."""
    held = hold(session, claim_id, person=person, token=None, now=clock())
    if held.dead is not None:
        raise held.dead
    held.claim.token, held.claim.holder, held.claim.active_at = new_token(), holder, clock()
    _prolong(session, held, clock())
    return held.claim


def _prolong(session: Session, held: Held, now: datetime) -> datetime:
    until = Lease(held.queue.claim_seconds, held.claim.active_at).until(now)
    held.claim.expires_at = held.slot.expires_at = max(until, held.claim.expires_at)
    session.flush()
    return held.claim.expires_at


def release(session: Session, claim_id: str, *, person: Person, token: str, clock: Clock) -> None:
    """Gives the task back. Its draft is kept: the task may come to the same person again."""
    held = hold(session, claim_id, person=person, token=token, now=clock())
    if held.dead is not None:
        raise held.dead
    end(session, held.slot, held.claim, ClaimState.RELEASED, clock=clock)


def end(session: Session, slot: Slot, claim: Claim, state: ClaimState, *, clock: Clock) -> Task:
    """Ends a live claim without a label; its slot goes back."""
    now = clock()
    claim.state, claim.ended_at = state, now
    return slots.give_back(session, slot, now)
