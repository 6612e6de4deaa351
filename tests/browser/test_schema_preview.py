"""The preview beside a schema's text: the questions as on the labeling page, tried out by keyboard while the text changes."""

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def text(page: Page, home: str) -> Locator:
    """The editor of a new draft of the example for images."""
    page.goto(f"{home}/schemas")
    page.get_by_role("button", name="Image ad").press("Enter")
    return page.get_by_label("The schema as JSON")


def preview(page: Page) -> Locator:
    return page.get_by_role("region", name="As the labeler sees it")


def question(page: Page, field: str) -> Locator:
    return preview(page).locator(f"fieldset[data-field={field}]")


def enter(page: Page) -> None:
    """From the text by Tab to the first question of the preview."""
    expect(page.locator("fasit-schema-preview:not([aria-busy])")).to_be_visible()
    page.get_by_label("The schema as JSON").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('fasit-schema-preview .choice')"):
            return
    pytest.fail("Tab does not lead from the text to the questions")


def replace(page: Page, text: Locator, old: str, new: str) -> None:
    text.focus()
    text.evaluate(
        "(area, old) => area.setSelectionRange(area.value.indexOf(old), area.value.indexOf(old) + old.length)", old
    )
    page.keyboard.type(new)


def test_the_questions_are_tried_out_by_keyboard(page: Page, text: Locator) -> None:
    enter(page)
    expect(question(page, "verdict")).to_have_class("question question-choice is-active")
    expect(question(page, "reasons")).to_be_hidden()
    expect(preview(page).get_by_text("A submit would still ask for: Verdict")).to_be_visible()
    page.keyboard.press("2")
    expect(question(page, "reasons")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(question(page, "reasons")).to_have_class("question question-choices is-active")
    page.get_by_role("checkbox", name="Alcohol").press("Space")
    expect(preview(page).get_by_text("This could be submitted.")).to_be_visible()
    page.keyboard.press("n")
    row = preview(page).locator(".mark-row")
    expect(row).to_contain_text("Product")
    expect(preview(page).locator("fieldset[data-owner=objects]")).to_be_visible()
    preview(page).get_by_text("The answers as JSON").press("Enter")
    expect(preview(page).locator("code")).to_contain_text('"verdict": "reject"')
    page.keyboard.press("1")
    expect(question(page, "reasons")).to_be_hidden()


def test_keys_of_the_preview_do_nothing_while_one_writes(page: Page, text: Locator) -> None:
    enter(page)
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("  2n")
    assert text.input_value().endswith("2n")
    expect(preview(page).locator(".choice[aria-checked=true]:not([data-mark-key])")).to_have_count(0)
    expect(preview(page).locator(".mark-row")).to_have_count(0)


def test_the_preview_follows_the_text_and_keeps_what_was_answered(page: Page, text: Locator) -> None:
    enter(page)
    page.keyboard.press("2")
    replace(page, text, '"Verdict"', '"What do you say?"')
    expect(question(page, "verdict").locator("legend")).to_contain_text("What do you say?")
    expect(text).to_be_focused()
    expect(question(page, "verdict").get_by_role("radio", name="Reject")).to_be_checked()
    expect(question(page, "reasons")).to_be_visible()


def test_a_fault_leaves_the_last_preview_that_held(page: Page, text: Locator) -> None:
    replace(page, text, '"required": true', '"requird": true')
    expect(page.get_by_role("button", name="Line 8")).to_contain_text("did you mean required?")
    expect(question(page, "verdict")).to_be_visible()
    replace(page, text, "requird", "required")
    expect(page.get_by_text("Ready to publish")).to_be_visible()
    expect(question(page, "verdict")).to_be_visible()


def test_the_preview_speaks_another_language_and_goes_on_in_it(page: Page, text: Locator) -> None:
    preview(page).get_by_label("Language").focus()
    page.keyboard.press("ArrowDown")
    expect(question(page, "verdict").locator("legend")).to_contain_text("Avgjørelse")
    expect(preview(page).get_by_label("Language")).to_be_focused()
    replace(page, text, '"Avgjørelse"', '"Vedtak"')
    expect(question(page, "verdict").locator("legend")).to_contain_text("Vedtak")


def test_an_optional_part_may_be_left_out(page: Page, home: str) -> None:
    page.goto(f"{home}/schemas")
    page.get_by_role("button", name="Mixed ad").press("Enter")
    there = preview(page).get_by_role("checkbox", name="is there").first
    expect(there).to_be_checked()
    asked = preview(page).locator("fieldset[data-field]:visible")
    expect(asked.first).to_be_visible()
    before = asked.count()
    there.press("Space")
    expect(there).not_to_be_checked()
    expect(asked).not_to_have_count(before)


def test_a_published_version_can_be_tried_out_too(page: Page, text: Locator) -> None:
    text.focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/schemas/1")
    preview(page).get_by_role("radio", name="Reject").press("Space")
    expect(question(page, "reasons")).to_be_visible()
