"""The overlap of a running queue: its unfinished tasks follow in the background, in short steps.

Raised, they get more slots. Lowered, they lose slots that nobody holds and that have no label; who holds one may finish, and one
that is given back is dropped then (`slots.give_back`).
Tasks that are done stay as they are. A slot that is dropped stays in its table, since claims refer to it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.base import new_id
from app.jobs import actions as jobs
from app.jobs.runs import Kind, Run
from app.queues import abouts, arranging, draining, slots, tallies
from app.queues.models import Queue, Slot, Task
from app.queues.ordering import sort_key
from app.queues.rules import STOPPABLE, STOPPED, SlotState, TaskState

KIND = "queues.overlap"
STEP = 200

UNHELD = (SlotState.FREE, SlotState.RETURNED, SlotState.WITHHELD)


def ask_to_follow(session: Session, queue: Queue, *, clock: Clock) -> None:
    jobs.enqueue(session, KIND, {"queue": queue.id}, clock=clock, project_id=queue.project_id)


def job_kind(clock: Clock) -> Kind:
    """Brings the tasks of `payload["queue"]` to its overlap of now."""

    def follow(payload: Mapping[str, Any], run: Run) -> None:
        after: int | None = -1
        while after is not None:
            run.rest()
            with run.write() as session:
                after = follow_step(session, payload["queue"], after=after, clock=clock)

    return Kind("Changing how many people answer each ad", follow, about=abouts.named)


def follow_step(session: Session, queue_id: str, *, after: int, clock: Clock) -> int | None:
    """The next tasks beyond `after`; gives where to go on, or None at the end."""
    # Claims, which only refer to the queue, do not wait; who fills or arranges it does.
    queue = session.scalars(
        select(Queue)
        .where(Queue.id == queue_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    rows = session.execute(
        select(Task.seq, Task.id)
        .where(Task.queue_id == queue_id, Task.seq > after, Task.state.in_(STOPPABLE), Task.overlap != queue.overlap)
        .order_by(Task.seq)
        .limit(STEP)
    ).all()
    for _, task_id in rows:
        bring_to(session, queue, task_id, clock=clock)
    if len(rows) < STEP:  # the last; what a draining waited for may have been dropped
        draining.end_if_empty(session, queue_id, clock=clock)
    return rows[-1].seq if len(rows) == STEP else None


def bring_to(session: Session, queue: Queue, task_id: str, *, clock: Clock) -> None:
    """One task of a queue that the caller has locked."""
    # Slots before the task, as everywhere. What somebody changes at this moment is being held or given back: it stays.
    unheld = session.scalars(
        select(Slot)
        .where(Slot.task_id == task_id, Slot.state.in_(UNHELD))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    task = slots.lock_task(session, task_id)
    if task.state not in STOPPABLE:
        return
    more = queue.overlap - task.overlap
    if more > 0:
        _add(session, queue, task, more, clock=clock)
    elif more < 0:
        _drop(session, task, unheld, -more, clock=clock)


def _add(session: Session, queue: Queue, task: Task, more: int, *, clock: Clock) -> None:
    """New slots may lie before where somebody's search begins, so searches begin anew."""
    state = SlotState.WITHHELD if task.state in STOPPED else SlotState.FREE
    dropped = session.scalars(
        select(Slot).where(Slot.task_id == task.id, Slot.state == SlotState.DROPPED).limit(more)
    ).all()
    for slot in dropped:
        slot.state = state
    if len(dropped) < more:
        last = session.scalars(select(Slot).where(Slot.task_id == task.id).order_by(Slot.layer.desc()).limit(1)).one()
        layers = range(last.layer + 1, last.layer + 1 + more - len(dropped))
        made = [_beside(last, layer, state, queue, task, clock) for layer in layers]
        session.execute(insert(Slot), made)
        arranging.note_keys(queue, [slot["sort_key"] for slot in made])
    if dropped:
        queue.arrangement += 1
    task.overlap += more
    session.flush()
    tallies.note(session, task.queue_id, by=None, at=clock(), wanted=more)


def _beside(slot: Slot, layer: int, state: SlotState, queue: Queue, task: Task, clock: Clock) -> dict[str, Any]:
    return {
        "id": new_id(), "created_at": clock(), "task_id": slot.task_id, "queue_id": slot.queue_id,
        "position": slot.position, "root_id": slot.root_id, "layer": layer, "state": state,
        "sort_key": sort_key(
            priority=task.priority, part=task.order_part, position=task.position, layer=layer, spread=queue.spread
        ),
    }  # fmt: skip


def _drop(session: Session, task: Task, unheld: Sequence[Slot], fewer: int, *, clock: Clock) -> None:
    dropped = sorted(unheld, key=lambda slot: slot.state != SlotState.FREE)[:fewer]
    for slot in dropped:
        slot.state = SlotState.DROPPED
    task.overlap -= len(dropped)
    session.flush()
    states = Counter(session.scalars(select(Slot.state).where(Slot.task_id == task.id)))
    becomes = task.state
    if task.state == TaskState.OPEN and states[SlotState.DONE] == task.overlap:
        becomes = TaskState.DONE
    changed = tallies.moved(task.state, becomes)
    if becomes != task.state:
        task.state, task.state_at, task.state_by = becomes, clock(), None
        session.flush()
    tallies.note(session, task.queue_id, by=None, at=clock(), wanted=-len(dropped), tasks=changed)
