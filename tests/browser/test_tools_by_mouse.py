"""Every tool of a picture in the hand of somebody with a mouse; what they drew is read back by the API, to the pixel."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.tools_site import (
    HEIGHT,
    WIDTH,
    Hands,
    ToolsSite,
    block,
    coded,
    geometry,
    near,
    served,
    submitted_answers,
)

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


def test_the_word_beside_the_next_point_stays_on_the_screen(hands: Hands) -> None:
    hands.take("Place points")
    stage = hands.stage.bounding_box()
    for corner in ((5, 5), (WIDTH - 5, 5), (5, HEIGHT - 5), (WIDTH - 5, HEIGHT - 5)):
        hands.page.mouse.move(*hands.at(*corner))
        word = hands.page.locator(".draft-word .tag-ground").bounding_box()
        assert stage["x"] <= word["x"]
        assert word["x"] + word["width"] <= stage["x"] + stage["width"]
        assert stage["y"] <= word["y"]
        assert word["y"] + word["height"] <= stage["y"] + stage["height"]


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


def test_a_stroke_that_is_still_being_stored_is_submitted_too(hands: Hands) -> None:
    hands.take("Paint a mask")
    hands.drag((1000.5, 300.5), (1200.5, 500.5))
    [mark] = submitted_answers(hands.page, hands.site)["paint"]
    assert mark["choice"] == "skin"


def test_a_mark_that_is_only_begun_is_not_lost_by_a_submit(hands: Hands) -> None:
    hands.take("Draw a polygon")
    hands.click((300, 300), (600, 300), (600, 600))
    hands.press("Control+Enter")
    expect(hands.page.locator(".work-missing")).to_have_text(
        "A mark is begun on the picture: finish it, or give it up with Escape."
    )
    hands.press("Shift+Enter")
    [mark] = hands.submitted()["areas"]
    assert geometry(mark) == [[300, 300], [600, 300], [600, 600]]


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


def test_points_of_lines_and_templates_are_worked_on_and_snap_while_that_is_on(hands: Hands) -> None:
    hands.take("Draw a line")
    hands.click((200, 900), (500, 700))
    hands.click((900, 950), click_count=2)
    hands.take("Select and move")
    hands.drag((500, 700), (480, 660), (450, 640))
    hands.drag((675, 795), (690, 780), (700, 760))
    hands.page.keyboard.down("Alt")
    hands.click((450, 640))
    hands.page.keyboard.up("Alt")
    hands.drag((450, 830), (450, 810), (460, 800))
    hands.take("Place points")
    hands.click((1080, 400), (1220, 400), (1150, 480), (1150, 560))
    hands.take("Select and move")
    hands.drag((1150, 480), (1160, 490), (1170, 500))
    hands.click((1220, 400))
    hands.take("Occluded point")
    hands.take("Snap to neighbours")
    hands.take("Draw a polygon")
    hands.click((897, 953))
    hands.take("Snap to neighbours")
    hands.click((897, 1103), (1097, 1103))
    hands.take("Make the mark")
    answers = hands.submitted()
    assert geometry(answers["edges"][0]) == [[200, 900], [460, 800], [700, 760], [900, 950]]
    assert geometry(answers["pose"][0]) == {
        "left_eye": [1080, 400, 2], "right_eye": [1220, 400, 1], "nose": [1170, 500, 2], "mouth": [1150, 560, 2],
    }  # fmt: skip
    assert geometry(answers["areas"][0]) == [[900, 950], [897, 1103], [1097, 1103]]


def test_what_is_drawn_beyond_the_picture_ends_at_its_edge_with_every_tool(hands: Hands) -> None:
    hands.take("Draw a polygon")
    hands.click((1500, 300), (1640, 300), (1640, 400), (1500, 300))
    hands.take("Draw a line")
    hands.click((-40, 700))
    hands.click((300, 720), click_count=2)
    hands.take("Draw an ellipse")
    hands.drag((-40, 100), (100, 150), (200, 300))
    hands.take("Place points")
    hands.click((1640, 600), (1500, 650), (1550, 700), (1500, 800))
    hands.take("Paint a mask")
    hands.drag((1500.5, 900.5), (1560.5, 900.5), (1640.5, 900.5))
    hands.rest()
    hands.take("Draw a box")
    hands.drag((400, 300), (500, 400), (600, 500))
    hands.take("Select and move")
    hands.drag((500, 400), (300, 400), (-40, 400))
    answers = hands.submitted()
    assert geometry(answers["areas"][0]) == [[1500, 300], [1600, 300], [1600, 400]]
    assert geometry(answers["edges"][0]) == [[0, 700], [300, 720]]
    ellipse = np.array(geometry(answers["areas"][1]))
    assert (ellipse.min(0).tolist(), ellipse.max(0).tolist()) == ([0, 100], [200, 300])
    assert geometry(answers["pose"][0])["left_eye"] == [1600, 600, 2]
    assert geometry(answers["paint"][0]) == coded(near([(1500.5, 900.5), (1640.5, 900.5)], 33))
    assert geometry(answers["objects"][0]) == (0, 300, 200, 200, 0)


def test_marks_are_chosen_in_the_list_given_other_choices_deleted_and_brought_back(hands: Hands) -> None:
    page = hands.page
    hands.take("Draw a box")
    for left in (300, 600, 900):
        hands.drag((left, 300), (left + 100, 400), (left + 200, 500))
    rows = page.locator(".mark-choose")
    rows.nth(0).click()
    page.locator("fieldset[data-field=objects]").get_by_role("radio", name="glass").click()
    rows.nth(1).click()
    hands.take("Change choice")
    rows.nth(2).click()
    hands.take("Delete")
    expect(page.locator("[data-marks-count]")).to_have_text("2")
    page.locator("[data-act=undo]").click()
    expect(page.locator("[data-marks-count]")).to_have_text("3")
    rows.nth(1).click()
    page.locator("[data-act=delete-mark]").click()
    marks = hands.submitted()["objects"]
    assert [(mark["choice"], *geometry(mark)[:2]) for mark in marks] == [("glass", 300, 300), ("bottle", 900, 300)]
