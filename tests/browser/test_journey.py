"""The main job, as the README promises it: every kind of sample ad labelled by the keyboard alone, then exported.

Only real key events touch the page. What the export holds is compared with `sample_media/truth.json`, which the script
that drew, spoke and cut the ads wrote beside them.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.labels.models import Revision
from app.main import create_app
from app.serving import checking, demo, server
from app.settings import Settings
from tests import databases
from tests.browser import labeling_site
from tests.browser.working import answered

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TRUTH: dict[str, Any] = json.loads((demo.SAMPLES / "truth.json").read_text(encoding="utf-8"))
SLOW = 20_000
DOCTOR = "👩🏽‍⚕️"  # one step of the caret, five code points


class Keyboard:
    """A person at a page with nothing but keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, target: Locator) -> None:
        """Tab until the target has the focus, as one who sees where the focus is."""
        for _ in range(60):
            if target.evaluate("(element) => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"Tab never came to {target}")

    def step(self, dx: int, dy: int) -> None:
        """Moves the crosshair, or stretches what is being drawn, by whole pixels: hundreds, tens, ones."""
        for distance, forward, back in ((dx, "ArrowRight", "ArrowLeft"), (dy, "ArrowDown", "ArrowUp")):
            arrow, count = (forward if distance > 0 else back), abs(distance)
            self.press(
                *[f"Control+{arrow}"] * (count // 100),
                *[f"Shift+{arrow}"] * (count % 100 // 10),
                *[arrow] * (count % 10),
            )

    def draw(self, box: list[int], start: tuple[int, int]) -> None:
        """A box by its corners, the crosshair being at `start`."""
        x, y, width, height = box
        self.step(x - start[0], y - start[1])
        self.press("Enter")
        self.step(width, height)
        self.press("Enter")


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    copyfile(migrated_sqlite, tmp_path / "fasit.db")
    database = databases.sqlite_at(tmp_path / "fasit.db")
    yield database
    database.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{tmp_path}/fasit.db", media_url=str(tmp_path / "media"), secret_key="0" * 32, demo=True
    )


@pytest.fixture
def address(database: Database, settings: Settings, tmp_path: Path) -> Iterator[str]:
    demo.load(database, Store(settings.media_folder), clock=system_clock)
    server.finish_jobs(settings, database, progress=lambda _done, _total: None)
    with labeling_site.serving(create_app(settings, database=databases.sqlite_at(tmp_path / "fasit.db"))) as url:
        yield url


def sign_in(page: Page, keys: Keyboard, address: str, name: str, home: str) -> None:
    page.goto(f"{address}/sign-in")
    expect(page.get_by_label("E-mail")).to_be_focused()
    keys.type(f"{name}@{demo.DOMAIN}")
    keys.press("Tab")
    keys.type(demo.PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name=home)).to_be_visible(timeout=SLOW)


def begin(page: Page, keys: Keyboard, address: str, queue: str) -> str:
    """From home into a queue; gives the external id of the ad that came up."""
    page.goto(f"{address}/")
    keys.tab_to(page.get_by_role("link", name=f"Start {queue}"))
    keys.press("Enter")
    return shown(page)


def shown(page: Page) -> str:
    """Which ad the page shows, once it can be worked on."""
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    data = json.loads(page.locator("script.work-data").text_content() or "")
    external_id: str = data["task"]["asset"]["external_id"]
    return external_id


def submit(page: Page, keys: Keyboard) -> None:
    task = page.locator("fasit-work").get_attribute("data-task")
    with answered(page):
        keys.press("Control+Enter")
    expect(page.locator(f"fasit-work[data-task='{task}']")).to_have_count(0, timeout=SLOW)


def label_image(page: Page, keys: Keyboard) -> None:
    truth = TRUTH["fjordglod-beer"]
    keys.press("3", "5")  # reject, alcohol
    keys.tab_to(page.locator(".image-stage"))
    keys.press("b", "o")
    middle = (truth["size"][0] // 2, truth["size"][1] // 2)
    keys.draw(truth["boxes"]["alcohol"], middle)
    expect(page.locator(".image-mark[data-mark]")).to_have_count(1)


def label_text(page: Page, keys: Keyboard) -> None:
    truth = TRUTH["vitaslank-post"]
    keys.press("1")
    keys.tab_to(page.locator(".text-stage"))
    for number, (span, key) in enumerate(zip(truth["spans"][:2], ("b", "t"), strict=True), start=1):
        before, words = truth["text"][: span["start"]], span["text"]
        keys.press(
            "n", "Control+Home", key, *["ArrowRight"] * steps(before), *["Shift+ArrowRight"] * steps(words), "Enter"
        )
        expect(page.locator(".text-handle")).to_have_count(number)


def steps(text: str) -> int:
    """Characters as a person counts them; the only cluster in these texts is the doctor."""
    return len(text) - text.count(DOCTOR) * (len(DOCTOR) - 1)


def label_audio(page: Page, keys: Keyboard) -> None:
    keys.press("1", "Shift+O")
    keys.tab_to(page.locator(".timeline"))
    segment = TRUTH["fjordglod-radio"]["segments"][1]
    hundredths = round((segment["end"] - segment["start"]) * 100)
    assert segment["start"] == 5.0
    keys.press("Shift+ArrowRight", "i", "p", *["ArrowRight"] * (hundredths // 100), *["."] * (hundredths % 100), "o")
    expect(page.locator(".timeline-segment")).to_have_count(1)
    keys.press("Enter")
    keys.type("Now only twenty nine ninety.")
    keys.press("Escape")


def label_video(page: Page, keys: Keyboard) -> None:
    (entered, start), (stopped, end), _ = TRUTH["fjordglod-party"]["alcohol"]
    keys.press("1")
    keys.tab_to(page.locator(".timeline"))
    expect_frame(page, 0)
    keys.press(*["ArrowRight"] * (entered // 30))
    expect_frame(page, entered)
    keys.press("n", "v")
    keys.draw(start, (320, 180))
    expect(page.locator(".timeline-keyframe")).to_have_count(1)
    keys.press(*["."] * (stopped - entered))
    expect_frame(page, stopped)
    keys.step(end[0] - start[0], 0)
    expect(page.locator(".timeline-keyframe")).to_have_count(2)


def label_mixed(page: Page, keys: Keyboard) -> None:
    truth = TRUTH["vitaslank-launch"]
    expect_frame(page, 0)  # an open video has the focus; the question of the landing page takes it away again
    keys.press("3", "6", "Shift+W")
    expect(page.locator(".work-part.is-active")).to_have_attribute("data-part-box", "landing_page")
    expect(page.locator(".image-stage")).to_be_focused()
    keys.press("Shift+Digit1")
    expect(page.locator(".work-part.is-active")).to_have_attribute("data-part-box", "creative")
    keys.tab_to(page.locator("fasit-video .timeline"))
    expect_frame(page, 0)
    keys.press("ArrowRight", *["."] * (truth["price_from_frame"] - 25))
    expect_frame(page, truth["price_from_frame"])
    keys.press("q", "i", "ArrowRight", "o")
    expect(page.locator(".timeline-segment")).to_have_count(1)
    keys.tab_to(page.locator(".text-stage"))
    [span] = truth["spans"]
    before = truth["caption"][: span["start"]]
    keys.press("Control+Home", "q", *["ArrowRight"] * len(before), *["Shift+ArrowRight"] * len(span["text"]), "Enter")
    expect(page.locator(".text-handle")).to_have_count(1)
    keys.tab_to(page.locator(".image-stage"))
    keys.press("b", "q")
    keys.draw(truth["boxes"]["price"], (500, 800))
    expect(page.locator(".image-mark[data-mark]")).to_have_count(1)


def expect_frame(page: Page, frame: int) -> None:
    expect(page.locator(".media-frame:not([data-pending])")).to_contain_text(f"frame {frame} of", timeout=SLOW)


def wait_until_chained(page: Page, database: Database) -> None:
    """The server's own worker chains the records, a moment after they are submitted."""
    for _ in range(60):
        with database.read() as session:
            if session.scalar(select(func.count()).select_from(Revision).where(Revision.history_hash.is_(None))) == 0:
                return
        page.wait_for_timeout(250)
    raise AssertionError("the records were never chained")


def exported(page: Page, keys: Keyboard, address: str) -> dict[str, dict[str, Any]]:
    """What an engineer gets who orders an export and downloads it."""
    page.context.clear_cookies()
    sign_in(page, keys, address, "eir", "What is going on")
    page.goto(f"{address}/projects/{demo.SLUG}/exports")
    keys.press("Control+Enter")
    download = page.get_by_role("link", name="Download")
    expect(download).to_be_visible(timeout=SLOW)
    keys.tab_to(download)
    with page.expect_download() as downloading:
        keys.press("Enter")
    lines = downloading.value.path().read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines]
    return {label["asset"]["external_id"]: label for label in labels}


def box_of(mark: dict[str, Any]) -> list[float]:
    return [mark[side] for side in ("x", "y", "width", "height")]


def test_every_kind_of_ad_is_labelled_by_keyboard_and_exported_exactly(
    page: Page, address: str, database: Database, settings: Settings
) -> None:
    keys = Keyboard(page)
    sign_in(page, keys, address, "ada", "Your queues")
    for queue, external_id, work in (
        ("Image ads", "fjordglod-beer", label_image),
        ("Text ads", "vitaslank-post", label_text),
        ("Audio ads", "fjordglod-radio", label_audio),
        ("Video ads", "fjordglod-party", label_video),
        ("Mixed ads", "vitaslank-launch", label_mixed),
    ):
        assert begin(page, keys, address, queue) == external_id
        work(page, keys)
        submit(page, keys)
    wait_until_chained(page, database)
    labels = exported(page, keys, address)
    check_marks({name: label["answers"] for name, label in labels.items()})
    for label in labels.values():
        check_record(label)
    assert list(checking.find_faults(database, Store(settings.media_folder))) == []


def check_marks(answers: dict[str, dict[str, Any]]) -> None:
    image = answers["fjordglod-beer"]
    assert (image["verdict"], image["reasons"]) == ("reject", ["alcohol"])
    [bottle] = image["objects"]
    assert (bottle["choice"], box_of(bottle)) == ("alcohol", TRUTH["fjordglod-beer"]["boxes"]["alcohol"])

    spans = answers["vitaslank-post"]["claims"]
    wanted = TRUTH["vitaslank-post"]["spans"][:2]
    assert [{key: span[key] for key in ("choice", "start", "end", "text")} for span in spans] == wanted

    [segment] = answers["fjordglod-radio"]["speech"]
    spoken = TRUTH["fjordglod-radio"]["segments"][1]
    assert (segment["choice"], segment["start"], segment["start_sample"]) == ("price", 5.0, spoken["start_sample"])
    assert abs(segment["end"] - spoken["end"]) <= 0.005
    assert segment["end_sample"] == round(segment["end"] * TRUTH["fjordglod-radio"]["rate"])
    assert segment["transcript"] == "Now only twenty nine ninety."

    [track] = answers["fjordglod-party"]["objects"]
    film = TRUTH["fjordglod-party"]
    assert [(one["frame"], round(one["time"] * 1e6), box_of(one)) for one in track["keyframes"]] == [
        (frame, film["times"][frame], box) for frame, box in film["alcohol"][:2]
    ]

    mixed = answers["vitaslank-launch"]
    truth = TRUTH["vitaslank-launch"]
    [event] = mixed["events"]
    assert (event["start_frame"], event["end_frame"], event["start"]) == (45, 71, 1.8)
    assert [(span["start"], span["end"], span["text"]) for span in mixed["claims"]] == [
        (span["start"], span["end"], span["text"]) for span in truth["spans"]
    ]
    assert [box_of(mark) for mark in mixed["page"]] == [truth["boxes"]["price"]]


def check_record(label: dict[str, Any]) -> None:
    """Who, under what, how long, and chained."""
    assert label["labeler"]["id"]
    assert label["labeler"]["organisation"]
    assert label["schema_version"] in range(1, 6)
    assert label["guideline_version"] == 1
    assert label["timing"]["active_ms"] > 0
    assert (
        0
        < sum(label["timing"][f"{state}_ms"] for state in ("active", "playing", "reading", "idle", "hidden"))
        <= label["timing"]["wall_ms"]
    )
    assert label["history_hash"]
