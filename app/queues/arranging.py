"""Working out the places of tasks in their queue: as they are made, and anew when the order, a priority or what models say
of them changes.

Nothing here waits for a slot or a task that somebody is just changing, so that nobody who works waits for it in a circle;
what was passed over is taken up again.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.assets import queries as assets
from app.assets.models import Asset
from app.queues.models import Queue, Slot, Task
from app.queues.ordering import (
    BY_FAMILY,
    BY_METADATA,
    Arrangement,
    Order,
    Placed,
    confidence_of,
    family_of,
    part_of,
    sort_key,
)
from app.queues.rules import TaskState, looked_up
from app.suggestions import queries as suggestions

FINISHED = (TaskState.DONE, TaskState.ANSWERED, TaskState.WITHDRAWN)


def arrangement_of(queue: Queue) -> Arrangement:
    return Arrangement(queue.order_by, queue.order_key, queue.descending, queue.seed, queue.spread)


def place(session: Session, queue: Queue, tasks: Sequence[dict[str, Any]]) -> None:
    """Adds to rows of tasks that are about to be made what their order turns on."""
    facts = _facts(session, queue, {task["asset_id"] for task in tasks})
    before = _family_counts(session, queue, {facts[task["asset_id"]].family for task in tasks})
    arrangement = arrangement_of(queue)
    for task in tasks:
        ad = facts[task["asset_id"]]
        placed = Placed(task["id"], ad.value, ad.family, before[ad.family], ad.confidence)
        before[ad.family] += bool(ad.family)
        task |= {"order_part": part_of(arrangement, placed), "family": ad.family, "priority": 0, "root_id": task["id"]}


def slots_for(queue: Queue, task: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Root, layer and sort key of each slot of a new task."""
    return [
        {
            "root_id": task["root_id"],
            "layer": layer,
            "sort_key": sort_key(
                priority=task["priority"], part=task["order_part"], position=task["position"], layer=layer,
                spread=queue.spread,
            ),
        }
        for layer in range(task["overlap"])
    ]  # fmt: skip


def note_keys(queue: Queue, keys: Collection[str]) -> None:
    """New keys came to a queue that the caller has locked. Those that lie before others make everybody's search begin
    anew; at the end, as in the order of arrival, they need not.
    """
    if not keys:
        return
    if min(keys) <= queue.last_sort_key:
        queue.arrangement += 1
    queue.last_sort_key = max(queue.last_sort_key, *keys)


@dataclass(frozen=True)
class Step:
    """How far a rearranging came, and the tasks that somebody was just changing."""

    after: int | None
    missed: list[str]


def rearrange_step(session: Session, queue_id: str, *, after: int, limit: int, since: int | None = None) -> Step:
    """The next unfinished tasks beyond `after`. `since`: only those of ads with a suggestion newer than this one."""
    queue = _locked(session, queue_id)
    wanted = select(Task.seq, Task.id).where(Task.queue_id == queue.id, Task.seq > after, Task.state.not_in(FINISHED))
    if since is not None:
        wanted = wanted.where(Task.asset_id.in_(suggestions.assets_since(queue.project_id, since)))
    rows = session.execute(wanted.order_by(Task.seq).limit(limit)).all()
    missed = rearrange(session, queue, [row.id for row in rows])
    return Step(rows[-1].seq if len(rows) == limit else None, missed)


def rearrange_tasks(session: Session, queue_id: str, task_ids: Sequence[str], *, priority: int | None) -> list[str]:
    """The same of these tasks, with a new priority where one is given. Gives those that somebody was just changing."""
    return rearrange(session, _locked(session, queue_id), task_ids, priority=priority)


def rearrange(session: Session, queue: Queue, task_ids: Sequence[str], *, priority: int | None = None) -> list[str]:
    slots = session.execute(
        select(Slot.seq, Slot.task_id, Slot.layer)
        .where(Slot.task_id.in_(task_ids))
        .order_by(Slot.seq)
        .with_for_update(skip_locked=True)
    ).all()
    whole = _whole(session, task_ids, Counter(slot.task_id for slot in slots))
    tasks = session.execute(
        select(Task.seq, Task.id, Task.asset_id, Task.position, Task.priority)
        .where(Task.id.in_(whole), Task.queue_id == queue.id)
        .order_by(Task.seq)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    asset_of = {task.id: task.asset_id for task in tasks}
    if queue.order_by == Order.FAMILY_APART and tasks:
        _keep_families(session, queue, [(task.seq, task.asset_id) for task in tasks])
    placed = placed_of(session, queue, asset_of)
    arrangement, changed, keys = arrangement_of(queue), {}, {}
    for task in tasks:
        part = part_of(arrangement, placed[task.id])
        urgency = task.priority if priority is None else priority
        family = placed[task.id].family
        changed[task.id] = {"seq": task.seq, "order_part": part, "family": family, "priority": urgency}
        keys[task.id] = (urgency, part, task.position)
    moved = [
        {"seq": slot.seq, "sort_key": _key(keys[slot.task_id], slot.layer, queue)}
        for slot in slots
        if slot.task_id in keys
    ]
    if changed:
        session.execute(update(Task), list(changed.values()))
        session.execute(update(Slot), moved)
        queue.arrangement += 1
        queue.last_sort_key = max(queue.last_sort_key, *(slot["sort_key"] for slot in moved))
    session.flush()
    return [task_id for task_id in task_ids if task_id not in changed]


def _keep_families(session: Session, queue: Queue, tasks: Sequence[tuple[int, str]]) -> None:
    """Before those are counted that come before one of the same family. `tasks`: by `seq`, each with its ad."""
    facts = _facts(session, queue, {asset_id for _, asset_id in tasks})
    session.execute(update(Task), [{"seq": seq, "family": facts[asset_id].family} for seq, asset_id in tasks])


def placed_of(session: Session, queue: Queue, asset_of: Mapping[str, str]) -> dict[str, Placed]:
    """What is known now of these tasks of the queue. `asset_of`: their ads, by the tasks' ids."""
    facts = _facts(session, queue, set(asset_of.values()))
    nth = _nth_of_family(session, queue, {ad.family for ad in facts.values()})
    return {
        task_id: Placed(task_id, ad.value, ad.family, nth.get(task_id, 0), ad.confidence)
        for task_id, ad in ((task_id, facts[asset_id]) for task_id, asset_id in asset_of.items())
    }


@dataclass(frozen=True)
class Misplaced:
    """An unfinished task whose place is no longer what is known of its ad. Where those of a family come apart, the
    families that it leaves and joins, whose others move up or make room.
    """

    queue_id: str
    task_id: str
    families: frozenset[str]


def misplaced(session: Session, asset_id: str) -> list[Misplaced]:
    """The tasks of the ad that are."""
    tasks = session.execute(
        select(Task.id, Task.queue_id, Task.order_part, Task.family)
        .join(Queue, Queue.id == Task.queue_id)
        .where(Task.asset_id == asset_id, Task.state.not_in(FINISHED), Queue.order_by.in_(BY_METADATA))
        .order_by(Task.seq)
    ).all()
    found = []
    for task in tasks:
        queue = session.scalars(select(Queue).where(Queue.id == task.queue_id)).one()
        placed = placed_of(session, queue, {task.id: asset_id})[task.id]
        if (part_of(arrangement_of(queue), placed), placed.family) != (task.order_part, task.family):
            families = {task.family, placed.family} - {""} if queue.order_by == Order.FAMILY_APART else ()
            found.append(Misplaced(task.queue_id, task.id, frozenset(families)))
    return found


def of_families(session: Session, queue_id: str, families: Collection[str]) -> Sequence[str]:
    """The queue's unfinished tasks of these families, the first ones first."""
    rows = select(Task.id).where(Task.queue_id == queue_id, Task.family.in_(families), Task.state.not_in(FINISHED))
    return session.scalars(rows.order_by(Task.position)).all()


def of_one_queue(session: Session, task_ids: Sequence[str]) -> tuple[str, list[str]]:
    """The queue that the first of these tasks is in by now, and those of them that are in it too."""
    rows = session.execute(select(Task.id, Task.queue_id).where(Task.id.in_(task_ids)))
    queue_of: dict[str, str] = {row.id: row.queue_id for row in rows}
    queue_id = queue_of[task_ids[0]]
    return queue_id, [task_id for task_id in task_ids if queue_of[task_id] == queue_id]


def _key(of_task: tuple[int, str, int], layer: int, queue: Queue) -> str:
    priority, part, position = of_task
    return sort_key(priority=priority, part=part, position=position, layer=layer, spread=queue.spread)


def _whole(session: Session, task_ids: Sequence[str], locked: Mapping[str, int]) -> list[str]:
    """Tasks of which every slot is locked by us."""
    rows = session.execute(select(Slot.task_id, func.count()).where(Slot.task_id.in_(task_ids)).group_by(Slot.task_id))
    return [task_id for task_id, count in rows if locked[task_id] == count]


def _locked(session: Session, queue_id: str) -> Queue:
    """Claims, which only refer to the queue, do not wait; who fills it does."""
    return session.scalars(
        select(Queue)
        .where(Queue.id == queue_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


@dataclass(frozen=True)
class _Ad:
    value: Any
    family: str
    confidence: float | None


def _facts(session: Session, queue: Queue, asset_ids: Collection[str]) -> dict[str, _Ad]:
    scores = suggestions.scores_of(session, asset_ids) if queue.order_by == Order.UNCERTAINTY else {}
    alike = assets.families_of(session, asset_ids) if queue.order_by in BY_FAMILY else {}
    rows = session.execute(select(Asset.id, Asset.meta).where(Asset.id.in_(asset_ids)))
    return {
        row.id: _Ad(
            looked_up(row.meta, queue.order_key) if queue.order_key else None,
            family_of(row.meta, alike.get(row.id, "")),
            confidence_of(scores.get(row.id, ())),
        )
        for row in rows
    }


def _family_counts(session: Session, queue: Queue, families: Collection[str]) -> Counter[str]:
    if queue.order_by != Order.FAMILY_APART:
        return Counter()
    rows = session.execute(
        select(Task.family, func.count())
        .where(Task.queue_id == queue.id, Task.family != "", Task.family.in_(families))
        .group_by(Task.family)
    )
    return Counter({row[0]: row[1] for row in rows})


def _nth_of_family(session: Session, queue: Queue, families: Collection[str]) -> dict[str, int]:
    if queue.order_by != Order.FAMILY_APART:
        return {}
    nth = func.row_number().over(partition_by=Task.family, order_by=Task.position) - 1
    rows = session.execute(
        select(Task.id, nth).where(Task.queue_id == queue.id, Task.family != "", Task.family.in_(families))
    )
    return {task_id: int(number) for task_id, number in rows}
