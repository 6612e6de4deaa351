"""Every tool of a picture in the hand of somebody with a mouse; what they drew is read back by the API, to the pixel."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.tools_site import Hands, ToolsSite, block, coded, geometry, near, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tools_site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolsSite]:
    with served(migrated_sqlite, tmp_path_factory.mktemp("tools")) as site:
        yield site


@pytest.fixture
def hands(page: Page, tools_site: ToolsSite) -> Hands:
    made = Hands(page, tools_site)
    made.start()
    return made


def test_a_box_is_dragged_moved_and_resized(hands: Hands) -> None:
    hands.take("Draw a box")
    hands.drag((300, 300), (400, 360), (500, 420))
    hands.take("Select and move")
    hands.drag((400, 360), (410, 370), (437, 381))
    hands.drag((537, 441), (560, 450), (600, 500))
    [mark] = hands.submitted()["objects"]
    assert geometry(mark) == (337, 321, 263, 179, 0)


def test_a_box_dragged_out_of_the_picture_ends_at_its_edge(hands: Hands) -> None:
    hands.take("Draw a box")
    hands.drag((1500, 1100), (1580, 1180), (1650, 1240))
    [mark] = hands.submitted()["objects"]
    assert geometry(mark) == (1500, 1100, 100, 100, 0)


def test_a_turned_box_is_made_by_three_clicks_and_turned_by_its_handle(hands: Hands) -> None:
    hands.take("Draw a turned box")
    hands.click((700, 300), (700, 600), (500, 600))
    hands.take("Draw a turned box")
    hands.click((900, 300), (1100, 300), (1100, 400))
    handle = (1000, 300 - 26 * scale(hands))
    hands.drag(handle, (1100, 330), (1100, 350))
    marks = hands.submitted()["objects"]
    assert [geometry(mark) for mark in marks] == [(450, 350, 300, 200, 90), (900, 300, 200, 100, 90)]


def scale(hands: Hands) -> float:
    """Pixels of the picture per pixel of the screen."""
    return 100 / (hands.at(100, 0)[0] - hands.at(0, 0)[0])


def test_a_polygon_is_clicked_then_its_points_moved_added_and_removed(hands: Hands) -> None:
    hands.take("Draw a polygon")
    hands.click((300, 300), (600, 300), (600, 600), (300, 600), (300, 300))
    hands.take("Select and move")
    hands.drag((600, 600), (640, 640), (660, 670))
    hands.drag((450, 300), (450, 260), (450, 200))
    hands.page.keyboard.down("Alt")
    hands.click((300, 600))
    hands.page.keyboard.up("Alt")
    [mark] = hands.submitted()["areas"]
    assert geometry(mark) == [[300, 300], [450, 200], [600, 300], [660, 670]]


def test_a_corner_snaps_to_the_corner_of_a_neighbour_while_ctrl_is_held(hands: Hands) -> None:
    hands.take("Draw a polygon")
    hands.click((300, 300), (600, 300), (450, 600), (300, 300))
    hands.take("Draw a polygon")
    hands.page.keyboard.down("Control")
    hands.click((602, 297))
    hands.page.keyboard.up("Control")
    hands.click((900, 300))
    hands.click((900, 600), click_count=2)
    assert geometry(hands.submitted()["areas"][1]) == [[600, 300], [900, 300], [900, 600]]


def test_an_ellipse_is_dragged_like_a_box_and_kept_as_a_polygon(hands: Hands) -> None:
    hands.take("Draw an ellipse")
    hands.drag((400, 300), (500, 400), (800, 500))
    [mark] = hands.submitted()["areas"]
    points = np.array(geometry(mark))
    assert points.min(0).tolist() == [400, 300]
    assert points.max(0).tolist() == [800, 500]
    assert np.hypot(*((points - [600, 400]) / [200, 100]).T) == pytest.approx(1, abs=1e-3)
    assert len(points) == 64


def test_a_line_is_clicked_and_ends_with_a_double_click(hands: Hands) -> None:
    hands.take("Draw a line")
    hands.click((100, 900), (500, 700), (900, 950))
    hands.click((1400, 720), click_count=2)
    [mark] = hands.submitted()["edges"]
    assert geometry(mark) == [[100, 900], [500, 700], [900, 950], [1400, 720]]


def test_points_are_placed_by_their_names_one_occluded_and_one_left_out(hands: Hands) -> None:
    hands.take("Place points")
    hands.click((1080, 400), (1220, 400))
    hands.take("Occluded point")
    hands.click((1150, 480))
    hands.take("Not to be seen: leave this point out")
    [mark] = hands.submitted()["pose"]
    assert mark["choice"] == "adult"
    assert geometry(mark) == {
        "left_eye": [1080, 400, 2], "right_eye": [1220, 400, 2], "nose": [1150, 480, 1], "mouth": [0, 0, 0],
    }  # fmt: skip


def test_a_mask_is_painted_by_the_brush_and_erased_from(hands: Hands) -> None:
    hands.take("Paint a mask")
    hands.drag((1000.5, 300.5), (1100.5, 300.5), (1200.5, 500.5))
    hands.rest()
    hands.take("Smaller brush")
    hands.take("Erase from the mask")
    hands.drag((1100.5, 200.5), (1100.5, 600.5))
    [mark] = hands.submitted()["paint"]
    painted = near([(1000.5, 300.5), (1100.5, 300.5), (1200.5, 500.5)], 33)
    assert geometry(mark) == coded(painted & ~near([(1100.5, 200.5), (1100.5, 600.5)], 27))


def test_an_outline_is_filled_a_part_cut_out_and_the_hole_filled_again(hands: Hands) -> None:
    hands.take("Fill a hole, or draw an outline to fill it")
    hands.click((500, 500), (900, 500), (900, 800), (500, 800), (500, 500))
    hands.rest()
    hands.take("Draw an outline to cut it out of the mask")
    for left in (600, 750):
        hands.click((left, 600), (left + 50, 600), (left + 50, 700), (left, 700), (left, 600))
        hands.rest()
    hands.take("Fill a hole, or draw an outline to fill it")
    hands.click((620, 650))
    [mark] = hands.submitted()["paint"]
    assert geometry(mark) == coded(block(500, 500, 900, 800) & ~block(750, 600, 800, 700))


def test_marks_are_copied_locked_hidden_and_put_over_each_other(hands: Hands) -> None:
    hands.take("Draw a box")
    hands.drag((300, 300), (400, 400), (500, 500))
    hands.drag((450, 520), (500, 560), (700, 700))
    hands.take("Duplicate")
    hands.take("Select and move")
    hands.drag((600, 600), (700, 600), (800, 610))
    hands.take("Send back")
    hands.take("Lock")
    hands.drag((850, 650), (900, 700), (950, 750))
    first = hands.page.locator(".mark-row").first
    first.locator(".mark-choose").click()
    hands.take("Hide this mark")
    expect(first.locator("[data-state=hidden]")).to_be_visible()
    hands.drag((310, 310), (600, 310), (700, 310))
    marks = hands.submitted()["objects"]
    assert [geometry(mark)[:4] for mark in marks] == [
        (300, 300, 200, 200), (662, 542, 250, 180), (450, 520, 250, 180),
    ]  # fmt: skip
