"""The page of a label shows each frame of a moving picture that has marks, and no marks over another frame."""

import io
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.assets import deriving
from app.assets import queries as assets
from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.main import create_app
from app.people import sign_ins
from app.people.rules import Role, SignInWay
from app.settings import Settings
from app.web.cookies import SIGN_IN_COOKIE
from tests.browser.labeling_site import serving
from tests.browser.working import SLOW
from tests.making import make_colleague, make_person, make_project
from tests.making_assets import file_part, make_asset
from tests.making_frames import moving, number_of
from tests.making_labels import make_label, make_queue_row, make_schema

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
    copyfile(migrated_sqlite, tmp_path / "fasit.db")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/fasit.db",
        media_url=str(tmp_path / "media"),
        secret_key="a key for tests only, long enough",
    )
    database, store, clock = Database(settings.database_url), Store(settings.media_folder), system_clock
    with database.write() as session:
        project = make_project(session, clock=clock)
        parts = [file_part(moving("GIF", [100] * 5, first=FIRST), name="banner")]
        asset_id = make_asset(session, store, project=project, clock=clock, parts=parts).id
    deriving.derive_all_due(database, store, clock=clock)
    with database.write() as session:
        auditor = make_colleague(session, Role.AUDITOR, clock=clock)
        secret = sign_ins.begin(session, person=auditor, way=SignInWay.LINK, browser="test", clock=clock)
        asset = assets.find_asset(session, asset_id)
        assert asset is not None
        label = make_label(
            session, store, project=project, person=make_person(session, clock=clock), clock=clock, asset=asset,
            schema=make_schema(session, project, clock=clock, body=BODY),
            queue=make_queue_row(session, project, clock=clock),
            answers={"stickers": [BOX | {"id": "b1", "frame": 4}, BOX | {"id": "b2", "frame": 1}]},
        )  # fmt: skip
        path = f"/labels/{label.id}"
    with serving(create_app(settings, database=database)) as url:
        page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": secret, "url": url}])
        yield f"{url}{path}"


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
