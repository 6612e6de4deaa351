"""Every tool of a picture by the keyboard alone; what was drawn is read back by the API, to the pixel."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tools_site import Hands, ToolsSite, block, coded, geometry, near, served

pytestmark = pytest.mark.browser

MIDDLE = (800, 600)  # where the crosshair is at first


@pytest.fixture(scope="module")
def tools_site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolsSite]:
    with served(migrated_sqlite, tmp_path_factory.mktemp("tools")) as site:
        yield site


@pytest.fixture
def hands(page: Page, tools_site: ToolsSite) -> Hands:
    made = Hands(page, tools_site)
    made.start()
    return made


def test_a_box_is_set_by_two_corners_then_moved_and_resized(hands: Hands) -> None:
    hands.press("b", "Enter")
    hands.go(152, 34)
    hands.press("Enter", "Shift+ArrowLeft", "ArrowUp", "Alt+Shift+ArrowRight", "Alt+ArrowDown")
    [mark] = hands.submitted()["objects"]
    assert geometry(mark) == (790, 599, 162, 35, 0)


def test_a_turned_box_is_set_by_its_side_and_its_depth_and_turned_on(hands: Hands) -> None:
    hands.press("r", "Enter")
    hands.go(0, 200)
    hands.press("Enter")
    hands.go(-100, 0)
    hands.press("Enter", ".", ".", "Alt+.", ",")
    [mark] = hands.submitted()["objects"]
    assert geometry(mark) == (650, 650, 200, 100, 106)


def test_a_polygon_is_set_point_by_point_and_its_points_worked_on(hands: Hands) -> None:
    hands.press("p", "Enter")
    for way in ((200, 0), (0, 200), (-200, 0)):
        hands.go(*way)
        hands.press("Enter")
    hands.press("Backspace")
    hands.go(20, 30)
    hands.press("Enter", "Shift+Enter", "Enter", "Tab", "Tab", "ArrowRight", "Shift+ArrowDown", "+", "ArrowLeft")
    [mark] = hands.submitted()["areas"]
    assert geometry(mark) == [[800, 600], [1000, 600], [1001, 810], [909.5, 820], [820, 830]]


def test_a_point_of_a_polygon_is_removed_and_another_snaps_to_a_neighbour(hands: Hands) -> None:
    square = ((100, 0), (0, 100), (-100, 0))
    hands.press("p", "Enter")
    for way in square:
        hands.go(*way)
        hands.press("Enter")
    hands.press("Shift+Enter", "p")
    hands.go(105, 0)
    hands.press("Enter")
    for way in square:
        hands.go(*way)
        hands.press("Enter")
    hands.press("Shift+Enter", "Enter", "Enter", "Tab", "Tab", "Delete")
    first, second = hands.submitted()["areas"]
    assert geometry(first) == [[800, 600], [900, 600], [900, 700], [800, 700]]
    assert geometry(second) == [[900, 700], [1005, 700], [905, 800]]


def test_an_ellipse_is_set_by_two_corners(hands: Hands) -> None:
    hands.press("o", "Enter")
    hands.go(200, 100)
    hands.press("Enter")
    [mark] = hands.submitted()["areas"]
    points = geometry(mark)
    assert (len(points), points[:2]) == (48, [[1000, 650], [999.14, 656.53]])
    assert [min(x for x, _ in points), max(x for x, _ in points)] == [800, 1000]
    assert [min(y for _, y in points), max(y for _, y in points)] == [600, 700]


def test_a_line_is_set_point_by_point_and_ends_on_its_last_one(hands: Hands) -> None:
    hands.press("y", "Enter")
    hands.go(-300, 50)
    hands.press("Enter")
    hands.go(11, -222)
    hands.press("Enter", "Enter")
    [mark] = hands.submitted()["edges"]
    assert geometry(mark) == [[800, 600], [500, 650], [511, 428]]


def test_points_are_set_by_name_left_out_occluded_and_changed_to_another_template(hands: Hands) -> None:
    hands.press("k", "Enter")
    hands.go(100, 0)
    hands.press(",", "Enter", ".")
    hands.go(-50, 80)
    hands.press("Enter", "Enter", "Tab", ",", "ArrowDown", "c")
    [mark] = hands.submitted()["pose"]
    assert mark["choice"] == "child"
    assert geometry(mark) == {
        "left_eye": [800, 600, 2], "right_eye": [900, 601, 2], "nose": [0, 0, 0], "mouth": [850, 680, 2],
    }  # fmt: skip


def test_a_mark_keeps_its_choice_where_another_has_none_of_its_points(hands: Hands) -> None:
    hands.press("k", "Enter", "Shift+Enter", "c", "c")
    expect(hands.page.locator("#announcer")).to_contain_text("That choice has other points")
    assert hands.submitted()["pose"][0]["choice"] == "child"


def test_a_mask_is_painted_and_erased_along_the_arrows(hands: Hands) -> None:
    hands.press("d", "]", "[", "[", "Enter")
    hands.go(200, 0)
    hands.press("Enter")
    hands.rest()
    hands.press("Shift+D")
    hands.go(-100, -90)
    hands.press("Enter")
    hands.go(0, 180)
    hands.press("Enter")
    [mark] = hands.submitted()["paint"]
    painted = near([(800.5, 600.5), (1000.5, 600.5)], 27)
    assert geometry(mark) == coded(painted & ~near([(900.5, 510.5), (900.5, 690.5)], 27))


def test_an_outline_is_filled_cut_and_the_hole_filled_by_keys(hands: Hands) -> None:
    def outline(side: int) -> None:
        hands.press("Enter")
        for way in ((side, 0), (0, side), (-side, 0)):
            hands.go(*way)
            hands.press("Enter")
        hands.press("Shift+Enter")
        hands.rest()
        hands.go(0, -side)

    hands.press("Shift+F")
    outline(300)
    hands.press("Shift+E")
    hands.go(50, 50)
    outline(60)
    hands.go(100, 100)
    outline(60)
    hands.press("Shift+F")
    hands.go(10, 10)
    hands.press("Enter")
    [mark] = hands.submitted()["paint"]
    assert geometry(mark) == coded(block(800, 600, 1100, 900) & ~block(850, 650, 910, 710))


def test_marks_are_copied_locked_hidden_and_put_over_each_other_by_keys(hands: Hands) -> None:
    hands.press("b", "Enter")
    hands.go(100, 100)
    hands.press(
        "Enter", "Control+d", "<", "2", "ArrowRight", "Shift+L", "Shift+ArrowRight", "Delete", "Shift+L", "Alt+h"
    )
    row = hands.page.locator(".mark-row.is-selected")
    expect(row.locator("[data-state=hidden]")).to_be_visible()
    hands.press("ArrowRight", "Alt+h", "c")
    marks = hands.submitted()["objects"]
    assert [(mark["choice"], *geometry(mark)[:2]) for mark in marks] == [("bottle", 813, 612), ("bottle", *MIDDLE)]


def test_a_point_is_moved_by_the_numbers_of_the_list(hands: Hands) -> None:
    hands.press("y", "Enter")
    hands.go(100, 0)
    hands.press("Enter", "Enter")
    form = hands.page.locator(".mark-numbers")
    form.locator("summary").focus()
    hands.press("Enter")
    form.locator("select").select_option(label="point 2 of 2")
    for label, value in (("Point x", "950.25"), ("Top", "20"), ("Left", "5000")):
        form.get_by_label(label, exact=True).fill(value)
        hands.press("Enter")
    hands.press("Escape")
    expect(hands.page.locator("#toasts [role=status]")).to_contain_text("outside the ad")
    [mark] = hands.submitted()["edges"]
    assert geometry(mark) == [[800, 20], [950.25, 20]]


def test_points_of_a_line_are_moved_added_and_removed_and_the_line_is_chosen_in_the_list(hands: Hands) -> None:
    hands.press("y", "Enter")
    for way in ((-300, 50), (0, 200)):
        hands.go(*way)
        hands.press("Enter")
    hands.press("Enter", "Escape", "Escape")
    hands.page.locator(".mark-choose").focus()
    hands.press("Enter")
    expect(hands.page.locator(".mark-row.is-selected")).to_be_visible()
    hands.stage.focus()
    hands.press("Tab", "Enter", "Insert", "Shift+ArrowUp", "Tab", "Delete", "Escape", "Shift+ArrowRight")
    [mark] = hands.submitted()["edges"]
    assert geometry(mark) == [[810, 600], [660, 615], [510, 850]]


def test_nothing_leaves_the_picture_by_keys_either(hands: Hands) -> None:
    hands.press("b", "Enter")
    hands.go(900, 700)
    hands.press("Enter", "Control+ArrowDown", "Control+ArrowRight", "Escape", "p")
    hands.go(-200, -200)
    hands.press("Enter")
    for way in ((900, 0), (0, 900)):
        hands.go(*way)
        hands.press("Enter")
    hands.press("Shift+Enter", "Escape", "d", "Enter")
    hands.go(-100, 0)
    hands.press("Enter")
    answers = hands.submitted()
    assert geometry(answers["objects"][0]) == (800, 600, 800, 600, 0)
    assert geometry(answers["areas"][0]) == [[1400, 1000], [1600, 1000], [1600, 1200]]
    assert geometry(answers["paint"][0]) == coded(near([(1600.5, 1200.5), (1500.5, 1200.5)], 33))
