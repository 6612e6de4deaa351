"""Boxes on a picture: real mouse and key events, and the exact pixels of the original that they make."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.marking_page import Parts, answers, opened, served

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 1600, 1200


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    shown = Parts()
    shown.image(width=WIDTH, height=HEIGHT, shown=0.5)
    shown.marks("objects", "boxes", "bottle", "person", "logo")
    with served(shown) as serving:
        yield serving


@pytest.fixture(autouse=True)
def fresh(parts: Parts) -> None:
    parts.draft, parts.read_only = {}, False


@pytest.fixture
def picture(page: Page, parts: Parts) -> Page:
    return opened(page, parts)


def boxes(page: Page) -> list[tuple[float, ...]]:
    return [tuple(mark[side] for side in ("x", "y", "width", "height")) for mark in answers(page).get("objects", [])]


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the original is seen."""
    seen = page.locator(".image-picture").bounding_box()
    assert seen is not None
    return seen["x"] + x * seen["width"] / WIDTH, seen["y"] + y * seen["height"] / HEIGHT


def in_picture(page: Page, x: float, y: float) -> tuple[float, float]:
    """Which pixel of the original is seen there."""
    seen = page.locator(".image-picture").bounding_box()
    assert seen is not None
    return (x - seen["x"]) * WIDTH / seen["width"], (y - seen["y"]) * HEIGHT / seen["height"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x, y), (to_x, to_y) = on_screen(page, *start), on_screen(page, *end)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move((x + to_x) / 2, (y + to_y) / 2)
    page.mouse.move(to_x, to_y)
    page.mouse.up()


def click(page: Page, x: float, y: float) -> None:
    page.mouse.click(*on_screen(page, x, y))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def draw_by_keys(page: Page) -> None:
    """A box from the middle (800, 600), 105 wide and 21 high."""
    page.locator(".image-stage").focus()
    press(page, "b", "Enter", "Control+ArrowRight", *["ArrowRight"] * 5, *["Shift+ArrowDown"] * 2, "ArrowDown", "Enter")


def test_a_box_is_drawn_by_the_keyboard_alone_to_the_pixel(picture: Page) -> None:
    draw_by_keys(picture)
    [mark] = answers(picture)["objects"]
    assert {key: mark[key] for key in mark if key != "id"} == {
        "choice": "bottle", "x": 800, "y": 600, "width": 105, "height": 21, "rotation": 0, "source": "human",
    }  # fmt: skip
    expect(picture.locator(".image-mark:focus")).to_have_attribute(
        "aria-label", "Bottle, box 1 of 1, left 800, top 600, 105 by 21 pixels"
    )


def test_arrows_move_the_new_box_and_alt_arrows_resize_it(picture: Page) -> None:
    draw_by_keys(picture)
    press(picture, "ArrowLeft", "Shift+ArrowUp", "Alt+ArrowRight", "Alt+Shift+ArrowDown")
    assert boxes(picture) == [(799, 590, 106, 31)]
    press(picture, "Control+Z")
    assert boxes(picture) == [(800, 600, 105, 21)]


def test_the_next_box_gets_the_choice_picked_for_it(picture: Page) -> None:
    draw_by_keys(picture)
    press(picture, "n", "2", "Enter", "Shift+ArrowLeft", "Shift+ArrowUp", "Enter")
    assert [mark["choice"] for mark in answers(picture)["objects"]] == ["bottle", "person"]


def test_a_key_changes_the_choice_of_the_selected_box(picture: Page) -> None:
    draw_by_keys(picture)
    press(picture, "c")
    assert answers(picture)["objects"][0]["choice"] == "person"
    press(picture, "3")
    assert answers(picture)["objects"][0]["choice"] == "logo"


def test_escape_gives_up_the_box_then_the_tool_then_the_picture(picture: Page) -> None:
    picture.locator(".image-stage").focus()
    press(picture, "b", "Enter", "Control+ArrowRight", "Shift+ArrowDown", "Escape")
    assert boxes(picture) == []
    press(picture, "Escape")
    expect(picture.get_by_role("button", name="Select and move")).to_have_attribute("aria-pressed", "true")
    press(picture, "Escape")
    expect(picture.locator(".image-stage")).not_to_be_focused()


def test_tab_goes_through_the_boxes_and_out_at_the_end(page: Page, parts: Parts) -> None:
    parts.draft = {"objects": [mark("a", 10, 10), mark("b", 300, 300)]}
    picture = opened(page, parts)
    picture.locator(".image-stage").focus()
    seen = []
    for key in ("Tab", "Tab", "Shift+Tab"):
        press(picture, key)
        seen.append(picture.inner_text("#selection") or picture.text_content("#selection"))
    assert seen == ["a", "b", "a"]
    press(picture, "Shift+Tab")
    expect(picture.locator(".image-stage")).to_be_focused()
    press(picture, "Tab", "Tab", "Tab")
    assert picture.locator(".image-stage").locator(":focus").count() == 0
    expect(picture.locator(".image-stage")).not_to_be_focused()


def mark(
    name: str, x: float, y: float, width: float = 100, height: float = 80, rotation: float = 0
) -> dict[str, object]:
    box = {"x": x, "y": y, "width": width, "height": height, "rotation": rotation}
    return {"id": name, "choice": "bottle", "source": "human", **box}


def test_delete_removes_the_selected_box_and_undo_brings_it_back(picture: Page) -> None:
    draw_by_keys(picture)
    press(picture, "Delete")
    assert boxes(picture) == []
    expect(picture.locator(".image-stage")).to_be_focused()
    press(picture, "Control+Z")
    assert boxes(picture) == [(800, 600, 105, 21)]


def test_a_box_is_drawn_by_dragging_whatever_the_zoom(picture: Page) -> None:
    press(picture, "Shift+O")
    picture.locator(".image-stage").focus()
    press(picture, "Shift+O", "+", "+")
    drag(picture, (700, 550), (900, 650))
    assert boxes(picture) == [(700, 550, 200, 100)]


def test_a_box_dragged_over_the_edge_ends_at_the_edge(picture: Page) -> None:
    drag(picture, (1400, 1000), (1700, 1215))
    [(x, y, width, height)] = boxes(picture)
    assert (x + width, y + height) == (WIDTH, HEIGHT)


def test_a_twitch_of_the_mouse_makes_nothing(picture: Page) -> None:
    x, y = on_screen(picture, 300, 300)
    picture.mouse.move(x, y)
    picture.mouse.down()
    picture.mouse.move(x + 2, y + 1)
    picture.mouse.up()
    assert boxes(picture) == []


def test_two_clicks_draw_a_box_without_dragging(picture: Page) -> None:
    picture.locator(".image-stage").focus()
    press(picture, "Shift+O")
    click(picture, 600, 500)
    click(picture, 760, 620)
    assert boxes(picture) == [(600, 500, 160, 120)]


def test_a_box_is_moved_and_resized_by_its_handles(page: Page, parts: Parts) -> None:
    parts.draft = {"objects": [mark("a", 700, 500, 200, 150)]}
    picture = opened(page, parts)
    picture.locator(".image-stage").focus()
    press(picture, "Shift+O", "v")
    drag(picture, (800, 575), (830, 565))
    assert boxes(picture) == [(730, 490, 200, 150)]
    drag(picture, (930, 640), (950, 660))
    assert boxes(picture) == [(730, 490, 220, 170)]
    drag(picture, (730, 575), (700, 575))
    assert boxes(picture) == [(700, 490, 250, 170)]
    press(picture, "Control+Z", "Control+Z", "Control+Z")
    assert boxes(picture) == [(700, 500, 200, 150)]


def test_escape_during_a_drag_leaves_the_box_as_it_was(page: Page, parts: Parts) -> None:
    parts.draft = {"objects": [mark("a", 700, 500, 200, 150)]}
    picture = opened(page, parts)
    press(picture, "v")
    picture.locator(".image-stage").focus()
    press(picture, "v")
    picture.mouse.move(*on_screen(picture, 800, 575))
    picture.mouse.down()
    picture.mouse.move(*on_screen(picture, 900, 675))
    press(picture, "Escape")
    picture.mouse.up()
    assert boxes(picture) == [(700, 500, 200, 150)]


def test_the_smallest_box_under_the_pointer_is_chosen(page: Page, parts: Parts) -> None:
    parts.draft = {"objects": [mark("small", 760, 560, 60, 60), mark("large", 600, 400, 500, 400)]}
    picture = opened(page, parts)
    click(picture, 790, 590)
    assert picture.text_content("#selection") == "small"


def test_wheel_zooms_about_the_pointer_and_space_drag_pans(picture: Page) -> None:
    # Browsers give a wheel's place in whole pixels of the screen, so the pointer stands on one.
    x, y = (round(at) for at in on_screen(picture, 400, 300))
    under = in_picture(picture, x, y)
    zoom = picture.locator(".image-zoom")
    before = zoom.inner_text()
    picture.mouse.move(x, y)
    picture.mouse.wheel(0, -600)
    expect(zoom).not_to_have_text(before)
    assert on_screen(picture, *under) == pytest.approx((x, y), abs=0.5)
    picture.locator(".image-stage").focus()
    picture.keyboard.down("Space")
    picture.mouse.down()
    picture.mouse.move(x + 40, y + 25, steps=3)
    picture.mouse.up()
    picture.keyboard.up("Space")
    picture.wait_for_timeout(200)
    assert on_screen(picture, *under) == pytest.approx((x + 40, y + 25), abs=0.5)
    assert boxes(picture) == []


def test_the_position_is_read_in_pixels_of_the_original(picture: Page) -> None:
    picture.mouse.move(*on_screen(picture, 800.5, 600.5))
    expect(picture.locator(".image-point")).to_have_text("800, 600")


def test_a_turned_box_is_shown_turned(page: Page, parts: Parts) -> None:
    parts.draft = {"objects": [mark("a", 700, 500, 200, 100, 90)]}
    seen = opened(page, parts).locator("[data-mark=a] .mark-line").bounding_box()
    assert seen is not None
    assert seen["height"] / seen["width"] == pytest.approx(2, rel=0.1)


def test_who_may_only_read_changes_nothing(page: Page, parts: Parts) -> None:
    parts.draft, parts.read_only = {"objects": [mark("a", 700, 500)]}, True
    picture = opened(page, parts)
    drag(picture, (100, 100), (300, 300))
    click(picture, 750, 540)
    press(picture, "ArrowLeft", "Delete", "b", "n")
    assert boxes(picture) == [(700, 500, 100, 80)]


@pytest.mark.parametrize(("arrives", "sentence"), [(True, "cannot read this picture"), (False, "could not be loaded")])
def test_a_picture_that_cannot_be_shown_says_why(page: Page, arrives: bool, sentence: str) -> None:
    shown = Parts()
    shown.image(width=WIDTH, height=HEIGHT, broken=True)
    shown.marks("objects", "boxes", "bottle")
    if not arrives:
        page.route("**/pictures/*", lambda route: route.fulfill(status=503))
    with served(shown):
        opened(page, shown)
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        expect(page.get_by_role("button", name="Skip this task")).to_be_visible()
        expect(page.get_by_role("button", name="Draw a box")).to_be_disabled()


def test_five_hundred_boxes_stay_smooth(page: Page, parts: Parts) -> None:
    spread = [mark(f"m{at}", at % 25 * 60 + 10, at // 25 * 55 + 10, 45, 40) for at in range(500)]
    parts.draft = {"objects": spread}
    picture = opened(page, parts)
    picture.locator(".image-stage").focus()
    press(picture, "v")
    x, y = on_screen(picture, 30, 30)
    picture.mouse.move(x, y)
    picture.mouse.down()
    picture.mouse.move(x + 5, y + 5)
    longest = picture.evaluate("""async () => {
      const times = []
      const stage = document.querySelector(".image-stage")
      for (let at = 0; at < 40; at += 1) {
        const start = performance.now()
        const where = { bubbles: true, clientX: 300 + at * 4, clientY: 300 + at * 2, pointerId: 1 }
        stage.dispatchEvent(new PointerEvent("pointermove", where))
        await new Promise(requestAnimationFrame)
        await new Promise((done) => setTimeout(done))
        times.push(performance.now() - start)
      }
      return times.sort((one, other) => one - other)[20]
    }""")
    picture.mouse.up()
    assert longest < 50
