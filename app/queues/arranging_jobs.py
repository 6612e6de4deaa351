"""The job that works out places anew, in short transactions, so that nobody who works waits for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.assets import queries as assets
from app.assets.actions import ARRANGE
from app.jobs.runs import Kind, Run
from app.queues import abouts, arranging
from app.queues.models import Queue
from app.queues.ordering import Order
from app.suggestions import queries as suggestions

KIND = ARRANGE
STEP = 500


def job_kind() -> Kind:
    """Of `payload["queue"]` all unfinished tasks, or those of `payload["tasks"]` with their new priority; of
    `payload["project"]` those whose ads have new suggestions, in queues that are ordered by them; those of
    `payload["asset"]`, whose metadata or parts changed, and of the ads of `payload["family"]`, in queues that go by them.
    """

    def arrange(payload: Mapping[str, Any], run: Run) -> None:
        if "project" in payload:
            _follow_suggestions(run, payload["project"])
        elif "asset" in payload:
            _follow_ads(run, [payload["asset"]])
        elif "family" in payload:
            with run.write() as session:
                ads = assets.using_family(session, payload["family"])
            _follow_ads(run, ads)
        elif "tasks" in payload:
            _retry(run, payload["tasks"], payload["priority"])
        else:
            _all_of(run, payload["queue"], since=None)

    return Kind("Ordering queues", arrange, about=abouts.named)


def _follow_suggestions(run: Run, project_id: str) -> None:
    with run.write() as session:
        newest = suggestions.newest_seq(session, project_id)
        by_models = (Queue.project_id == project_id, Queue.order_by == Order.UNCERTAINTY)
        queues = session.execute(select(Queue.id, Queue.suggestions_until).where(*by_models)).all()
    for queue_id, until in queues:
        if until < newest:
            _all_of(run, queue_id, since=until)
        with run.write() as session:
            queue = session.scalars(select(Queue).where(Queue.id == queue_id).with_for_update(key_share=True)).one()
            queue.suggestions_until = max(queue.suggestions_until, newest)


def _follow_ads(run: Run, asset_ids: Sequence[str]) -> None:
    """One after the other, and then those of the families that they left and joined: where a family comes apart, each
    counts the ones before it.
    """
    touched = {queue_id: set(families) for queue_id, families in run.checkpoint.items()}
    for asset_id in asset_ids:
        run.rest()
        with run.write() as session:
            tasks = arranging.misplaced(session, asset_id)
            for task in tasks:
                touched.setdefault(task.queue_id, set()).update(task.families)
            if tasks:  # once it is in its place, nothing tells which family it left
                left = {queue_id: sorted(families) for queue_id, families in touched.items()}
                run.note_checkpoint(session, left, done=0, total=None)
        for task in tasks:
            _retry(run, [task.task_id], None)
    for queue_id, families in touched.items():
        with run.write() as session:
            others = arranging.of_families(session, queue_id, families)
        _retry(run, others, None)


def _all_of(run: Run, queue_id: str, *, since: int | None) -> None:
    after: int | None = -1
    missed: list[str] = []
    while after is not None:
        run.rest()
        with run.write() as session:
            step = arranging.rearrange_step(session, queue_id, after=after, limit=STEP, since=since)
        after = step.after
        missed += step.missed
    _retry(run, missed, None)


def _retry(run: Run, task_ids: Sequence[str], priority: int | None) -> None:
    """Until none is missed: what somebody is just changing is free again at the end of their request. What was moved to
    another queue meanwhile is looked at there.
    """
    left = list(task_ids)
    while left:
        run.rest()
        with run.write() as session:
            queue_id, some = arranging.of_one_queue(session, left[:STEP])
            missed = arranging.rearrange_tasks(session, queue_id, some, priority=priority)
        tried = set(some)
        left = [task_id for task_id in left if task_id not in tried] + missed
