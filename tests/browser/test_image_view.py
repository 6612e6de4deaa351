"""How a picture is looked at: zoom, place, brightness, contrast, greys and the magnifier, by mouse, by keys and by form."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.tools_site import HEIGHT, WIDTH, ToolsSite
from tests.browser.view_site import SLOW, Eyes, served, two_alike

pytestmark = pytest.mark.browser

GROUND, FACE = (123, 135, 148), (233, 195, 155)  # the picture's sky, and its ellipse about (1150, 450)


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolsSite]:
    with served(migrated_sqlite, tmp_path_factory.mktemp("view"), *two_alike()) as made:
        yield made


@pytest.fixture
def eyes(page: Page, site: ToolsSite) -> Eyes:
    made = Eyes(page, site)
    made.start()
    return made


def place(eyes: Eyes) -> tuple[float, float, float]:
    """Left and top of the picture on the page, and its scale."""
    seen = eyes.page.locator(".image-picture").bounding_box()
    assert seen is not None
    return seen["x"], seen["y"], seen["width"] / WIDTH


def on_screen(eyes: Eyes, x: float, y: float) -> tuple[float, float]:
    left, top, scale = place(eyes)
    return left + x * scale, top + y * scale


def magnified(eyes: Eyes) -> Image.Image:
    return Image.open(BytesIO(eyes.page.locator(".image-loupe canvas").first.screenshot())).convert("RGB")


def beside_the_cross(eyes: Eyes) -> tuple[int, ...]:
    shown = magnified(eyes)
    found = shown.getpixel((shown.width // 2 + 20, shown.height // 2 + 20))
    assert isinstance(found, tuple)
    return found


def test_the_view_is_changed_by_mouse(eyes: Eyes) -> None:
    page = eyes.page
    page.mouse.move(*on_screen(eyes, 300, 200))
    page.mouse.down()
    page.mouse.move(*on_screen(eyes, 400, 260), steps=3)
    page.mouse.up()
    fitted = place(eyes)
    eyes.button("Zoom to the selected mark").click()
    left, top, scale = place(eyes)
    stage = eyes.stage.bounding_box()
    assert stage is not None
    assert scale > 3 * fitted[2]
    middle = (left + 350 * scale - stage["x"], top + 230 * scale - stage["y"])
    assert middle == pytest.approx((stage["width"] / 2, stage["height"] / 2), abs=1)
    eyes.button("Original size, 1:1").click()
    assert (eyes.zoom, place(eyes)[2]) == (100, pytest.approx(1))
    eyes.button("Whole picture").click()
    assert place(eyes) == pytest.approx(fitted)

    for name, times in (("Brighter", 2), ("More contrast", 1), ("Greyscale", 1)):
        for _ in range(times):
            eyes.button(name).click()
    assert eyes.filter() == "grayscale(1) brightness(1.2) contrast(1.1)"
    for name, times in (("Darker", 3), ("Less contrast", 2)):
        for _ in range(times):
            eyes.button(name).click()
    assert eyes.filter() == "grayscale(1) brightness(0.9) contrast(0.9)"
    eyes.button("Show the picture as it is").click()
    assert eyes.filter() == "none"

    eyes.button("Magnifier").click()
    page.mouse.move(*on_screen(eyes, 1150, 450))
    expect(page.locator(".image-loupe")).to_be_visible()
    assert beside_the_cross(eyes) == FACE
    page.mouse.move(*on_screen(eyes, 700, 200))
    page.wait_for_function("() => document.querySelector('.image-point').value.startsWith('70')")
    assert beside_the_cross(eyes) == GROUND


def test_the_view_is_changed_by_keys_and_the_magnifier_follows_the_crosshair(eyes: Eyes) -> None:
    fitted = place(eyes)
    eyes.press("Alt+b", "Alt+b", "Alt+n", "Alt+Shift+B", "Alt+Shift+N", "Alt+g")
    assert eyes.filter() == "grayscale(1) brightness(1.1)"
    expect(eyes.button("Greyscale")).to_have_attribute("aria-pressed", "true")
    eyes.press("Alt+r")
    assert eyes.filter() == "none"

    eyes.press("v", "+", "ArrowRight", "ArrowDown")
    assert place(eyes)[2] == pytest.approx(1.35 * fitted[2])
    eyes.press("z")
    assert place(eyes) == pytest.approx(fitted)
    eyes.press("b", "Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter", "Shift+Z")
    assert place(eyes)[2] > 5 * fitted[2]
    eyes.press("z", "Shift+O")
    assert eyes.zoom == 100

    eyes.press("z", "Alt+m", "n")
    loupe = eyes.page.locator(".image-loupe")
    before = loupe.bounding_box()
    eyes.press(*["Control+ArrowRight"] * 3, *["Control+ArrowUp"] * 2)
    expect(eyes.page.locator(".image-point")).to_have_text("1110, 410")
    assert beside_the_cross(eyes) == FACE
    assert loupe.bounding_box() != before
    eyes.press("Alt+m")
    expect(loupe).to_be_hidden()


def test_the_form_sets_everything_by_numbers_and_sliders(eyes: Eyes) -> None:
    page = eyes.page
    eyes.press("Alt+v")
    expect(eyes.form.get_by_label("Brightness, slider")).to_be_focused()
    eyes.press("ArrowRight")
    assert eyes.filter() == "brightness(1.05)"
    eyes.form.get_by_label("Contrast", exact=True).fill("150")
    assert eyes.filter() == "brightness(1.05) contrast(1.5)"
    contrast = eyes.form.get_by_label("Contrast", exact=True)
    contrast.fill("999")
    contrast.press("Tab")
    expect(contrast).to_have_value("300")
    eyes.form.get_by_label("Zoom", exact=True).fill("200")
    eyes.form.get_by_label("Zoom", exact=True).press("Tab")
    assert (eyes.zoom, place(eyes)[2]) == (200, pytest.approx(2))
    left, top, _ = place(eyes)
    eyes.form.get_by_role("button", name="Look further left").click()
    eyes.form.get_by_role("button", name="Look further down").click()
    assert place(eyes)[:2] == pytest.approx((left + 120, top - 120))
    eyes.form.get_by_label("Zoom, slider").fill("0")
    assert eyes.zoom < 30
    eyes.form.get_by_label("Greyscale").check()
    assert eyes.filter().startswith("grayscale(1)")
    eyes.form.get_by_label("Magnifier beside the pointer or crosshair").check()
    eyes.form.get_by_label("Magnify", exact=True).fill("8")
    expect(page.locator(".image-loupe")).to_be_visible()
    eyes.press("Escape")
    expect(eyes.form).to_be_hidden()
    expect(eyes.button("Adjust by numbers")).to_be_focused()


def test_the_next_picture_is_looked_at_alike_only_where_that_is_wanted(eyes: Eyes) -> None:
    page = eyes.page
    eyes.press("Alt+b", "Alt+g", "+", "+", "+", "Control+Enter")
    expect(page.locator(".work-header, header").first).to_be_visible()
    page.wait_for_function("() => getComputedStyle(document.querySelector('.image-layer')).filter === 'none'")
    eyes.awake()
    assert eyes.zoom < 60

    eyes.start()
    eyes.press("Alt+v")
    with page.expect_response(re.compile("me/preferences"), timeout=SLOW):
        eyes.form.get_by_label("Keep view and zoom for the next pictures").check()
    eyes.press("Escape")
    eyes.stage.focus()
    with page.expect_response(re.compile("me/preferences"), timeout=SLOW):
        eyes.press("v", "Alt+b", "Alt+g", "+", "+", "+", "ArrowRight")
    kept, task = place(eyes), page.locator("fasit-work").get_attribute("data-task")
    eyes.press("Control+Enter")
    expect(page.locator(f"fasit-work:not([data-task='{task}'])")).to_be_visible(timeout=SLOW)
    eyes.awake()
    assert eyes.filter() == "grayscale(1) brightness(1.1)"
    assert place(eyes) == pytest.approx(kept, abs=0.01)
    page.reload()
    eyes.awake()
    assert eyes.filter() == "grayscale(1) brightness(1.1)"
    assert place(eyes) == pytest.approx(kept, abs=0.01)
    assert HEIGHT * kept[2] > 900
    eyes.press("Alt+v")
    with page.expect_response(re.compile("me/preferences"), timeout=SLOW):
        eyes.form.get_by_label("Keep view and zoom for the next pictures").uncheck()
    page.reload()
    eyes.awake()
    assert eyes.filter() == "none"
