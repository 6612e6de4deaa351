"""A seeded Fasit served for real, for tests that drive the labeling page in a browser."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

import uvicorn
from fastapi import FastAPI
from PIL import Image, ImageDraw
from sqlalchemy import select

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.store import Store
from app.clock import Clock, system_clock
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.main import create_app
from app.people import actions as people
from app.people.rules import Role
from app.projects import actions as projects
from app.projects.models import Project
from app.queues import actions as queues
from app.queues import making
from app.queues.models import Queue
from app.schemas import actions as schemas
from app.settings import Settings
from tests import databases

EMAIL, PASSWORD = "ana@vendor.example", "six sturdy words for a test"
OTHER_EMAIL = "bo@vendor.example"
SCHEMA: dict[str, Any] = {
    "name": "Alcohol in ads",
    "parts": [
        {"name": "creative", "modality": "image"},
        {"name": "caption", "modality": "text", "required": False},
    ],
    "fields": [
        {
            "name": "verdict", "kind": "choice", "required": True, "title": {"en": "Verdict", "nb": "Avgjørelse"},
            "choices": [
                {"value": "allow", "title": {"en": "Allow", "nb": "Tillat"}, "clause": "2.1"},
                {"value": "reject", "title": {"en": "Reject", "nb": "Avvis"}, "clause": "2.2"},
                {"value": "unsure", "title": {"en": "Cannot tell"}},
            ],
        },
        {
            "name": "reasons", "kind": "choices", "required": True, "when": {"verdict": ["reject"]},
            "choices": [{"value": "alcohol"}, {"value": "minors"}, {"value": "misleading"}],
        },
        {
            "name": "objects", "kind": "boxes", "part": "creative", "title": {"en": "Objects"},
            "choices": [{"value": "bottle", "key": "t"}, {"value": "glass", "key": "u"}],
            "fields": [{"name": "brand", "kind": "choice", "required": True, "title": {"en": "Brand visible"},
                        "choices": [{"value": "yes"}, {"value": "no"}]}],
        },
        {"name": "statements", "kind": "spans", "part": "caption", "choices": [{"value": "health_claim"}]},
        {"name": "remark", "kind": "text", "title": {"en": "Remark"}},
    ],
}  # fmt: skip
GUIDELINE = "\n\n".join(
    [
        "# 1 Scope",
        "These rules are for ads.",
        "# 2 Alcohol",
        "## 2.1 What is allowed",
        "Non-alcoholic drinks.\n\n" * 40,
        "## 2.2 What is not",
        "Alcohol is not advertised to the public.",
    ]
)


@dataclass(frozen=True)
class Site:
    """Where it is served, and what stands in it."""

    url: str
    application: FastAPI
    queue_id: str

    @property
    def database(self) -> Database:
        database: Database = self.application.state.database
        return database

    @property
    def store(self) -> Store:
        store: Store = self.application.state.store
        return store

    @property
    def work_url(self) -> str:
        return f"{self.url}/queues/{self.queue_id}/work"


def settings_in(folder: Path, database_url: str | None = None) -> Settings:
    """Of a Fasit whose files lie in this folder; its database too, unless it lies elsewhere."""
    return Settings(
        database_url=database_url or f"sqlite:///{folder}/fasit.db",
        media_url=str(folder / "media"),
        secret_key="a key for tests only, long enough",
    )


@contextmanager
def seeded(template: Path, folder: Path) -> Iterator[Site]:
    """`template` is a migrated SQLite database, copied into `folder`."""
    copyfile(template, folder / "fasit.db")
    settings = settings_in(folder)
    database = databases.sqlite_at(folder / "fasit.db")
    queue_id = seed(database, Store(settings.media_folder))
    application = create_app(settings, database=database)
    with serving(application) as url:
        yield Site(url, application, queue_id)


def picture(colour: str) -> io.BytesIO:
    image = Image.new("RGB", (1200, 800), colour)
    draw = ImageDraw.Draw(image)
    draw.rectangle((480, 200, 620, 700), fill="#2f4f2f")
    draw.ellipse((700, 300, 900, 500), fill="#f2c94c")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return stream


def seed(database: Database, store: Store, *, claim_seconds: int = 900, clock: Clock = system_clock) -> str:
    """People, a project with six ads, and a queue of them. Gives the queue's id."""
    with database.write() as session:
        people.add_person(
            session, email="kari@company.example", name="Kari", roles=[Role.ADMIN], organisation="Company", clock=clock
        )
        for email, name in ((EMAIL, "Ana"), (OTHER_EMAIL, "Bo")):
            people.add_person(
                session,
                email=email,
                name=name,
                roles=[Role.LABELER],
                organisation="Vendor",
                password=PASSWORD,
                clock=clock,
            )
        project = projects.create_project(
            session, name="Ads", slug="ads", languages=["en", "nb"], markets=["NO"], person=None, clock=clock
        )
        schemas.publish(session, project=project, body=SCHEMA, person=None, clock=clock)
        guidelines.publish(
            session, project=project, title="Alcohol", body=GUIDELINE, change="new", clauses_changed=[], person=None,
            clock=clock,
        )  # fmt: skip
        for number, colour in enumerate(("#b5651d", "#4a6fa5", "#7d5ba6", "#5b8c5a", "#a63d40", "#6b705c"), start=1):
            parts = [GivenPart("creative", "image", file=picture(colour))]
            parts += (
                [GivenPart("caption", "text", text=f"Ad {number}: drink well, feel young 🍷")]
                if number % 2 == 0
                else []
            )
            assets.add_asset(
                session,
                store,
                project=project,
                external_id=f"ad-{number}",
                metadata={},
                parts=parts,
                person=None,
                clock=clock,
            )
    deriving.derive_all_due(database, store, clock=clock)
    return open_queue(database, claim_seconds=claim_seconds, clock=clock)


def open_queue(database: Database, *, claim_seconds: int, clock: Clock = system_clock) -> str:
    with database.write() as session:
        project = session.scalars(select(Project)).one()
        queue = queues.create_queue(
            session,
            project=project,
            name="Alcohol, Norway",
            schema_version=1,
            claim_seconds=claim_seconds,
            person=None,
            clock=clock,
        )
        queue_id = queue.id
    with database.write() as session:
        making.fill(session, session.scalars(select(Queue).where(Queue.id == queue_id)).one(), clock=clock)
    return queue_id


@contextmanager
def serving(application: FastAPI) -> Iterator[str]:
    """Serves on a free port until the block ends. Gives the address."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
