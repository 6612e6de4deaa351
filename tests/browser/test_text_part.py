"""Spans in a text: real mouse and key events, and the exact code points that they make."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.marking_page import Parts, answers, opened, served

pytestmark = pytest.mark.browser

FAMILY = "👨\u200d👩\u200d👧"
TEXT = (
    f"Drikk smart 🍷{FAMILY}! Cures all aches.\r\nOnly 99 kr. Cafe\u0301 <b>now</b>\n"
    "مرحبا بالعالم\rשלום today\n\nFine  print: blåbær."
)


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    shown = Parts()
    shown.text(TEXT)
    shown.marks("claims", "spans", "health", "price")
    shown.marks("words", "spans", "name", overlapping=False)
    with served(shown) as serving:
        yield serving


@pytest.fixture(autouse=True)
def fresh(parts: Parts) -> None:
    parts.draft, parts.read_only = {}, False


@pytest.fixture
def text(page: Page, parts: Parts) -> Page:
    opened(page, parts).locator(".text-stage").focus()
    page.keyboard.press("Control+Home")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def spans(page: Page, field: str = "claims") -> list[tuple[int, int, str]]:
    """Every span, after checking that its text is the slice of the text as stored."""
    found = [(mark["start"], mark["end"], mark["text"]) for mark in answers(page).get(field, [])]
    for start, end, words in found:
        assert TEXT[start:end] == words
    return found


def at(words: str) -> tuple[int, int, str]:
    return TEXT.index(words), TEXT.index(words) + len(words), words


def mark(name: str, words: str, choice: str = "health") -> dict[str, Any]:
    start, end, _ = at(words)
    return {"id": name, "choice": choice, "start": start, "end": end, "text": words, "source": "human"}


def place(page: Page, position: int) -> tuple[float, float]:
    """The middle of the left edge of a character, where a mouse would go; found by measuring, not by asking the element."""
    found: list[float] = page.evaluate(
        """(position) => {
      const walker = document.createTreeWalker(document.querySelector(".text-body"), NodeFilter.SHOW_TEXT)
      let rest = position
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (rest < node.length) {
          const range = document.createRange()
          range.setStart(node, rest)
          range.setEnd(node, rest + 1)
          const box = range.getBoundingClientRect()
          return [box.left, (box.top + box.bottom) / 2, box.right]
        }
        rest -= node.length
      }
    }""",
        position,
    )
    return found[0], found[1]


def shown_units(before: str) -> int:
    """How many UTF-16 units of the page lie before: line breaks are not characters of the page."""
    return len(before.replace("\r", "").replace("\n", "").encode("utf-16-le")) // 2


def drag(page: Page, words: str) -> None:
    start, end, _ = at(words)
    page.mouse.move(*place(page, shown_units(TEXT[:start])))
    page.mouse.down()
    x, y = place(page, shown_units(TEXT[:end]))
    page.mouse.move(x - 30, y)
    page.mouse.move(x, y)
    page.mouse.up()


def test_the_text_is_shown_as_stored_and_never_as_markup(text: Page) -> None:
    lines = text.locator(".text-line")
    expect(lines).to_have_count(6)
    assert [line.text_content() for line in lines.all()] == [
        f"Drikk smart 🍷{FAMILY}! Cures all aches.", "Only 99 kr. Cafe\u0301 <b>now</b>", "مرحبا بالعالم", "שלום today", "", "Fine  print: blåbær.",
    ]  # fmt: skip


def test_words_are_marked_by_the_keyboard_alone(text: Page) -> None:
    press(text, "Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "Enter")
    assert spans(text) == [at("Drikk smart")]
    expect(text.locator(".text-handle:focus")).to_have_attribute("aria-label", "Health, span 1 of 1: “Drikk smart”")


def test_enter_marks_the_word_at_the_caret(text: Page) -> None:
    press(
        text,
        "ArrowDown",
        "End",
        "Control+ArrowLeft",
        "Control+ArrowLeft",
        "Control+ArrowLeft",
        "Control+ArrowLeft",
        "2",
        "Enter",
    )
    assert spans(text) == [at("Cafe\u0301")]
    assert answers(text)["claims"][0]["choice"] == "price"


def test_by_character_a_family_and_a_combined_letter_are_one_step(text: Page) -> None:
    press(text, *["ArrowRight"] * 12, "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    assert spans(text) == [at(f"🍷{FAMILY}")]
    press(text, "n", "ArrowDown", "Home", *["ArrowRight"] * 15, "Shift+ArrowRight", "Enter")
    assert spans(text)[1] == at("e\u0301")


def test_a_selection_over_a_line_break_counts_its_code_points(text: Page) -> None:
    press(text, "End", "Control+ArrowLeft", "Shift+End", "Shift+ArrowRight", "Control+Shift+ArrowRight", "Enter")
    assert spans(text) == [at("aches.\r\nOnly")]


def test_right_to_left_the_left_arrow_goes_on(text: Page) -> None:
    press(text, "ArrowDown", "ArrowDown", "Home", "Control+Shift+ArrowLeft", "Enter")
    assert spans(text) == [at("مرحبا")]
    press(text, "n", "ArrowLeft", "Control+Shift+ArrowLeft", "Enter")
    assert spans(text)[1] == at("بالعالم")


def test_right_to_left_a_tag_is_as_wide_as_its_words(page: Page, parts: Parts) -> None:
    parts.draft["claims"] = [mark("here", "Drikk"), mark("there", "مرحبا")]
    text = opened(page, parts)
    widths = text.locator(".text-handle").evaluate_all(
        "(handles) => handles.map((handle) => parseFloat(getComputedStyle(handle, '::before').width))"
    )
    assert widths[0] == widths[1] > 25


def test_overlapping_spans_lie_in_lanes_of_their_own(page: Page, parts: Parts) -> None:
    parts.draft = {"claims": [mark("a", "Cures all"), mark("b", "all aches", "price")]}
    text = opened(page, parts)
    both = text.locator("[data-marks='a b']")
    expect(both).to_have_text("all")
    bars = both.evaluate("(piece) => getComputedStyle(piece).backgroundPositionY.split(', ').slice(0, 2)")
    assert len(set(bars)) == 2


def test_tab_goes_through_the_spans_and_out_at_the_end(page: Page, parts: Parts) -> None:
    parts.draft = {"claims": [mark("late", "blåbær"), mark("early", "Cures")]}
    text = opened(page, parts)
    text.locator(".text-stage").focus()
    seen = []
    for key in ("Tab", "Tab", "Shift+Tab"):
        press(text, key)
        seen.append(text.text_content("#selection"))
    assert seen == ["early", "late", "early"]
    press(text, "Tab", "Tab")
    assert text.locator(".text-stage :focus").count() == 0


def test_the_ends_of_a_span_are_moved_by_keys(page: Page, parts: Parts) -> None:
    parts.draft = {"claims": [mark("a", "Cures")]}
    text = opened(page, parts)
    text.locator(".text-stage").focus()
    press(text, "Tab", "Control+Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowLeft")
    assert spans(text) == [at("Cures all")]
    press(text, "Shift+Alt+ArrowLeft", "Shift+Alt+ArrowLeft")
    assert spans(text) == [at("! Cures all")]
    expect(text.locator("[data-mark=a]")).to_be_focused()
    press(text, "Control+z")
    assert spans(text) == [at("Cures")]


def test_delete_removes_a_span_and_c_changes_its_choice(page: Page, parts: Parts) -> None:
    parts.draft = {"claims": [mark("a", "Cures")]}
    text = opened(page, parts)
    text.locator(".text-stage").focus()
    press(text, "Tab", "c")
    assert answers(text)["claims"][0]["choice"] == "price"
    press(text, "Delete")
    assert spans(text) == []
    expect(text.locator(".text-stage")).to_be_focused()


def test_a_dragged_selection_is_marked_to_the_character(text: Page) -> None:
    drag(text, "all ache")
    assert spans(text) == [at("all ache")]


def test_a_second_span_over_the_first_is_dragged_as_exactly(text: Page) -> None:
    drag(text, "Cures all")
    drag(text, "res all ac")
    assert spans(text) == [at("Cures all"), at("res all ac")]


def test_a_double_click_marks_the_word(text: Page) -> None:
    x, y = place(text, shown_units(TEXT[: TEXT.index("blåbær")]))
    text.mouse.dblclick(x + 20, y)
    assert spans(text) == [at("blåbær")]


def test_a_double_click_beside_words_takes_none_of_them(text: Page) -> None:
    x, y = place(text, shown_units(TEXT[: TEXT.index("  print")]))
    text.mouse.dblclick(x + 4, y)
    assert spans(text) == []
    x, y = place(text, shown_units(TEXT[: TEXT.index("🍷")]))
    text.mouse.dblclick(x + 6, y)
    [(start, _end, words)] = spans(text)
    assert start == TEXT.index("🍷")
    assert "🍷" in words
    assert "smart" not in words


def test_a_selection_that_cuts_through_a_family_takes_it_whole(text: Page) -> None:
    drag(text, f"smart 🍷{FAMILY}!")
    assert spans(text) == [at(f"smart 🍷{FAMILY}!")]


def test_a_click_chooses_the_shortest_span_there(page: Page, parts: Parts) -> None:
    parts.draft = {"claims": [mark("long", "Cures all aches"), mark("short", "all")]}
    text = opened(page, parts)
    x, y = place(text, shown_units(TEXT[: TEXT.index("all")]))
    text.mouse.click(x + 6, y)
    assert text.text_content("#selection") == "short"
    assert len(spans(text)) == 2


def test_where_spans_may_not_overlap_the_second_is_refused_with_the_reason(page: Page, parts: Parts) -> None:
    parts.draft = {"words": [mark("a", "Cures all", "name")]}
    text = opened(page, parts)
    press(text, "3")
    drag(text, "all aches")
    assert spans(text, "words") == [at("Cures all")]
    expect(text.locator(".text-note")).to_contain_text("may not overlap")
    expect(text.locator("#said")).to_contain_text("“Cures all” is marked already")


def test_who_may_only_read_marks_nothing(page: Page, parts: Parts) -> None:
    parts.draft, parts.read_only = {"claims": [mark("a", "Cures")]}, True
    text = opened(page, parts)
    drag(text, "all ache")
    press(text, "Enter")
    text.locator(".text-stage").focus()
    press(text, "Tab", "Shift+ArrowRight", "Delete")
    assert spans(text) == [at("Cures")]
