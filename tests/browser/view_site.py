"""A Fasit of two pictures alike and one that moves, and the hands that look at them by real mouse and keys."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.main import create_app
from app.people import actions as people
from app.people.rules import Role
from app.projects import actions as projects
from app.schemas import actions as schemas
from app.settings import Settings
from tests.browser import labeling_site
from tests.browser.labeling_site import EMAIL, PASSWORD
from tests.browser.tools_site import ToolsSite, picture
from tests.browser.working import SLOW, sign_in
from tests.making_frames import moving

DURATIONS = (100, 40, 250, 100, 30, 500)  # milliseconds of the frames of the picture that moves
FIRST = 20  # the number that its first frame carries
SCHEMA: dict[str, Any] = {
    "name": "Looking",
    "parts": [{"name": "creative", "modality": "image"}],
    "fields": [{"name": "objects", "kind": "boxes", "choices": [{"value": "bottle", "key": "t"}, {"value": "glass"}]}],
}


@contextmanager
def served(template: Path, folder: Path, *pictures: io.BytesIO) -> Iterator[ToolsSite]:
    """One ad a picture. `template` is a migrated SQLite database, copied into `folder`."""
    copyfile(template, folder / "fasit.db")
    settings = Settings(
        database_url=f"sqlite:///{folder}/fasit.db",
        media_url=str(folder / "media"),
        secret_key="a key for tests only, long enough",
    )
    database = Database(settings.database_url)
    token = _seed(database, Store(settings.media_folder), pictures)
    with labeling_site.serving(create_app(settings, database=database)) as url:
        yield ToolsSite(url, database, token)


def two_alike() -> tuple[io.BytesIO, io.BytesIO]:
    """Two pictures of one size that differ in a byte after their end."""
    return picture(), io.BytesIO(picture().getvalue() + b"\0")


def one_that_moves() -> io.BytesIO:
    return io.BytesIO(moving("GIF", DURATIONS, first=FIRST))


def _seed(database: Database, store: Store, pictures: tuple[io.BytesIO, ...]) -> str:
    with database.write() as session:
        people.add_person(
            session, email=EMAIL, name="Ana", roles=[Role.LABELER], organisation="Vendor", password=PASSWORD,
            clock=system_clock,
        )  # fmt: skip
        engineer = people.add_person(
            session, email="eva@company.example", name="Eva", roles=[Role.ENGINEER], organisation="Vendor",
            clock=system_clock,
        )  # fmt: skip
        token = people.add_token(session, person=engineer, name="reading", clock=system_clock)
        project = projects.create_project(
            session, name="Ads", slug="ads", languages=["en"], markets=["NO"], person=None, clock=system_clock
        )
        schemas.publish(session, project=project, body=SCHEMA, person=None, clock=system_clock)
        guidelines.publish(
            session, project=project, title="Marks", body="# 1 Mark", change="new", clauses_changed=[], person=None,
            clock=system_clock,
        )  # fmt: skip
        for number, content in enumerate(pictures):
            assets.add_asset(
                session, store, project=project, external_id=f"ad-{number}", metadata={},
                parts=[GivenPart("creative", "image", file=content)], person=None, clock=system_clock,
            )  # fmt: skip
    deriving.derive_all_due(database, store, clock=system_clock)
    return token


@dataclass(frozen=True)
class Eyes:
    page: Page
    site: ToolsSite

    def start(self) -> None:
        """Begins the first task of a queue of this test's own, with the focus on the picture."""
        queue_id = labeling_site.open_queue(self.site.database, claim_seconds=900)
        sign_in(self.page, self.site)
        self.page.goto(f"{self.site.url}/queues/{queue_id}/work")
        self.awake()

    def awake(self) -> None:
        expect(self.page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
        expect(self.page.locator(".image-picture[data-loaded]")).to_be_visible(timeout=SLOW)
        self.stage.focus()

    @property
    def stage(self) -> Locator:
        return self.page.locator(".image-stage")

    @property
    def form(self) -> Locator:
        return self.page.locator(".image-look")

    @property
    def zoom(self) -> int:
        """In percent, as it is said under the picture."""
        return int(self.page.locator(".image-zoom").inner_text().split()[0])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        return self.page.locator(".part-image").get_by_role("button", name=name, exact=True)

    def filter(self) -> str:
        """What the picture is shown through, as the browser reads it."""
        shown: str = self.page.locator(".image-layer").evaluate("(layer) => getComputedStyle(layer).filter")
        return shown
