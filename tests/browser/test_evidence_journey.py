"""A film and its caption judged by keys alone: a track whose answers change, split and copied, and evidence on both parts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets.intake import GivenPart
from app.labels.models import Revision
from app.people.rules import Role
from tests.browser import ads_site, making_video
from tests.browser.labeling_site import Site
from tests.browser.making_video import Film
from tests.browser.working import sign_in

pytestmark = pytest.mark.browser
SLOW = 30_000
LID = {
    "name": "lid", "kind": "choice", "required": True, "changes": True, "title": {"en": "Lid"},
    "choices": [{"value": "shut", "key": "y"}, {"value": "open", "key": "u"}],
}  # fmt: skip
SCHEMA: dict[str, Any] = {
    "name": "Bottles",
    "parts": [{"name": "clip", "modality": "video"}, {"name": "caption", "modality": "text"}],
    "fields": [
        {"name": "verdict", "kind": "choice", "title": {"en": "Verdict"}, "required": True,
         "choices": [{"value": "allow", "key": "q"},
                     {"value": "reject", "key": "Shift+R", "clause": "1", "title": {"en": "Reject"}}]},
        {"name": "bottles", "kind": "tracks", "part": "clip", "title": {"en": "Bottles"},
         "choices": [{"value": "bottle", "title": {"en": "Bottle"}}], "fields": [LID]},
        {"name": "claims", "kind": "spans", "part": "caption", "choices": [{"value": "health", "title": {"en": "Health"}}]},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return making_video.film(tmp_path_factory.mktemp("film") / "clip.mp4", making_video.uneven(60), sound=True)


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path, film: Film) -> Iterator[Site]:
    with film.path.open("rb") as picture:
        parts = [GivenPart("clip", "video", file=picture), GivenPart("caption", "text", text="Drink it and be well")]
        manager = (Role.LABELER, Role.MANAGER)
        with ads_site.served(
            migrated_sqlite, tmp_path, schema=SCHEMA, ads=[("ad", parts)], roles=manager, organisation="Company"
        ) as site:
            yield site


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def expect_frame(page: Page, frame: int) -> None:
    expect(page.locator(".media-frame:not([data-pending])")).to_have_text(f"frame {frame} of 60", timeout=SLOW)


def start(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(page.locator("fasit-video:not([aria-busy])")).to_be_attached(timeout=SLOW)


def mark_the_film(page: Page) -> None:
    """A box at frame 0, shut; open from frame 10; copied 5 frames on, turned there, and split at 12."""
    press(page, "n", *["Shift+ArrowLeft"] * 4, "Enter", *["Shift+ArrowRight"] * 3, *["Shift+ArrowDown"] * 2, "Enter")
    expect(page.locator(".timeline-keyframe")).to_have_count(1)
    press(page, "y")
    expect(page.locator(".track-label")).to_have_text("Bottle · shut")
    page.locator(".track-ahead").fill("5")
    press(page, "Escape")
    page.locator(".timeline").focus()
    press(page, *["."] * 10)
    expect_frame(page, 10)
    press(page, "u")
    expect(page.locator(".track-label")).to_have_text("Bottle · open")
    press(page, "Alt+V")
    expect_frame(page, 15)
    press(page, "Alt+R", "Alt+R", "Alt+Shift+R")
    expect(page.locator(".timeline-keyframe")).to_have_count(3)
    press(page, ",", ",", ",")
    expect_frame(page, 12)
    press(page, "Alt+S")
    expect(page.locator(".timeline-track")).to_have_count(2)


def test_a_decision_cites_a_track_and_a_span_and_the_record_carries_it(page: Page, site: Site, film: Film) -> None:
    start(page, site)
    mark_the_film(page)
    press(page, "Shift+R")
    expect(page.locator("fasit-evidence")).to_be_visible()
    press(page, "Tab", "Tab", "Alt+T")  # a decision lets go of the mark in hand; these go to the second one
    expect(page.locator(".evidence-mark")).to_have_text("Bottle · clip")
    press(page, "Shift+Digit2")
    expect(page.locator("fasit-text")).to_be_visible()
    press(page, *["Shift+ArrowRight"] * 5, "Enter")
    expect(page.locator("[data-marks-count]")).to_have_text("3")
    # The other way: by mouse, with the decision's own button.
    page.locator(".evidence-tie").click()
    expect(page.locator(".evidence-mark")).to_have_count(2)
    page.locator(".evidence-mark", has_text="Bottle").click()
    expect(page.locator("fasit-video")).to_be_visible()
    press(page, "Control+Enter")
    expect(page.locator("fasit-video")).to_have_count(0, timeout=SLOW)

    with site.database.read() as session:
        revision = session.scalars(select(Revision)).one()
        answers, evidence, label = revision.answers, revision.evidence, revision.label_id
    first, second = answers["bottles"]
    times = [at / 1e6 for at in film.table["times"]]
    assert [(key["frame"], key["time"], key.get("fields")) for key in first["keyframes"]] == [
        (0, times[0], {"lid": "shut"}), (10, times[10], {"lid": "open"}), (11, times[11], None),
    ]  # fmt: skip
    assert [(key["frame"], key.get("fields")) for key in second["keyframes"]] == [(12, {"lid": "open"}), (15, None)]
    assert second["keyframes"][1]["rotation"] == 5
    share = (times[12] - times[10]) / (times[15] - times[10])
    assert second["keyframes"][0]["rotation"] == pytest.approx(5 * share, abs=0.01)
    [span] = answers["claims"]
    assert span["text"] == "Drink"
    assert evidence == [{"field": "verdict", "choice": "reject", "clause": "1", "marks": [second["id"], span["id"]]}]
    read_back(page, site, label, evidence)


def read_back(page: Page, site: Site, label: str, evidence: list[Any]) -> None:
    """The label's page and the export say the same."""
    page.goto(f"{site.url}/labels/{label}")
    cited = page.locator("li", has_text=re.compile("Verdict: Reject"))
    expect(cited).to_contain_text("Clause 1")
    expect(cited).to_contain_text("Bottle (clip, ")
    expect(cited).to_contain_text("Health (caption, ")
    expect(page.locator("main")).to_contain_text("open from frame 10")
    asked = {"Accept": "application/x-ndjson"}
    exported = page.request.get(f"{site.url}/api/v1/projects/ads/labels", headers=asked)
    assert json.loads(exported.text().splitlines()[0])["evidence"] == evidence


def test_halves_are_merged_again(page: Page, site: Site) -> None:
    start(page, site)
    mark_the_film(page)
    press(page, "Alt+M")
    expect(page.locator(".timeline-track")).to_have_count(1)
    expect(page.locator(".timeline-keyframe")).to_have_count(5)
