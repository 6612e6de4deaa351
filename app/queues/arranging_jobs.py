"""The job that works out places anew, in short transactions, so that nobody who works waits for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.jobs.runs import Kind, Run
from app.queues import abouts, arranging
from app.queues.models import Queue
from app.queues.ordering import Order
from app.suggestions import queries as suggestions
from app.suggestions.actions import ARRANGE

KIND = ARRANGE
STEP = 500


def job_kind() -> Kind:
    """Of `payload["queue"]` all unfinished tasks, or those of `payload["tasks"]` with their new priority; of
    `payload["project"]` those whose ads have new suggestions, in queues that are ordered by them.
    """

    def arrange(payload: Mapping[str, Any], run: Run) -> None:
        if "project" in payload:
            _follow_suggestions(run, payload["project"])
        elif "tasks" in payload:
            _retry(run, payload["queue"], payload["tasks"], payload["priority"])
        else:
            _all_of(run, payload["queue"], since=None)

    return Kind("Ordering queues", arrange, about=abouts.queues_named)


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


def _all_of(run: Run, queue_id: str, *, since: int | None) -> None:
    after: int | None = -1
    missed: list[str] = []
    while after is not None:
        run.rest()
        with run.write() as session:
            step = arranging.rearrange_step(session, queue_id, after=after, limit=STEP, since=since)
        after = step.after
        missed += step.missed
    _retry(run, queue_id, missed, None)


def _retry(run: Run, queue_id: str, task_ids: Sequence[str], priority: int | None) -> None:
    """Until none is missed: what somebody is just changing is free again at the end of their request."""
    left = list(task_ids)
    while left:
        run.rest()
        with run.write() as session:
            missed = arranging.rearrange_tasks(session, queue_id, left[:STEP], priority=priority)
        left = left[STEP:] + missed
