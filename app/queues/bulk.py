"""Changing many tasks of a queue at once: shown first, made only if nothing changed since, all or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, insert, literal, select, update
from sqlalchemy.orm import Session, aliased

from app.assets.catalog import finding
from app.assets.models import Asset
from app.clock import Clock
from app.db.listing import STEP, is_among, some_of
from app.errors import Conflict, Invalid, NotFound, Problem
from app.labels.models import Label
from app.people.models import AuditEvent, Person
from app.queues import actions, arranging, candidates, draining, escalations, making, overlap, slots, tallies
from app.queues.deciding import Deed, Stays, TaskFacts, stays, token
from app.queues.escalations import Decision, Escalation
from app.queues.models import Claim, Moved, Queue, Slot, Task
from app.queues.rules import AdFacts, ClaimState, QueueState, Seat, SlotState, TaskState, check_filter, matches
from app.schemas import answers as schema_answers

MOST = 20_000  # touched in one go, so that nobody who works waits for long
NAMED = 100
FILL = literal("fill", literal_execute=True)  # as the condition of the index says it


@dataclass(frozen=True)
class Wanted:
    """Which tasks, and what is to be done to them. No states, ids and filter: all of the queue."""

    deed: Deed
    states: tuple[TaskState, ...] = ()
    external_ids: tuple[str, ...] = ()
    filter: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    to: str = ""
    reason: str = ""
    priority: int = 0


@dataclass(frozen=True)
class Preview:
    """Exactly what is touched, and what stays as it is, by why. `more`: there are further tasks for another go."""

    touched: list[TaskFacts]
    left: dict[Stays, list[TaskFacts]]
    unknown: list[str]
    more: bool
    token: str
    applied: bool = False


def preview(session: Session, queue: Queue, wanted: Wanted) -> Preview:
    """What `apply` would do now."""
    target = _target(session, queue, wanted)
    touched: list[TaskFacts] = []
    left: dict[Stays, list[TaskFacts]] = {}
    seen: set[str] = set()
    more = False
    for task in _selected(session, queue, wanted, target):
        seen.add(task.external_id)
        why = stays(task, wanted.deed)
        if why is not None:
            left.setdefault(why, []).append(task)
        elif len(touched) == MOST:
            more = True
            break
        else:
            touched.append(task)
    unknown = [] if more else [one for one in wanted.external_ids if one not in seen]
    details = {"queue": queue.id, "to": wanted.to, "reason": wanted.reason, "priority": str(wanted.priority)}
    return Preview(touched, left, unknown, more, token(wanted.deed, details, touched))


def apply(session: Session, queue: Queue, wanted: Wanted, *, given: str, person: Person, clock: Clock) -> Preview:
    """Does it where the preview still has the token that was `given`; else nothing, and the preview is of now."""
    if (
        session.get_bind().dialect.name != "sqlite"
    ):  # there nobody else writes meanwhile, and all who want to would wait
        _lock(session, preview(session, queue, wanted).touched)
    shown = preview(session, queue, wanted)
    if shown.token != given:
        return shown
    if shown.touched:
        ids = [task.task_id for task in shown.touched]
        if wanted.deed == Deed.PRIORITISE:
            for some in some_of(ids):
                actions.prioritise(session, queue, some, wanted.priority, person=person, clock=clock)
        elif wanted.deed == Deed.MOVE:
            _move(session, queue, _target(session, queue, wanted), shown.touched, person=person, clock=clock)
        else:
            _decide(session, queue, wanted.deed, shown.touched, person=person, clock=clock)
        _note(session, queue, wanted, ids, person=person, clock=clock)
        draining.end_if_empty(session, queue.id, clock=clock)
    return Preview(shown.touched, shown.left, shown.unknown, shown.more, shown.token, applied=True)


def _target(session: Session, queue: Queue, wanted: Wanted) -> Queue | None:
    problems = check_filter(wanted.filter)
    if problems:
        raise Invalid("These tasks cannot be found as they are described.", problems=problems)
    if wanted.deed != Deed.MOVE:
        return None
    if not wanted.to:
        raise Invalid("No queue is chosen to move the tasks to.", problems=[Problem("/to", "names a queue")])
    target = session.scalar(select(Queue).where(Queue.id == wanted.to, Queue.project_id == queue.project_id))
    if target is None:
        raise NotFound("There is no such queue in this project to move tasks to.")
    if target.id == queue.id:
        raise Conflict("The tasks are in this queue already.")
    if target.state == QueueState.CLOSED:
        raise Conflict(f"The queue {target.name} is closed. Open it, then move tasks to it.")
    return target


# Finding --------------------------------------------------------------------------------------------------------


def _selected(session: Session, queue: Queue, wanted: Wanted, target: Queue | None) -> Iterator[TaskFacts]:
    body = None if target is None else making.schema_body(session, target)
    for rows in _pages(session, queue, wanted, target):
        parts = candidates.parts_of(session, [row.asset_id for row in rows]) if body or wanted.filter else {}
        for row in rows:
            of_ad = parts.get(row.asset_id, [])
            if wanted.filter and not matches(wanted.filter, AdFacts(row.external_id, row.meta, of_ad)):
                continue
            yield TaskFacts(
                row.id, row.external_id, TaskState(row.state), row.state_at, bool(row.held), bool(row.answered),
                row.withdrawn_at is not None, body is None or schema_answers.fits(body, dict(of_ad)), bool(row.is_there),
                bool(row.settled),
            )  # fmt: skip


def _pages(session: Session, queue: Queue, wanted: Wanted, target: Queue | None) -> Iterator[Sequence[Any]]:
    """In the order that tasks were made, or, of a filter, in that of ads: the catalogue knows which they are."""
    page = _page(queue, wanted, target)
    if wanted.filter:
        seqs = finding.seqs_of(session, queue.project_id, wanted.filter)
        for first in range(0, len(seqs), STEP):
            some = is_among(session, Asset.seq, seqs[first : first + STEP].tolist())
            ads = session.scalars(select(Asset.id).where(some)).all()
            yield session.execute(page.where(Task.asset_id.in_(ads)).order_by(Asset.seq, Task.seq)).all()
        return
    after = -1
    while True:
        rows = session.execute(page.where(Task.seq > after).order_by(Task.seq).limit(STEP)).all()
        yield rows
        if len(rows) < STEP:
            return
        after = rows[-1].seq


def _page(queue: Queue, wanted: Wanted, target: Queue | None) -> Select[Any]:
    held = select(Slot.seq).where(Slot.task_id == Task.id, Slot.state.in_([SlotState.HELD, SlotState.AHEAD]))
    answered = select(Label.seq).where(Label.asset_id == Task.asset_id, Label.task_id == Task.id)  # by the ad's index
    other = aliased(Task)
    there = select(other.seq).where(
        other.queue_id == (target.id if target else ""), other.asset_id == Task.asset_id, other.origin == FILL
    )
    asks = select(Escalation.seq).where(*escalations.open_about(Task.id))
    page = (
        select(
            Task.seq, Task.id, Task.asset_id, Task.state, Task.state_at, Asset.external_id, Asset.meta,
            Asset.withdrawn_at, held.exists().label("held"), answered.exists().label("answered"),
            there.exists().label("is_there"), and_(Task.origin == escalations.ORIGIN, ~asks.exists()).label("settled"),
        )
        .join(Asset, Asset.id == Task.asset_id)
        .where(Task.queue_id == queue.id)
    )  # fmt: skip
    if wanted.states:
        page = page.where(Task.state.in_(wanted.states))
    if wanted.external_ids:
        page = page.where(Asset.external_id.in_(wanted.external_ids), Asset.project_id == queue.project_id)
    return page


def _lock(session: Session, tasks: Sequence[TaskFacts]) -> None:
    for some in some_of([task.task_id for task in tasks if task.state == TaskState.ESCALATED]):
        escalations.lock_asked(session, some)
    slots.lock_tasks(session, [task.task_id for task in tasks])


# Doing ----------------------------------------------------------------------------------------------------------


def _decide(
    session: Session, queue: Queue, deed: Deed, tasks: Sequence[TaskFacts], *, person: Person, clock: Clock
) -> None:
    """Withdraws or returns."""
    ids, now = [task.task_id for task in tasks], clock()
    before = _unfinished(session, ids)
    becomes = TaskState.WITHDRAWN if deed == Deed.WITHDRAW else TaskState.OPEN
    for some in some_of(ids):
        if deed == Deed.WITHDRAW:
            _withhold(session, some, now)
        else:
            _slots(session, some, [SlotState.WITHHELD], SlotState.RETURNED)
        values = {"state": becomes, "state_by": person.id, "state_at": now}
        session.execute(
            update(Task).where(Task.id.in_(some)).values(values).execution_options(synchronize_session=False)
        )
    finished = [] if deed == Deed.WITHDRAW else [task.task_id for task in tasks if not before.get(task.task_id)]
    for some in some_of(finished):  # their overlap was lowered to the labels they have
        session.execute(
            update(Task).where(Task.id.in_(some)).values(state=TaskState.DONE).execution_options(synchronize_session=False)
        )  # fmt: skip
    _forget(session)
    decision = Decision.WITHDRAWN if deed == Deed.WITHDRAW else Decision.RETURNED
    for some in some_of([task.task_id for task in tasks if task.state == TaskState.ESCALATED]):
        escalations.settle(session, some, decision, by=person.id, clock=clock)
    _count(session, queue, tasks, before, becomes, finished=len(finished), person=person, now=now)


def _withhold(session: Session, ids: Sequence[str], now: datetime) -> None:
    reserved = select(Slot.claim_id).where(Slot.task_id.in_(ids), Slot.state == SlotState.AHEAD)
    session.execute(
        update(Claim)
        .where(Claim.id.in_(reserved), Claim.state == ClaimState.LIVE)
        .values(state=ClaimState.RELEASED, ended_at=now, seat=Seat.NEXT)
        .execution_options(synchronize_session=False)
    )
    _slots(session, ids, [SlotState.FREE, SlotState.RETURNED, SlotState.AHEAD], SlotState.WITHHELD)


def _slots(session: Session, ids: Sequence[str], of: Sequence[SlotState], become: SlotState) -> None:
    session.execute(
        update(Slot)
        .where(Slot.task_id.in_(ids), Slot.state.in_(of))
        .values(state=become, claim_id=None, expires_at=None)
        .execution_options(synchronize_session=False)
    )


def _forget(session: Session) -> None:
    """What was read of rows that were just written past it; whoever asks stays known."""
    for row in [one for one in session.identity_map.values() if isinstance(one, Task | Slot | Claim)]:
        session.expire(row)


def _unfinished(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """How many slots of each task have no label."""
    found: dict[str, int] = {}
    left = Slot.state.not_in([SlotState.DONE, SlotState.DROPPED])
    for some in some_of(ids):
        rows = session.execute(
            select(Slot.task_id, func.count()).where(Slot.task_id.in_(some), left).group_by(Slot.task_id)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def _count(
    session: Session,
    queue: Queue,
    tasks: Sequence[TaskFacts],
    unfinished: Mapping[str, int],
    becomes: TaskState,
    *,
    finished: int,
    person: Person,
    now: datetime,
) -> None:
    states: dict[TaskState, int] = {becomes: len(tasks) - finished}
    states[TaskState.DONE] = states.get(TaskState.DONE, 0) + finished
    for task in tasks:
        states[task.state] = states.get(task.state, 0) - 1
    withdrawn = becomes == TaskState.WITHDRAWN
    counted = [task for task in tasks if withdrawn != (task.state == TaskState.WITHDRAWN)]
    wanted = sum(unfinished.get(task.task_id, 0) for task in counted if withdrawn or task.state == TaskState.WITHDRAWN)
    tallies.note(session, queue.id, by=person.id, at=now, wanted=-wanted if withdrawn else wanted, tasks=states)


def _move(
    session: Session, queue: Queue, target: Queue | None, tasks: Sequence[TaskFacts], *, person: Person, clock: Clock
) -> None:
    """To the end of the other queue, under its schema; how many answer each follows in the background."""
    assert target is not None
    session.refresh(target, with_for_update={"key_share": True})
    ids, now = [task.task_id for task in tasks], clock()
    wanted = sum(_unfinished(session, ids).values())
    for number, some in enumerate(some_of(ids)):
        _note_moved(session, queue, some, person=person, now=now)
        first = target.task_count + number * STEP
        position = case({task_id: first + offset for offset, task_id in enumerate(some)}, value=Task.id)
        session.execute(
            update(Task)
            .where(Task.id.in_(some))
            .values(queue_id=target.id, schema_version=target.schema_version, position=position)
            .execution_options(synchronize_session=False)
        )
        here = select(Task.position).where(Task.id == Slot.task_id).scalar_subquery()
        session.execute(
            update(Slot)
            .where(Slot.task_id.in_(some))
            .values(
                queue_id=target.id, position=here,
                state=case((Slot.state == SlotState.RETURNED, str(SlotState.FREE)), else_=Slot.state),
            )
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    target.task_count += len(ids)
    session.flush()
    _forget(session)
    for some in some_of(ids):  # all of them are locked by us, so none is missed
        arranging.rearrange(session, target, some)
    states: dict[TaskState, int] = {}
    for task in tasks:
        states[task.state] = states.get(task.state, 0) + 1
    away = {state: -count for state, count in states.items()}
    tallies.note(session, queue.id, by=None, at=now, wanted=-wanted, tasks=away)
    tallies.note(session, target.id, by=None, at=now, wanted=wanted, tasks=states)
    overlap.ask_to_follow(session, target, clock=clock)


def _note_moved(session: Session, queue: Queue, ids: Sequence[str], *, person: Person, now: datetime) -> None:
    moved = session.execute(select(Task.id, Task.asset_id).where(Task.id.in_(ids))).all()
    rows = [
        {"created_at": now, "queue_id": queue.id, "asset_id": asset_id, "task_id": task_id, "moved_by": person.id}
        for task_id, asset_id in moved
    ]
    session.execute(insert(Moved), rows)


def _note(session: Session, queue: Queue, wanted: Wanted, ids: Sequence[str], *, person: Person, clock: Clock) -> None:
    """One entry for the queue, and one for each task."""
    details: dict[str, Any] = {"tasks": len(ids)} | ({"reason": wanted.reason} if wanted.reason else {})
    if wanted.to:
        details["moved_to"] = wanted.to
    if wanted.deed == Deed.PRIORITISE:
        details["priority"] = wanted.priority
    else:
        verb = {Deed.WITHDRAW: "tasks withdrawn", Deed.RETURN: "tasks returned", Deed.MOVE: "tasks moved"}[wanted.deed]
        actions.note(session, person, f"queue {verb}", queue, details, clock)
    session.flush()
    rows = [
        {
            "created_at": clock(), "actor_id": person.id, "verb": f"task {wanted.deed}", "subject_kind": "task",
            "subject_id": task_id, "details": {"from": queue.id} | details,
        }
        for task_id in ids
    ]  # fmt: skip
    session.execute(insert(AuditEvent), rows)
