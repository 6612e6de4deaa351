"""Stepping videos exactly and marking boxes that move: what is on the screen is read from the picture itself."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.assets.rules import Modality
from app.schemas.rules import normal_key, reserved_keys
from tests.browser import making_video, media_page
from tests.browser.making_video import Film
from tests.browser.media_page import MediaPage, Shown, answers

pytestmark = pytest.mark.browser

FIELDS = [
    {
        "name": "bottles",
        "kind": "tracks",
        "part": "clip",
        "choices": [{"value": "bottle", "key": "t", "title": {"en": "Bottle"}}],
    },
    {"name": "scenes", "kind": "segments", "part": "clip", "choices": [{"value": "party", "title": {"en": "Party"}}]},
]
FILMS = ("cfr", "vfr", "webm", "late", "turned")


@pytest.fixture(scope="module")
def serving() -> Iterator[MediaPage]:
    with media_page.serving() as served:
        yield served


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Film]:
    folder = tmp_path_factory.mktemp("films")
    film, even, uneven = making_video.film, making_video.even, making_video.uneven
    return {
        "cfr": film(folder / "cfr.mp4", even(90, Fraction(30000, 1001)), sound=True),
        "vfr": film(folder / "vfr.mp4", uneven(80)),
        "webm": film(folder / "vfr.webm", uneven(80), codec="libvpx-vp9"),
        "late": film(folder / "late.mp4", even(60), start=45000, sound=True),
        "turned": film(folder / "turned.mp4", even(40), turned=True),
    }


def shown(film: Film, *, draft: dict[str, Any] | None = None, fields: list[dict[str, Any]] | None = None) -> Shown:
    part = {
        "name": "clip", "modality": "video", "sha256": "0" * 64, "width": film.width, "height": film.height,
        "duration": film.table["end"] / 1e6, "fps": 30.0, "text": None, "sample_rate": None, "samples": None,
        "frame_count": film.table["count"],
        "urls": {"original": "/media/film", "display": "/media/film", "thumbnail": "", "frames": "/media/frames.json"},
    }  # fmt: skip
    table = str(film.table).replace("'", '"').encode()
    return Shown(part, fields or FIELDS, draft or {}, {"film": film.path, "frames.json": table}, {"film": film.kind})


def open_film(page: Page, serving: MediaPage, film: Film, **more: Any) -> Page:
    serving.open(page, shown(film, **more))
    expect(page.locator("fasit-video:not([aria-busy])")).to_be_visible(timeout=10000)
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def expect_frame(page: Page, frame: int) -> None:
    expect(page.locator(".media-frame:not([data-pending])")).to_have_text(
        re.compile(rf"^frame {frame} of"), timeout=8000
    )


def picture_box(page: Page, film: Film) -> dict[str, float]:
    """Where the picture itself lies on the page: in the middle of the stage, as large as it goes."""
    stage = page.locator(".video-stage").bounding_box()
    assert stage is not None
    scale = min(stage["width"] / film.width, stage["height"] / film.height)
    width, height = film.width * scale, film.height * scale
    left, top = stage["x"] + (stage["width"] - width) / 2, stage["y"] + (stage["height"] - height) / 2
    return {"x": left, "y": top, "width": width, "height": height, "scale": scale}


def seen(page: Page, film: Film) -> int:
    """The number on the picture that is on the screen."""
    box = picture_box(page, film)
    clip = {key: box[key] for key in ("x", "y", "width", "height")}
    return making_video.read(page.screenshot(clip=clip), turned=film.turned)


@pytest.mark.parametrize("name", FILMS)
def test_many_fast_steps_end_on_the_frame_that_was_counted(
    name: str, page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    film = films[name]
    open_film(page, serving, film)
    press(page, *["."] * 23, *[","] * 4, "i", *["."] * 10, "o")
    expect_frame(page, 29)
    page.wait_for_timeout(300)  # what was presented may take a moment to reach a screenshot on a busy machine
    assert seen(page, film) == 29
    expect(page.locator("#answers")).to_contain_text("scenes")
    (segment,) = answers(page)["scenes"]
    times = film.table["times"]
    assert (segment["start"], segment["end"]) == (times[19] / 1e6, times[30] / 1e6)


@pytest.mark.parametrize("name", FILMS)
def test_after_playing_the_frame_that_stays_is_the_frame_that_is_named(
    name: str, page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    film = films[name]
    open_film(page, serving, film)
    expect_frame(page, 0)
    press(page, "Space")
    page.wait_for_timeout(700)
    press(page, "Space")
    page.wait_for_timeout(400)
    named = int(re.findall(r"\d+", page.locator(".media-frame:not([data-pending])").inner_text())[0])
    assert named > 3
    for _ in range(50):  # a busy machine may put the proven picture up a moment after it was told of it
        if seen(page, film) == named:
            break
        page.wait_for_timeout(100)
    expect_frame(page, named)
    assert seen(page, film) == named
    assert media_page.played(page)[0][0] == "clip"
    assert media_page.played(page)[0][1] < 0.1


def make_patient(page: Page) -> None:
    """A clock for the page's own that runs slower, so that on a busy machine too no player is taken to be late."""
    page.add_init_script("""{
        const [now, wait] = [performance.now.bind(performance), window.setTimeout.bind(window)]
        performance.now = () => now() / 40
        window.setTimeout = (call, ms = 0, ...given) => wait(call, ms * 40, ...given)
    }""")


def test_the_exact_decoder_is_fetched_only_where_the_player_does_not_land(
    page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    make_patient(page)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    open_film(page, serving, films["cfr"])
    for frame in range(1, 6):
        press(page, ".")
        expect_frame(page, frame)
    assert not [url for url in fetched if "mediabunny" in url]


def test_a_frame_asked_for_again_is_proven_again_without_the_decoder(
    page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    make_patient(page)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    open_film(page, serving, films["cfr"])
    ruler = page.locator(".timeline-ruler")
    for _ in range(4):
        ruler.click(position={"x": 600, "y": 5})
        expect(page.locator(".media-frame:not([data-pending])")).to_have_text(re.compile("^frame 40 of"))
        press(page, "i", "Escape")
    page.wait_for_timeout(600)
    assert not [url for url in fetched if "mediabunny" in url]


def draw(page: Page, film: Film, x: float, y: float, width: float, height: float) -> None:
    """Drags a box on the picture, given in pixels of the original."""
    at = picture_box(page, film)
    point = lambda px, py: (at["x"] + px * at["scale"], at["y"] + py * at["scale"])  # noqa: E731 (one line of arithmetic)
    page.mouse.move(*point(x, y))
    page.mouse.down()
    page.mouse.move(*point(x + width / 2, y + height / 2), steps=4)
    page.mouse.move(*point(x + width, y + height), steps=4)
    page.mouse.up()


def keyframes(page: Page, index: int = 0) -> list[tuple[int, float, float, float, float, float]]:
    keys = ("frame", "time", "x", "y", "width", "height")
    return [tuple(keyframe[key] for key in keys) for keyframe in answers(page)["bottles"][index]["keyframes"]]


@pytest.mark.parametrize("name", ["vfr", "turned"])
def test_a_box_drawn_and_moved_at_other_frames_has_exact_keyframes(
    name: str, page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    film = films[name]
    open_film(page, serving, film)
    press(page, ".", ".")
    draw(page, film, 20, 60, 40, 50)
    expect(page.locator("#answers")).to_contain_text("keyframes")
    times = film.table["times"]
    assert keyframes(page) == [(2, times[2] / 1e6, 20, 60, 40, 50)]
    press(page, *["."] * 10)
    expect_frame(page, 12)
    expect(page.locator(".track-shape.is-beyond")).to_have_count(1)
    press(page, "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Alt+ArrowLeft")
    expect(page.locator(".timeline-keyframe")).to_have_count(2)
    assert keyframes(page)[1] == (12, times[12] / 1e6, 22, 70, 39, 50)
    press(page, *[","] * 5)
    expect_frame(page, 7)
    share = (times[7] - times[2]) / (times[12] - times[2])
    line = page.locator(".track-line")
    assert float(line.get_attribute("x") or "") == pytest.approx(20 + 2 * share)
    assert float(line.get_attribute("y") or "") == pytest.approx(60 + 10 * share)
    mark = answers(page)["bottles"][0]
    assert set(mark) == {"id", "choice", "keyframes", "source"}
    assert mark["keyframes"][0] == {
        "frame": 2, "time": times[2] / 1e6, "x": 20, "y": 60, "width": 40, "height": 50,
        "rotation": 0, "outside": False, "occluded": False,
    }  # fmt: skip


def test_a_box_is_drawn_with_the_keys_alone(page: Page, serving: MediaPage, films: dict[str, Film]) -> None:
    film = films["cfr"]
    open_film(page, serving, film)
    press(
        page,
        ".",
        "n",
        *["Shift+ArrowLeft"] * 3,
        "ArrowUp",
        "Enter",
        *["Shift+ArrowRight"] * 2,
        *["Shift+ArrowDown"] * 4,
        "Enter",
    )
    expect(page.locator("#answers")).to_contain_text("keyframes")
    assert keyframes(page) == [(1, film.table["times"][1] / 1e6, 130, 95, 20, 40)]
    press(page, "Escape", ".", ".", "Shift+K")
    expect(page.locator(".timeline-keyframe")).to_have_count(2)
    press(page, ".", "Shift+K", "Shift+O")
    expect(page.locator(".timeline-keyframe.is-outside")).to_have_count(1)
    assert [(key["frame"], key["outside"]) for key in answers(page)["bottles"][0]["keyframes"]] == [
        (1, False),
        (3, False),
        (4, True),
    ]
    press(page, "Alt+,")
    expect_frame(page, 3)
    press(page, "Shift+C", "Alt+,")
    expect_frame(page, 1)
    assert answers(page)["bottles"][0]["keyframes"][1]["occluded"] is True
    press(page, "Alt+.", "Shift+Delete")
    expect(page.locator(".timeline-keyframe")).to_have_count(2)
    press(page, "Delete")
    expect(page.locator(".timeline-track")).to_have_count(0)


def test_tab_finds_segments_and_tracks_and_enter_moves_the_box(
    page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    film = films["cfr"]
    keyframe = {
        "frame": 5,
        "time": film.table["times"][5] / 1e6,
        "x": 10,
        "y": 50,
        "width": 30,
        "height": 30,
        "rotation": 0,
    }
    track = {
        "id": "t1",
        "choice": "bottle",
        "keyframes": [{**keyframe, "outside": False, "occluded": False}],
        "source": "human",
    }
    segment = {"id": "s1", "choice": "party", "start": 0.0, "end": film.table["times"][10] / 1e6, "source": "human"}
    open_film(page, serving, film, draft={"bottles": [track], "scenes": [segment]})
    press(page, "Tab", "Alt+Shift+ArrowRight", "Tab")
    expect_frame(page, 5)
    press(page, "Enter", "ArrowRight", "Escape", "Shift+Tab")
    expect(page.locator(".timeline-segment[aria-pressed=true]")).to_be_focused()
    marks = answers(page)
    assert marks["scenes"][0]["end"] == film.table["times"][11] / 1e6
    assert marks["bottles"][0]["keyframes"][0]["x"] == 11


def test_keys_pressed_faster_than_frames_are_shown_keep_their_order(
    page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    film = films["cfr"]
    open_film(page, serving, film)
    press(page, *["."] * 12, "i", *["."] * 30, "o", "Escape", "i", ".", "Escape", "Escape", "n", "Enter", "ArrowRight")
    press(page, "ArrowDown", "Enter", *["."] * 3, "Shift+ArrowRight")
    expect(page.locator(".timeline-keyframe")).to_have_count(2)
    times = film.table["times"]
    marks = answers(page)
    assert [(mark["start"], mark["end"]) for mark in marks["scenes"]] == [(times[12] / 1e6, times[43] / 1e6)]
    assert [(key["frame"], key["x"]) for key in marks["bottles"][0]["keyframes"]] == [(43, 160), (46, 170)]


def test_no_schema_can_take_a_key_of_the_player_or_of_its_tracks(
    page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    open_film(page, serving, films["cfr"])
    declared = page.locator("fasit-video [data-key]").evaluate_all(
        "(buttons) => buttons.flatMap((button) => button.dataset.key.split(' '))"
    )
    reserved = reserved_keys([Modality.VIDEO], marks=["segments", "tracks"])
    assert {"Space", "i", "Shift+K"} <= set(declared)
    assert [key for key in declared if normal_key(key) not in reserved and "Alt+" not in key] == []


def test_only_the_tools_that_the_schema_can_use_are_offered(
    page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    open_film(page, serving, films["cfr"], fields=[FIELDS[1]])
    expect(page.get_by_role("button", name="Draw a new box")).to_be_hidden()
    expect(page.get_by_role("button", name="Segment begins here")).to_be_visible()


def test_a_missing_table_of_frames_is_said_and_loses_nothing(
    page: Page, serving: MediaPage, films: dict[str, Film]
) -> None:
    broken = shown(films["cfr"])
    broken.files["frames.json"] = b'{"count": 0, "times": [], "end": 0}'
    serving.open(page, broken)
    expect(page.locator(".video-sign")).to_contain_text("could not be loaded. Your work is kept")


def test_a_box_is_turned_by_its_handle(page: Page, serving: MediaPage, films: dict[str, Film]) -> None:
    film = films["cfr"]
    open_film(page, serving, film)
    draw(page, film, 140, 80, 60, 40)
    expect(page.locator("#answers")).to_contain_text("keyframes")
    at = picture_box(page, film)
    point = lambda x, y: (at["x"] + x * at["scale"], at["y"] + y * at["scale"])  # noqa: E731 (one line of arithmetic)
    page.mouse.move(at["x"] + 170 * at["scale"], at["y"] + 80 * at["scale"] - 22)
    page.mouse.down()
    page.mouse.move(*point(190, 60), steps=4)
    page.mouse.move(*point(230, 100), steps=4)
    page.mouse.up()
    expect(page.locator("#answers")).to_contain_text('"rotation":90')
    assert keyframes(page) == [(0, 0, 140, 80, 60, 40)]
