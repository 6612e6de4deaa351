"""A person's own keys: given in the sheet of keys, kept with the person, never in the way of a schema's choices."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.labeling_site import Site
from tests.browser.working import start

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def usual_keys(page: Page) -> Iterator[None]:
    """The site and its people serve other tests too."""
    yield
    page.evaluate(
        "() => fetch('/api/v1/me/preferences', {method: 'PATCH', body: JSON.stringify({keys: null}), headers: {"
        "'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf-token]').content}})"
    )


def open_row(page: Page, title: str) -> Locator:
    if not page.locator("#key-sheet").is_visible():
        page.keyboard.press("?")
    return page.locator(".key-row", has_text=title)


def ask_for(page: Page, title: str, *keys: str) -> None:
    row = open_row(page, title)
    row.get_by_role("button").focus()
    page.keyboard.press("Enter")
    for key in keys:
        page.keyboard.press(key)


def kept(page: Page) -> dict[str, str]:
    """What the server keeps, once it has it."""
    page.wait_for_timeout(50)
    answer: dict[str, str] = page.request.get(f"{page.url.split('/queues')[0]}/api/v1/me/preferences").json()["keys"]
    return answer


def test_an_action_takes_another_key_and_keeps_it_on_the_server(page: Page, site: Site) -> None:
    start(page, site)
    with page.expect_response("**/me/preferences"):
        ask_for(page, "Flag with a note", "F2")
    expect(open_row(page, "Flag with a note").locator("kbd")).to_have_text("F2")
    expect(page.locator(".key-said")).to_contain_text("is F2 now")
    page.keyboard.press("Escape")
    expect(page.locator("[data-outcome=flag] kbd")).to_have_text("F2")
    page.keyboard.press("f")
    expect(page.locator(".note-dialog")).to_be_hidden()
    page.keyboard.press("F2")
    expect(page.locator(".note-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    assert kept(page) == {"page.flag": "F2"}

    page.evaluate("() => localStorage.clear()")
    page.reload()
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator(".note-dialog")).to_be_visible()


def test_a_key_that_is_taken_is_refused_and_the_old_one_stays(page: Page, site: Site) -> None:
    start(page, site)
    ask_for(page, "Flag with a note", "s")
    expect(page.locator(".key-said")).to_contain_text("taken by “Skip”")
    page.keyboard.press("Control+w")
    expect(page.locator(".key-said")).to_contain_text("belongs to the browser")
    page.keyboard.press("Escape")
    expect(page.locator("#key-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#key-sheet")).to_be_hidden()
    expect(page.locator("[data-outcome=flag]")).to_have_attribute("data-key", "f")


def test_usual_keys_come_back_one_by_one_and_all_at_once(page: Page, site: Site) -> None:
    start(page, site)
    ask_for(page, "Flag with a note", "F2")
    ask_for(page, "Skip", "Control+m")
    ask_for(page, "Flag with a note", "Backspace")
    expect(page.locator("[data-outcome=flag]")).to_have_attribute("data-key", "f")
    expect(page.locator("[data-outcome=skip]")).to_have_attribute("data-key", "Ctrl+m")
    page.get_by_role("button", name="Restore all keys").press("Enter")
    expect(page.locator("[data-outcome=skip]")).to_have_attribute("data-key", "s")
    expect(page.get_by_role("button", name="Restore all keys")).to_be_hidden()


def test_the_sheet_finds_a_key_by_its_words(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("?")
    page.get_by_label("Find a key").fill("escal")
    expect(page.locator(".key-row:visible")).to_have_count(1)
    expect(page.locator(".key-group:visible")).to_have_count(1)
