"""A break and the veil: by key, kept with the person, and true in what is recorded."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.labeling_site import Site
from tests.browser.working import SLOW, start

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def usual_page(page: Page) -> Iterator[None]:
    """The site and its people serve other tests too."""
    yield
    page.evaluate(
        "() => fetch('/api/v1/me/preferences', {method: 'PATCH', body: JSON.stringify({labeling: null}), headers: {"
        "'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf-token]').content}})"
    )


def test_a_break_counts_no_active_time_and_ends_where_it_began(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("Shift+B")
    expect(page.get_by_role("dialog", name="Break")).to_be_visible()
    expect(page.locator(".work-clock-state")).to_have_text("idle", timeout=SLOW)
    page.keyboard.press("s")  # nothing behind it hears a key
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Break")).to_be_hidden()
    expect(page.locator(".work-clock-state")).to_have_text("active", timeout=SLOW)
    expect(page.locator("fasit-work")).to_be_visible()


def test_w_hides_the_ad_while_it_is_held(page: Page, site: Site) -> None:
    start(page, site)
    shell = page.locator("work-shell")
    page.keyboard.down("w")
    expect(shell).to_have_attribute("data-veiled", "")
    page.keyboard.up("w")
    expect(shell).not_to_have_attribute("data-veiled", "")


def test_who_wants_the_ad_hidden_sees_it_while_w_is_held(page: Page, site: Site) -> None:
    start(page, site)
    shell = page.locator("work-shell")
    with page.expect_response("**/me/preferences"):
        page.get_by_role("button", name="Hide the ad until w is held").press("Enter")
    page.reload()
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(shell).to_have_attribute("data-veiled", "")
    page.keyboard.down("w")
    expect(shell).not_to_have_attribute("data-veiled", "")
    page.keyboard.up("w")
    expect(shell).to_have_attribute("data-veiled", "")
    page.get_by_label("Remark").focus()
    page.keyboard.down("w")
    expect(shell).to_have_attribute("data-veiled", "")
