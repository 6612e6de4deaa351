"""A queue of many tasks, most of them done by the people who go on working in it. Rows are written straight into tables."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from app.assets.models import Asset, Part
from app.clock import system_clock
from app.db.base import Row, new_id
from app.db.migrate import migrate
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.labels.models import Label, Revision
from app.people import actions as people
from app.people.rules import Role
from app.projects import actions as projects
from app.projects.models import Project
from app.queues import actions as queues
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.ordering import Spread, sort_key
from app.schemas import actions as schemas

BATCH = 5000
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
    """A queue and the tokens of those who work in it."""

    url: str
    queue: str
    tokens: Sequence[str]


@dataclass(frozen=True)
class _Crew:
    project: Project
    queue: Queue
    people: Sequence[Any]


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


def build(url: str, *, tasks: int, done: int, workers: int) -> Site:
    """The first `done` tasks of the queue have their labels already, shared among the workers."""
    database = Database(url)
    migrate(database)
    with database.write() as session:
        crew = _crew(session, workers)
        tokens = [people.add_token(session, person=one, name="bench", clock=system_clock) for one in crew.people]
        for first in range(0, tasks, BATCH):
            _write_tasks(session, crew, range(first, min(first + BATCH, tasks)), done)
        crew.queue.task_count = tasks
        crew.queue.filled_at_change = crew.project.asset_changes
    with database.engine.connect().execution_options(fasit_write=True, isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.close()
    return Site(url, crew.queue.id, tokens)


def _crew(session: Session, workers: int) -> _Crew:
    clock = system_clock
    people.add_organisation(session, name="Company", actor=None, clock=clock)
    made = [
        people.add_person(
            session, email=f"worker{number}@example.org", name=f"Worker {number}", roles=[Role.LABELER],
            organisation="Vendor", clock=clock,
        )
        for number in range(workers)
    ]  # fmt: skip
    project = projects.create_project(
        session, name="Bench", slug="bench", languages=["en"], markets=[], organisations=[], person=None, clock=clock
    )
    schemas.publish(session, project=project, body=BODY, person=None, clock=clock)
    guidelines.publish(
        session, project=project, title="Policy", body="# 1 Alcohol\n\nNo alcohol.\n", change="new", clauses_changed=[],
        person=None, clock=clock,
    )  # fmt: skip
    queue = queues.create_queue(session, project=project, name="Bench", person=None, clock=clock)
    return _Crew(project, queue, made)


def _write_tasks(session: Session, crew: _Crew, numbers: Sequence[int], done: int) -> None:
    rows = [_rows_of_task(crew, number, is_done=number < done) for number in numbers]
    for table in (Asset, Part, Task, Slot, Claim, Label, Revision):
        wanted = [row[table] for row in rows if table in row]
        if wanted:
            session.execute(insert(table), wanted)


def _rows_of_task(crew: _Crew, number: int, *, is_done: bool) -> dict[type[Row], dict[str, Any]]:
    now = system_clock()
    asset, task, slot, claim, label = (new_id() for _ in range(5))
    base: Callable[[str], dict[str, Any]] = lambda row_id: {"id": row_id, "created_at": now}  # noqa: E731  # one line, one use
    queue = {"queue_id": crew.queue.id}
    rows: dict[type[Row], dict[str, Any]] = {
        Asset: base(asset) | {
            "project_id": crew.project.id, "external_id": f"ad-{number}", "revision": 1, "meta": {"market": "NO"},
            "content_hash": secrets.token_hex(32), "state": "ready",
        },
        Part: base(new_id()) | {
            "asset_id": asset, "name": "creative", "modality": "text", "text": TEXT, "sha256": secrets.token_hex(32),
            "facts": {}, "since_revision": 1,
        },
        Task: base(task) | queue | {
            "project_id": crew.project.id, "asset_id": asset, "schema_version": 1, "overlap": 1, "position": number,
            "origin": "fill", "state": "done" if is_done else "open", "state_at": now,
        },
        Slot: base(slot) | queue | {
            "task_id": task, "position": number, "state": "done" if is_done else "free",
            "claim_id": claim if is_done else None,
        },
    }  # fmt: skip
    if is_done:
        worker = crew.people[number % len(crew.people)]
        rows |= _rows_of_label(
            crew, worker, asset=asset, task=task, slot=slot, claim=claim, label=label, position=number
        )
    return rows


def _rows_of_label(
    crew: _Crew, worker: Any, *, asset: str, task: str, slot: str, claim: str, label: str, position: int
) -> Mapping[type[Row], dict[str, Any]]:
    now = system_clock()
    begun = now - timedelta(seconds=30)
    pinned = {"schema_version": 1, "guideline_version": 1, "asset_revision": 1, "claimed_at": begun}
    return {
        Claim: pinned | {
            "id": claim, "created_at": begun, "task_id": task, "slot_id": slot, "queue_id": crew.queue.id,
            "person_id": worker.id, "token": secrets.token_urlsafe(24), "state": "submitted", "expires_at": now,
            "active_at": now, "ended_at": now, "reached": sort_key(priority=0, part="", position=position, layer=0, spread=Spread.DEPTH),
            "reached_under": "0",
        },
        Label: {
            "id": label, "created_at": now, "project_id": crew.project.id, "queue_id": crew.queue.id,
            "queue_kind": "production", "task_id": task, "asset_id": asset, "person_id": worker.id,
            "organisation_id": worker.organisation_id, "revision": 1, "status": "submitted",
        },
        Revision: pinned | {
            "id": new_id(), "created_at": now, "label_id": label, "number": 1, "made_by": worker.id, "claim_id": claim,
            "schema_name": "Alcohol in ads", "answers": ANSWERS, "sources": {}, "evidence": [], "submitted_at": now,
            "timing": {}, "marks_timing": {}, "salts": {}, "record_hash": secrets.token_hex(32),
            "history_hash": secrets.token_hex(32),
        },
    }  # fmt: skip
