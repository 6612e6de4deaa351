"""Why a task is handed to somebody or not: the facts, read for the rules of `choosing`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.people import qualifications
from app.people import queries as people
from app.people.models import Person
from app.people.rules import Role
from app.queues import admission, choosing, passing, queries, slots
from app.queues.choosing import Reason, TaskFacts, Verdict, Why
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.rules import ClaimState, QueueState, SlotState, TaskState

HAD = (ClaimState.LIVE, ClaimState.SUBMITTED, ClaimState.SKIPPED)


def judge(session: Session, queue: Queue, task: Task, person: Person, now: datetime) -> Verdict:
    theirs = session.execute(
        select(Claim.task_id, Claim.state, Claim.expires_at).where(
            Claim.root_id == task.root_id, Claim.person_id == person.id, Claim.state.in_(HAD)
        )
    ).all()
    states = session.scalars(select(Slot.state).where(Slot.task_id == task.id)).all()
    metadata = session.scalars(select(Asset.meta).where(Asset.id == task.asset_id)).one()
    facts = TaskFacts(
        queue_state=QueueState(queue.state),
        state=TaskState(task.state),
        slots=[SlotState(state) for state in states],
        is_disabled=person.disabled_at is not None,
        is_held_by_them=any(
            one.task_id == task.id and one.state == ClaimState.LIVE and now < one.expires_at for one in theirs
        ),
        was_had=bool(theirs),
        is_unwanted=choosing.is_unwanted(admission.not_for_me(person), metadata),
        is_next=next_for(session, queue, person) == task.id,
    )
    return choosing.judge(facts, _refused(session, queue, person, now))


def task_of_ad(session: Session, queue: Queue, external_id: str) -> Task | None:
    """The queue's newest task on the ad of this external id."""
    return session.scalar(
        select(Task)
        .join(Asset, Asset.id == Task.asset_id)
        .where(Task.queue_id == queue.id, Asset.external_id == external_id)
        .order_by(Task.seq.desc())
        .limit(1)
    )


def next_for(session: Session, queue: Queue, person: Person) -> str | None:
    """The task that this person would be handed now if nothing keeps them from the queue."""
    unwanted = admission.not_for_me(person)
    reached = queries.reached_by(session, queue, person, under=admission.search_of(queue, person))
    if not unwanted:
        return slots.next_for(session, queue_id=queue.id, person_id=person.id, reached=reached)
    return passing.next_for(session, queue_id=queue.id, person_id=person.id, reached=reached, unwanted=unwanted)


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
