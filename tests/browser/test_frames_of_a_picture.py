"""A picture that moves: a frame is chosen or the frames are played; marks are of the frame that is shown."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import violations
from tests.browser.tools_site import ToolsSite, submitted_answers
from tests.browser.view_site import DURATIONS, FIRST, Eyes, one_that_moves, served
from tests.making_frames import SIZE, number_of

pytestmark = pytest.mark.browser

LAST = len(DURATIONS) - 1


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolsSite]:
    with served(migrated_sqlite, tmp_path_factory.mktemp("frames"), one_that_moves()) as made:
        yield made


@pytest.fixture
def eyes(page: Page, site: ToolsSite) -> Eyes:
    made = Eyes(page, site)
    made.start()
    return made


def seen(eyes: Eyes) -> int:
    """Which frame is on the screen: read out of the picture itself."""
    shot = eyes.page.screenshot()
    box = eyes.page.locator(".image-picture").bounding_box()
    assert box is not None
    area = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
    return number_of(Image.open(BytesIO(shot)).convert("RGB").crop(tuple(map(round, area))).resize(SIZE)) - FIRST


def at(eyes: Eyes, frame: int) -> None:
    """Waits until this frame is shown, looks that it is, and at what the strip says of it."""
    number = eyes.page.locator(".frame-number")
    expect(number).to_have_value(str(frame))
    expect(eyes.page.locator(".frame-time")).to_have_text(f"{sum(DURATIONS[:frame]) / 1000:.2f} s")
    eyes.page.wait_for_function("(frame) => document.querySelector('fasit-image').desk.frame === frame", arg=frame)
    assert seen(eyes) == frame


def on_screen(eyes: Eyes, x: float, y: float) -> tuple[float, float]:
    box = eyes.page.locator(".image-picture").bounding_box()
    assert box is not None
    return box["x"] + x * box["width"] / SIZE[0], box["y"] + y * box["height"] / SIZE[1]


def drag(eyes: Eyes, start: tuple[float, float], end: tuple[float, float]) -> None:
    eyes.page.mouse.move(*on_screen(eyes, *start))
    eyes.page.mouse.down()
    eyes.page.mouse.move(*on_screen(eyes, *end), steps=3)
    eyes.page.mouse.up()


def test_a_frame_is_chosen_by_mouse_and_its_marks_are_its_own(eyes: Eyes) -> None:
    page = eyes.page
    marks = page.locator(".image-mark:not(.image-draft)")
    at(eyes, 0)
    drag(eyes, (40, 34), (60, 44))
    expect(marks).to_have_count(1)
    eyes.button("Next frame").click()
    eyes.button("Next frame").click()
    at(eyes, 2)
    expect(marks).to_have_count(0)
    drag(eyes, (10, 34), (30, 44))
    drag(eyes, (60, 32), (80, 40))
    expect(marks).to_have_count(2)
    expect(page.locator(".frame-marks")).to_have_text("2 of 3 marks here")
    eyes.button("Last frame").click()
    at(eyes, LAST)
    page.locator(".frame-slider").fill("1")
    at(eyes, 1)
    page.locator(".frame-number").fill("99")
    page.locator(".frame-number").press("Enter")
    at(eyes, LAST)
    rows = page.locator(".mark-row")
    expect(rows.locator(".mark-summary")).to_have_text(
        ["frame 0: 20 × 10 at 40, 34", "frame 2: 20 × 10 at 10, 34", "frame 2: 20 × 8 at 60, 32"]
    )
    rows.nth(1).locator("button").click()
    at(eyes, 2)
    expect(page.locator(".image-mark[data-selected]")).to_have_count(1)

    page.locator(".mark-numbers summary").click()
    frame = page.locator(".mark-numbers").get_by_label("Frame")
    expect(frame).to_have_value("2")
    frame.fill("4")
    frame.press("Tab")
    at(eyes, 4)
    expect(page.locator(".image-mark[data-selected]")).to_have_count(1)
    answers = submitted_answers(eyes.page, eyes.site)
    assert [(mark["frame"], mark["x"], mark["width"]) for mark in answers["objects"]] == [
        (0, 40, 20),
        (4, 10, 20),
        (2, 60, 20),
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_view_and_the_frames_are_accessible(
    chromium: Browser, site: ToolsSite, theme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, color_scheme=theme)
    eyes = Eyes(context.new_page(), site)
    eyes.start()
    at(eyes, 0)
    eyes.press("Alt+m", "Alt+v")
    expect(eyes.form).to_be_visible()
    assert violations(eyes.page) == []
    context.close()


def test_frames_are_gone_through_and_marked_by_keys(eyes: Eyes) -> None:
    eyes.press("Alt+l", "Alt+l", "Alt+l", "Alt+j")
    at(eyes, 2)
    eyes.press("Alt+Shift+L")
    at(eyes, LAST)
    eyes.press("Alt+Shift+J")
    at(eyes, 0)
    eyes.press("Alt+l")
    at(eyes, 1)
    eyes.press("b", "Enter", *["ArrowRight"] * 8, *["ArrowDown"] * 5, "Enter")
    expect(eyes.page.locator(".image-mark[data-selected]")).to_have_count(1)
    eyes.press("Alt+l")
    at(eyes, 2)
    expect(eyes.page.locator(".image-mark:not(.image-draft)")).to_have_count(0)
    eyes.press("Alt+j")
    at(eyes, 1)
    expect(eyes.page.locator(".image-mark:not(.image-draft)")).to_have_count(1)
    [mark] = submitted_answers(eyes.page, eyes.site)["objects"]
    assert (mark["frame"], mark["width"], mark["height"]) == (1, 8, 5)


def test_frames_play_only_when_asked_and_stop_at_a_press_that_marks_nothing(eyes: Eyes) -> None:
    page = eyes.page
    page.emulate_media(reduced_motion="reduce")
    at(eyes, 0)
    play = eyes.button("Play the frames")
    expect(play).to_have_attribute("aria-pressed", "false")
    page.evaluate(
        "() => { const desk = document.querySelector('fasit-image').desk; window.played = [];"
        " desk.addEventListener('items', () => window.played.push(desk.frame)) }"
    )
    eyes.press("Alt+k")
    expect(play).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"(count) => window.played.length > {LAST} + 2")
    played = page.evaluate("() => window.played")
    assert played == [(step + 1) % len(DURATIONS) for step in range(len(played))]
    drag(eyes, (20, 34), (60, 44))
    expect(play).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".frame-marks")).to_have_text("No marks")
    at(eyes, int(page.locator(".frame-number").input_value()))
    play.click()
    play.click()
    expect(play).to_have_attribute("aria-pressed", "false")


def test_a_frame_that_cannot_be_had_leaves_the_one_before_it_and_says_so(page: Page, site: ToolsSite) -> None:
    eyes = Eyes(page, site)
    eyes.start()
    at(eyes, 0)
    page.wait_for_load_state("networkidle")
    page.route("**/*", lambda route: route.abort() if "stills" in route.request.url else route.continue_())
    eyes.press("Alt+Shift+L")
    expect(page.get_by_text(f"Frame {LAST} could not be loaded.")).to_have_count(1)
    at(eyes, 0)
    page.unroute("**/*")
    eyes.press("Alt+Shift+L")
    at(eyes, LAST)
