"""Handing out: the next task for somebody, and the one after it reserved ahead."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import writing
from app.db.base import new_id
from app.db.loading import made
from app.db.undoing import undone_alone
from app.errors import Conflict, NotAllowed
from app.people.models import Person
from app.queues import (
    admission,
    ahead,
    claims,
    clocks,
    draining,
    limits,
    making,
    passing,
    pinned,
    queries,
    returned,
    slots,
    stopping,
    suggesting,
)
from app.queues.models import Claim, Queue, Slot
from app.queues.rules import ClaimState, QueueState, Seat, SlotState, reserved_until
from app.queues.standing import Standing, read_standing

TRIES = 20


@dataclass(frozen=True)
class Asking:
    """Who wants a task, on which page, to work on now or to have ready."""

    person: Person
    holder: str | None
    seat: Seat
    now: datetime
    standing: Standing


@dataclass(frozen=True)
class Versions:
    """What a claim pins."""

    schema: int
    guideline: int
    asset: int


class Outrun(Conflict):
    """There are tasks, but others took each before this person could."""


class Miss(Enum):
    """Why a try gave no claim."""

    NOTHING = "nothing"  # there is no slot for this person
    REFUSED = "refused"  # nothing of this queue is for them now
    WITHDRAWN = "withdrawn"  # the next one was of a withdrawn ad: try again


def claim_next(session: Session, queue: Queue, *, person: Person, holder: str | None, clock: Clock) -> Claim | None:
    """The person's claim in this queue: the one they hold, else the next task; None when there is nothing for them.

    What they have reserved ahead comes before fresh tasks; what others have only reserved, after all else.
    """
    return _claim(session, queue, person, holder, Seat.AT_HAND, clock=clock)


def reserve_next(session: Session, queue: Queue, *, person: Person, holder: str | None, clock: Clock) -> Claim | None:
    """One more task for later, or the one this person has reserved already. It takes nobody's reservation."""
    return _claim(session, queue, person, holder, Seat.NEXT, clock=clock)


def _claim(
    session: Session, queue: Queue, person: Person, holder: str | None, seat: Seat, *, clock: Clock
) -> Claim | None:
    if not queries.may_work_in(session, person, queue):
        raise NotAllowed(f"The queue {queue.name} is for other organisations to work in. Nothing was taken.")
    asking = Asking(person, holder, seat, now := clock(), read_standing(session, queue, person, now))
    is_read = not _set_right(session, queue, asking.standing, now, clock=clock)
    from_others = False
    for _ in range(TRIES):
        if not is_read:
            asking = replace(asking, standing=read_standing(session, queue, person, now))
        is_read = False
        try:
            with undone_alone(session, IntegrityError, limits.Raced):
                found = _seated(session, queue, asking) or _take_next(
                    session, queue, asking, from_others=from_others, clock=clock
                )
        except (IntegrityError, limits.Raced):
            continue  # the same person claimed in another tab at this moment: theirs is found above
        if isinstance(found, Claim):
            return found
        if found is Miss.REFUSED:
            return None
        if found is Miss.NOTHING and not _filled_more(session, queue, clock=clock):
            from_others = asking.seat == Seat.AT_HAND and slots.wait_for_reserved(
                session, queue_id=queue.id, person_id=asking.person.id
            )
            if not from_others:
                if queue.state == QueueState.DRAINING:
                    draining.end_if_empty(session, queue.id, clock=clock)
                return None
    raise Outrun("Others were quicker many times in a row. Nothing was taken; ask again.")


def _set_right(session: Session, queue: Queue, standing: Standing, now: datetime, *, clock: Clock) -> bool:
    """What time has ended is given back first. Whether there was something."""
    if standing.ran_out:
        slots.expire_due(session, queue.id, now)
    if standing.ends_too_late:
        clocks.bring_back(session, queue, now)
    if standing.is_rework_due:
        returned.pass_on_due(session, queue.id, now, clock=clock)
    return standing.ran_out or standing.ends_too_late or standing.is_rework_due


def _seated(session: Session, queue: Queue, asking: Asking) -> Claim | None:
    """What this person holds here already and asks for."""
    if not asking.standing.is_seated:
        return None
    seats = queries.seats_of(session, queue, asking.person)
    at_hand, after = seats.get(Seat.AT_HAND), seats.get(Seat.NEXT)
    if asking.seat == Seat.AT_HAND:
        if at_hand is not None:
            return claims.open_again(session, at_hand.claim, queue, holder=asking.holder, now=asking.now)
        return None if after is None else _begin(session, queue, asking, after)
    if at_hand is None and after is not None and not after.reserved:
        after.claim.seat = Seat.AT_HAND  # it has become the one at hand, so there is room for one more
        session.flush()
        return None
    if after is None:
        return None
    return claims.open_again(session, after.claim, queue, holder=asking.holder, now=asking.now)


def _begin(session: Session, queue: Queue, asking: Asking, seated: queries.Seated) -> Claim | None:
    """The reserved task is taken up, unless there is one that this person had begun and lost, and may still have."""
    claim = seated.claim
    if not seated.reserved:
        return claims.open_again(session, claim, queue, holder=asking.holder, now=asking.now)
    if not admission.refusals(session, queue, asking.person, asking.now):
        lost = _make_of(session, queue, asking, _picking(asking.person).begun)
        if isinstance(lost, Claim):
            return lost
    slot = slots.lock(session, claim.slot_id)
    if slot.claim_id != claim.id:
        return None  # somebody free has taken it at this moment
    ahead.begin(session, claim, slot, queue, now=asking.now)
    if claim.holder != asking.holder:
        claim.holder, claim.token = asking.holder, ahead.new_token()
    claim.seat = Seat.AT_HAND
    session.flush()
    return claim


def _take_next(session: Session, queue: Queue, asking: Asking, *, from_others: bool, clock: Clock) -> Claim | Miss:
    if admission.refusals(session, queue, asking.person, asking.now):
        return Miss.REFUSED
    picking = _picking(asking.person, drains=queue.state == QueueState.DRAINING)
    found = _make_of(session, queue, asking, picking.next)
    if found is None and from_others:
        found = _make_of(session, queue, asking, picking.reserved)
    if isinstance(found, slots.Taken):
        _pass_over(session, found, clock=clock)
        return Miss.WITHDRAWN
    return found or Miss.NOTHING


Take = Callable[[Session, slots.Wish], slots.Taken | None]


@dataclass(frozen=True)
class Picking:
    """The statements that pick for somebody."""

    next: Take
    begun: Take
    reserved: Take


def _picking(person: Person, *, drains: bool = False) -> Picking:
    """`drains`: nothing fresh is picked."""
    unwanted = admission.not_for_me(person)
    if not unwanted:
        return Picking(slots.take_waiting if drains else slots.take, slots.take_begun, slots.take_reserved)
    return Picking(
        partial(passing.take, unwanted=unwanted, fresh=not drains),
        partial(passing.take_begun, unwanted=unwanted),
        partial(passing.take_reserved, unwanted=unwanted),
    )


def _make_of(session: Session, queue: Queue, asking: Asking, take: Take) -> Claim | slots.Taken | None:
    """A claim on the slot that `take` gives; the slot itself where its ad was withdrawn."""
    standing, claim_id = asking.standing, new_id()
    guideline = ahead.open_with(queue, standing.guideline)
    state = SlotState.AHEAD if asking.seat == Seat.NEXT else SlotState.HELD
    wish = slots.Wish(
        queue.id, asking.person.id, claim_id, state, _until(queue, asking), standing.reached, asking.now, standing.waits
    )
    taken = take(session, wish)
    if taken is None:
        return None
    task = pinned.handed_out(session, taken.task_id, asking.person.id)
    if task.is_withdrawn:
        return taken
    versions = Versions(task.schema_version, guideline, task.asset_revision)
    return _make(session, queue, taken, versions, claim_id=claim_id, asking=asking, is_suggested=task.is_suggested)


def _until(queue: Queue, asking: Asking) -> datetime:
    if asking.seat == Seat.NEXT:
        return reserved_until(queue.claim_seconds, asking.now)
    return asking.now + timedelta(seconds=queue.claim_seconds)


def _pass_over(session: Session, taken: slots.Taken, *, clock: Clock) -> None:
    """The ad was withdrawn, and no job has come round to its task yet, or comes round to it now."""
    task = slots.give_back(session, slots.lock(session, taken.slot_id), clock())
    stopping.withdraw_with_ad(session, task, clock=clock)


def resume(
    session: Session, queue: Queue, slot: Slot, versions: Versions, *, person: Person, holder: str | None, now: datetime
) -> Claim:
    """A new claim on a slot that the caller has locked and given back."""
    claim_id = new_id()
    asking = Asking(person, holder, Seat.AT_HAND, now, read_standing(session, queue, person, now))
    slot.state, slot.claim_id, slot.expires_at = SlotState.HELD, claim_id, _until(queue, asking)
    taken = slots.Taken(slot.id, slot.task_id, slot.root_id, asking.standing.reached)
    return _make(session, queue, taken, versions, claim_id=claim_id, asking=asking, is_suggested=True, again=True)


def _make(
    session: Session,
    queue: Queue,
    taken: slots.Taken,
    versions: Versions,
    *,
    claim_id: str,
    asking: Asking,
    is_suggested: bool,
    again: bool = False,
) -> Claim:
    now = asking.now
    counted = limits.count(session, queue, asking.person, again=again) if queue.limits else limits.Counted()
    claim = made(
        Claim, id=claim_id, task_id=taken.task_id, root_id=taken.root_id, slot_id=taken.slot_id, queue_id=queue.id, person_id=asking.person.id,
        token=ahead.new_token(), holder=asking.holder, state=ClaimState.LIVE, seat=asking.seat,
        schema_version=versions.schema, guideline_version=versions.guideline, asset_revision=versions.asset,
        claimed_at=now, expires_at=_until(queue, asking), active_at=now, reached=taken.reached,
        reached_under=admission.search_of(queue, asking.person), created_at=now, number=counted.number,
        organisation_id=counted.organisation_id,
    )  # fmt: skip
    session.flush()
    writing.add(session, claim)
    if is_suggested:
        suggesting.note_shown(session, queue, claim, now=now)
    return claim


def _filled_more(session: Session, queue: Queue, *, clock: Clock) -> bool:
    """Whether to look once more: tasks were missing, and are made now, by this person's request or by another that this
    one waited for.
    """
    if queue.state == QueueState.DRAINING or not making.needs_filling(session, queue):
        return False
    making.fill(session, queue, clock=clock)
    session.refresh(queue, ["filled_at_change"])
    return True
