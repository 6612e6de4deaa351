"""Returning labels for rework: to their authors first, and after the queue's time for it to somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import NotAllowed
from app.jobs.runs import Kind, Run
from app.labels import actions as labels
from app.labels import rework
from app.labels.models import Label
from app.labels.rework import Ending, Rework
from app.people import audit
from app.people.models import Person
from app.queues import abouts, draining, escalations, queries, slots
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.rules import ClaimState


def return_label(session: Session, label: Label, *, reason: str, person: Person, clock: Clock) -> Rework:
    """Its author is offered it before anything else; nobody returns a label of their own."""
    if label.person_id == person.id:
        raise NotAllowed("This label is your own. Somebody else returns it, or you revise it.")
    queue = session.scalars(select(Queue).where(Queue.id == label.queue_id)).one()
    until = clock() + timedelta(seconds=queue.rework_seconds)
    begun = rework.begin(session, label, reason=reason, until=until, person=person, clock=clock)
    audit.record(
        session, actor=person, verb="label returned", subject_kind="label", subject_id=label.id,
        details={"task": label.task_id}, clock=clock,
    )  # fmt: skip
    return begun


def job_kind(clock: Clock) -> Kind:
    """Passes on what is due of `payload["queue"]`, so that it is there for others though nobody asks for a task; whoever
    asks does so too. Runs when a label's time for rework is over, and when its author has revised it.
    """

    def look_after(payload: Mapping[str, Any], run: Run) -> None:
        missed = True
        while missed:  # what somebody is just changing is free again at the end of their request
            run.rest()
            with run.write() as session:
                missed = pass_on_due(session, payload["queue"], clock(), clock=clock)
                draining.end_if_empty(session, payload["queue"], clock=clock)

    return Kind("Passing on what was not reworked in time", look_after, may_wait=True, about=abouts.named)


def pass_on_due(session: Session, queue_id: str, now: datetime, *, clock: Clock) -> bool:
    """Tasks whose authors did not rework them in time are anybody else's, and what they had answered is open again. Whether
    some were missed, since they are locked just now: they wait for the next.
    """
    missed, of_escalations = False, list[Task]()
    for one in rework.due(session, queue_id, now):
        submitted = session.scalar(
            select(Claim).where(
                Claim.task_id == one.task_id, Claim.person_id == one.author_id, Claim.state == ClaimState.SUBMITTED
            )
        )
        slot = None if submitted is None else slots.lock_free(session, submitted.slot_id)
        if submitted is None or slot is None:
            missed = missed or submitted is not None
            continue
        task = _pass_on(session, one, submitted, slot, now, clock=clock)
        if task is not None and task.origin == escalations.ORIGIN:
            of_escalations.append(task)
    if of_escalations:
        escalations.lock_answered(session, [task.id for task in of_escalations])
    for task in of_escalations:
        escalations.reopen(session, task, by=None, clock=clock)
    return missed


def _pass_on(
    session: Session, one: Rework, submitted: Claim, slot: Slot, now: datetime, *, clock: Clock
) -> Task | None:
    """Its task; None where it was revised at this moment."""
    label = session.scalars(select(Label).where(Label.id == one.label_id)).one()
    session.refresh(label, with_for_update=True)
    session.refresh(one)
    if one.ended_at is not None:
        return None
    returner = session.scalars(select(Person).where(Person.id == one.returned_by)).one()
    rework.end(session, label, Ending.PASSED_ON, clock=clock)
    labels.take_back(session, label, person=returner, clock=clock)
    submitted.state = ClaimState.SKIPPED  # it never comes back to them
    return slots.give_back(session, slot, now)


@dataclass(frozen=True)
class ReturnedLabel:
    """As its author sees it."""

    rework: Rework
    queue: Queue
    external_id: str


def returned_to(session: Session, person: Person, now: datetime) -> list[ReturnedLabel]:
    waiting: Sequence[Rework] = rework.waiting_for(session, person, now)
    rows = queries.tasks_with_queues(session, {one.task_id for one in waiting})
    return [ReturnedLabel(one, *rows[one.task_id]) for one in waiting]
