"""A tool whose question is not asked yet says what it waits for: when it is pointed at, read out, pressed, or its key is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.assets.intake import GivenPart
from tests.browser import ads_site
from tests.browser.labeling_site import Site
from tests.browser.tools_site import picture
from tests.browser.working import start

pytestmark = pytest.mark.browser

WHEN = {"verdict": ["reject", "limit"]}
SCHEMA: dict[str, Any] = {
    "name": "Altered",
    "parts": [{"name": "creative", "modality": "image"}, {"name": "caption", "modality": "text"}],
    "fields": [
        {
            "name": "verdict", "kind": "choice", "title": {"en": "Verdict"},
            "choices": [{"value": "allow"}, {"value": "limit"}, {"value": "reject", "title": {"en": "Reject"}}],
        },
        {"name": "objects", "kind": "boxes", "choices": [{"value": "bottle"}]},
        {"name": "skin", "kind": "masks", "title": {"en": "Where"}, "when": WHEN, "choices": [{"value": "arm"}]},
        {"name": "claims", "kind": "spans", "title": {"en": "Claims"}, "when": WHEN, "choices": [{"value": "cure"}]},
    ],
}  # fmt: skip


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    parts = [GivenPart("creative", "image", file=picture()), GivenPart("caption", "text", text="It cures all.")]
    with ads_site.served(migrated_sqlite, tmp_path, schema=SCHEMA, ads=[("ad", parts)]) as served:
        yield served


def test_a_tool_of_a_question_that_is_not_asked_says_what_it_waits_for(page: Page, site: Site) -> None:
    start(page, site)
    brush = page.get_by_role("button", name="Paint a mask")
    why = "“Where” is asked when “Verdict” is “Reject” or “limit”."
    expect(brush).to_be_disabled()
    expect(brush).to_have_attribute("title", f"Paint a mask (d)\n{why}")
    expect(brush).to_have_attribute("aria-description", why)
    page.keyboard.press("d")
    page.keyboard.press("d")
    expect(page.locator("#toasts [role=status]")).to_have_text([why])
    expect(page.get_by_role("button", name="Draw a box")).to_be_enabled()

    page.keyboard.press("3")
    expect(brush).to_be_enabled()
    expect(brush).to_have_attribute("title", "Paint a mask (d)")
    page.keyboard.press("d")
    expect(brush).to_have_attribute("aria-pressed", "true")


def test_so_does_the_tool_that_marks_words(page: Page, site: Site) -> None:
    start(page, site)
    page.locator("fasit-text .text-stage").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts [role=status]")).to_have_text(
        ["“Claims” is asked when “Verdict” is “Reject” or “limit”."]
    )
    page.keyboard.press("3")
    page.locator("fasit-text .text-stage").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".text-handle")).to_have_count(1)
