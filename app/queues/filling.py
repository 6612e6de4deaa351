"""The job that fills queues: short transactions, so that nobody who works waits for it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.clock import Clock
from app.db.session import Database
from app.jobs.runs import Kind, Run
from app.projects.models import Project
from app.queues import escalations, making
from app.queues.models import Queue


def job_kind(database: Database, clock: Clock) -> Kind:
    """Fills every queue of `payload["project"]` that has not seen the newest ads; SME queues also with what was escalated
    while they were closed.
    """

    def fill_all(payload: Mapping[str, Any], run: Run) -> None:
        with database.read() as session:
            project = session.scalar(select(Project).where(Project.id == payload["project"]))
            if project is None:
                return
            queues = session.scalars(select(Queue).where(Queue.project_id == project.id).order_by(Queue.seq)).all()
            not_asked = escalations.not_asked(session, project.id)
            stale = [queue for queue in queues if making.needs_filling(session, queue)]
        for escalation_id in not_asked:
            run.rest()
            with run.write() as session:
                escalations.ask(session, escalation_id, clock=clock)
        for number, queue in enumerate(stale, start=1):
            _fill(run, queue.id, project.asset_changes, clock)
            run.update(number, len(stale))

    return Kind("Filling queues", fill_all, counts="queues")


def _fill(run: Run, queue_id: str, changes: int, clock: Clock) -> None:
    after: int | None = -1
    while after is not None:
        run.rest()
        with run.write() as session:
            queue = session.scalars(select(Queue).where(Queue.id == queue_id)).one()
            after = making.fill_step(session, queue, after=after, changes=changes, clock=clock).after
