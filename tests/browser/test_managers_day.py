"""A manager's day with queues, by the keyboard alone: fill, watch, give priorities, move, pause, drain, close."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import orjson
import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.main import create_app
from app.people import sign_ins
from app.people.rules import Role, SignInWay
from app.queues.models import Queue
from app.web.cookies import SIGN_IN_COOKIE
from tests.browser.labeling_site import serving, settings_in
from tests.making import bearer, make_colleague, make_person, make_project
from tests.making_assets import make_asset
from tests.making_labels import make_schema
from tests.making_queues import ANSWER, make_guideline

pytestmark = pytest.mark.browser

SLOW = 20_000
MARKETS = {"NO": 6, "SE": 4}
FOCUSED = (
    "() => { const one = document.activeElement; return (one.labels?.[0] ?? one).innerText.trim().split('\\n')[0] }"
)


@dataclass(frozen=True)
class Office:
    """Where it is served, and what a labeler's script carries there."""

    url: str
    database: Database
    ada: dict[str, str]

    def queue(self, name: str) -> str:
        with self.database.read() as session:
            return session.scalars(select(Queue.id).where(Queue.name == name)).one()

    def claim(self, queue: str) -> Any:
        """What the labeler is handed; None where that is nothing."""
        return self._post(f"/queues/{queue}/claims", {})

    def submit(self, got: Any) -> None:
        claim = got["claim"]
        assert self._post(f"/claims/{claim['id']}/label", ANSWER, {"Claim-Token": claim["token"]})["revision"] == 1

    def _post(self, path: str, body: Any, more: dict[str, str] | None = None) -> Any:
        headers = {**self.ada, "Content-Type": "application/json", **(more or {})}
        with urlopen(Request(f"{self.url}/api/v1{path}", orjson.dumps(body), headers)) as answer:
            content = answer.read()
        return orjson.loads(content) if content else None


@pytest.fixture
def office(page: Page, sqlite_database: Database, tmp_path: Path) -> Iterator[Office]:
    """Ads of two markets and no queue yet; a manager is signed in."""
    store = Store(tmp_path / "media")
    with sqlite_database.write() as session:
        manager = make_colleague(session, Role.MANAGER, clock=system_clock)
        ada = make_person(session, clock=system_clock)
        project = make_project(session, clock=system_clock)
        make_schema(session, project, clock=system_clock)
        make_guideline(session, project, clock=system_clock)
        for market, count in MARKETS.items():
            for number in range(1, count + 1):
                make_asset(
                    session, store, project=project, clock=system_clock, external_id=f"{market}-{number}",
                    metadata={"market": market},
                )  # fmt: skip
        secret = sign_ins.begin(session, person=manager, way=SignInWay.LINK, browser="test", clock=system_clock)
    settings = settings_in(tmp_path, sqlite_database.url.render_as_string(hide_password=False))
    token = bearer(sqlite_database, ada, clock=system_clock)
    with serving(create_app(settings)) as url:
        page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": secret, "url": url}])
        yield Office(url, sqlite_database, token)


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until what has this name, or this label, has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name} is not reached by Tab")


def press(page: Page, name: str) -> None:
    """What leads to a page."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    """In place of what stands there; of a list, its first entry that begins so."""
    tab_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def expect_counts(page: Page, **counts: str) -> None:
    """What the page of the queue counts comes to this, without a key being pressed."""
    words = {"open": "open", "held": "being worked on", "done": "done", "last_hour": "labels in the last hour"}
    for name, number in counts.items():
        figure = page.locator("#watch .figure", has=page.get_by_text(words[name], exact=True))
        expect(figure.locator("b")).to_have_text(number, timeout=SLOW)


def test_a_managers_day_by_pages_and_keys(page: Page, office: Office) -> None:
    _fill_by_filter(page, office)
    _fill_by_sample(page)
    held = _watch(page, office)
    _give_priority(page)
    _move(page, office)
    _pause_drain_and_close(page, office, held)


def _fill_by_filter(page: Page, office: Office) -> None:
    """A queue of its own for later, then the one that this day is about."""
    for name, metadata in (("Second look", "market = none"), ("First pass", "market = NO")):
        page.goto(f"{office.url}/projects/alcohol/queues/new")
        page.keyboard.type(name)
        write(page, "Only ads whose metadata says", metadata)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect_counts(page, open="6")


def _fill_by_sample(page: Page) -> None:
    press(page, "Add tasks")
    expect(page).to_have_title("Add tasks to First pass · Fasit")
    write(page, "How many ads", "2")
    write(page, "Seed", "monday")
    write(page, "Only ads whose metadata says", "market = SE")
    press(page, "Draw and add")
    row = page.locator("#fillings tbody tr")
    expect(row).to_contain_text("Sample of 2, seed monday")
    expect(row.locator("td.number").first).to_have_text("2", timeout=SLOW)
    press(page, "First pass")
    expect_counts(page, open="8")


def _watch(page: Page, office: Office) -> Any:
    """What a labeler does is on the page without a key being pressed."""
    queue = office.queue("First pass")
    office.submit(office.claim(queue))
    held = office.claim(queue)
    expect(page.get_by_role("table", name="Tasks being worked on")).to_contain_text("Ada", timeout=SLOW)
    expect_counts(page, open="7", held="1", done="1", last_hour="1")
    expect(page.locator("#watch")).to_contain_text("not enough data")
    return held


def _give_priority(page: Page) -> None:
    press(page, "Change many")
    write(page, "Whose ad's metadata says", "market = SE")
    write(page, "Do", "Give a priority")
    write(page, "Priority to give", "7")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="2 tasks would be given the priority 7")).to_be_visible()
    press(page, "Give them the priority")
    expect(page.get_by_text("2 tasks are given the priority.")).to_be_visible()


def _move(page: Page, office: Office) -> None:
    """What somebody holds or has answered stays, and the page says why."""
    write(page, "Whose ad's metadata says", "market = NO")
    write(page, "Do", "Move to another queue")
    write(page, "Queue to move to", "Second look")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="4 tasks would be moved to Second look")).to_be_visible()
    shown = page.locator("section", has=page.get_by_role("heading", name="4 tasks would be moved to Second look"))
    expect(shown).to_contain_text("somebody holds it: NO-2")
    expect(shown).to_contain_text("done: NO-1")
    press(page, "Move them")
    expect(page.get_by_text("4 tasks are moved.")).to_be_visible()
    page.goto(f"{office.url}/queues/{office.queue('Second look')}")
    expect_counts(page, open="4")


def _pause_drain_and_close(page: Page, office: Office, held: Any) -> None:
    queue = office.queue("First pass")
    page.goto(f"{office.url}/queues/{queue}")
    press(page, "Pause")
    state = page.locator("#watch .badge").first
    expect(state).to_have_text("Paused")
    press(page, "Drain")
    expect(state).to_have_text("Draining")
    office.submit(held)  # so that nothing begun is left
    expect(state).to_have_text("Paused", timeout=SLOW)
    expect_counts(page, open="2", held="0", done="2")
    press(page, "Close")
    expect(state).to_have_text("Closed")


# Forms that are sent --------------------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_in_a_hurry_is_done_once(page: Page, office: Office) -> None:
    for press_twice in (
        lambda: [page.keyboard.press("Control+Enter") for _ in range(2)],
        lambda: page.get_by_role("button", name="Make the queue").dblclick(),
    ):
        page.goto(f"{office.url}/projects/alcohol/queues/new")
        page.get_by_label("Name", exact=True).fill("Pressed twice")
        press_twice()
        expect(page.get_by_role("heading", name="Pressed twice", level=1)).to_be_visible()
    with office.database.read() as session:
        assert session.scalar(select(func.count()).where(Queue.name == "Pressed twice")) == 2, "one by each"


NOTES_SIGNS = """() => {
  const button = document.querySelector("form.form [type=submit]")
  const signs = () => [button.getAttribute("aria-busy"), button.dataset.waited, document.getElementById("announcer").textContent]
  setInterval(() => sessionStorage.setItem("signs", JSON.stringify(signs())), 50)
}"""


def test_a_button_whose_page_takes_long_says_so_and_sends_nothing_more(page: Page, office: Office) -> None:
    """The page notes its signs itself: while it waits for the next one, nothing can be asked of it from outside."""
    page.goto(f"{office.url}/projects/alcohol/queues/new")
    page.get_by_label("Name", exact=True).fill("Slow")
    sent = []

    def hold(route: Route) -> None:
        sent.append(route.request.method)
        time.sleep(3.5)
        route.continue_()

    page.route("**/projects/alcohol/queues", hold)
    page.evaluate(NOTES_SIGNS)
    began = time.monotonic()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Slow", level=1)).to_be_visible(timeout=SLOW)
    passed = time.monotonic() - began
    busy, waited, said = page.evaluate("() => JSON.parse(sessionStorage.getItem('signs'))")
    assert (busy, said, sent) == ("true", "Working on it", ["POST"])
    assert 2 <= int(waited.removesuffix(" s")) <= passed


def test_words_without_an_end_widen_no_page_of_a_queue(page: Page, office: Office) -> None:
    long = "x" * 190
    page.goto(f"{office.url}/projects/alcohol/queues/new")
    page.get_by_label("Name", exact=True).fill(f"Q{long}")
    page.get_by_label("Languages").fill(long)
    page.get_by_label("Only ads whose metadata says").fill(f"{long}{long} = {long}")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    queue = page.url
    ends = ("", "/settings", "/bulk", "/filling", "/handing-out", "/why")
    for address in [f"{queue}{end}" for end in ends] + [f"{office.url}/", f"{office.url}/projects/alcohol/queues"]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
