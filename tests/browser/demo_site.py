"""The whole demo, served, with one row of everything that an address can name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets.models import Asset
from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.imports.models import Import, ImportFault
from app.labels.models import Label
from app.main import create_app
from app.people.models import Person
from app.projects import queries as projects
from app.queues.models import Queue
from app.schemas import actions as schemas
from app.serving import demo, server
from app.settings import Settings
from tests import databases
from tests.browser import labeling_site
from tests.web.test_audiences import walk

SLOW = 30_000
# Addresses that answer files, or regions of a page that is visited.
NOT_PAGES = {
    "static",
    "work.family",
    "guidelines.picture",
    "exports.file",
    "go_to",
    "queues.added",
    "queues.watch",
    "guidelines.panel",
}
OF_LABELERS = {"work.page", "work.revise", "labels.mine"}


@dataclass(frozen=True)
class DemoSite:
    url: str
    app: FastAPI
    database: Database
    params: dict[str, str] = field(default_factory=dict)

    def pages(self, *, of_labelers: bool) -> dict[str, str]:
        """The path of every page by the name of its route; a name in an address without a row here is a KeyError."""
        return {
            route.name: re.sub(r"{(\w+)[^}]*}", lambda name: self.params[name[1]], route.path)
            for route in walk(self.app)
            if route.method == "GET" and not route.path.startswith(("/api/", "/media/")) and route.name not in NOT_PAGES
            if (route.name in OF_LABELERS) is of_labelers
        }

    def queues(self) -> dict[str, str]:
        """Ids of the queues by name."""
        with self.database.read() as session:
            return {row.name: row.id for row in session.execute(select(Queue.name, Queue.id).order_by(Queue.seq))}


@contextmanager
def serving_demo(database_file: Path) -> Iterator[DemoSite]:
    """`database_file`: a migrated, empty SQLite database in a folder of its own."""
    settings = Settings(
        database_url=f"sqlite:///{database_file}",
        media_url=str(database_file.parent / "media"),
        secret_key="0" * 32,
        demo=True,
    )
    database = databases.sqlite_at(database_file)
    demo.load(database, Store(settings.media_folder), clock=system_clock)
    server.finish_jobs(settings, database, progress=lambda _done, _total: None)
    app = create_app(settings, database=databases.sqlite_at(database_file))
    with labeling_site.serving(app) as url:
        yield DemoSite(url, app, database)
    database.close()


def sign_in(page: Page, site: DemoSite, name: str) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("button", name=re.compile(name)).click()
    page.wait_for_url(f"{site.url}/")


def ready(page: Page) -> None:
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    page.wait_for_load_state("networkidle")


def name_everything(page: Page, site: DemoSite) -> None:
    """Makes what the demo does not have yet (a label, a draft of a schema) and notes a row for every name in addresses."""
    queue = site.queues()["Image ads"]
    sign_in(page, site, "Ada Labeler")
    page.goto(f"{site.url}/queues/{queue}/work")
    ready(page)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#announcer")).to_contain_text("Submitted", timeout=SLOW)
    text = (demo.SAMPLES / "schemas" / "image.json").read_text(encoding="utf-8").replace('"reject"', '"refuse"', 1)
    with site.database.write() as session:
        project = projects.find_project(session, demo.SLUG)
        assert project is not None
        engineer = session.scalars(select(Person).where(Person.name == "Eir Engineer")).one()
        draft = schemas.start_draft(session, project=project, text=text, person=engineer, clock=system_clock)
        guidelines.save_draft(
            session,
            project=project,
            title="Ad policy",
            body="# 1 Scope\n\nAll ads.\n",
            person=engineer,
            clock=system_clock,
        )
        brought = Import(
            project_id=project.id, requested_by=engineer.id, file_name="ads.csv", format="csv", done=2, total=2, added=1,
            failed=1, finished_at=system_clock(), created_at=system_clock(),
        )  # fmt: skip
        session.add(brought)
        session.flush()
        fault = ImportFault(import_id=brought.id, place="line 3", message="No text.", created_at=system_clock())
        session.add(fault)
        site.params.update(
            import_id=brought.id, project=project.slug, version="1", other="2", queue=queue, person=engineer.id, draft=draft.id, link="none", chapter="start",
            label=session.scalars(select(Label.id)).first() or "", asset=session.scalars(select(Asset.id)).first() or "",
        )  # fmt: skip
