"""The list beside the media, which mirrors every mark: choices, questions of a mark, positions as numbers."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.labels.models import Label, Revision
from tests.browser.labeling_site import Site
from tests.browser.working import SLOW, answered, expect_saved, skip, start, task_of

pytestmark = pytest.mark.browser


def draw(page: Page, left: int, top: int, right: int, bottom: int) -> None:
    """A box by mouse, in pixels of the stage."""
    stage = page.locator(".image-stage").bounding_box()
    assert stage
    page.mouse.move(stage["x"] + left, stage["y"] + top)
    page.mouse.down()
    page.mouse.move(stage["x"] + (left + right) / 2, stage["y"] + (top + bottom) / 2)
    page.mouse.move(stage["x"] + right, stage["y"] + bottom)
    page.mouse.up()


SCROLLED_A_LITTLE = """() => [".questions", ".work-answers"].some((name) => {
  const column = document.querySelector(name)
  column.scrollTop = 16
  return column.scrollTop === 16
})"""


def titles(page: Page) -> list[str]:
    return page.locator(".mark-row .mark-title").all_inner_texts()


def choose_objects(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    expect(page.locator("fieldset[data-field=objects]")).to_have_class("question question-boxes is-active")


def test_a_choice_named_after_drawing_is_for_the_next_mark(page: Page, site: Site) -> None:
    start(page, site)
    choose_objects(page)
    page.keyboard.press("u")
    draw(page, 300, 100, 400, 300)
    page.keyboard.press("t")
    draw(page, 500, 100, 600, 300)
    assert titles(page) == ["glass", "bottle"]
    expect(page.locator("[data-marks-count]")).to_have_text("2")


def test_a_choice_named_for_a_chosen_mark_changes_that_mark(page: Page, site: Site) -> None:
    start(page, site)
    choose_objects(page)
    draw(page, 300, 100, 400, 300)
    draw(page, 500, 100, 600, 300)
    page.locator(".mark-choose").first.click()
    page.keyboard.press("u")
    assert titles(page) == ["glass", "bottle"]


def test_a_mark_is_not_finished_before_its_own_questions_are(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.keyboard.press("1")
    draw(page, 300, 100, 400, 300)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-missing")).to_have_text("Not answered yet: Brand visible (Objects 1, bottle)")
    page.keyboard.press("2")
    expect(page.locator("fieldset[data-field=brand] [data-value=no]")).to_have_attribute("aria-checked", "true")
    with answered(page):
        page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", task, timeout=SLOW)
    with site.database.read() as session:
        label = session.scalars(select(Label).where(Label.task_id == task)).one()
        revision = session.scalars(select(Revision).where(Revision.label_id == label.id)).one()
    (mark,) = revision.answers["objects"]
    assert (mark["choice"], mark["fields"], mark["source"]) == ("bottle", {"brand": "no"}, "human")
    assert set(revision.marks_timing[mark["id"]]) == {"created_ms", "changed_ms"}


def test_a_position_is_changed_as_a_number_and_never_out_of_the_picture(page: Page, site: Site) -> None:
    start(page, site)
    choose_objects(page)
    draw(page, 300, 100, 400, 300)
    page.locator(".mark-numbers summary").click()
    left = page.get_by_label("Left", exact=True).and_(page.locator(".mark-number input"))
    left.fill("12")
    left.press("Enter")
    expect(page.locator(".mark-summary")).to_contain_text("at 12,")
    left.fill("5000")
    left.press("Enter")
    expect(left).to_have_value("12")
    expect(page.locator("#toasts [role=status]")).to_contain_text("outside the ad")
    left.fill("20")
    left.press("Control+Enter")  # what is typed counts, though the field was not left
    expect(page.locator(".mark-summary")).to_contain_text("at 20,")


def test_a_mark_is_deleted_by_key_and_brought_back_by_undo(page: Page, site: Site) -> None:
    start(page, site)
    choose_objects(page)
    draw(page, 300, 100, 400, 300)
    page.keyboard.press("Delete")
    expect(page.locator(".mark-row")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator(".mark-row")).to_have_count(1)
    expect_saved(page)


def test_the_parts_of_an_ad_are_all_in_view_and_one_is_large(page: Page, site: Site) -> None:
    start(page, site)
    skip(page)
    creative, caption = (page.locator(f"[data-part-box={name}]") for name in ("creative", "caption"))
    expect(caption).to_be_visible(timeout=SLOW)
    expect(creative).to_have_class("work-part is-active")
    page.keyboard.press("Shift+Digit2")
    expect(caption).to_have_class("work-part is-active")
    large, small = caption.bounding_box(), creative.bounding_box()
    assert large
    assert small
    assert large["width"] > 2 * small["width"]
    creative.locator(".image-stage").click()
    expect(creative).to_have_class("work-part is-active")
    expect(page.locator(".mark-row")).to_have_count(0)


def test_the_media_has_most_of_a_small_screen_and_all_questions_are_in_view(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("2")
    media = page.locator(".work-media").bounding_box()
    assert media
    assert media["height"] >= 0.65 * 768
    for field in page.locator("fasit-questions fieldset:visible").all():
        expect(field).to_be_in_viewport(ratio=1)


def test_a_press_on_a_question_chooses_though_letting_go_of_a_mark_moves_the_questions(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("2")  # asks for reasons too
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    draw(page, 100, 40, 160, 80)
    page.locator(".mark-numbers > summary").click()
    for height in range(760, 400, -10):  # until the questions are a little more than there is room for
        page.set_viewport_size({"width": 1366, "height": height})
        if page.evaluate(SCROLLED_A_LITTLE):
            break
    allow = page.locator("fieldset[data-field=verdict] .choice").first
    before = allow.bounding_box()
    assert before
    page.mouse.click(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    expect(allow).to_have_attribute("aria-checked", "true")
    assert allow.bounding_box() != before
