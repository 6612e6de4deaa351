"""A queue of many tasks, most of them done by the people who go on working in it. Rows are written straight into tables."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.bench import claims_rows
from app.clock import system_clock
from app.db.migrate import migrate
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.people import actions as people
from app.people.rules import Role
from app.projects import actions as projects
from app.projects.models import Project
from app.queues import actions as queues
from app.queues import tallies
from app.queues.models import Queue
from app.queues.ordering import Spread, sort_key
from app.queues.rules import TaskState
from app.schemas import actions as schemas

TEXT = "Summer pilsner, 29.90. Only this weekend, while it lasts. For you who are over 18."
BODY: dict[str, Any] = {
    "name": "Alcohol in ads",
    "parts": [{"name": "creative", "modality": "text"}],
    "fields": [
        {"name": "verdict", "kind": "choice", "required": True, "choices": [{"value": "allow"}, {"value": "reject"}]},
        {"name": "claims", "kind": "spans", "choices": [{"value": "price"}, {"value": "urgency"}]},
        {"name": "note", "kind": "text"},
    ],
}
ANSWERS = {
    "verdict": "reject",
    "claims": [{"id": "m1", "choice": "price", "start": 16, "end": 21, "text": "29.90"}],
    "note": "names a price",
}


@dataclass(frozen=True)
class Site:
    """A queue, the tokens of those who work in it, and a manager's."""

    url: str
    queue: str
    tokens: Sequence[str]
    manager: str


@dataclass(frozen=True)
class _Crew:
    project: Project
    queue: Queue
    people: Sequence[Any]
    manager: Any


@contextmanager
def database_for(folder: Path, name: str, server_url: str | None) -> Iterator[str]:
    """The address of a database of this name: a file in `folder`, or one made on that server and dropped at the end."""
    if server_url is None:
        yield f"sqlite:///{folder}/{name}.db"
        return
    database = f"fasit_bench_{name}_{secrets.token_hex(4)}"
    engine = create_engine(Database(server_url).url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {database}")
    try:
        yield Database(server_url).url.set(database=database).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {database} WITH (FORCE)")
        engine.dispose()


def build(url: str, *, tasks: int, done: int, workers: int, overlap: int = 1) -> Site:
    """The first `done` tasks of the queue have a label each already, shared among the workers."""
    database = Database(url)
    migrate(database)
    with database.write() as session:
        crew = _crew(session, workers, overlap)
        manager = people.add_token(session, person=crew.manager, name="bench", clock=system_clock)
        tokens = [people.add_token(session, person=one, name="bench", clock=system_clock) for one in crew.people]
        values = {
            "project": crew.project.id, "queue": crew.queue.id, "organisation": crew.people[0].organisation_id,
            "workers": workers, "text": TEXT, "answers": ANSWERS,
        }  # fmt: skip
        session.flush()
        claims_rows.write(session.connection(), tasks=tasks, done=done, overlap=overlap, values=values)
        crew.queue.task_count = tasks
        crew.queue.last_sort_key = sort_key(priority=0, part="", position=tasks, layer=overlap - 1, spread=Spread.DEPTH)
        finished = done if overlap == 1 else 0
        states = {TaskState.OPEN: tasks - finished, TaskState.DONE: finished}
        tallies.note(
            session,
            crew.queue.id,
            by=None,
            at=system_clock(),
            labels=done * overlap,
            wanted=tasks * overlap,
            tasks=states,
        )
        crew.queue.filled_at_change = crew.project.asset_changes
    with database.engine.connect().execution_options(fasit_write=True, isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.close()
    return Site(url, crew.queue.id, tokens, manager)


def _crew(session: Session, workers: int, overlap: int) -> _Crew:
    clock = system_clock
    people.add_organisation(session, name="Company", actor=None, clock=clock)
    made = [
        people.add_person(
            session, email=f"worker{number}@example.org", name=f"Worker {number}", roles=[Role.LABELER],
            organisation="Vendor", clock=clock,
        )
        for number in range(workers)
    ]  # fmt: skip
    manager = people.add_person(
        session, email="manager@example.org", name="Manager", roles=[Role.MANAGER], organisation="Company", clock=clock
    )
    project = projects.create_project(
        session, name="Bench", slug="bench", languages=["en"], markets=[], organisations=[], person=None, clock=clock
    )
    schemas.publish(session, project=project, body=BODY, person=None, clock=clock)
    guidelines.publish(
        session, project=project, title="Policy", body="# 1 Alcohol\n\nNo alcohol.\n", change="new", clauses_changed=[],
        person=None, clock=clock,
    )  # fmt: skip
    queue = queues.create_queue(session, project=project, name="Bench", overlap=overlap, person=None, clock=clock)
    return _Crew(project, queue, made, manager)
