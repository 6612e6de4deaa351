"""What is drawn and marked by keys alone arrives in the record as pixels of the upright original and code points."""

import io
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.labels.models import Revision
from app.main import create_app
from app.people import actions as people
from app.people.rules import Role
from app.projects import actions as projects
from app.schemas import actions as schemas
from app.settings import Settings
from tests.browser import labeling_site
from tests.browser.labeling_site import EMAIL, PASSWORD, Site

pytestmark = pytest.mark.browser
SLOW = 15_000

CAPTION = "👨\u200d👩\u200d👧 Drikk 🍷 nå!\r\nKun 99 kr"
SCHEMA = {
    "name": "Marks",
    "parts": [{"name": "creative", "modality": "image"}, {"name": "caption", "modality": "text"}],
    "fields": [
        {"name": "objects", "kind": "boxes", "choices": [{"value": "bottle"}, {"value": "glass"}]},
        {"name": "statements", "kind": "spans", "choices": [{"value": "claim"}]},
    ],
}


def sideways() -> io.BytesIO:
    """A picture stored 6000 wide and 5000 high that is shown 5000 wide and 6000 high, larger than its rendition may be."""
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    Image.new("RGB", (6000, 5000), "#48606b").save(stream, "JPEG", exif=exif)
    stream.seek(0)
    return stream


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    copyfile(migrated_sqlite, tmp_path / "fasit.db")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/fasit.db",
        media_url=str(tmp_path / "media"),
        secret_key="a key for tests only, long enough",
    )
    database = Database(settings.database_url)
    queue_id = seed(database, Store(settings.media_folder))
    application = create_app(settings, database=database)
    with labeling_site.serving(application) as url:
        yield Site(url, application, queue_id)


def seed(database: Database, store: Store) -> str:
    with database.write() as session:
        people.add_person(
            session,
            email=EMAIL,
            name="Ana",
            roles=[Role.LABELER],
            organisation="Vendor",
            password=PASSWORD,
            clock=system_clock,
        )
        project = projects.create_project(
            session, name="Ads", slug="ads", languages=["nb"], markets=["NO"], person=None, clock=system_clock
        )
        schemas.publish(session, project=project, body=SCHEMA, person=None, clock=system_clock)
        guidelines.publish(
            session,
            project=project,
            title="Marks",
            body="# 1 Mark",
            change="new",
            clauses_changed=[],
            person=None,
            clock=system_clock,
        )
        parts = [GivenPart("creative", "image", file=sideways()), GivenPart("caption", "text", text=CAPTION)]
        assets.add_asset(
            session, store, project=project, external_id="ad", metadata={}, parts=parts, person=None, clock=system_clock
        )
    deriving.derive_all_due(database, store, clock=system_clock)
    return labeling_site.open_queue(database, claim_seconds=900)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def sign_in(page: Page, site: Site) -> None:
    token = page.request.get(f"{site.url}/sign-in", headers={"Accept": "application/json"}).json()["csrf_token"]
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    assert page.request.post(f"{site.url}/sign-in", form=form, headers={"Accept": "application/json"}).ok


def test_boxes_and_spans_made_by_keys_are_stored_to_the_pixel_and_the_code_point(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(page.locator(".image-stage")).to_have_attribute(
        "aria-label", "Picture creative, 5000 by 6000 pixels", timeout=SLOW
    )
    press(page, "b", "2", "Enter", *["Control+ArrowRight"] * 3, "ArrowRight", *["Shift+ArrowDown"] * 12, "Enter")
    press(page, "Shift+ArrowLeft", "Alt+ArrowDown")
    press(page, "Escape", "Escape", "Escape")
    page.locator(".text-stage").focus()
    press(page, "Control+Home", "Control+ArrowRight", "Control+ArrowLeft", "Shift+End", "Enter")
    press(page, "n", "Control+End", "Control+Shift+ArrowLeft", "Control+Shift+ArrowLeft", "Enter")
    press(page, "Control+Enter")
    expect(page.locator(".image-stage")).to_have_count(0, timeout=SLOW)
    with site.database.read() as session:
        answers = session.scalars(select(Revision.answers)).one()
    [box] = answers["objects"]
    assert {side: box[side] for side in ("x", "y", "width", "height", "rotation")} == {
        "x": 2490, "y": 3000, "width": 301, "height": 121, "rotation": 0,
    }  # fmt: skip
    assert box["choice"] == "glass"
    found = [(mark["start"], mark["end"], mark["text"]) for mark in answers["statements"]]
    assert found == [(6, 17, "Drikk 🍷 nå!"), (23, 28, "99 kr")]
    assert all(CAPTION[start:end] == text for start, end, text in found)


def test_the_first_tab_goes_to_the_picture(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    press(page, "Tab")
    expect(page.locator(".image-stage")).to_be_focused()
