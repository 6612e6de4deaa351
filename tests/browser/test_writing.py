"""Writing a schema and a guideline with real keys: faults as one types, the way to their line, the preview, publishing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser


def hold_back(page: Page, url: str) -> Callable[[], None]:
    """As a slow network does, until it is let through."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    def let_through() -> None:
        while not waiting:  # it may not have been asked for yet
            page.wait_for_timeout(10)
        waiting.pop().continue_()

    page.route(url, hold)
    return let_through


def test_a_schema_is_mended_where_its_fault_is_shown_and_published(page: Page, home: str) -> None:
    page.goto(f"{home}/schemas")
    page.get_by_role("button", name="Image ad").focus()
    page.keyboard.press("Enter")
    text = page.get_by_label("The schema as JSON")
    text.focus()
    page.keyboard.press("Control+Home")
    for _ in range(7):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type('"requird": true,')
    fault = page.get_by_role("button", name="Line 8")
    expect(fault).to_contain_text("did you mean required?")
    expect(page.locator(".code-lines > .faulty")).to_have_text("8")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Not published: 1 fault")).to_be_visible()

    page.get_by_role("button", name="Line 8").focus()
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    page.keyboard.type('      "required": true,')
    expect(page.get_by_text("Ready to publish")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/schemas/1")
    expect(page.get_by_role("heading", name="As the labeler sees it")).to_be_visible()


def test_a_schema_typed_but_not_sent_is_kept(page: Page, home: str) -> None:
    page.goto(f"{home}/schemas")
    page.get_by_role("button", name="Blank").click()
    text = page.get_by_label("The schema as JSON")
    text.fill('{"name": "Half a thought"')
    expect(page.get_by_role("button", name="Line 1")).to_be_visible()
    page.goto(f"{home}/schemas")
    expect(page.get_by_role("link", name="Unnamed schema")).to_be_visible()
    page.get_by_role("link", name="Unnamed schema").click()
    expect(text).to_have_value('{"name": "Half a thought"')


def test_a_schema_typed_before_the_page_listens_is_kept_and_checked(page: Page, home: str) -> None:
    page.goto(f"{home}/schemas")
    page.get_by_role("button", name="Blank").click()
    text = page.get_by_label("The schema as JSON")
    expect(text).to_be_visible()
    let_htmx_through = hold_back(page, "**/htmx.min.js")
    page.goto(page.url, wait_until="commit")
    text.fill('{"name": "Half a thought"')
    let_htmx_through()
    expect(page.get_by_role("button", name="Line 1")).to_be_visible()


def test_a_guideline_typed_before_the_page_listens_is_previewed(page: Page, home: str) -> None:
    let_htmx_through = hold_back(page, "**/htmx.min.js")
    page.goto(f"{home}/guidelines/draft", wait_until="commit")
    page.get_by_label("Text, in Markdown").fill("# Early\n\n## 3 Wine & beer\n")
    let_htmx_through()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="3 Wine & beer")).to_be_visible()


def test_a_guideline_is_previewed_as_it_is_typed_and_published(page: Page, home: str) -> None:
    page.goto(f"{home}/guidelines")
    page.get_by_role("link", name="Write the guideline").focus()
    page.keyboard.press("Enter")
    text = page.get_by_label("Text, in Markdown")
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\n## 3 Wine & beer\n\nNot for sale.\n")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="3 Wine & beer")).to_be_visible()
    expect(text).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/draft/publication")
    expect(page.get_by_role("checkbox", name="3 Wine & beer")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/guidelines/1")
    page.get_by_role("link", name="3 Wine & beer").click()
    expect(page.locator("#clause-3")).to_be_in_viewport()
