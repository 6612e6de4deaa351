"""Answering by keyboard: what is missing is said and gone to; a node among two thousand is found by typing; marks of an ad's
family are copied.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets.models import Asset
from app.clock import system_clock
from app.labels.models import Revision
from app.projects.models import Project
from app.queues import actions as queues
from app.queues import making
from app.schemas import actions as schemas
from tests.browser.labeling_site import Site
from tests.browser.working import SLOW, chosen, expect_saved, ready, start, task_of

pytestmark = pytest.mark.browser

TOPS, LEAVES = 40, 50
SUBJECTS = ("health", "finance", "travel", "sports")


def node(top: int, leaf: int) -> dict[str, Any]:
    words = f"{top} {SUBJECTS[leaf % len(SUBJECTS)]} {leaf}"
    return {"value": f"topic_{leaf}", "title": {"en": f"Topic {words}", "nb": f"Emne {words}"}}


LARGE = [
    {
        "value": f"area_{top}",
        "title": {"en": f"Area {top}", "nb": f"Område {top}"},
        "children": [node(top, leaf) for leaf in range(LEAVES)],
    }
    for top in range(TOPS)
]
SCHEMA: dict[str, Any] = {
    "name": "Answering",
    "parts": [
        {"name": "creative", "modality": "image"},
        {"name": "caption", "modality": "text", "required": False},
    ],
    "fields": [
        {
            "name": "verdict", "kind": "choice", "required": True, "title": {"en": "Verdict"},
            "choices": [{"value": "allow", "title": {"en": "Allow"}}, {"value": "reject", "title": {"en": "Reject"}}],
        },
        {
            "name": "objects", "kind": "boxes", "part": "creative", "required": True, "title": {"en": "Objects"},
            "choices": [{"value": "bottle", "key": "t", "title": {"en": "Bottle"}}],
            "fields": [{"name": "brand", "kind": "choice", "required": True, "title": {"en": "Brand visible"},
                        "choices": [{"value": "yes"}, {"value": "no"}]}],
        },
        {
            "name": "faces", "kind": "boxes", "part": "creative", "title": {"en": "Faces"},
            "choices": [{"value": "child", "key": "u"}, {"value": "adult", "key": "t"}],
        },
        {"name": "topics", "kind": "taxonomy", "title": {"en": "Topics"}, "nodes": LARGE},
    ],
}  # fmt: skip


def asking(site: Site, body: dict[str, Any]) -> Site:
    """With a queue under this schema."""
    with site.database.write() as session:
        project = session.scalars(select(Project)).one()
        schema, _ = schemas.publish(session, project=project, body=body, person=None, clock=system_clock)
        queue = queues.create_queue(
            session, project=project, name="Answering", schema_version=schema.version, person=None, clock=system_clock
        )
        making.fill(session, queue, clock=system_clock)
        queue_id = queue.id
    return replace(site, queue_id=queue_id)


@pytest.fixture
def answering(site: Site) -> Site:
    """A queue whose schema asks for a verdict, boxes with a question each, and topics out of two thousand."""
    return asking(site, SCHEMA)


def draw_box(page: Page) -> None:
    """By keyboard: two corners with the crosshair."""
    page.locator(".image-stage").focus()
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")


def test_what_is_missing_is_named_and_gone_to_one_after_the_other(page: Page, answering: Site) -> None:
    start(page, answering)
    first = task_of(page)
    missing = page.locator(".work-missing")
    page.keyboard.press("Control+Enter")
    expect(missing).to_have_text("2 questions are not answered yet: Verdict, Objects")
    expect(page.locator("fieldset[data-field=verdict]")).to_contain_text("Answer this before you submit.")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(missing).to_have_text("Not answered yet: Objects")
    expect(page.locator("fieldset[data-field=objects]")).to_contain_text("Mark at least one before you submit.")
    draw_box(page)
    draw_box(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(missing).to_have_text(
        "2 questions are not answered yet: Brand visible (Objects 1, Bottle), Brand visible (Objects 2, Bottle)"
    )
    brand = page.locator("fieldset[data-field=brand]")
    expect(brand).to_contain_text("Objects 1, Bottle needs this before you can submit.")
    expect(brand).to_be_in_viewport()
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(missing).to_have_text("Not answered yet: Brand visible (Objects 2, Bottle)")
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", first, timeout=SLOW)


def test_a_node_that_is_missing_is_given_at_once_by_its_digit(page: Page, site: Site) -> None:
    nodes = [{"value": "goods", "title": {"en": "Goods"}}, {"value": "health", "title": {"en": "Health"}}]
    policy = {"name": "policy", "kind": "taxonomy", "required": True, "title": {"en": "Policy"}, "nodes": nodes}
    start(page, asking(site, {**SCHEMA, "fields": [SCHEMA["fields"][0], policy]}))
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-missing")).to_have_text("Not answered yet: Policy")
    page.keyboard.press("2")
    expect(page.locator(".taxonomy-chip")).to_have_text("Health")


def test_a_number_is_typed_over_with_its_sign(page: Page, site: Site) -> None:
    field = {"name": "degrees", "kind": "number", "min": -10, "max": 40, "title": {"en": "Degrees"}}
    start(page, asking(site, SCHEMA | {"name": "Numbers", "fields": [SCHEMA["fields"][0], field]}))
    degrees = page.locator("fieldset[data-field=degrees] input")
    degrees.focus()
    page.keyboard.type("12.5")
    page.keyboard.press("Control+a")
    page.keyboard.type("-5")
    expect(degrees).to_have_value("-5")


def test_a_key_that_no_other_choice_has_works_whatever_question_is_in_focus(page: Page, answering: Site) -> None:
    start(page, answering)
    page.keyboard.press("t")  # two questions have it and neither is in focus
    assert (chosen(page, "objects"), chosen(page, "faces")) == (["bottle"], ["child"])
    expect(page.locator("fieldset.is-active")).to_have_attribute("data-field", "verdict")
    page.locator("fieldset[data-field=objects]").get_by_role("radio", name="Bottle").click()
    page.keyboard.press("u")
    expect(page.locator("fieldset.is-active")).to_have_attribute("data-field", "faces")
    page.keyboard.press("t")
    assert chosen(page, "faces") == ["adult"]


def test_a_node_among_two_thousand_is_found_and_chosen_by_keyboard(page: Page, answering: Site) -> None:
    start(page, answering)
    page.keyboard.press("/")
    page.keyboard.type("topic 17 helth", delay=5)
    options = page.locator(".taxonomy-found [role=option]")
    expect(options.first).to_contain_text("Topic 17 health")
    expect(options.first).to_contain_text("Area 17")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    chip = page.locator(".taxonomy-chip")
    expect(chip).to_have_text("Area 17 › Topic 17 health 4")
    expect_saved(page)
    page.keyboard.type("område", delay=5)
    expect(page.locator(".taxonomy-none")).to_be_visible()  # in this person's language the areas are called Area
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.reload()
    ready(page)
    expect(page.locator(".taxonomy-chip")).to_have_text("Area 17 › Topic 17 health 4")
    page.locator(".taxonomy-chip").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".taxonomy-chip")).to_have_count(0)
    page.locator(".taxonomy-quick .choice").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".taxonomy-chip")).to_have_text("Area 17 › Topic 17 health 4")


def test_a_branch_of_a_large_tree_opens_with_what_lies_under_it(page: Page, answering: Site) -> None:
    start(page, answering)
    branch = page.locator(".taxonomy > .taxonomy-level > li").nth(3)
    expect(branch.locator("li")).to_have_count(0)
    branch.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(branch.locator("li")).to_have_count(LEAVES)
    branch.locator("li .choice").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".taxonomy-chip")).to_have_text("Area 3 › Topic 3 health 0")


def test_a_key_in_the_search_of_a_large_taxonomy_is_answered_in_time(page: Page, answering: Site) -> None:
    start(page, answering)
    page.keyboard.press("/")
    page.evaluate(
        """() => {
          window.took = []
          const input = document.querySelector("[data-search]")
          let begun = 0
          input.addEventListener("beforeinput", () => { begun = performance.now() })
          input.addEventListener("input", () => window.took.push(performance.now() - begun))
        }"""
    )
    page.keyboard.type("topic 31 finance", delay=20)
    took = sorted(page.evaluate("() => window.took"))
    assert len(took) == len("topic 31 finance")
    assert took[len(took) // 2] < 50


@pytest.fixture
def summer(answering: Site) -> Iterator[Site]:
    """The same with all ads of one family."""
    for metadata in ({"family": "summer"}, {}):
        with answering.database.write() as session:
            for ad in session.scalars(select(Asset)):
                ad.meta = metadata
        if metadata:
            yield answering


def test_marks_of_the_last_ad_of_the_family_are_copied_by_one_key_or_a_press(page: Page, summer: Site) -> None:
    start(page, summer)
    first = task_of(page)
    page.keyboard.press("1")
    draw_box(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", first, timeout=SLOW)
    expect(page.locator("[data-act=copy-family]")).to_be_visible(timeout=SLOW)
    page.keyboard.press("1")
    page.keyboard.press("Shift+M")
    expect(page.locator(".work-missing")).to_have_text("1 mark copied from ad-1.")
    expect(page.locator("[data-marks-count]")).to_have_text("1")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-marks-count]")).to_have_text("0")
    page.locator("[data-act=copy-family]").click()
    expect(page.locator("[data-marks-count]")).to_have_text("1")
    second = task_of(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", second, timeout=SLOW)
    expect_saved(page)
    with summer.database.read() as session:
        newest = session.scalars(select(Revision.answers).order_by(Revision.seq.desc()).limit(2)).all()
    ids = {one["objects"][0]["id"] for one in newest}
    shapes = {(one["objects"][0]["x"], one["objects"][0]["y"], one["objects"][0]["source"]) for one in newest}
    assert (len(ids), len(shapes)) == (2, 1)
    assert chosen(page, "verdict") == []
