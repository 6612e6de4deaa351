"""Relations, suggestions and finding in a text: by the mouse and by keys alone, with the exact answers that come of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.marking_page import Parts, answers, opened, served

pytestmark = pytest.mark.browser

TEXT = (
    "Our tonic 🍷 cures all aches, says Dr Hansen. Only 99 kr until Sunday.\n"
    "The tonic is no medicine. Tonic for all!\n"
    "مرحبا بالعالم والسلام\n" + "Fine print about the tonic and more. " * 300
)
CURES, HANSEN, PRICE, SUNDAY = "cures all aches", "Dr Hansen", "99 kr", "until Sunday"


def mark(name: str, words: str, choice: str, at: int = 0) -> dict[str, Any]:
    start = TEXT.index(words, at)
    return {"id": name, "choice": choice, "start": start, "end": start + len(words), "text": words}


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    shown = Parts()
    shown.text(TEXT)
    shown.marks("claims", "spans", "health", "price")
    shown.marks("evidence", "spans", "source", "condition")
    shown.marks("ties", "relations", "supports", "limits", **{"from": ["evidence"], "to": ["claims"]})
    shown.marks("names", "spans", "name", overlapping=False)
    with served(shown) as serving:
        yield serving


@pytest.fixture(autouse=True)
def fresh(parts: Parts) -> None:
    parts.suggestions = []
    parts.draft = {
        "claims": [mark("cures", CURES, "health"), mark("price", PRICE, "price")],
        "evidence": [mark("hansen", HANSEN, "source"), mark("sunday", SUNDAY, "condition")],
    }


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def ties(page: Page) -> list[tuple[str, str, str]]:
    return [(one["choice"], one["from"], one["to"]) for one in answers(page).get("ties", [])]


def spans(page: Page, field: str = "claims") -> list[str]:
    found = answers(page).get(field, [])
    for one in found:
        assert TEXT[one["start"] : one["end"]] == one["text"]
    return [one["text"] for one in found]


def tag(page: Page, name: str) -> tuple[float, float]:
    """The middle of a span's tag, which is drawn by style alone."""
    x, y = page.locator(f".text-handle[data-mark={name}]").evaluate(
        "(handle) => { const box = handle.getBoundingClientRect(); return [box.left, box.top] }"
    )
    return x + 12, y - 6


def test_a_relation_is_made_changed_turned_and_deleted_by_keys_alone(page: Page, parts: Parts) -> None:
    text = opened(page, parts)
    text.locator(".text-stage").focus()
    press(text, "Tab", "Tab", "r")  # the second span in reading order: Dr Hansen
    expect(text.locator(".text-note")).to_contain_text("Relation from “Dr Hansen”")
    press(text, "Shift+Tab", "Enter")
    assert ties(text) == [("supports", "hansen", "cures")]
    arc = text.locator(".text-tie")
    expect(arc).to_be_focused()
    expect(arc).to_have_accessible_name("Supports, relation from “Dr Hansen” to “cures all aches”")
    press(text, "6")  # the choice named now is this relation's
    assert ties(text) == [("limits", "hansen", "cures")]
    expect(arc).to_have_attribute("data-tag", "Limits")
    press(text, "c")
    assert ties(text) == [("supports", "hansen", "cures")]
    press(text, "Shift+R")
    expect(text.locator(".text-note")).to_contain_text("this way only")
    press(text, "Delete")
    assert ties(text) == []
    expect(text.locator(".text-stage")).to_be_focused()
    press(text, "Control+z")
    assert ties(text) == [("supports", "hansen", "cures")]


def test_tab_goes_from_a_span_to_its_relations_and_escape_gives_one_up(page: Page, parts: Parts) -> None:
    parts.draft["ties"] = [{"id": "t", "choice": "limits", "from": "sunday", "to": "price"}]
    text = opened(page, parts)
    text.locator(".text-stage").focus()
    seen = []
    for _ in range(5):
        press(text, "Tab")
        seen.append(text.text_content("#selection"))
    assert seen == ["cures", "hansen", "price", "sunday", "t"]
    press(text, "Shift+Tab", "r", "Escape", "Shift+Tab", "Enter")
    assert ties(text) == [("limits", "sunday", "price")]
    expect(text.locator("[data-act=tie]")).to_have_attribute("aria-pressed", "false")


def test_a_tag_is_dragged_to_another_span_whichever_way_the_schema_has_it(page: Page, parts: Parts) -> None:
    text = opened(page, parts)
    text.mouse.move(*tag(text, "price"))
    text.mouse.down()
    x, y = tag(text, "sunday")
    text.mouse.move(x - 20, y)
    expect(text.locator(".text-rubber")).to_be_visible()
    text.mouse.move(x, y)
    text.mouse.up()
    assert ties(text) == [("supports", "sunday", "price")]  # evidence is what relations begin at
    expect(text.locator(".text-rubber")).to_be_hidden()
    text.locator(".text-tie").click()
    assert text.text_content("#selection") == answers(text)["ties"][0]["id"]


def test_by_button_and_click_a_relation_is_made_without_dragging(page: Page, parts: Parts) -> None:
    text = opened(page, parts)
    text.mouse.click(*tag(text, "hansen"))
    text.locator("[data-act=tie]").click()
    text.locator(f".text-piece:text-is('{CURES}')").click()
    assert ties(text) == [("supports", "hansen", "cures")]
    assert len(answers(text)["claims"]) == 2


def test_a_relation_that_the_schema_has_not_is_refused_with_the_reason(page: Page, parts: Parts) -> None:
    text = opened(page, parts)
    text.mouse.click(*tag(text, "cures"))
    press(text, "r")
    text.mouse.click(*tag(text, "price"))
    assert ties(text) == []
    expect(text.locator("#said")).to_have_text("The schema has no relation between these two.")


def test_a_span_takes_its_relations_along_and_one_undo_brings_all_back(page: Page, parts: Parts) -> None:
    parts.draft["ties"] = [
        {"id": "t", "choice": "supports", "from": "hansen", "to": "cures"},
        {"id": "u", "choice": "limits", "from": "sunday", "to": "cures"},
    ]
    text = opened(page, parts)
    text.mouse.click(*tag(text, "cures"))
    press(text, "Delete")
    assert spans(text) == [PRICE]
    assert ties(text) == []
    expect(text.locator("#said")).to_contain_text("with 2 relations deleted")
    press(text, "Control+z")
    assert len(spans(text)) == 2
    assert len(ties(text)) == 2


def test_a_relation_to_a_place_far_away_says_where(page: Page, parts: Parts) -> None:
    far = mark("far", "Fine print", "condition", len(TEXT) - 40)
    parts.draft["evidence"].append(far)
    parts.draft["ties"] = [{"id": "t", "choice": "limits", "from": "far", "to": "cures"}]
    text = opened(page, parts)
    expect(text.locator(".text-tie")).to_have_attribute("data-tag", "Limits ← “Fine print”")
    text.locator(".text-stage").focus()
    press(text, *["Tab"] * 5)
    expect(text.locator(".text-handle[data-mark=far]")).to_be_focused()
    text.wait_for_function(
        "() => { const handle = document.querySelector('.text-handle[data-mark=far]'); const { top, bottom } = document.querySelector('.text-stage').getBoundingClientRect();"
        " const place = handle.getBoundingClientRect(); return place.top > top && place.bottom < bottom }"
    )
    press(text, "Tab")
    expect(text.locator(".text-tie:focus")).to_have_attribute("data-mark", "t")


# Every occurrence, and finding -------------------------------------------------------------------------------------


def test_every_occurrence_is_offered_counted_and_marked_in_one_step(page: Page, parts: Parts) -> None:
    text = opened(page, parts)
    text.locator(".text-stage").focus()
    press(text, "Control+Home", "Control+ArrowRight", "Control+Shift+ArrowRight", "Enter")
    assert spans(text) == [CURES, PRICE, "tonic"]
    expect(text.locator("[data-offer]")).to_have_text("“tonic” stands 302 more times ⇧E")
    press(text, "Shift+E")
    all_of_them = text.locator("[data-find=all]")
    expect(all_of_them).to_be_focused()
    expect(all_of_them).to_have_text("Mark the other 302 as Health")
    assert text.evaluate("() => CSS.highlights.get('fasit-found').size") > 5
    assert len(spans(text)) == 3  # nothing is marked before the button is pressed
    text.locator("[data-find=case]").click()
    expect(all_of_them).to_have_text("Mark the other 301 as Health")
    all_of_them.focus()
    press(text, "Enter")
    found = spans(text)
    assert len(found) == 304
    assert found.count("tonic") == 302
    press(text, "Control+z")
    assert spans(text) == [CURES, PRICE, "tonic"]


def test_where_spans_may_not_overlap_only_free_places_are_offered(page: Page, parts: Parts) -> None:
    parts.draft["names"] = [mark("n", "The tonic", "name")]
    text = opened(page, parts)
    text.locator(".text-stage").focus()
    press(text, "7", "Shift+F")
    text.keyboard.type("tonic")
    expect(text.locator("[data-find=all]")).to_have_text("Mark the other 302 as Name")
    text.locator("[data-find=all]").click()
    assert len(spans(text, "names")) == 303


def test_found_places_are_gone_through_and_marked(page: Page, parts: Parts) -> None:
    text = opened(page, parts)
    text.locator(".text-stage").focus()
    press(text, "Control+Home", "Shift+F")
    text.keyboard.type("TONIC")
    count = text.locator(".text-find output")
    expect(count).to_have_text("1 of 303")
    press(text, "Enter", "Enter")
    expect(count).to_have_text("3 of 303")
    press(text, "Shift+Enter")
    expect(count).to_have_text("2 of 303")
    press(text, "Shift+Enter", "Shift+Enter")
    expect(count).to_have_text("303 of 303")
    text.wait_for_function(  # near the end of the text, where nothing was drawn before
        "() => { const box = [...CSS.highlights.get('fasit-found-current')][0].getBoundingClientRect();"
        " const stage = document.querySelector('.text-stage').getBoundingClientRect();"
        " return box.height > 0 && box.top > stage.top && box.bottom < stage.bottom }"
    )
    press(text, "Escape", "Enter")
    last = answers(text)["claims"][-1]
    assert (last["start"], last["text"]) == (TEXT.rindex("tonic"), "tonic")
    press(text, "Shift+F")
    text.keyboard.type("nowhere")
    expect(count).to_have_text("Not found")


# Suggestions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def suggested(parts: Parts) -> Parts:
    parts.draft = {"claims": [mark("price", PRICE, "price")]}
    far = mark("s-far", "Fine print", "condition", len(TEXT) - 40)
    given = {
        "claims": [mark("s-cures", CURES, "health")],
        "evidence": [mark("s-hansen", HANSEN, "source"), far],
        "ties": [{"id": "s-tie", "choice": "supports", "from": "s-hansen", "to": "s-cures"}],
    }
    parts.suggestions = [
        {"id": "sug", "model": "m", "model_version": "1", "answers": given, "scores": {"claims": {"s-cures": 0.9}}}
    ]
    return parts


def test_suggested_spans_and_relations_are_told_apart_and_taken_or_refused_by_key(page: Page, suggested: Parts) -> None:
    text = opened(page, suggested)
    cures = text.locator(".text-handle[data-mark=s-cures]")
    expect(cures).to_have_attribute("data-suggested", "")
    expect(cures).to_have_accessible_name("Health, suggested, 90 % sure: “cures all aches”")
    expect(cures).to_have_attribute("data-tag", "Health?")
    bars = text.locator("[data-marks=s-cures]").evaluate("(piece) => getComputedStyle(piece).backgroundImage")
    assert bars.startswith("repeating-linear-gradient")
    expect(text.locator(".text-tie")).to_have_attribute("data-suggested", "")
    assert answers(text).get("ties") is None
    press(text, "a")
    assert answers(text)["claims"][1] | {"source": "suggestion", "suggestion_id": "sug"} == answers(text)["claims"][1]
    expect(text.locator(".text-handle[data-mark=s-cures]:not([data-suggested])")).to_have_count(1)
    expect(text.locator(".text-handle[data-current]")).to_have_attribute("data-mark", "s-hansen")
    press(text, "x")  # its relation has nothing to begin at any more, unless it is taken, which brings the span along
    expect(text.locator(".text-handle[data-mark=s-hansen]")).to_have_count(0)


def test_all_suggestions_are_taken_at_once_with_what_they_tie(page: Page, suggested: Parts) -> None:
    text = opened(page, suggested)
    text.keyboard.press("Shift+A")
    assert ties(text) == [("supports", "s-hansen", "s-cures")]
    assert spans(text, "evidence") == [HANSEN, "Fine print"]
    assert {one["source"] for field in ("evidence", "ties") for one in answers(text)[field]} == {"suggestion"}
    expect(text.locator("[data-suggested]")).to_have_count(0)
    text.locator(".text-stage").focus()
    press(text, "Tab", "Shift+ArrowRight")
    assert answers(text)["claims"][1]["source"] == "suggestion_edited"
    press(text, "Control+z", "Control+z")
    assert ties(text) == []


def test_tab_comes_to_suggestions_too_and_they_cannot_be_changed(page: Page, suggested: Parts) -> None:
    text = opened(page, suggested)
    text.locator(".text-stage").focus()
    press(text, "Tab", "Shift+ArrowRight", "Delete")
    expect(text.locator(".text-handle:focus")).to_have_attribute("data-mark", "s-cures")
    assert len(answers(text)["claims"]) == 1
    press(text, "Tab")
    expect(text.locator(".text-handle:focus")).to_have_attribute("data-mark", "s-hansen")
    press(text, "a")
    assert spans(text, "evidence") == [HANSEN]
