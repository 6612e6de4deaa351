"""Fingers: choices, boxes and lines by touch, and two fingers that zoom and move a picture without drawing on it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect
from sqlalchemy import select

from app.labels.models import Revision
from tests.browser import marking_page
from tests.browser.labeling_site import Site
from tests.browser.working import SLOW, chosen, expect_saved, start, task_of

pytestmark = pytest.mark.browser

Place = tuple[float, float]


class Fingers:
    """Fingers on the screen; places are pixels of the page."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)

    def put(self, *places: Place) -> None:
        self._send("touchStart", places)

    def go(self, *places: Place) -> None:
        self._send("touchMove", places)

    def lift(self) -> None:
        self._send("touchEnd", ())

    def drag(self, start: Place, *way: Place) -> None:
        self.put(start)
        for place in way:
            self.go(place)
        self.lift()

    def pinch(self, middle: Place, apart: float, to: float, *, by: Place = (0, 0)) -> None:
        """Two fingers beside a place, the first put down a moment before the second, that go to another distance."""
        x, y = middle
        self.put((x - apart / 2, y))
        self.put((x - apart / 2, y), (x + apart / 2, y))
        for step in range(1, 5):
            half, dx, dy = (apart + (to - apart) * step / 4) / 2, by[0] * step / 4, by[1] * step / 4
            self.go((x - half + dx, y + dy), (x + half + dx, y + dy))
        self.lift()

    def _send(self, kind: str, places: tuple[Place, ...]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tablet on its side."""
    context = chromium.new_context(viewport={"width": 1180, "height": 820}, has_touch=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def places(page: Page, width: int) -> tuple[Place, float]:
    """Where the picture's corner is, and how many pixels of the page one of its pixels is."""
    seen = page.locator(".image-picture").bounding_box()
    assert seen is not None
    return (seen["x"], seen["y"]), seen["width"] / width


def at(page: Page, x: float, y: float, *, width: int) -> Place:
    corner, scale = places(page, width)
    return corner[0] + x * scale, corner[1] + y * scale


def tap(target: Locator, *, until: Callable[[], None]) -> None:
    """A tap on what is to have an effect: where the machine is slow, the browser takes a tap for a long press."""
    for _ in range(3):
        target.tap()
        try:
            until()
        except AssertionError:
            continue
        break
    until()


def take(page: Page, tool: str) -> None:
    button = page.get_by_role("button", name=tool, exact=True)
    tap(button, until=lambda: expect(button).to_have_attribute("aria-pressed", "true"))


def zoom(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".image-zoom").inner_text()))


def test_a_task_is_done_by_fingers_alone(page: Page, site: Site) -> None:
    start(page, site)
    expect(page.locator(".image-picture[data-loaded]")).to_be_visible(timeout=SLOW)
    task, fingers = task_of(page), Fingers(page)
    for choice in (page.get_by_role("radio", name="Reject"), page.get_by_role("checkbox", name="minors")):
        tap(choice, until=expect(choice).to_be_checked)
    assert (chosen(page, "verdict"), chosen(page, "reasons")) == (["reject"], ["minors"])

    take(page, "Draw a box")
    fingers.drag(*(at(page, *place, width=1200) for place in ((300, 200), (400, 300), (500, 420))))
    expect(page.locator("[data-marks-count]")).to_have_text("1")
    take(page, "Select and move")
    fingers.drag(*(at(page, *place, width=1200) for place in ((500, 420), (540, 450), (560, 480))))
    fingers.drag(*(at(page, *place, width=1200) for place in ((400, 300), (420, 320), (430, 330))))

    fitted = zoom(page)
    middle = at(page, 600, 400, width=1200)
    fingers.pinch(middle, 80, 240)
    expect(page.locator(".image-zoom")).not_to_have_text(f"{fitted} %")
    assert zoom(page) == pytest.approx(3 * fitted, rel=0.05)
    assert at(page, 600, 400, width=1200) == pytest.approx(middle, abs=3)
    fingers.pinch(middle, 80, 80, by=(60, -40))
    page.wait_for_function("() => !document.querySelector('.image-overlay').style.transform")
    assert at(page, 600, 400, width=1200) == pytest.approx((middle[0] + 60, middle[1] - 40), abs=3)

    expect_saved(page)  # nothing is drawn anew under the finger
    tap(page.locator(".mark-choose").first, until=expect(page.locator(".mark-row.is-selected")).to_be_visible)
    brand = page.get_by_role("radio", name="yes")
    tap(brand, until=expect(brand).to_be_checked)
    gone = expect(page.locator(f"fasit-work[data-task='{task}']"))
    tap(page.locator("[data-act=submit]"), until=lambda: gone.to_have_count(0))
    expect(page.locator(".work-saved[data-state=saved]")).to_be_visible(timeout=SLOW)
    with site.database.read() as session:
        answers = session.scalars(select(Revision.answers).order_by(Revision.seq.desc()).limit(1)).one()
    assert (answers["verdict"], answers["reasons"]) == ("reject", ["minors"])
    [box] = answers["objects"]
    assert [box[side] for side in ("x", "y", "width", "height")] == pytest.approx([330, 230, 260, 280], abs=2)
    assert box["fields"] == {"brand": "yes"}


def test_a_second_finger_drops_what_the_first_began_and_keeps_what_was_there(page: Page) -> None:
    parts = marking_page.Parts()
    parts.image(width=1600, height=1200)
    parts.marks("areas", "polygons", "sky")
    parts.marks("paint", "masks", "skin")
    with marking_page.served(parts):
        marking_page.opened(page, parts)
        expect(page.locator(".image-picture[data-loaded]")).to_be_visible(timeout=SLOW)
        fingers = Fingers(page)
        take(page, "Draw a polygon")
        corners = ((400, 300), (900, 300), (900, 800))
        for corner in corners[:2]:
            page.touchscreen.tap(*at(page, *corner, width=1600))
        fingers.pinch(at(page, 800, 600, width=1600), 60, 120)
        page.wait_for_function("() => !document.querySelector('.image-overlay').style.transform")
        for corner in (corners[2], corners[0]):
            page.touchscreen.tap(*at(page, *corner, width=1600))
        page.wait_for_function("() => document.querySelector('#answers').textContent.includes('areas')")
        [area] = marking_page.answers(page)["areas"]
        assert [value for point in area["points"] for value in point] == pytest.approx(
            [value for corner in corners for value in corner], abs=3
        )
        take(page, "Paint a mask")
        fingers.pinch(at(page, 700, 500, width=1600), 60, 30)
        expect(page.locator(".image-stage:not([data-painting])")).to_be_visible()
        assert "paint" not in marking_page.answers(page)
        fingers.drag(*(at(page, *place, width=1600) for place in ((700, 500), (760, 540), (800, 560))))
        page.wait_for_function("() => document.querySelector('#answers').textContent.includes('paint')")
        assert len(marking_page.answers(page)["paint"]) == 1
