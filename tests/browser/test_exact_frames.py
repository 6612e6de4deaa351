"""The number on the screen, the picture and the mark are one frame, for every kind of video and every way to show it."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.assets.kinds import video
from app.assets.sandbox.calling import SANDBOX
from app.bench import frames_films
from app.bench.frames_films import KINDS
from tests.browser import making_video, media_page
from tests.browser.media_page import MediaPage, Shown, answers

pytestmark = pytest.mark.browser
COUNT = 90
FIELDS = [{"name": "scenes", "kind": "segments", "part": "clip", "choices": [{"value": "party"}]}]
# A browser that decodes nothing by itself, and one that does not even tell which picture it shows.
WITHOUT = {
    "no WebCodecs": "delete globalThis.VideoDecoder",
    "no word from the player": (
        "delete globalThis.VideoDecoder; delete HTMLVideoElement.prototype.requestVideoFrameCallback"
    ),
    "no player": (
        "delete globalThis.VideoDecoder;"
        "Object.defineProperty(HTMLMediaElement.prototype, 'readyState', { get: () => 0 });"
        "Object.defineProperty(HTMLMediaElement.prototype, 'error', { get: () => ({ code: 4 }) })"
    ),
}


@pytest.fixture(scope="module")
def serving() -> Iterator[MediaPage]:
    with media_page.serving() as served:
        yield served


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Shown]:
    """A film as the server prepares it, made when it is first asked for."""
    made: dict[str, Shown] = {}

    def of(kind: str) -> Shown:
        if kind not in made:
            made[kind] = prepared(kind, tmp_path_factory.mktemp("film"))
        return made[kind]

    return of


def prepared(kind: str, folder: Path) -> Shown:
    recipe = KINDS[kind]
    path = folder / f"film.{recipe.suffix}"
    frames_films.make(path, recipe, COUNT, sound=kind == "constant rate, B-frames")
    outputs = {name: (folder / name).open("w+b") for name in video.KIND.renditions}
    with path.open("rb") as source:
        probed = SANDBOX.run(video.KIND.probe, source, {})
        found = SANDBOX.run(
            video.KIND.derive, source, probed["facts"], outputs=outputs, limits=video.KIND.derive_limits
        )
    for output in outputs.values():
        output.close()
    facts, renditions = found["facts"], found["renditions"]
    part = {
        "name": "clip", "modality": "video", "sha256": "0" * 64, "text": None, "sample_rate": None, "samples": None,
        **{key: facts[key] for key in ("width", "height", "duration", "fps", "frame_count")},
        "urls": {"original": "/media/film", "display": "/media/film", "thumbnail": "", "frames": "/media/frames.json"},
    }  # fmt: skip
    shown = folder / "display" if "display" in renditions else path
    files: dict[str, Path | bytes] = {"film": shown, "frames.json": (folder / "frames").read_bytes()}
    return Shown(part, FIELDS, {}, files, {"film": renditions.get("display", probed["content_type"])})


def times(shown: Shown) -> list[int]:
    table = shown.files["frames.json"]
    assert isinstance(table, bytes)
    found: list[int] = json.loads(table)["times"]
    return found


def open_film(page: Page, serving: MediaPage, shown: Shown) -> None:
    serving.open(page, shown)
    expect(page.locator("fasit-video:not([aria-busy])")).to_be_visible(timeout=20_000)
    expect_frame(page, 0)


def expect_frame(page: Page, frame: int) -> None:
    expect(page.locator(".media-frame:not([data-pending])")).to_have_text(f"frame {frame} of {COUNT}", timeout=15_000)


def expect_picture(page: Page, shown: Shown, frame: int, *, turned: bool) -> None:
    """What is on the screen now. A busy machine may put a proven picture up a moment after it was told of it."""
    stage = page.locator(".video-stage").bounding_box()
    assert stage is not None
    scale = min(stage["width"] / shown.part["width"], stage["height"] / shown.part["height"])
    width, height = shown.part["width"] * scale, shown.part["height"] * scale
    x, y = stage["x"] + (stage["width"] - width) / 2, stage["y"] + (stage["height"] - height) / 2
    for _ in range(20):
        png = page.screenshot(clip={"x": x, "y": y, "width": width, "height": height})
        if (seen := making_video.read(png, turned=turned)) == frame:
            return
        page.wait_for_timeout(50)
    assert seen == frame


def go_to(page: Page, frame: int) -> None:
    page.keyboard.press("Alt+G")
    page.locator(".media-place").fill(str(frame))
    page.keyboard.press("Enter")


def walk(page: Page, shown: Shown, *, turned: bool, seeks: int, steps: int, seed: str) -> None:
    chance = random.Random(seed)
    frame = 0
    for _ in range(seeks):
        frame = chance.randrange(COUNT)
        go_to(page, frame)
        expect_frame(page, frame)
        expect_picture(page, shown, frame, turned=turned)
    for _ in range(steps):
        way = chance.choice((-1, 1)) if 0 < frame < COUNT - 1 else (1 if frame == 0 else -1)
        page.keyboard.press("." if way > 0 else ",")
        frame += way
        expect_frame(page, frame)
        expect_picture(page, shown, frame, turned=turned)


@pytest.mark.parametrize("kind", KINDS)
def test_seeks_and_steps_show_the_frame_that_is_named(
    kind: str, page: Page, serving: MediaPage, film: Callable[[str], Shown]
) -> None:
    shown = film(kind)
    open_film(page, serving, shown)
    walk(page, shown, turned=KINDS[kind].turned, seeks=12, steps=12, seed=kind)
    last = COUNT - 1
    page.keyboard.press("End")
    expect_frame(page, last)
    page.keyboard.press("Home")
    expect_frame(page, 0)
    for key in ("i", ".", ".", "o"):
        page.keyboard.press(key)
    expect(page.locator("#answers")).to_contain_text("scenes")
    [segment] = answers(page)["scenes"]
    assert (segment["start"], segment["end"]) == (0, times(shown)[3] / 1e6)


@pytest.mark.parametrize("lack", WITHOUT)
def test_a_browser_that_cannot_decode_or_tell_has_the_same_frames_from_the_server(
    lack: str, page: Page, serving: MediaPage, film: Callable[[str], Shown]
) -> None:
    stills: list[str] = []
    page.on("request", lambda request: stills.append(request.url) if "/at/" in request.url else None)
    page.add_init_script(WITHOUT[lack])
    # Where the player tells, it has to be one that does not land: its own clock is put beside the table.
    shown = film("turned by 90 degrees" if lack != "no WebCodecs" else "variable rate, B-frames")
    if lack == "no WebCodecs":
        page.add_init_script(
            "const ask = HTMLVideoElement.prototype.requestVideoFrameCallback;"
            "HTMLVideoElement.prototype.requestVideoFrameCallback = function (tell) {"
            "  return ask.call(this, (now, told) => tell(now, { ...told, mediaTime: told.mediaTime + 0.05 * told.presentedFrames })) }"
        )
    open_film(page, serving, shown)
    walk(page, shown, turned=lack != "no WebCodecs", seeks=5, steps=6, seed=lack)
    assert len(stills) > 5
    assert not [url for url in stills if "mediabunny" in url]


def test_no_number_is_shown_while_a_player_that_does_not_tell_plays(
    page: Page, serving: MediaPage, film: Callable[[str], Shown]
) -> None:
    page.add_init_script(WITHOUT["no word from the player"])
    open_film(page, serving, film("constant rate, B-frames"))
    page.keyboard.press("Space")
    expect(page.locator(".media-frame")).to_have_text("playing")
    page.keyboard.press("i")
    expect(page.locator("#said")).to_contain_text("nothing was marked")
    page.keyboard.press("Space")
    expect(page.locator(".media-frame:not([data-pending])")).to_have_text(re.compile(r"^frame \d+ of"), timeout=15_000)


def test_a_place_is_gone_to_by_frame_and_by_time_and_nonsense_is_said(
    page: Page, serving: MediaPage, film: Callable[[str], Shown]
) -> None:
    shown = film("variable rate, B-frames")
    damaged = {**shown.part, "damage": "The file is cut short: it claims 9 s and holds 5 s."}
    open_film(page, serving, Shown(damaged, shown.fields, {}, shown.files, shown.types))
    expect(page.locator(".media-damage")).to_have_text(damaged["damage"])
    page.keyboard.press("Alt+G")
    expect(page.locator(".media-place")).to_be_focused()
    page.keyboard.type("0:01.5")
    page.keyboard.press("Enter")
    expect_frame(page, max(n for n, at in enumerate(times(shown)) if at <= 1_500_000))
    page.keyboard.press("Alt+G")
    page.keyboard.type("soon")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Write a frame as 120")
    page.keyboard.press("Escape")
    expect(page.locator(".timeline")).to_be_focused()
    go_to(page, 4000)
    expect_frame(page, COUNT - 1)


def test_a_loop_repeats_the_selected_segment(page: Page, serving: MediaPage, film: Callable[[str], Shown]) -> None:
    shown = film("constant rate, B-frames")
    end = times(shown)[12] / 1e6
    segment: dict[str, Any] = {"id": "s1", "choice": "party", "start": 0.0, "end": end, "source": "human"}
    shown = Shown(shown.part, shown.fields, {"scenes": [segment]}, shown.files, shown.types)
    open_film(page, serving, shown)
    page.keyboard.press("Tab")
    page.keyboard.press("Alt+L")
    expect(page.locator("[data-action=loop]")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => JSON.parse(document.getElementById('played').textContent || '[]').length >= 2")
    page.keyboard.press("Space")
    assert all(until < end + 0.3 for _, _, until, _ in media_page.played(page))
    page.keyboard.press("<")
    expect(page.locator(".media-speed")).to_have_text("0.75×")


def test_shots_are_gone_to_snapped_to_and_taken_as_segments(
    page: Page, serving: MediaPage, film: Callable[[str], Shown]
) -> None:
    shown = film("constant rate, B-frames")
    table = json.loads(shown.files["frames.json"])  # type: ignore[arg-type]
    at = [time / 1e6 for time in [*table["times"], table["end"]]]
    files = {**shown.files, "frames.json": json.dumps(table | {"shots": [0, 20, 55], "keys": [0, 60]}).encode()}
    page.set_viewport_size({"width": 1366, "height": 900})
    open_film(page, serving, Shown(shown.part, shown.fields, {}, files, shown.types))
    page.keyboard.press("Control+ArrowRight")
    expect_frame(page, 20)
    page.keyboard.press("Alt+I")
    expect_frame(page, 55)
    page.keyboard.press("Alt+I")
    expect(page.locator(".timeline-segment")).to_have_count(2)
    assert [(one["start"], one["end"]) for one in answers(page)["scenes"]] == [(at[20], at[55]), (at[55], at[90])]
    page.keyboard.press("Alt+I")
    expect(page.locator("#said")).to_have_text("This shot is a segment already.")
    page.keyboard.press("Control+.")
    expect_frame(page, 60)
    page.keyboard.press("Control+,")
    expect_frame(page, 0)
    page.keyboard.press("Control+ArrowLeft")
    expect(page.locator("#said")).to_have_text("There is no shot before this.")
    # An edge let go of near the cut lands on it.
    edge = page.locator(".timeline-segment").first.bounding_box()
    ruler = page.locator(".timeline-ruler").bounding_box()
    assert edge is not None
    assert ruler is not None
    middle = edge["y"] + edge["height"] / 2
    page.mouse.move(edge["x"] + 2, middle)
    page.mouse.down()
    page.mouse.move(ruler["x"] + ruler["width"] * 0.4, middle, steps=4)
    page.mouse.move(edge["x"] + 7, middle, steps=4)
    page.mouse.up()
    assert answers(page)["scenes"][0]["start"] == at[20]


def test_where_the_player_is_slow_steps_are_decoded_and_it_follows(
    page: Page, serving: MediaPage, film: Callable[[str], Shown]
) -> None:
    """A player that takes a second for every seek: steps do not wait for it, and it comes along when one rests."""
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.add_init_script(
        "const own = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');"
        "Object.defineProperty(HTMLMediaElement.prototype, 'currentTime', { ...own, set(time) {"
        "  setTimeout(() => own.set.call(this, time), 250) } })"
    )
    shown = film("constant rate, B-frames")
    open_film(page, serving, shown)
    go_to(page, 30)
    expect_frame(page, 30)
    frame = 30
    for way in (1, 1, 1, -1, -1, -1, -1, 1):
        page.keyboard.press("." if way > 0 else ",")
        frame += way
        expect_frame(page, frame)
        expect_picture(page, shown, frame, turned=False)
    assert [url for url in fetched if "mediabunny" in url]
    # Once one rests the player is sent along, so that it plays on from here.
    ends = [*times(shown), shown.part["duration"] * 1e6]
    middle = (ends[frame] + ends[frame + 1]) / 2e6
    page.wait_for_function("(time) => Math.abs(document.querySelector('video').currentTime - time) < 0.01", arg=middle)
