"""Making and steering queues, and filling them with tasks."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.clock import Clock
from app.db.base import new_id
from app.errors import Conflict, Invalid, Problem
from app.guidelines import queries as guidelines
from app.jobs import actions as jobs
from app.people import audit
from app.people import queries as people
from app.people.models import Person
from app.projects.models import Project
from app.queues import arranging, boundaries, candidates, choosing, draining, escalations, ordering, slots, tallies
from app.queues.escalations import Decision
from app.queues.models import Queue, QueueOrganisation, Slot, Task
from app.queues.ordering import Arrangement, Order
from app.queues.rules import (
    STOPPABLE,
    QueueKind,
    QueueState,
    SlotState,
    TaskState,
    check_filter,
    fault_of_deadline,
    matches,
)
from app.schemas import answers as schema_answers
from app.schemas import queries as schemas
from app.schemas.rules import ShowSuggestions
from app.suggestions import actions as suggestions

FILL_KIND = "queues.fill"
STEP = 500


def create_queue(
    session: Session,
    *,
    project: Project,
    name: str,
    kind: QueueKind = QueueKind.PRODUCTION,
    schema_version: int | None = None,
    guideline_version: int | None = None,
    overlap: int = 1,
    claim_seconds: int = 900,
    organisations: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002  # the contract's word
    priority: int = 0,
    due_at: datetime | None = None,
    requires: Mapping[str, Any] | None = None,
    gold_rate: float = 0.0,
    suggestions: ShowSuggestions = ShowSuggestions.SHOWN,
    muted: bool = False,
    order: Arrangement | None = None,
    limits: Mapping[str, Any] | None = None,
    hours: Mapping[str, Any] | None = None,
    fills_itself: bool = True,
    person: Person | None,
    clock: Clock,
) -> Queue:
    """An open queue; its tasks follow in the background. Schema absent: the newest of now."""
    named = people.organisations_by_name(session, list(organisations))
    arrangement = order or Arrangement()
    problems = check_filter(filter or {}) + fault_of_deadline(due_at, clock()) + ordering.fault_of(arrangement)
    problems += [Problem("/organisations", f"{one} is not known") for one in organisations if one not in named]
    problems += _check_versions(session, project, schema_version, guideline_version)
    if problems:
        raise Invalid("This queue cannot be made as it is described.", problems=problems)
    queue = Queue(
        id=new_id(), project_id=project.id, name=name, kind=kind,
        schema_version=schema_version or _newest_schema(session, project), guideline_version=guideline_version,
        overlap=overlap, claim_seconds=claim_seconds, filter=dict(filter or {}), priority=priority, due_at=due_at,
        requires=choosing.asked(requires or {}), gold_rate=gold_rate, suggestions=suggestions, muted=muted, fills_itself=fills_itself, state=QueueState.OPEN,
        state_by=person.id if person else None, state_at=clock(), created_by=person.id if person else None,
        created_at=clock(), revision=1, **_arranged(arrangement),
    )  # fmt: skip
    session.add(queue)
    session.flush()
    open_to(session, queue, [one.id for one in named.values()], clock=clock)
    note(session, person, "queue made", queue, {"name": name, "kind": kind}, clock)
    boundaries.begin(session, queue, limits=limits or {}, hours=hours or {}, person=person, clock=clock)
    ask_to_fill(session, project.id, clock=clock)
    return queue


def open_to(session: Session, queue: Queue, organisation_ids: Sequence[str], *, clock: Clock) -> None:
    session.add_all(
        QueueOrganisation(queue_id=queue.id, organisation_id=one, created_at=clock()) for one in organisation_ids
    )
    session.flush()


def _check_versions(session: Session, project: Project, schema: int | None, guideline: int | None) -> list[Problem]:
    problems = []
    if schema is not None and schemas.find_version(session, project.id, schema) is None:
        problems.append(Problem("/schema_version", f"version {schema} is not published in this project"))
    if guideline is not None and guidelines.find_version(session, project.id, guideline) is None:
        problems.append(Problem("/guideline_version", f"version {guideline} is not published in this project"))
    return problems


def _newest_schema(session: Session, project: Project) -> int:
    newest = schemas.newest(session, project.id)
    if newest is None:
        raise Conflict("This project has no schema yet. Publish one, then make the queue.")
    return newest.version


def change_state(session: Session, queue: Queue, state: QueueState, *, person: Person, clock: Clock) -> None:
    """Pauses, drains, opens or closes. Claims that are held go on; new ones are made only while it is open or drains."""
    if queue.state == state:
        return
    if state == QueueState.DRAINING and queue.state == QueueState.CLOSED:
        raise Conflict("This queue is closed, so there is nothing to drain. Open it first.")
    note(session, person, f"queue {state}", queue, {"from": queue.state}, clock)
    queue.state, queue.state_by, queue.state_at = state, person.id, clock()
    if state == QueueState.OPEN:
        ask_to_fill(session, queue.project_id, clock=clock)
    session.flush()
    if state == QueueState.DRAINING:
        draining.begin(session, queue)
        draining.end_if_empty(session, queue.id, clock=clock)
        session.refresh(queue)


def change_schema(session: Session, queue: Queue, version: int, *, person: Person, clock: Clock) -> None:
    """Moves the tasks that nobody has answered or holds; the others keep the version they began with."""
    problems = list(_check_versions(session, _project(session, queue), version, None))
    if problems:
        raise Invalid("The queue keeps its schema.", problems=problems)
    note(session, person, "queue schema changed", queue, {"from": queue.schema_version, "to": version}, clock)
    queue.schema_version = version
    begun = select(Slot.seq).where(
        Slot.task_id == Task.id, Slot.state.in_([SlotState.HELD, SlotState.AHEAD, SlotState.DONE])
    )
    session.execute(
        update(Task)
        .where(Task.queue_id == queue.id, Task.state.in_(STOPPABLE), ~begun.exists())
        .values(schema_version=version)
        .execution_options(synchronize_session=False)
    )


def change_guideline(session: Session, queue: Queue, version: int | None, *, person: Person, clock: Clock) -> None:
    """For claims made from now on; None: whichever is the newest then."""
    problems = _check_versions(session, _project(session, queue), None, version)
    if problems:
        raise Invalid("The queue keeps its guideline.", problems=problems)
    note(session, person, "queue guideline changed", queue, {"from": queue.guideline_version, "to": version}, clock)
    queue.guideline_version = version


def change_suggestions(session: Session, queue: Queue, show: ShowSuggestions, *, person: Person, clock: Clock) -> None:
    """For tasks handed out from now on; who was shown something keeps seeing it."""
    if queue.suggestions == show:
        return
    note(session, person, "queue suggestions changed", queue, {"from": queue.suggestions, "to": show}, clock)
    queue.suggestions = show


def change_muted(session: Session, queue: Queue, *, muted: bool, person: Person, clock: Clock) -> None:
    """Whether audio and video of tasks that are opened from now on start without sound."""
    if queue.muted == muted:
        return
    note(session, person, "queue sound changed", queue, {"to": "muted" if muted else "heard"}, clock)
    queue.muted = muted
    session.flush()


def _arranged(order: Arrangement) -> dict[str, Any]:
    """The columns of an arrangement; a random order without a seed gets one."""
    seed = order.seed or (secrets.token_hex(8) if order.by == Order.RANDOM else "")
    return {
        "order_by": order.by, "order_key": order.key, "descending": order.descending, "seed": seed, "spread": order.spread,
    }  # fmt: skip


def change_order(session: Session, queue: Queue, order: Arrangement, *, person: Person, clock: Clock) -> None:
    """For tasks that come, at once; those that are there follow in the background."""
    problems = ordering.fault_of(order)
    if problems:
        raise Invalid("The queue keeps its order.", problems=problems)
    if order.by == queue.order_by == Order.RANDOM and not order.seed:
        order = replace(order, seed=queue.seed)
    if order == arranging.arrangement_of(queue):
        return
    note(session, person, "queue order changed", queue, {"from": queue.order_by, "to": order.by}, clock)
    for name, value in _arranged(order).items():
        setattr(queue, name, value)
    session.flush()
    jobs.enqueue(session, suggestions.ARRANGE, {"queue": queue.id}, clock=clock, project_id=queue.project_id)


def prioritise(
    session: Session, queue: Queue, task_ids: Sequence[str], priority: int, *, person: Person, clock: Clock
) -> None:
    """Moves these tasks of the queue before or behind others. Those that somebody is just changing follow at once in the
    background.
    """
    known = select(Task.id).where(Task.queue_id == queue.id, Task.id.in_(task_ids))
    unknown = set(task_ids) - set(session.scalars(known))
    if unknown:
        raise Invalid(
            "No priority was changed.", problems=[Problem("/tasks", f"{one} is not in this queue") for one in unknown]
        )
    note(session, person, "tasks prioritised", queue, {"tasks": len(task_ids), "priority": priority}, clock)
    missed = arranging.rearrange_tasks(session, queue.id, list(task_ids), priority=priority)
    if missed:
        payload = {"queue": queue.id, "tasks": missed, "priority": priority}
        jobs.enqueue(session, suggestions.ARRANGE, payload, clock=clock, project_id=queue.project_id)


def return_task(session: Session, task: Task, *, person: Person, clock: Clock) -> None:
    """Puts a task that was flagged, escalated or withdrawn back into its queue."""
    task = slots.lock_task(session, task.id)
    if task.state not in {TaskState.ON_HOLD, TaskState.ESCALATED, TaskState.WITHDRAWN}:
        raise Conflict("This task is in its queue already. Nothing was changed.")
    asset = session.scalars(select(Asset).where(Asset.id == task.asset_id)).one()
    if asset.withdrawn_at is not None:
        raise Conflict("The ad of this task was withdrawn, so the task stays out of the queue.")
    wanted = slots.unfinished(session, task.id) if task.state == TaskState.WITHDRAWN else 0
    # Its overlap may have been lowered meanwhile to the labels that it has.
    becomes = TaskState.OPEN if slots.unfinished(session, task.id) else TaskState.DONE
    changed = tallies.moved(task.state, becomes)
    _decide(session, task, becomes, person=person, clock=clock)
    slots.release_withheld(session, task.id)
    escalations.settle(session, [task.id], Decision.RETURNED, by=person.id, clock=clock)
    tallies.note(session, task.queue_id, by=person.id, at=clock(), wanted=wanted, tasks=changed)


def withdraw_task(session: Session, task: Task, *, person: Person | None, reason: str, clock: Clock) -> None:
    """Nobody gets it any more; who holds it may finish, and labels stay."""
    task = slots.lock_task(session, task.id)
    if task.state not in STOPPABLE:
        raise Conflict("This task is done or withdrawn already. Nothing was changed.")
    changed = tallies.moved(task.state, TaskState.WITHDRAWN)
    _decide(session, task, TaskState.WITHDRAWN, person=person, clock=clock, reason=reason)
    slots.withhold(session, task.id, clock())
    wanted = -slots.unfinished(session, task.id)
    by = person.id if person else None
    escalations.settle(session, [task.id], Decision.WITHDRAWN, by=by, clock=clock)
    tallies.note(session, task.queue_id, by=by, at=clock(), wanted=wanted, tasks=changed)
    draining.end_if_empty(session, task.queue_id, clock=clock)


def _decide(
    session: Session, task: Task, state: TaskState, *, person: Person | None, clock: Clock, reason: str = ""
) -> None:
    audit.record(
        session, actor=person, verb=f"task {state}", subject_kind="task", subject_id=task.id,
        details={"from": task.state} | ({"reason": reason} if reason else {}), clock=clock,
    )  # fmt: skip
    task.state, task.state_by, task.state_at = state, person.id if person else None, clock()
    session.flush()


# Filling --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of filling: how many tasks it made, and where the next one begins; None at the end."""

    made: int
    after: int | None


def ask_to_fill(session: Session, project_id: str, *, clock: Clock) -> None:
    jobs.enqueue(session, FILL_KIND, {"project": project_id}, clock=clock, project_id=project_id)


def needs_filling(session: Session, queue: Queue) -> bool:
    """Whether the project's ads changed since the queue was last filled: one comparison, however many there are."""
    return queue.state != QueueState.CLOSED and queue.filled_at_change < _project(session, queue).asset_changes


def fill(session: Session, queue: Queue, *, clock: Clock) -> int:
    """Makes all missing tasks in one go. Gives how many."""
    made = 0
    after: int | None = -1
    changes = _project(session, queue).asset_changes
    while after is not None:
        step = fill_step(session, queue, after=after, changes=changes, clock=clock)
        made += step.made
        after = step.after
    return made


def fill_step(session: Session, queue: Queue, *, after: int, changes: int, clock: Clock) -> Step:
    """Looks at the next ads beyond `after`. The last step notes `changes`, the count its first step began with."""
    body = schema_body(session, queue)
    found = candidates.assets_without_task(session, queue, after=after, limit=STEP) if queue.fills_itself else []
    wanted = [
        asset_id for _, asset_id, ad in found if matches(queue.filter, ad) and schema_answers.fits(body, dict(ad.parts))
    ]
    made = make_tasks(session, queue, wanted, clock=clock) if wanted else 0
    if len(found) == STEP:
        return Step(made, found[-1][0])
    _withdraw_tasks_of_withdrawn_ads(session, queue, clock=clock)
    session.execute(
        update(Queue).where(Queue.id == queue.id, Queue.filled_at_change < changes).values(filled_at_change=changes)
    )
    return Step(made, None)


def make_tasks(session: Session, queue: Queue, asset_ids: Sequence[str], *, clock: Clock) -> int:
    """Tasks of those ads that have none here yet, in this order. Gives how many."""
    # Whoever fills at the same time waits here; claims, which only refer to the queue, do not.
    session.refresh(queue, with_for_update={"key_share": True})
    known = select(Task.asset_id).where(Task.queue_id == queue.id, Task.origin == "fill", Task.asset_id.in_(asset_ids))
    missing = set(asset_ids) - set(session.scalars(known))
    now = clock()
    tasks = [
        {
            "id": new_id(), "created_at": now, "project_id": queue.project_id, "queue_id": queue.id,
            "asset_id": asset_id, "schema_version": queue.schema_version, "overlap": queue.overlap,
            "position": queue.task_count + offset, "origin": "fill", "state": TaskState.OPEN, "state_at": now,
        }
        for offset, asset_id in enumerate(one for one in asset_ids if one in missing)
    ]  # fmt: skip
    if not tasks:
        return 0
    arranging.place(session, queue, tasks)
    slots_of = {str(task["id"]): arranging.slots_for(queue, task) for task in tasks}
    queue.task_count += len(tasks)
    arranging.note_keys(queue, [slot["sort_key"] for made in slots_of.values() for slot in made])
    session.flush()
    session.execute(insert(Task), tasks)
    session.execute(
        insert(Slot),
        [
            {
                "id": new_id(), "created_at": now, "task_id": task["id"], "queue_id": queue.id,
                "position": task["position"], "state": SlotState.FREE, **slot,
            }
            for task in tasks
            for slot in slots_of[str(task["id"])]
        ],
    )  # fmt: skip
    made = len(tasks)
    tallies.note(session, queue.id, by=None, at=now, wanted=made * queue.overlap, tasks={TaskState.OPEN: made})
    return made


def _withdraw_tasks_of_withdrawn_ads(session: Session, queue: Queue, *, clock: Clock) -> None:
    withdrawn = select(Asset.id).where(Asset.project_id == queue.project_id, Asset.withdrawn_at.is_not(None))
    rows = select(Task).where(Task.queue_id == queue.id, Task.asset_id.in_(withdrawn), Task.state.in_(STOPPABLE))
    for task in session.scalars(rows).all():
        withdraw_task(session, task, person=None, reason="its ad was withdrawn", clock=clock)


def schema_body(session: Session, queue: Queue) -> Mapping[str, Any]:
    schema = schemas.find_version(session, queue.project_id, queue.schema_version)
    assert schema is not None, "published versions are never removed"
    body: Mapping[str, Any] = schema.body
    return body


def _project(session: Session, queue: Queue) -> Project:
    return session.scalars(
        select(Project).where(Project.id == queue.project_id).execution_options(populate_existing=True)
    ).one()


def note(
    session: Session, person: Person | None, verb: str, queue: Queue, details: dict[str, Any], clock: Clock
) -> None:
    """In the audit trail, with the queue's revision, by which others are told what they missed."""
    audit.record(
        session, actor=person, verb=verb, subject_kind="queue", subject_id=queue.id,
        details={**details, "revision": queue.revision}, clock=clock,
    )  # fmt: skip
