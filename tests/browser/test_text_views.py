"""Texts as people like to read them, texts of every kind of character, and very long ones: spans stay exact."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.marking_page import Parts, answers, opened, served

pytestmark = pytest.mark.browser

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
HOSTILE = (
    f"tab\there {FAMILY}🇳🇴🏳️\u200d🌈 e\u0301\u0323 A\u030a \ufb01 𝒳𝒴 \U0001f468\U0001f3fd\r\n"
    "mixed مرحبا 99 kr שלום end \u202eoverride\u202c zero\u200bwidth\u2060join \ufeffbom soft\u00adhyphen\r"
    "\u200fمرحبا (بالعالم) 12%\n"
    "\r\n"
    "<b>not bold</b> &amp; &#x41; नमस्ते สวัสดี 日本語 ｗｉｄｅ\u3000space nbsp\u00a0here\n"
    + "one line of many words "
    * 400
)
LONG = "\n".join(f"Paragraph {number}: the tonic cures 🍷 all aches, says Dr Hånsen. " * 6 for number in range(2700))


@pytest.fixture(scope="module")
def hostile() -> Iterator[Parts]:
    shown = Parts()
    shown.text(HOSTILE)
    shown.marks("claims", "spans", "health", "price")
    with served(shown) as serving:
        yield serving


@pytest.fixture(scope="module")
def long() -> Iterator[Parts]:
    shown = Parts()
    shown.text(LONG)
    shown.marks("claims", "spans", "health", "price")
    with served(shown) as serving:
        yield serving


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def sliced(page: Page, text: str) -> list[str]:
    """The words of every span, each equal to the slice of the text that Python takes by its offsets."""
    marks = answers(page).get("claims", [])
    for mark in marks:
        assert text[mark["start"] : mark["end"]] == mark["text"]
    return [mark["text"] for mark in marks]


def test_every_word_by_keys_is_the_slice_that_python_takes(page: Page, hostile: Parts) -> None:
    text = opened(page, hostile)
    text.locator(".text-stage").focus()
    press(text, "Control+Home")
    for step in range(44):
        forward = text.evaluate("() => getComputedStyle(document.getSelection().focusNode.parentElement).direction")
        press(text, "Control+ArrowLeft" if forward == "rtl" else "Control+ArrowRight", "Enter", "n")
        if step == 20:
            text.locator("[data-view=unseen]").click()  # the signs are no characters of the text
            text.locator(".text-stage").focus()
    words = sliced(text, HOSTILE)
    assert {"tab", "here", "mixed", "مرحبا", "kr", "שלום", "بالعالم", "bold", "日本語", "nbsp", "ｗｉｄｅ"} <= set(
        words
    )
    assert any("e\u0301\u0323" in word for word in words)


def test_all_of_it_by_sentences_characters_and_the_mouse(page: Page, hostile: Parts) -> None:
    text = opened(page, hostile)
    text.locator(".text-stage").focus()
    press(text, "Control+Home", "Shift+End", "Enter", "n")
    press(text, "Home", *["ArrowRight"] * 9, *["Shift+ArrowRight"] * 3, "Enter", "n")
    press(text, "Control+a", "Enter")
    first = HOSTILE[: HOSTILE.index("\r\n")]
    assert sliced(text, HOSTILE) == [first, f"{FAMILY}🇳🇴🏳️\u200d🌈", HOSTILE.rstrip("\n")]
    press(text, "Delete", "Control+Home")
    line = text.locator(".text-line").nth(4)
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    assert box
    text.mouse.click(box["x"] + 40, box["y"] + box["height"] / 2, click_count=3)
    assert (
        sliced(text, HOSTILE)[2] == "<b>not bold</b> &amp; &#x41; नमस्ते สวัสดี 日本語 ｗｉｄｅ\u3000space nbsp\u00a0here"
    )
    expect(text.locator(".text-body b")).to_have_count(0)


def test_what_is_not_seen_is_shown_by_signs_and_the_text_stays_the_same(page: Page, hostile: Parts) -> None:
    text = opened(page, hostile)
    lines = text.locator(".text-line")
    before = text.evaluate("() => [...document.querySelectorAll('.text-line')].map((one) => one.textContent)")
    text.locator("[data-view=unseen]").click()
    expect(text.locator("[data-view=unseen]")).to_have_attribute("aria-pressed", "true")
    assert text.evaluate("() => [...document.querySelectorAll('.text-line')].map((one) => one.textContent)") == before
    signs = text.locator("[data-sign]").evaluate_all("(pieces) => pieces.map((one) => one.dataset.sign)")
    assert {"→", "·", "zwj", "rlo", "pdf", "zwsp", "wj", "bom", "shy", "rlm", "⍽"} <= set(signs)
    assert [lines.nth(at).get_attribute("data-end") for at in range(4)] == ["CR LF", "CR", "↵", "CR LF"]


def test_line_numbers_wrapping_and_size_are_as_the_person_likes(page: Page, hostile: Parts) -> None:
    text = opened(page, hostile)
    last = text.locator(".text-line").last
    assert last.evaluate("(line) => line.previousElementSibling.dataset.line ?? ''") == ""  # one line in several rows
    assert text.locator(".text-line[data-line]").evaluate_all("(rows) => rows.map((row) => row.dataset.line)") == list(
        "123456"
    )
    text.locator("[data-view=numbers]").click()
    number = text.locator(".text-line").nth(2).evaluate("(line) => getComputedStyle(line, '::before').content")
    assert number == '"3"'
    size = "() => parseFloat(getComputedStyle(document.querySelector('.text-body')).fontSize)"
    before = text.evaluate(size)
    text.locator("[data-view=larger]").click()
    assert text.evaluate(size) == pytest.approx(before * 1.12, abs=0.02)
    wide = "() => { const { scrollWidth, clientWidth } = document.querySelector('.text-stage'); return scrollWidth - clientWidth }"
    assert text.evaluate(wide) <= 0
    text.locator("[data-view=wrap]").click()
    assert text.evaluate(wide) > 1000
    text.locator(".text-stage").focus()
    press(text, "Control+End")
    text.wait_for_function(
        "() => document.querySelector('.text-stage').scrollLeft > 500"
    )  # the caret is followed across


def test_bars_of_any_colour_stand_out_on_both_grounds(page: Page, hostile: Parts) -> None:
    """A schema may choose yellow on white, or navy on black: the line under the letters still has 3:1."""
    hostile.draft = {"claims": [{"id": "a", "choice": "health", "start": 0, "end": 3, "text": "tab"}]}
    choice = hostile.fields[0]["choices"][0]
    try:
        for color in ("#ffee00", "#000080", "#ffffff", "#000000", "#00ffcc"):
            choice["color"] = color
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                text = opened(page, hostile)
                ratio = text.evaluate(CONTRAST)
                assert ratio >= 3, (color, scheme, ratio)
    finally:
        hostile.draft = {}
        del choice["color"]


CONTRAST = """() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const light = (color) => {
    pen.fillStyle = color
    pen.fillRect(0, 0, 1, 1)
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((one) => one / 255).map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const bar = getComputedStyle(document.querySelector("[data-marks=a]")).backgroundImage.match(/oklch\\([^)]*\\)|rgb\\([^)]*\\)|oklab\\([^)]*\\)|color\\([^)]*\\)/)[0]
  const ground = getComputedStyle(document.querySelector(".part-text")).backgroundColor
  const [one, other] = [light(bar), light(ground)].sort((a, b) => b - a)
  return (one + 0.05) / (other + 0.05)
}"""


# Very long --------------------------------------------------------------------------------------------------------


def test_of_a_very_long_text_only_what_is_near_is_drawn_and_everything_works_everywhere(
    page: Page, long: Parts
) -> None:
    marks = []
    for number in range(5000):
        start = number * (len(LONG) // 5000)
        end = start + 10 + number % 25
        marks.append({"id": f"m{number}", "choice": "health", "start": start, "end": end, "text": LONG[start:end]})
    long.draft = {"claims": marks}
    text = opened(page, long)
    assert len(LONG) > 900_000
    drawn = "() => document.querySelectorAll('.text-piece').length"
    assert 20 < text.evaluate(drawn) < 1500
    assert text.evaluate("() => document.querySelector('.text-body').textContent.length") > 900_000
    text.locator(".text-stage").focus()
    press(text, "Control+End", "Control+Shift+ArrowLeft", "2", "Enter")
    last = answers(text)["claims"][-1]
    assert (last["choice"], last["start"], last["text"]) == ("price", LONG.rindex("Hånsen"), "Hånsen.")
    text.wait_for_function(
        "() => { const { top, bottom } = document.querySelector('.text-handle:focus').getBoundingClientRect();"
        " const stage = document.querySelector('.text-stage').getBoundingClientRect(); return top > stage.top && bottom < stage.bottom }"
    )
    press(text, "Tab", "Shift+Tab", "Shift+Tab")
    assert text.evaluate(drawn) < 3000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_text_with_all_of_its_tools(
    chromium: Browser, tied: Parts, scheme: Literal["light", "dark"]
) -> None:
    """Spans, suggested ones, relations, the bar that finds, line numbers and signs, all at once."""
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme).new_page()
    text = opened(page, tied)
    expect(text.locator(".text-tie[data-suggested]")).to_have_count(1)
    text.locator("[data-view=numbers]").click()
    text.locator("[data-view=unseen]").click()
    text.locator(".text-stage").focus()
    press(text, "Tab", "Shift+F")
    text.keyboard.type("a")
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(text, context=".part-text", options=options).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    small = text.locator(".part-text button:visible").evaluate_all(
        "(buttons) => buttons.filter((one) => one.offsetWidth < 24 || one.offsetHeight < 24).map((one) => one.outerHTML)"
    )
    assert small == []
    page.context.close()


@pytest.fixture(scope="module")
def tied() -> Iterator[Parts]:
    words = "Tonic cures aches. Dr Hansen says so."
    shown = Parts()
    shown.text(words)
    shown.marks("claims", "spans", "health")
    shown.marks("ties", "relations", "supports")
    at = [
        {"id": f"m{start}", "choice": "health", "start": start, "end": start + 5, "text": words[start : start + 5]}
        for start in (0, 6, 19, 22)
    ]
    shown.draft = {"claims": at[:2], "ties": [{"id": "t", "choice": "supports", "from": "m0", "to": "m6"}]}
    given = {"claims": at[2:], "ties": [{"id": "s", "choice": "supports", "from": "m19", "to": "m22"}]}
    shown.suggestions = [{"id": "sug", "model": "m", "model_version": "1", "answers": given}]
    with served(shown) as serving:
        yield serving
