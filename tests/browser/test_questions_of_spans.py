"""Questions about a span, asked beside it: answered by keys and by mouse, and stored with the span."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets.intake import GivenPart
from app.labels.models import Revision
from tests.browser import ads_site
from tests.browser.labeling_site import Site
from tests.browser.working import answered, start

pytestmark = pytest.mark.browser

TEXT = "Kurerer 👨\u200d👩\u200d👧 alt. Bare 99 kr."
SCHEMA: dict[str, Any] = {
    "name": "Claims",
    "parts": [{"name": "caption", "modality": "text"}],
    "fields": [
        {"name": "verdict", "kind": "choice", "choices": [{"value": "allow"}, {"value": "reject"}]},
        {
            "name": "claims", "kind": "spans", "part": "caption", "overlapping": False, "choices": [{"value": "health", "key": "q"}],
            "fields": [
                {"name": "proof", "kind": "choice", "required": True, "choices": [{"value": "none"}, {"value": "source"}]},
                {"name": "which", "kind": "text", "required": True, "when": {"proof": ["source"]}},
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    ads = [("ad", [GivenPart("caption", "text", text=TEXT)])]
    with ads_site.served(migrated_sqlite, tmp_path, schema=SCHEMA, ads=ads) as served:
        yield served


def claims(site: Site) -> list[dict[str, Any]]:
    with site.database.read() as session:
        found: list[dict[str, Any]] = session.scalars(select(Revision)).one().answers["claims"]
        return found


def middle_of(page: Page, word: str) -> tuple[float, float]:
    found: tuple[float, float] = page.evaluate(
        """(word) => {
      const walker = document.createTreeWalker(document.querySelector(".text-body"), NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(word)
        if (at < 0) continue
        const range = document.createRange()
        range.setStart(node, at)
        range.setEnd(node, at + word.length)
        const box = range.getBoundingClientRect()
        return [box.x + box.width / 2, box.y + box.height / 2]
      }
    }""",
        word,
    )
    return found


def test_the_questions_of_spans_are_answered_by_keys_and_stored_with_them(page: Page, site: Site) -> None:
    start(page, site)
    page.locator(".text-stage").focus()
    page.keyboard.press("Enter")  # the word at the caret
    expect(page.locator("fieldset[data-field=which]")).to_be_hidden()
    page.keyboard.press("Alt+PageDown")  # the focus stays on the span, digits answer its question
    page.keyboard.press("2")
    expect(page.locator(".text-handle")).to_be_focused()
    page.keyboard.press("Alt+PageDown")
    page.keyboard.type("A study")
    page.keyboard.press("Enter")
    with answered(page):
        page.keyboard.press("Control+Enter")
    [span] = claims(site)
    assert (span["start"], span["end"], span["text"]) == (0, 7, "Kurerer")
    assert span["fields"] == {"proof": "source", "which": "A study"}


def test_by_mouse_each_span_has_answers_of_its_own(page: Page, site: Site) -> None:
    start(page, site)
    for word, answer in (("Kurerer", "none"), ("Bare", "source")):
        page.mouse.dblclick(*middle_of(page, word))
        page.locator(".mark-more").get_by_role("radio", name=answer).click()
    page.locator(".mark-more").get_by_role("textbox", name="which").fill("The shop")
    page.locator(".marks-list .mark-choose").first.click()
    expect(page.locator(".mark-more").get_by_role("radio", name="none")).to_be_checked()
    expect(page.locator("fieldset[data-field=which]")).to_be_hidden()
    with answered(page):
        page.get_by_role("button", name="Submit").click()
    assert [(TEXT[span["start"] : span["end"]], span["fields"]) for span in claims(site)] == [
        ("Kurerer", {"proof": "none"}),
        ("Bare", {"proof": "source", "which": "The shop"}),
    ]


def test_no_number_puts_a_span_over_another_where_they_may_not_overlap(page: Page, site: Site) -> None:
    start(page, site)
    for word in ("Kurerer", "Bare"):
        page.mouse.dblclick(*middle_of(page, word))
    page.locator(".mark-numbers summary").click()
    first = page.get_by_label("From character")
    was = first.input_value()
    first.fill("3")
    first.press("Enter")
    expect(first).to_have_value(was)
    expect(page.locator("#toasts [role=status]")).to_contain_text("over another one")
