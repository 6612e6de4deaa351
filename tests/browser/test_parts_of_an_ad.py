"""A mixed ad whose video comes while somebody works on the rest: that work is finished as it began."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.models import Asset
from app.assets.store import Store
from app.clock import system_clock
from app.labels.models import Revision
from app.people.models import Person
from tests.browser import ads_site, making_video
from tests.browser.labeling_site import Site
from tests.browser.working import expect_saved, sign_in

pytestmark = pytest.mark.browser
SLOW = 30_000
SCHEMA: dict[str, Any] = {
    "name": "Mixed",
    "parts": [{"name": "clip", "modality": "video", "required": False}, {"name": "caption", "modality": "text"}],
    "fields": [
        {"name": "verdict", "kind": "choice", "required": True, "choices": [{"value": "allow", "key": "q"}]},
        {"name": "scenes", "kind": "segments", "part": "clip", "required": True, "choices": [{"value": "party"}]},
        {"name": "claims", "kind": "spans", "part": "caption", "choices": [{"value": "health"}]},
    ],
}


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    ads = [("ad", [GivenPart("caption", "text", text="Drink it and be well")])]
    with ads_site.served(migrated_sqlite, tmp_path, schema=SCHEMA, ads=ads) as site:
        yield site


def add_clip(site: Site, folder: Path) -> None:
    film = making_video.film(folder / "clip.mp4", making_video.uneven(30))
    store = Store(folder / "media")
    with site.database.write() as session, film.path.open("rb") as picture:
        asset, person = session.scalars(select(Asset)).one(), session.scalars(select(Person)).first()
        assert person is not None
        parts = [GivenPart("clip", "video", file=picture)]
        assets.change_asset(session, store, asset, metadata={}, parts=parts, person=person, clock=system_clock)
    deriving.derive_all_due(site.database, store, clock=system_clock)


def test_work_begun_without_a_part_is_finished_without_it(page: Page, site: Site, tmp_path: Path) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-part-box]")).to_have_count(1)
    expect(page.locator("[data-field=scenes]")).to_be_hidden()
    page.keyboard.press("q")
    expect_saved(page)
    add_clip(site, tmp_path)
    page.reload()
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(page.locator("fasit-video")).to_have_count(0)
    expect(page.locator("fieldset[data-field=verdict] .choice[aria-checked=true]")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).to_have_count(0, timeout=SLOW)
    with site.database.read() as session:
        answers = session.scalars(select(Revision.answers)).one()
    assert answers == {"verdict": "allow"}
