"""Why a task is handed to somebody or not: the facts, read for the rules of `choosing`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.labels import rework
from app.people import qualifications
from app.people import queries as people
from app.people.models import Person
from app.people.rules import Role
from app.queues import admission, arranging, choosing, foretelling, places, queries
from app.queues.choosing import Choice, Reason, TaskFacts, Verdict, Why
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.rules import ClaimState, QueueState, SlotState, TaskState

HAD = (ClaimState.LIVE, ClaimState.SUBMITTED, ClaimState.SKIPPED)
BEGUN = "They had it already and did not finish, so it comes to them before that."
RESERVED = "It was reserved for them already, so it comes to them before that."
TAKEN_UNTIL = (SlotState.HELD, SlotState.AHEAD)


def judge(session: Session, queue: Queue, task: Task, person: Person, now: datetime) -> Verdict:
    theirs = _claims_of(session, task, person, now)
    metadata = session.scalars(select(Asset.meta).where(Asset.id == task.asset_id)).one()
    live = {one.slot_state for one in theirs if one.task_id == task.id and one.state == ClaimState.LIVE}
    facts = TaskFacts(
        queue_state=QueueState(queue.state),
        state=TaskState(task.state),
        slots=_slots_of(session, task, now),
        is_disabled=person.disabled_at is not None,
        is_held_by_them=SlotState.HELD in live,
        is_reserved_for_them=SlotState.AHEAD in live,
        was_had=bool(theirs),
        is_unwanted=choosing.is_unwanted(admission.not_for_me(person), metadata),
        is_next=foretelling.next_for(session, queue, person, now) == task.id,
    )
    return choosing.judge(facts, [*_refused(session, queue, person, now), *_to_rework(session, task, person, now)])


def _to_rework(session: Session, task: Task, person: Person, now: datetime) -> list[Reason]:
    """Whose it is to revise; of others' only where that is all that the task waits for."""
    found = []
    for one in rework.waiting_on(session, task.id, task.queue_id, now):
        until = f"{one.until:%Y-%m-%d %H:%M} UTC"
        if one.author_id == person.id:
            found.append(Reason(Why.THEIRS_TO_REWORK, until))
        elif task.state == TaskState.DONE:
            found.append(Reason(Why.OTHERS_TO_REWORK, until))
    return found


def _claims_of(session: Session, task: Task, person: Person, now: datetime) -> Sequence[Any]:
    """This person's claims on the task, and on those that it stems from or that stem from it, but for ended ones after
    which it may come back to them. Live ones whose time is up are such.
    """
    return session.execute(
        select(Claim.task_id, Claim.state, Slot.state.label("slot_state"))
        .join(Slot, Slot.id == Claim.slot_id)
        .where(Claim.root_id == task.root_id, Claim.person_id == person.id, Claim.state.in_(HAD))
        .where((Claim.state != ClaimState.LIVE) | (Claim.expires_at > now))
    ).all()


def _slots_of(session: Session, task: Task, now: datetime) -> list[SlotState]:
    """As they are once somebody asks for a task, which first ends all claims whose time is up."""
    rows = session.execute(select(Slot.state, Slot.expires_at).where(Slot.task_id == task.id)).all()
    return [
        SlotState.RETURNED if state in TAKEN_UNTIL and ends is not None and ends <= now else SlotState(state)
        for state, ends in rows
    ]


def place_of(session: Session, queue: Queue, task: Task, person: Person, verdict: Verdict, now: datetime) -> str | None:
    """Why the task comes where it does, for one that may be handed out; None for others."""
    if verdict.choice not in {Choice.NEXT, Choice.WAITS}:
        return None
    placed = arranging.placed_of(session, queue, {task.id: task.asset_id})[task.id]
    place = places.Place(placed, task.order_part, task.priority, task.position)
    told = places.told(arranging.arrangement_of(queue), place, now)
    before = _before(session, task, person, now)
    return f"{told} {before}" if before else told


def _before(session: Session, task: Task, person: Person, now: datetime) -> str:
    """Why it comes to them before others; empty where they never had it."""
    ended = Claim.state.in_((ClaimState.EXPIRED, ClaimState.RELEASED))
    ran_out = and_(Claim.state == ClaimState.LIVE, Claim.expires_at <= now)
    theirs = session.execute(
        select(Claim.state, Claim.seat, Slot.state.label("slot_state"))
        .join(Slot, Slot.id == Claim.slot_id)
        .where(Claim.task_id == task.id, Claim.person_id == person.id, or_(ended, ran_out))
    ).all()
    if not theirs:
        return ""
    began = [one.slot_state == SlotState.HELD if one.state == ClaimState.LIVE else not one.seat for one in theirs]
    return BEGUN if any(began) else RESERVED


def task_of_ad(session: Session, queue: Queue, external_id: str) -> Task | None:
    """The queue's newest task on the ad of this external id."""
    return session.scalar(
        select(Task)
        .join(Asset, Asset.id == Task.asset_id)
        .where(Task.queue_id == queue.id, Asset.external_id == external_id)
        .order_by(Task.seq.desc())
        .limit(1)
    )


def workers_of(session: Session, queue: Queue) -> list[Person]:
    """Labelers of the organisations that the queue is open to, by name."""
    return [
        person
        for _, members in people.people_by_organisation(session, None)
        if members and _is_open_to_those_of(session, queue, members[0])
        for person in members
        if Role.LABELER in person.roles and person.disabled_at is None
    ]


def _is_open_to_those_of(session: Session, queue: Queue, one: Person) -> bool:
    """Whom a queue is open to goes by organisation, so one of its people stands for all."""
    return queries.queue_seen_by(session, one, queue.id) is not None and queries.may_work_in(session, one, queue)


def count_fitting(session: Session, queue: Queue, workers: Sequence[Person], now: datetime) -> int:
    """How many of these people hold all that the queue asks for."""
    held = qualifications.held_by_each(session, now)
    return sum(not choosing.lacking(queue.requires, held.get(person.id, ())) for person in workers)


def _refused(session: Session, queue: Queue, person: Person, now: datetime) -> list[Reason]:
    refused = admission.refusals(session, queue, person, now)
    if queries.queue_seen_by(session, person, queue.id) is None and Reason(Why.NOT_OPEN_TO_THEM) not in refused:
        refused.insert(0, Reason(Why.NOT_OPEN_TO_THEM))
    return refused
