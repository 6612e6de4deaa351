"""Putting a stopped task back into its queue, and taking a task out of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.clock import Clock
from app.errors import Conflict
from app.people import audit
from app.people.models import Person
from app.queues import draining, escalations, slots, tallies
from app.queues.escalations import Decision
from app.queues.models import Task
from app.queues.rules import STOPPABLE, TaskState


def return_task(session: Session, task: Task, *, person: Person, clock: Clock) -> None:
    """Puts a task that was flagged, escalated or withdrawn back into its queue."""
    task = lock_to_decide(session, task)
    if task.state not in {TaskState.ON_HOLD, TaskState.ESCALATED, TaskState.WITHDRAWN}:
        raise Conflict("This task is in its queue already. Nothing was changed.")
    asset = session.scalars(select(Asset).where(Asset.id == task.asset_id)).one()
    if asset.withdrawn_at is not None:
        raise Conflict("The ad of this task was withdrawn, so the task stays out of the queue.")
    if escalations.is_settled(session, task):
        raise Conflict("What this task asks was decided already, so the task stays out of the queue.")
    wanted = slots.unfinished(session, task.id) if task.state == TaskState.WITHDRAWN else 0
    # Its overlap may have been lowered meanwhile to the labels that it has.
    becomes = TaskState.OPEN if slots.unfinished(session, task.id) else TaskState.DONE
    changed = tallies.moved(task.state, becomes)
    _decide(session, task, becomes, person=person, clock=clock)
    slots.release_withheld(session, task.id)
    escalations.settle(session, [task.id], Decision.RETURNED, by=person.id, clock=clock)
    tallies.note(session, task.queue_id, by=person.id, at=clock(), wanted=wanted, tasks=changed)


def withdraw_task(session: Session, task: Task, *, person: Person, reason: str, clock: Clock) -> None:
    """Nobody gets it any more; who holds it may finish, and labels stay."""
    task = lock_to_decide(session, task)
    if task.state not in STOPPABLE:
        raise Conflict("This task is done or withdrawn already. Nothing was changed.")
    _withdraw(session, task, person=person, reason=reason, clock=clock)


def withdraw_with_ad(session: Session, task: Task, *, clock: Clock) -> None:
    """A task that the caller has locked, whose ad was withdrawn: once, whoever comes upon it."""
    if task.state in STOPPABLE:
        _withdraw(session, task, person=None, reason="its ad was withdrawn", clock=clock)


def _withdraw(session: Session, task: Task, *, person: Person | None, reason: str, clock: Clock) -> None:
    changed = tallies.moved(task.state, TaskState.WITHDRAWN)
    _decide(session, task, TaskState.WITHDRAWN, person=person, clock=clock, reason=reason)
    slots.withhold(session, task.id, clock())
    wanted = -slots.unfinished(session, task.id)
    by = person.id if person else None
    escalations.settle(session, [task.id], Decision.WITHDRAWN, by=by, clock=clock)
    tallies.note(session, task.queue_id, by=by, at=clock(), wanted=wanted, tasks=changed)
    draining.end_if_empty(session, task.queue_id, clock=clock)


def lock_to_decide(session: Session, task: Task) -> Task:
    """With all that is decided along with it, in the order in which those who work lock it."""
    escalations.lock_asked(session, [task.id])
    slots.lock_unbegun(session, [task.id])
    return slots.lock_task(session, task.id)


def _decide(
    session: Session, task: Task, state: TaskState, *, person: Person | None, clock: Clock, reason: str = ""
) -> None:
    audit.record(
        session, actor=person, verb=f"task {state}", subject_kind="task", subject_id=task.id,
        details={"from": task.state} | ({"reason": reason} if reason else {}), clock=clock,
    )  # fmt: skip
    task.state, task.state_by, task.state_at = state, person.id if person else None, clock()
    session.flush()
