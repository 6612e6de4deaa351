"""What every page has, driven by real keys: the key sheet, switched-off keys, the theme, work in the background."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.main import create_app
from app.people import sign_ins
from app.people.rules import Role, SignInWay
from app.web.cookies import SIGN_IN_COOKIE
from tests.browser.labeling_site import serving, settings_in
from tests.making import make_colleague, make_person, make_project
from tests.making_assets import make_asset
from tests.making_labels import make_label, make_queue_row, make_schema

pytestmark = pytest.mark.browser
SPAN = {"id": "s1", "choice": "price", "start": 0, "end": 3, "text": "Buy"}


@dataclass
class Site:
    url: str
    secret: str

    def open(self, page: Page, path: str) -> None:
        page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": self.secret, "url": self.url}])
        page.goto(self.url + path)


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path) -> Iterator[Site]:
    """A project with one label, seen by an engineer who is signed in."""
    clock = system_clock
    store = Store(tmp_path / "media")
    with sqlite_database.write() as session:
        engineer = make_colleague(session, Role.ENGINEER, clock=clock)
        labeler = make_person(session, clock=clock)
        project = make_project(session, clock=clock)
        make_label(
            session, store, project=project, person=labeler, schema=make_schema(session, project, clock=clock),
            asset=make_asset(session, store, project=project, clock=clock),
            queue=make_queue_row(session, project, clock=clock), clock=clock,
            answers={"verdict": "reject", "claims": [SPAN]},
        )  # fmt: skip
        secret = sign_ins.begin(session, person=engineer, way=SignInWay.LINK, browser="test", clock=clock)
    settings = settings_in(tmp_path, sqlite_database.url.render_as_string(hide_password=False))
    with serving(create_app(settings)) as url:
        yield Site(url, secret)


def test_the_key_sheet_shows_what_the_page_declares_and_gives_the_focus_back(page: Page, site: Site) -> None:
    site.open(page, "/projects/alcohol/exports")
    page.get_by_label("Earlier revisions too").focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    expect(sheet.locator(".key-row", has_text="Export").locator("kbd")).to_have_text("Ctrl+Enter")
    expect(sheet.locator(".key-row", has_text="Show the keys").locator("kbd")).to_have_text("?")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.get_by_label("Earlier revisions too")).to_be_focused()


def test_no_key_fires_while_somebody_types_or_composes(page: Page, site: Site) -> None:
    site.open(page, "/projects/new")
    page.get_by_label("Name").press_sequentially("why?")
    expect(page.get_by_label("Name")).to_have_value("why?")
    expect(page.locator("#key-sheet")).to_be_hidden()
    press = "(how) => document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...how }))"
    for composing in (
        {"key": "?", "isComposing": True},
        {"key": "Process"},
        {"key": "Dead", "code": "Minus", "shiftKey": True},
    ):
        page.evaluate(press, composing)
        expect(page.locator("#key-sheet")).to_be_hidden()
    page.evaluate(press, {"key": "?"})
    expect(page.locator("#key-sheet")).to_be_visible()


def test_a_key_works_at_once_after_a_dialog_that_was_typed_into_is_closed(page: Page, site: Site) -> None:
    site.open(page, "/projects/alcohol/exports")
    page.keyboard.press("Control+k")
    expect(page.locator(".go-to-words")).to_be_focused()
    page.evaluate(
        """() => {
            const words = document.querySelector(".go-to-words")
            words.closest("dialog").close()
            // until the next frame the browser may hold on to the field that is gone
            words.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true, cancelable: true, composed: true }))
        }"""
    )
    expect(page.locator("#key-sheet")).to_be_visible()


def test_keys_of_one_character_can_be_switched_off_for_good(page: Page, site: Site) -> None:
    site.open(page, "/projects/alcohol/exports")
    page.keyboard.press("?")
    page.get_by_label("Keys of a single character work").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#key-sheet")).to_be_hidden()
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("#key-sheet")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".export")).to_have_count(1)


def test_a_theme_chosen_in_the_menu_comes_with_the_next_page(page: Page, site: Site) -> None:
    site.open(page, "/projects")
    page.get_by_role("button", name="Grace, menu").press("Enter")
    page.get_by_role("button", name="Dark").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    # A browser may keep a cookie a moment after the script that set it went on; one that is read is kept.
    assert "fasit_theme=dark" in page.evaluate("() => document.cookie")
    dark = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    answer = page.goto(f"{site.url}/projects/alcohol")
    assert answer is not None
    assert 'data-theme="dark"' in answer.text()
    assert page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor") == dark


def test_an_export_is_ordered_by_key_and_appears_when_it_is_done(page: Page, site: Site) -> None:
    site.open(page, "/projects/alcohol/exports")
    page.keyboard.press("Control+Enter")
    download = page.get_by_role("link", name="Download")
    expect(download).to_be_visible(timeout=10_000)
    with page.expect_download() as found:
        download.press("Enter")
    assert found.value.suggested_filename == "alcohol-labels.jsonl"
    assert len(Path(found.value.path()).read_bytes().splitlines()) == 1


def test_a_filter_applies_itself_and_a_label_opens_with_its_marks(page: Page, site: Site) -> None:
    site.open(page, "/projects/alcohol/labels")
    page.get_by_label("Answered").select_option("verdict:allow")
    expect(page.get_by_role("heading", name="No label fits this filter")).to_be_visible()
    page.get_by_role("link", name="Clear the filter").press("Enter")
    page.get_by_role("link", name="ad-1").press("Enter")
    mark = page.locator(".part-text mark")
    expect(mark).to_have_text("Buy")
    assert mark.evaluate("(element) => element.style.getPropertyValue('--mark')") == "#c2570c"
