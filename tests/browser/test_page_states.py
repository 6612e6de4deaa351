"""axe-core finds nothing on the labeling page, whatever is open on it or said by it, nor where a schema is written, in
both themes.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from app.clock import system_clock
from app.people.models import SignIn
from tests.browser import suggested_site
from tests.browser.axe import in_both_themes
from tests.browser.labeling_site import PASSWORD, Site
from tests.browser.working import SLOW, expect_saved, ready, skip, start, task_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with suggested_site.served(migrated_sqlite, tmp_path_factory.mktemp("states")) as served:
        yield suggested_site.with_queue(served)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """As everywhere, but axe's own probing of styles is no fault of the page's policy."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_in_any_state_of_the_labeling_page(page: Page, site: Site) -> None:
    found: list[str] = []

    def look(state: str) -> None:
        found.extend(in_both_themes(page, state))

    start(page, site)
    page.locator(".unreadable > summary").click()
    look("suggestions, and a piece that cannot be read")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-missing")).not_to_be_empty()
    look("something is missing")
    page.keyboard.press("a")
    page.keyboard.press("a")
    page.locator(".marks-list .mark-choose").click()
    page.locator(".mark-numbers > summary").click()
    look("a mark in hand, with its place in numbers")
    for key, dialog in (("Alt+z", "#history"), ("f", ".note-dialog"), ("Shift+B", "#rest"), ("Control+k", "#go-to")):
        page.keyboard.press(key)
        expect(page.locator(dialog)).to_be_visible()
        if key == "f":
            page.keyboard.press("Control+Enter")
            expect(page.locator(".note-dialog .field-error")).to_be_visible()
        look(dialog)
        page.keyboard.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()
    page.keyboard.press("s")
    look("a skip")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(".note-dialog .field-error")).to_be_visible()
    look("a reason is missing")
    page.locator("[name=outcome][value=wellbeing]").check()
    look("not good for me")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator(".key-change").first.click()
    look("a key is being changed")
    page.keyboard.press("Escape")
    page.get_by_label("Find a key").fill("no such key")
    look("no key is found")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#key-sheet")).to_be_hidden()
    page.keyboard.press("g")
    expect(page.locator("#guideline .guideline-body")).not_to_be_empty()
    look("the guideline")
    page.keyboard.press("g")
    second = page.context.new_page()
    second.goto(site.work_url)
    ready(second)
    expect(second.locator(".work-held")).to_be_visible()
    found.extend(in_both_themes(second, "held by another page"))
    second.close()
    page.bring_to_front()
    page.context.set_offline(True)
    verdicts = page.locator("fieldset[data-field=verdict] .choice")
    verdicts.nth(0).click()
    expect_saved(page, "kept")
    look("offline")
    page.context.set_offline(False)
    expect_saved(page)
    with site.database.write() as session:
        session.execute(update(SignIn).values(revoked_at=system_clock()))
    verdicts.nth(1).click()
    expect(page.locator(".sign-in-dialog")).to_be_visible(timeout=SLOW)
    look("sign in again")
    page.locator("#again-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect_saved(page)
    for _ in range(6):
        task = task_of(page)
        skip(page)
        expect(page.locator(f"fasit-work[data-task='{task}']")).to_have_count(0, timeout=SLOW)
    expect(page.locator("#work")).to_contain_text("Nothing left for you in this queue")
    look("nothing is left")
    assert found == [], "\n\n".join(found)


def test_axe_finds_nothing_where_a_schema_is_written_and_compared(page: Page, home: str) -> None:
    found: list[str] = []
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{home}/schemas")
    page.get_by_role("button", name="Image ad").click()
    text = page.get_by_label("The schema as JSON")
    expect(page.get_by_text("Ready to publish")).to_be_visible(timeout=SLOW)
    found += in_both_themes(page, "a schema with its preview")
    whole = text.input_value()
    text.fill(whole.replace('"required"', '"requird"', 1))
    expect(page.locator(".code-lines > .faulty")).to_be_visible(timeout=SLOW)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Not published: 1 fault")).to_be_visible()
    found += in_both_themes(page, "a schema with a fault")
    for version, written in enumerate((whole, whole.replace('"required": true', '"required": false', 1)), start=1):
        text.fill(written)
        expect(page.get_by_text("Ready to publish")).to_be_visible(timeout=SLOW)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**/schemas/{version}")
        if version == 1:
            page.goto(f"{home}/schemas")
            page.get_by_role("button", name="Image ad").click()
    page.goto(f"{home}/schemas/2/differences?from=1")
    found += in_both_themes(page, "two versions compared")
    assert found == [], "\n\n".join(found)
