"""Making the tasks of a queue from the ads that fit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.assets.actions import FILL
from app.assets.models import Asset
from app.clock import Clock
from app.db.base import new_id
from app.jobs import actions as jobs
from app.projects.models import Project
from app.queues import arranging, candidates, stopping, tallies
from app.queues.models import Queue, Slot, Task
from app.queues.rules import STOPPABLE, QueueState, SlotState, TaskState, matches
from app.schemas import answers as schema_answers
from app.schemas import queries as schemas

STEP = 500


@dataclass(frozen=True)
class Step:
    """One step of filling: how many tasks it made, and where the next one begins; None at the end."""

    made: int
    after: int | None


def ask_to_fill(session: Session, project_id: str, *, clock: Clock) -> None:
    jobs.enqueue(session, FILL, {"project": project_id}, clock=clock, project_id=project_id)


def needs_filling(session: Session, queue: Queue) -> bool:
    """Whether the project's ads changed since the queue was last filled: one comparison, however many there are."""
    return queue.state != QueueState.CLOSED and queue.filled_at_change < _asset_changes(session, queue)


def fill(session: Session, queue: Queue, *, clock: Clock) -> int:
    """Makes all missing tasks in one go. Gives how many."""
    made = 0
    after: int | None = -1
    changes = _asset_changes(session, queue)
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
    for task in session.scalars(rows.order_by(Task.seq)).all():
        stopping.withdraw_with_ad(session, stopping.lock_to_decide(session, task), clock=clock)


def schema_body(session: Session, queue: Queue) -> Mapping[str, Any]:
    schema = schemas.find_version(session, queue.project_id, queue.schema_version)
    assert schema is not None, "published versions are never removed"
    body: Mapping[str, Any] = schema.body
    return body


def _asset_changes(session: Session, queue: Queue) -> int:
    return session.scalars(select(Project.asset_changes).where(Project.id == queue.project_id)).one()
