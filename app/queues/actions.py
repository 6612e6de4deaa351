"""Making and steering queues."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.assets.actions import ARRANGE
from app.clock import Clock
from app.db.base import new_id
from app.errors import Conflict, Invalid, Problem
from app.guidelines import queries as guidelines
from app.jobs import actions as jobs
from app.people import audit
from app.people import queries as people
from app.people.models import Person
from app.projects.models import Project
from app.queues import (
    arranging,
    boundaries,
    choosing,
    draining,
    making,
    ordering,
)
from app.queues.models import Queue, QueueOrganisation, Slot, Task
from app.queues.ordering import Arrangement, Order
from app.queues.rules import (
    STOPPABLE,
    QueueKind,
    QueueState,
    SlotState,
    check_filter,
    fault_of_deadline,
)
from app.schemas import queries as schemas
from app.schemas.rules import ShowSuggestions


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
    problems += _check_versions(session, project.id, schema_version, guideline_version)
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
    making.ask_to_fill(session, project.id, clock=clock)
    return queue


def open_to(session: Session, queue: Queue, organisation_ids: Sequence[str], *, clock: Clock) -> None:
    session.add_all(
        QueueOrganisation(queue_id=queue.id, organisation_id=one, created_at=clock()) for one in organisation_ids
    )
    session.flush()


def _check_versions(session: Session, project_id: str, schema: int | None, guideline: int | None) -> list[Problem]:
    problems = []
    if schema is not None and schemas.find_version(session, project_id, schema) is None:
        problems.append(Problem("/schema_version", f"version {schema} is not published in this project"))
    if guideline is not None and guidelines.find_version(session, project_id, guideline) is None:
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
        making.ask_to_fill(session, queue.project_id, clock=clock)
    session.flush()
    if state == QueueState.DRAINING:
        draining.begin(session, queue)
        draining.end_if_empty(session, queue.id, clock=clock)
        session.refresh(queue)


def change_schema(session: Session, queue: Queue, version: int, *, person: Person, clock: Clock) -> None:
    """Moves the tasks that nobody has answered or holds; the others keep the version they began with."""
    problems = _check_versions(session, queue.project_id, version, None)
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
    problems = _check_versions(session, queue.project_id, None, version)
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
    jobs.enqueue(session, ARRANGE, {"queue": queue.id}, clock=clock, project_id=queue.project_id)


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
        jobs.enqueue(session, ARRANGE, payload, clock=clock, project_id=queue.project_id)


def note(
    session: Session, person: Person | None, verb: str, queue: Queue, details: dict[str, Any], clock: Clock
) -> None:
    """In the audit trail, with the queue's revision, by which others are told what they missed."""
    audit.record(
        session, actor=person, verb=verb, subject_kind="queue", subject_id=queue.id,
        details={**details, "revision": queue.revision}, clock=clock,
    )  # fmt: skip
