"""The page of a label shows each frame of a moving picture that has marks, and no marks over another frame."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets.models import Asset
from app.clock import system_clock
from app.people.rules import Role
from app.projects.models import Project
from app.queues.models import Queue
from app.schemas.models import SchemaVersion
from tests.browser import ads_site
from tests.browser.working import SLOW, sign_in
from tests.making import make_person
from tests.making_assets import file_part
from tests.making_frames import moving, number_of
from tests.making_labels import make_label

pytestmark = pytest.mark.browser

FIRST = 20  # the number that the picture's first frame carries
BODY = {
    "name": "Banner",
    "parts": [{"name": "banner", "modality": "image"}],
    "fields": [{"name": "stickers", "kind": "boxes", "choices": [{"value": "price"}]}],
}
BOX = {"choice": "price", "x": 2, "y": 30, "width": 20, "height": 10}


@pytest.fixture
def address(page: Page, migrated_sqlite: Path, tmp_path: Path) -> Iterator[str]:
    """Of the label's page, for an auditor who is signed in."""
    ads = [("banner", [file_part(moving("GIF", [100] * 5, first=FIRST), name="banner")])]
    with ads_site.served(migrated_sqlite, tmp_path, schema=BODY, ads=ads, roles=[Role.AUDITOR]) as site:
        with site.database.write() as session:
            label = make_label(
                session, site.store, project=session.scalars(select(Project)).one(),
                person=make_person(session, clock=system_clock), clock=system_clock,
                asset=session.scalars(select(Asset)).one(), schema=session.scalars(select(SchemaVersion)).one(),
                queue=session.scalars(select(Queue)).one(),
                answers={"stickers": [BOX | {"id": "b1", "frame": 4}, BOX | {"id": "b2", "frame": 1}]},
            )  # fmt: skip
            path = f"/labels/{label.id}"
        sign_in(page, site)
        yield f"{site.url}{path}"


def test_each_marked_frame_is_shown_with_its_own_marks(page: Page, address: str) -> None:
    page.goto(address)
    stills = page.locator("fasit-still[data-is-shown]")
    expect(stills).to_have_count(2, timeout=SLOW)
    expect(page.locator("section.part h2")).to_have_text(["banner, frame 1", "banner, frame 4"])
    for place, frame in enumerate((1, 4)):
        shown = page.locator("section.part").nth(place)
        expect(shown.locator(".marks rect.mark-line")).to_have_count(1)
        expect(shown.locator(".marks")).to_be_visible()
        page.locator(".marks").first.evaluate("(marks) => marks.remove()")  # so that they hide no part of the number
        picture = Image.open(io.BytesIO(shown.locator("img").screenshot()))
        assert number_of(_as_large_as_it_was(picture)) == FIRST + frame


def test_a_still_that_cannot_be_fetched_leaves_no_marks_over_another_frame(page: Page, address: str) -> None:
    page.route("**/*", lambda route: route.abort() if "stills" in route.request.url else route.continue_())
    page.goto(address)
    expect(page.locator("fasit-still[data-failure]")).to_have_count(2, timeout=SLOW)
    expect(page.locator(".marks").first).to_be_hidden()


def _as_large_as_it_was(picture: Image.Image) -> Image.Image:
    """The picture without the ground beside it: it is shown whole, in the middle of its place."""
    width, height = 96, 48
    scale = min(picture.width / width, picture.height / height)
    left, top = (picture.width - width * scale) / 2, (picture.height - height * scale) / 2
    return picture.crop((round(left), round(top), round(left + width * scale), round(top + height * scale))).resize(
        (width, height)
    )
