"""Texts beside each other, put in order by keys, by mouse and by touch; the order that was stored is the one that was shown."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.assets.intake import GivenPart
from app.labels.models import Label, Revision
from tests.browser import ads_site
from tests.browser.labeling_site import Site
from tests.browser.test_accessibility import violations
from tests.browser.working import SLOW, answered, expect_saved, sign_in, task_of

pytestmark = pytest.mark.browser

TEXTS = ("variant_a", "variant_b", "variant_c")
SCHEMA = {
    "name": "Variants",
    "parts": [{"name": "brief", "modality": "text"}, *({"name": name, "modality": "text", "required": name != "variant_c"} for name in TEXTS)],
    "fields": [
        {"name": "best", "kind": "ranking", "parts": list(TEXTS), "required": True, "title": {"en": "The best first"}},
        {"name": "why", "kind": "choice", "when": {"best": ["variant_c"]}, "choices": [{"value": "honest"}, {"value": "clear"}]},
        {"name": "reasons", "kind": "ranking", "choices": [{"value": "price"}, {"value": "tone"}, {"value": "claim"}, {"value": "length"}]},
    ],
}  # fmt: skip


def texts(number: int, count: int) -> list[GivenPart]:
    return [GivenPart(name, "text", text=f"{name} of ad {number}. " * 6) for name in ("brief", *TEXTS[:count])]


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    ads = [(f"ad-{number}", texts(number, count)) for number, count in enumerate((3, 2, 3), start=1)]
    with ads_site.served(migrated_sqlite, tmp_path, schema=SCHEMA, ads=ads) as site:
        yield site


def begin(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)


def said_order(page: Page, field: str = "best") -> str:
    return page.locator(f"fieldset[data-field={field}] [data-ranking-order]").text_content() or ""


def submit(page: Page) -> str:
    """Submits by its key and waits for what comes. Gives the task."""
    task = task_of(page)
    with answered(page):
        page.keyboard.press("Control+Enter")
    expect(page.locator(f"fasit-work[data-task='{task}']")).to_have_count(0, timeout=SLOW)
    return task


def stored(site: Site, task: str) -> dict[str, object]:
    """The answers, once they have come: the next task is shown while the label is on its way."""
    begun = time.monotonic()
    while (answers := answers_of(site, task)) is None:
        assert time.monotonic() - begun < SLOW / 1000, "the label did not come"
        time.sleep(0.05)
    return answers


def answers_of(site: Site, task: str) -> dict[str, object] | None:
    with site.database.read() as session:
        label = session.scalars(select(Label).where(Label.task_id == task)).one_or_none()
        if label is None:
            return None
        answers: dict[str, object] = (
            session.scalars(select(Revision).where(Revision.label_id == label.id)).one().answers
        )
        return answers


def test_texts_lie_side_by_side_below_what_they_are_about(page: Page, site: Site) -> None:
    begin(page, site)
    boxes = {name: page.locator(f"[data-part-box={name}]").bounding_box() for name in ("brief", *TEXTS)}
    assert all(boxes.values())
    tops = {boxes[name]["y"] for name in TEXTS}
    assert len(tops) == 1
    assert boxes["brief"]["y"] + boxes["brief"]["height"] <= tops.pop()
    lefts = [boxes[name]["x"] for name in TEXTS]
    assert lefts == sorted(lefts)
    assert max(boxes[name]["width"] for name in TEXTS) - min(boxes[name]["width"] for name in TEXTS) < 2
    page.keyboard.press("Shift+3")
    assert page.locator("[data-part-box=variant_b]").bounding_box() == boxes["variant_b"]
    # Where nothing is marked in them, their lines need no room for tags and bars.
    line = page.locator("[data-part-box=variant_b] .text-line").first
    height, letters = line.evaluate(
        "(row) => ['lineHeight', 'fontSize'].map((name) => parseFloat(getComputedStyle(row)[name]))"
    )
    assert height <= 1.6 * letters


def test_three_texts_and_then_two_are_put_in_order_by_keys_alone(page: Page, site: Site) -> None:
    begin(page, site)
    page.keyboard.press("3")
    expect(page.locator("fieldset[data-field=why]")).to_be_visible()
    page.keyboard.press("1")
    assert said_order(page) == "1. Variant c, 2. Variant a, 3. Variant b"
    page.keyboard.press("Alt+ArrowDown")
    assert said_order(page) == "1. Variant c, 2. Variant b, 3. Variant a"
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert said_order(page) == "1. Variant a, 2. Variant c, 3. Variant b"
    expect(page.locator("fieldset[data-field=why]")).to_be_hidden()
    page.keyboard.press("Control+z")
    assert said_order(page) == "1. Variant c, 2. Variant a, 3. Variant b"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    page.keyboard.press("ArrowDown")
    for digit in "421":
        page.keyboard.press(digit)
    assert stored(site, submit(page)) == {
        "best": ["variant_c", "variant_a", "variant_b"], "why": "clear", "reasons": ["length", "tone", "price", "claim"],
    }  # fmt: skip
    ready(page)
    expect(page.locator("[data-part-box=variant_c]")).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("2")
    assert said_order(page) == "1. Variant b, 2. Variant a"
    assert stored(site, submit(page)) == {"best": ["variant_b", "variant_a"]}


def test_an_order_is_made_by_the_mouse_on_the_texts_and_changed_by_the_arrows_of_the_question(
    page: Page, site: Site
) -> None:
    begin(page, site)
    page.locator("[data-compare=variant_b]").click()
    expect(page.locator("[data-compare=variant_b]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-compare=variant_b]")).to_have_accessible_name("Variant b: The best first, place 1")
    page.locator("[data-compare=variant_a]").click()
    assert said_order(page) == "1. Variant b, 2. Variant a, 3. Variant c"
    page.get_by_role("button", name="Move Variant c up").click()
    expect(page.locator("[data-compare=variant_c] .compare-place")).to_have_text("2")
    page.keyboard.press("ArrowUp")  # the row has the focus
    assert said_order(page) == "1. Variant c, 2. Variant b, 3. Variant a"
    page.keyboard.press("ArrowDown")
    assert stored(site, submit(page)) == {"best": ["variant_b", "variant_c", "variant_a"]}


def test_an_order_that_is_not_whole_is_kept_as_a_draft_and_not_submitted(page: Page, site: Site) -> None:
    begin(page, site)
    page.keyboard.press("2")
    expect_saved(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-missing")).to_have_text("Not answered yet: The best first")
    page.reload()
    ready(page)
    assert said_order(page) == "1. Variant b"


def test_two_texts_are_compared_by_touch(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
    page = context.new_page()
    begin(page, site)
    for name in ("variant_c", "variant_a"):
        page.locator(f"[data-compare={name}]").tap()
    page.locator("fieldset[data-field=best] .choice[data-value=variant_a]").tap()  # out again
    page.locator("[data-compare=variant_a]").tap()
    assert said_order(page) == "1. Variant c, 2. Variant b, 3. Variant a"
    small = page.locator("fieldset[data-field=best] button:visible, [data-compare]").evaluate_all(
        "(buttons) => buttons.filter((one) => one.offsetWidth < 24 || one.offsetHeight < 24).length"
    )
    assert small == 0
    task = task_of(page)
    with answered(page):
        page.get_by_role("button", name="Submit").tap()
    expect(page.locator(f"fasit-work[data-task='{task}']")).to_have_count(0, timeout=SLOW)
    assert stored(site, task) == {"best": ["variant_c", "variant_b", "variant_a"]}
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_while_an_order_is_made(
    chromium: Browser, site: Site, theme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    begin(page, site)
    assert violations(page) == []
    page.keyboard.press("2")
    assert violations(page) == []
    context.close()
