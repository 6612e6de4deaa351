"""What is drawn and marked by keys alone arrives in the record as pixels of the upright original and code points."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets.intake import GivenPart
from app.labels.models import Revision
from tests.browser import ads_site
from tests.browser.labeling_site import Site
from tests.browser.working import sign_in

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
    parts = [GivenPart("creative", "image", file=sideways()), GivenPart("caption", "text", text=CAPTION)]
    with ads_site.served(migrated_sqlite, tmp_path, schema=SCHEMA, ads=[("ad", parts)], language="nb") as site:
        yield site


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


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
