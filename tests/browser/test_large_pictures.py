"""Pictures in tiles: what is seen is the right place of the picture at every zoom, and marks lie exactly on it."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.marking_page import Parts, answers, opened, served

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 8001, 5999
SQUARE = 250
SPOT = (5000, 3000, 5400, 3200)  # left, top, right, bottom of a white rectangle


def color_at(x: float, y: float) -> tuple[int, int, int]:
    """Tells the square of the picture that a point lies in."""
    return 8 + int(x // SQUARE) * 6, 8 + int(y // SQUARE) * 8, 90


def drawn() -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    for x in range(0, WIDTH, SQUARE):
        for y in range(0, HEIGHT, SQUARE):
            pen.rectangle((x, y, x + SQUARE - 1, y + SQUARE - 1), fill=color_at(x, y))
    left, top, right, bottom = SPOT
    pen.rectangle((left, top, right - 1, bottom - 1), fill="white")
    file = BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    shown = Parts()
    shown.large_image(drawn())
    shown.marks("objects", "boxes", "bottle")
    with served(shown) as serving:
        yield serving


@pytest.fixture(params=[1, 2], ids=["1 dot a pixel", "2 dots a pixel"])
def picture(request: pytest.FixtureRequest, page: Page, parts: Parts) -> Page:
    parts.draft = {}
    session = page.context.new_cdp_session(page)
    size = {"width": 1366, "height": 768, "deviceScaleFactor": request.param, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", size)
    opened(page, parts)
    sharp(page)
    return page


def sharp(page: Page) -> None:
    """Waits until every tile that is seen is there."""
    expect(page.locator(".image-tiles[data-complete]")).to_be_visible()
    expect(page.locator(".image-stage[aria-busy]")).to_have_count(0)


def view(page: Page) -> tuple[float, float, float]:
    """Scale and place of the scene that marks are drawn in, on the screen."""
    scale, _, _, _, x, y = (
        float(number) for number in (page.locator(".image-scene").get_attribute("transform") or "")[7:-1].split(" ")
    )
    stage = page.locator(".image-stage").bounding_box()
    assert stage is not None
    return scale, stage["x"] + x, stage["y"] + y


def seen(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot(scale="css"))).convert("RGB")


def check_places(page: Page) -> None:
    scale, left, top = view(page)
    stage = page.locator(".image-stage").bounding_box()
    assert stage is not None
    shot = seen(page)
    looked = 0
    for x in range(SQUARE // 2, WIDTH - SQUARE, SQUARE):
        for y in range(SQUARE // 2, HEIGHT - SQUARE, SQUARE):
            at = (round(left + x * scale), round(top + y * scale))
            inside = stage["x"] + 3 < at[0] < stage["x"] + stage["width"] - 3
            if not (inside and stage["y"] + 3 < at[1] < stage["y"] + stage["height"] - 3):
                continue
            if SPOT[0] - SQUARE < x < SPOT[2] + SQUARE and SPOT[1] - SQUARE < y < SPOT[3] + SQUARE:
                continue
            assert shot.getpixel(at) == pytest.approx(color_at(x, y), abs=3), (x, y)
            looked += 1
    assert looked >= 2


def white_area(page: Page) -> tuple[int, int, int, int]:
    """Where the white rectangle is on the screen."""
    stage = page.locator(".image-stage").bounding_box()
    assert stage is not None
    left, top = round(stage["x"]), round(stage["y"])
    shot = seen(page).crop((left, top, left + round(stage["width"]), top + round(stage["height"])))
    found = shot.split()[2].point(lambda blue: 255 if blue > 225 else 0).getbbox()
    assert found is not None
    return left + found[0], top + found[1], left + found[2], top + found[3]


def zoomed(page: Page, *keys: str) -> None:
    page.locator(".image-stage").focus()
    for key in keys:
        page.keyboard.press(key)
    sharp(page)


def zoom_to_spot(page: Page, wheel: int) -> None:
    scale, left, top = view(page)
    page.mouse.move(left + (SPOT[0] + 200) * scale, top + (SPOT[1] + 100) * scale)
    page.mouse.wheel(0, wheel)
    page.wait_for_timeout(250)
    sharp(page)


def test_every_place_is_shown_where_it_belongs_at_every_zoom(picture: Page) -> None:
    check_places(picture)
    zoomed(picture, "v", "Shift+O")
    check_places(picture)
    zoomed(picture, "-", "ArrowRight", "ArrowDown")
    check_places(picture)
    picture.mouse.wheel(0, 500)
    picture.wait_for_timeout(250)
    sharp(picture)
    check_places(picture)


@pytest.mark.parametrize("wheel", [0, -400, -1100, -1700])
def test_a_box_drawn_about_what_is_seen_has_its_very_pixels(picture: Page, wheel: int) -> None:
    zoom_to_spot(picture, wheel)
    scale, *_ = view(picture)
    left, top, right, bottom = white_area(picture)
    picture.keyboard.press("b")
    picture.mouse.move(left, top)
    picture.mouse.down()
    picture.mouse.move(left + 5, top + 5)
    picture.mouse.move(right, bottom)
    picture.mouse.up()
    [mark] = answers(picture)["objects"]
    found = (mark["x"], mark["y"], mark["x"] + mark["width"], mark["y"] + mark["height"])
    assert found == pytest.approx(SPOT, abs=max(1, 1.1 / scale))


def test_at_original_size_a_pixel_of_the_picture_is_one_of_the_screen(picture: Page) -> None:
    zoom_to_spot(picture, -1100)
    zoomed(picture, "v", "Shift+O")
    scale, left, top = view(picture)
    assert scale == 1
    if picture.evaluate("() => devicePixelRatio") == 1:
        expected = (left + SPOT[0], top + SPOT[1], left + SPOT[2], top + SPOT[3])
        assert white_area(picture) == tuple(round(side) for side in expected)


def test_only_the_tiles_that_are_seen_are_fetched(page: Page, parts: Parts) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/tiles/" in request.url else None)
    opened(page, parts)
    sharp(page)
    assert {url.split("/")[-3] for url in asked} == {"4", "3"}
    page.locator(".image-stage").focus()
    zoomed(page, "v", "Shift+O")
    finest = [url for url in asked if url.split("/")[-3] == "0"]
    assert 0 < len(finest) <= 16
    assert len(asked) == len(set(asked))


def test_when_no_tile_can_be_had_the_picture_says_so(page: Page, parts: Parts) -> None:
    page.route("**/tiles/**", lambda route: route.fulfill(status=404))
    opened(page, parts)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute("**/tiles/**")
    page.get_by_role("button", name="Try again").click()
    sharp(page)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_the_magnifier_shows_finer_tiles_of_the_place_under_the_pointer(page: Page, parts: Parts) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/tiles/" in request.url else None)
    opened(page, parts)
    sharp(page)
    page.get_by_role("button", name="Magnifier").click()
    expect(page.locator("#said")).to_have_text(
        "Magnifier on"
    )  # which takes a line of the page, and the picture shrinks
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    scale, left, top = view(page)
    at = (1.5 * SQUARE, 10.5 * SQUARE)
    page.mouse.move(left + at[0] * scale, top + at[1] * scale)
    loupe = page.locator(".image-loupe canvas").first
    page.wait_for_function("() => document.querySelector('.image-loupe').checkVisibility()")
    sharp(page)
    levels = {url.split("/")[-3] for url in asked}
    expect(loupe).to_be_visible()
    shown = Image.open(BytesIO(loupe.screenshot())).convert("RGB")
    assert shown.getpixel((shown.width // 2 + 18, shown.height // 2 + 18)) == pytest.approx(color_at(*at), abs=3)
    assert levels - {"4", "3"}
