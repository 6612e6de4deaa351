"""A task is put aside by keyboard: skipped with or without a reason, not to be judged, or not good for who has it."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.queues.models import Outcome
from tests.browser.labeling_site import Site
from tests.browser.working import SLOW, chosen, expect_saved, skip, start, task_of

pytestmark = pytest.mark.browser

DIALOG = ".note-dialog"


def begin(page: Page, site: Site) -> str:
    """The task, with the dialog open on it."""
    start(page, site)
    task = task_of(page)
    page.keyboard.press("s")
    expect(page.get_by_role("dialog", name="Skip this task?")).to_be_visible()
    return task


def outcome_of(page: Page, site: Site, task: str) -> tuple[str, str | None]:
    """As it is recorded, once the next task is there."""
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", task, timeout=SLOW)
    expect_saved(page)
    with site.database.read() as session:
        found = session.scalars(select(Outcome).where(Outcome.task_id == task)).one()
    return found.kind, found.note


def test_a_skip_is_s_and_enter(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    skip(page)
    assert outcome_of(page, site, task) == ("skip", None)


def test_a_skip_tells_its_reason_and_nothing_typed_there_reaches_the_page(page: Page, site: Site) -> None:
    task = begin(page, site)
    page.keyboard.press("3")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Skip: it goes to somebody else")).to_be_focused()
    for key in ("f", "g", "b", "Control+z"):
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.type("12 s: I know the advertiser")
    page.keyboard.press("Enter")
    page.keyboard.type("well.")
    assert chosen(page, "verdict") == []
    expect(page.locator(DIALOG)).to_be_visible()
    expect(page.locator("#guideline")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    assert outcome_of(page, site, task) == ("skip", "12 s: I know the advertiser\nwell.")


def test_what_cannot_be_judged_needs_a_reason(page: Page, site: Site) -> None:
    task = begin(page, site)
    page.keyboard.press("2")
    expect(page.get_by_label("Cannot judge: the ad does not show enough to answer")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="what is missing")).to_be_visible()
    expect(page.get_by_label("Why? A manager reads it.")).to_be_focused()
    page.keyboard.press("Control+Enter")
    assert task_of(page) == task
    page.keyboard.type("The end is cut off.")
    page.keyboard.press("Control+Enter")
    assert outcome_of(page, site, task) == ("cannot_judge", "The end is cut off.")


def test_in_a_low_window_the_fault_and_the_buttons_are_in_sight(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 683, "height": 384})
    begin(page, site)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    for seen in (".field-error", "[type=submit]"):
        expect(page.locator(f"{DIALOG} {seen}")).to_be_in_viewport(ratio=1)


def test_of_what_is_not_good_for_somebody_nobody_asks_why(page: Page, site: Site) -> None:
    task = begin(page, site)
    page.keyboard.press("Tab")
    page.keyboard.type("I had rather")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("3")
    expect(page.locator(f"{DIALOG} textarea")).to_be_hidden()
    page.keyboard.press("Enter")
    assert outcome_of(page, site, task) == ("wellbeing", None)


def test_escape_goes_back_and_what_is_lost_is_said(page: Page, site: Site) -> None:
    task = begin(page, site)
    lost = page.get_by_text("Your answers so far are let go.")
    expect(lost).to_be_hidden()
    page.keyboard.press("2")
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_be_hidden()
    page.keyboard.press("1")
    assert (task_of(page), chosen(page, "verdict")) == (task, ["allow"])
    page.keyboard.press("s")
    expect(lost).to_be_visible()
    expect(page.get_by_label("Skip: it goes to somebody else")).to_be_focused()
    page.keyboard.press("Enter")
    assert outcome_of(page, site, task) == ("skip", None)
