"""Listening and marking by ear: real keys, real sound, and the exact segments they make."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import making_sound, media_page
from tests.browser.media_page import MediaPage, Shown, answers

pytestmark = pytest.mark.browser

RATE = 44100
SECONDS = 12
FIELDS = [
    {
        "name": "claims",
        "kind": "segments",
        "part": "voice",
        "choices": [
            {"value": "claim", "key": "t", "title": {"en": "Claim"}},
            {"value": "price", "title": {"en": "Price"}},
        ],
    }
]


@pytest.fixture(scope="module")
def serving() -> Iterator[MediaPage]:
    with media_page.serving() as served:
        yield served


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path | bytes]:
    path = tmp_path_factory.mktemp("sound") / "voice.ogg"
    samples = making_sound.clicks(path, seconds=SECONDS)
    silences = json.dumps({"rate": RATE, "silences": [[0, round(0.8 * RATE)], [round(2.2 * RATE), 3 * RATE]]}).encode()
    return {"voice.ogg": path, "voice.peaks": making_sound.peaks(samples), "voice.silences": silences}


@pytest.fixture
def voice(page: Page, serving: MediaPage, sound: dict[str, Path | bytes]) -> Page:
    serving.open(page, shown(sound))
    expect(page.locator(".timeline[data-wave=ready]")).to_be_visible()
    return page


def shown(sound: dict[str, Path | bytes], draft: dict[str, Any] | None = None) -> Shown:
    part = {
        "name": "voice", "modality": "audio", "sha256": "0" * 64, "width": None, "height": None, "duration": float(SECONDS),
        "fps": None, "text": None, "sample_rate": RATE, "samples": SECONDS * RATE, "frame_count": None,
        "urls": {"original": "/media/voice.ogg", "display": "/media/voice.ogg", "thumbnail": "", "peaks": "/media/voice.peaks", "silences": "/media/voice.silences"},
        "channels": 1, "loudness": -8.0, "peak_level": -1.0,
    }  # fmt: skip
    return Shown(part=part, fields=FIELDS, files=sound, draft=draft or {}, types={"voice.ogg": "audio/ogg"})


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def segments(page: Page) -> list[tuple[str, float, float]]:
    return [(mark["choice"], mark["start"], mark["end"]) for mark in answers(page).get("claims", [])]


def test_a_segment_is_made_with_in_and_out_at_exact_hundredths(voice: Page) -> None:
    press(voice, "ArrowRight", ".", ".", ".", "i", "ArrowRight", "ArrowRight", ",", "o")
    assert segments(voice) == [("claim", 1.03, 3.02)]


def test_brackets_and_enter_make_a_segment_too_and_the_order_does_not_matter(voice: Page) -> None:
    press(voice, "Shift+ArrowRight", "[", "ArrowLeft", "ArrowLeft", "Enter")
    assert segments(voice) == [("claim", 3.0, 5.0)]
    press(voice, "i", "Shift+ArrowRight", "]")
    assert segments(voice)[1:] == [("claim", 3.0, 8.0)]


def test_every_moment_is_a_whole_sample_of_the_original(voice: Page) -> None:
    voice.locator(".timeline-wave").click(position={"x": 333, "y": 20})
    press(voice, "i", ".", ".", "o")
    ((_, start, end),) = segments(voice)
    for moment in (start, end):
        assert moment == round(moment, 6)
        assert abs(moment * RATE - round(moment * RATE)) < 0.05


def test_edges_are_nudged_by_keys_and_every_run_of_nudges_is_one_undo(voice: Page) -> None:
    press(voice, "ArrowRight", "i", "ArrowRight", "o")
    press(voice, "Alt+ArrowRight", "Alt+ArrowRight", "Alt+Shift+ArrowLeft")
    assert segments(voice) == [("claim", 1.02, 1.99)]
    press(voice, "Control+z")
    assert segments(voice) == [("claim", 1.02, 2.0)]
    press(voice, "Control+z")
    assert segments(voice) == [("claim", 1.0, 2.0)]
    press(voice, "Control+z")
    assert segments(voice) == []


def test_edges_move_by_1_10_or_100_ms_to_the_playhead_and_to_the_silences_beside_them(voice: Page) -> None:
    press(voice, "ArrowRight", "i", "ArrowRight", "o")
    press(voice, "Alt+ArrowDown", "Alt+ArrowRight", "Alt+ArrowRight")
    expect(voice.locator(".media-nudge")).to_have_text("1 ms")
    press(voice, "Alt+ArrowUp", "Alt+ArrowUp", "Alt+Shift+ArrowRight")
    expect(voice.locator(".media-nudge")).to_have_text("100 ms")
    assert segments(voice) == [("claim", pytest.approx(1.002, abs=1 / RATE), 2.1)]
    press(voice, "Alt+q")
    assert segments(voice) == [("claim", 0.8, 2.2)]
    press(voice, "ArrowRight", "ArrowRight", "Alt+o", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Alt+i")
    assert segments(voice) == [("claim", 1.0, 4.0)]
    press(voice, "Control+z", "Control+z")
    assert segments(voice) == [("claim", 0.8, 2.2)]


def test_the_loudness_is_levelled_where_one_wants_it(voice: Page) -> None:
    volume = "() => document.querySelector('audio').volume"
    assert voice.evaluate(volume) == 1
    press(voice, "Shift+V")
    assert voice.evaluate(volume) == pytest.approx(10 ** (-10 / 20), abs=0.001)
    press(voice, "Shift+V")
    assert voice.evaluate(volume) == 1


def test_the_timeline_goes_down_to_single_samples(voice: Page) -> None:
    press(voice, "Shift+ArrowRight", *["+"] * 30)
    description = voice.locator(".timeline").get_attribute("aria-description") or ""
    assert description.startswith("Shows 0:05.0 to 0:05.0 of")
    press(voice, "i", ".", "o", "z")
    expect(voice.locator(".timeline")).to_have_attribute("aria-description", "Shows 0:00.0 to 0:12.0 of 0:12.0")
    press(voice, "Shift+Z")
    expect(voice.locator(".timeline")).to_have_attribute("aria-description", re.compile("^Shows 0:05.0 to 0:05.0 of"))


def test_words_with_times_are_played_from_and_go_when_the_text_is_changed(
    page: Page, serving: MediaPage, sound: dict[str, Path | bytes]
) -> None:
    words = [{"text": "only", "start": 1.0, "end": 1.4}, {"text": "today", "start": 1.5, "end": 2.0}]
    mark = {
        "id": "a",
        "choice": "claim",
        "start": 1.0,
        "end": 3.0,
        "source": "human",
        "transcript": "only today",
        "words": words,
    }
    serving.open(page, shown(sound, {"claims": [mark]}))
    expect(page.locator(".timeline[data-wave=ready]")).to_be_visible()
    press(page, "Tab")
    expect(page.locator(".media-word")).to_have_text(["only", "today"])
    page.locator(".media-word").nth(1).click()
    expect(page.locator(".media-word[data-heard]")).to_have_text("today")
    press(page, "k")
    page.locator(".media-transcript textarea").click()
    press(page, "Alt+Shift+ArrowLeft")
    assert answers(page)["claims"][0]["words"] == words
    before = page.evaluate("() => document.querySelector('audio').currentTime")
    press(page, "Alt+b")
    assert page.evaluate("() => document.querySelector('audio').currentTime") == pytest.approx(
        max(before - 2, 0), abs=0.05
    )
    press(page, "Alt+s")
    expect(page.locator(".media-speed")).to_have_text("0.75×")
    press(page, "Alt+w")
    expect(page.locator(".media-speed")).to_have_text("1×")
    page.keyboard.type("now")
    expect(page.locator(".media-word")).to_have_count(0)
    assert answers(page)["claims"][0]["transcript"] == "only todaynow"
    assert "words" not in answers(page)["claims"][0]


def test_listening_the_out_key_ends_the_segment_where_the_sound_is(voice: Page) -> None:
    press(voice, "Space")
    voice.wait_for_function("() => document.querySelector('audio').currentTime > 0.4")
    press(voice, "i")
    voice.wait_for_function("() => document.querySelector('audio').currentTime > 1.2")
    press(voice, "o", "k")
    expect(voice.locator("#played")).to_have_attribute("data-playing", "false")
    ((_, start, end),) = segments(voice)
    assert 0.4 <= start < 0.8
    assert 1.2 <= end < 1.7
    ranges = media_page.played(voice)
    assert ranges[0][0] == "voice"
    assert ranges[0][1] < 0.2
    assert end - 0.3 < ranges[-1][2] < end + 0.5
    assert {speed for *_, speed in ranges} == {1}


def test_speed_is_changed_by_keys_and_what_was_heard_is_told_with_it(voice: Page) -> None:
    press(voice, ">", ">", "k")
    expect(voice.locator(".media-speed")).to_have_text("1.5×")
    voice.wait_for_function("() => document.querySelector('audio').currentTime > 0.9")
    press(voice, "<")
    voice.wait_for_function("() => document.querySelector('audio').currentTime > 1.6")
    press(voice, "k")
    expect(voice.locator("#played")).to_have_attribute("data-playing", "false")
    speeds = {speed for *_, speed in media_page.played(voice)}
    assert speeds == {1.5, 1.25}
    assert voice.evaluate("() => document.querySelector('audio').preservesPitch") is True


def test_shuttling_back_goes_back_and_k_stops_it(voice: Page) -> None:
    press(voice, "Shift+ArrowRight", "j", "j")
    voice.wait_for_function("() => document.querySelector('audio').currentTime < 4.4")
    press(voice, "k")
    stopped = voice.evaluate("() => document.querySelector('audio').currentTime")
    voice.wait_for_timeout(300)
    assert voice.evaluate("() => document.querySelector('audio').currentTime") == stopped


def test_the_transcript_is_typed_while_listening_without_leaving_it(voice: Page) -> None:
    press(voice, "i", "ArrowRight", "o", "i", "ArrowRight", "o", "Escape", "Tab", "Enter")
    voice.keyboard.type("Nå kun 99 kr 🎉 k j l")
    press(voice, "Alt+j")
    expect(voice.locator("fasit-audio")).to_have_attribute("data-playing", "")
    press(voice, "Enter")
    voice.keyboard.type("second")
    press(voice, "Escape")
    first, second = answers(voice)["claims"]
    assert first["transcript"] == "Nå kun 99 kr 🎉 k j l"
    assert second["transcript"] == "second"
    expect(voice.locator(".timeline")).to_be_focused()


def test_tab_goes_through_the_segments_and_out_and_delete_removes(voice: Page) -> None:
    press(voice, "i", "ArrowRight", "o", "ArrowRight", "i", "ArrowRight", "o", "Escape")
    press(voice, "Tab")
    expect(voice.locator(".timeline-mark[aria-pressed=true]")).to_have_attribute(
        "aria-label", "Claim, 0:00.000 to 0:01.000"
    )
    press(voice, "Tab")
    expect(voice.locator(".timeline-mark:focus")).to_have_attribute("aria-label", "Claim, 0:02.000 to 0:03.000")
    press(voice, "Delete")
    assert segments(voice) == [("claim", 0, 1.0)]
    expect(voice.locator(".timeline")).to_be_focused()
    press(voice, *["Tab"] * 8)
    assert voice.evaluate("() => document.activeElement.closest('.timeline') === null")


def test_space_on_a_focused_segment_plays_and_does_not_press_it(voice: Page) -> None:
    press(voice, "i", "ArrowRight", "o", "Escape", "Tab", "Space")
    expect(voice.locator("fasit-audio")).to_have_attribute("data-playing", "")


def test_a_segment_is_drawn_and_its_edge_dragged_with_the_mouse(voice: Page) -> None:
    box = voice.locator(".timeline-wave").bounding_box()
    assert box is not None
    at = lambda seconds: box["x"] + box["width"] * seconds / SECONDS  # noqa: E731 (one line of arithmetic)
    voice.mouse.move(at(3), box["y"] + 30)
    voice.mouse.down()
    voice.mouse.move(at(4), box["y"] + 30, steps=4)
    voice.mouse.move(at(6), box["y"] + 30, steps=4)
    voice.mouse.up()
    ((_, start, end),) = segments(voice)
    assert (start, end) == (pytest.approx(3, abs=0.01), pytest.approx(6, abs=0.01))
    row = voice.locator(".timeline-mark").bounding_box()
    assert row is not None
    voice.mouse.move(row["x"] + row["width"] - 3, row["y"] + 10)
    voice.mouse.down()
    voice.mouse.move(at(5), row["y"] + 10, steps=5)
    voice.mouse.move(at(8), row["y"] + 10, steps=5)
    voice.mouse.up()
    ((_, same, end),) = segments(voice)
    assert same == start
    assert end == pytest.approx(8, abs=0.05)
    press(voice, "Control+z")
    assert segments(voice)[0][2] == pytest.approx(6, abs=0.01)


def test_a_dragged_edge_snaps_to_the_playhead_and_with_alt_it_does_not(voice: Page) -> None:
    press(voice, "ArrowRight", "i", "ArrowRight", "o", "Shift+ArrowRight", ".")
    row, ruler = voice.locator(".timeline-mark").bounding_box(), voice.locator(".timeline-ruler").bounding_box()
    assert row is not None
    assert ruler is not None
    at = ruler["x"] + ruler["width"] * 7.01 / SECONDS
    voice.mouse.move(row["x"] + row["width"] - 3, row["y"] + 10)
    voice.mouse.down()
    voice.mouse.move(at - 60, row["y"] + 10)
    voice.mouse.move(at - 8, row["y"] + 10)
    voice.mouse.up()
    assert segments(voice) == [("claim", 1.0, 7.01)]
    row = voice.locator(".timeline-mark").bounding_box()
    assert row is not None
    voice.keyboard.down("Alt")
    voice.mouse.move(row["x"] + row["width"] - 3, row["y"] + 10)
    voice.mouse.down()
    voice.mouse.move(at - 60, row["y"] + 10)
    voice.mouse.move(at - 6, row["y"] + 10)
    voice.mouse.up()
    voice.keyboard.up("Alt")
    ((_, _, end),) = segments(voice)
    assert 6.9 < end < 7


def test_the_timeline_zooms_about_the_playhead_and_scrolls(voice: Page) -> None:
    press(voice, "Shift+ArrowRight")
    for _ in range(6):
        voice.get_by_role("button", name="Zoom the timeline in").click()
    description = voice.locator(".timeline").get_attribute("aria-description") or ""
    assert "of 0:12.0" in description
    first, last = description.removeprefix("Shows ").split(" of ")[0].split(" to ")
    assert first < "0:05.0" < last
    box = voice.locator(".timeline-wave").bounding_box()
    assert box is not None
    voice.mouse.move(box["x"] + 100, box["y"] + 20)
    voice.keyboard.down("Shift")
    voice.mouse.wheel(0, 400)
    voice.keyboard.up("Shift")
    expect(voice.locator(".timeline")).not_to_have_attribute("aria-description", description)
    voice.get_by_role("button", name="Show the whole timeline").click()
    expect(voice.locator(".timeline")).to_have_attribute("aria-description", "Shows 0:00.0 to 0:12.0 of 0:12.0")


def test_the_ruler_is_free_and_takes_one_to_its_very_end(voice: Page) -> None:
    box = voice.locator(".timeline-ruler").bounding_box()
    assert box is not None
    voice.mouse.click(box["x"] + box["width"] - 2, box["y"] + 6)
    expect(voice.locator(".media-time")).to_have_text(re.compile(r"^0:11\.9|^0:12"))


def test_escape_drops_what_was_begun_then_the_selection_then_leaves(voice: Page) -> None:
    press(voice, "i", "ArrowRight", "o", "i")
    expect(voice.locator(".timeline-range")).to_be_visible()
    press(voice, "Escape")
    expect(voice.locator(".timeline-range")).to_be_hidden()
    press(voice, "Shift+Tab")
    expect(voice.locator(".timeline-mark[aria-pressed=true]")).to_have_count(1)
    press(voice, "Escape")
    expect(voice.locator(".timeline-mark[aria-pressed=true]")).to_have_count(0)
    press(voice, "Escape")
    expect(voice.locator(".timeline")).not_to_be_focused()


def test_the_segments_of_a_draft_lie_in_lanes_where_they_were(
    page: Page, serving: MediaPage, sound: dict[str, Path | bytes]
) -> None:
    marks = [
        {"id": "a", "choice": "claim", "start": 1.0, "end": 5.0, "source": "human"},
        {"id": "b", "choice": "price", "start": 4.0, "end": 9.0, "source": "human", "transcript": "from 99"},
    ]
    serving.open(page, shown(sound, {"claims": marks}))
    tops = [box["y"] for box in (mark.bounding_box() for mark in page.locator(".timeline-mark").all()) if box]
    assert tops[1] - tops[0] == 26
    expect(page.locator(".timeline-mark").nth(1)).to_have_text("Price: from 99")
    assert answers(page)["claims"] == marks


def test_segments_lie_in_lanes_by_speaker_where_the_schema_says_so(
    page: Page, serving: MediaPage, sound: dict[str, Path | bytes]
) -> None:
    """Lanes follow the speakers' order in the schema, whatever was marked first; who is not named lies last."""
    speakers = [{"value": "host", "title": {"en": "Host"}}, {"value": "guest", "title": {"en": "Guest"}}]
    own = {"name": "speaker", "kind": "choice", "title": {"en": "Speaker"}, "choices": speakers}
    said = [
        ("a", "claim", None, 1, 3),
        ("b", "claim", "guest", 2, 5),
        ("c", "price", "host", 4, 6),
        ("d", "price", "guest", 4.5, 7),
    ]
    marks = [
        {"id": name, "choice": choice, "start": start, "end": end, "source": "human"} | ({"fields": {"speaker": who}} if who else {})
        for name, choice, who, start, end in said
    ]  # fmt: skip
    serving.open(
        page, replace(shown(sound, {"claims": marks}), fields=[{**FIELDS[0], "lanes": "speaker", "fields": [own]}])
    )
    expect(page.locator(".timeline-lane")).to_have_text(["Host", "Guest", "Speaker: not answered"])
    boxes = {name: page.locator(f"[data-mark={name}]").bounding_box() for name in "abcd"}
    first = min(box["y"] for box in boxes.values() if box)
    rows = {name: round((box["y"] - first) / 26) for name, box in boxes.items() if box}
    assert rows == {"c": 0, "b": 1, "d": 2, "a": 3}
    expect(page.locator("[data-mark=d]")).to_have_attribute("aria-label", "Guest · Price, 0:04.500 to 0:07.000")
    expect(page.locator("[data-mark=a]")).to_have_text("Claim")
