"""Pictures with several frames: each is composed once, as it is shown, and found by the frame table."""

import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.assets.kinds import animation, image
from app.assets.sandbox.rules import Undecodable
from tests import making_frames

DURATIONS = (100, 40, 250, 100, 30, 500)


def derived(content: bytes) -> tuple[dict[str, Any], dict[str, Any], list[Image.Image]]:
    """The facts, the frame table and every still; the first is what is shown where only one is."""
    outputs = {name: io.BytesIO() for name in image.KIND.renditions}
    found = image.derive(io.BytesIO(content), outputs, {}, lambda *_: None)
    assert found["renditions"].keys() >= {"display", "thumbnail", "frames", "stills"}
    table = json.loads(outputs["frames"].getvalue())
    pack = outputs["stills"].getvalue()
    assert sum(length for _, length in table["stills"]) == len(pack)
    stills = [Image.open(io.BytesIO(pack[start : start + length])) for start, length in table["stills"]]
    display = Image.open(outputs["display"]).convert("RGB").resize(stills[0].size)
    assert np.abs(np.asarray(display, int) - np.asarray(stills[0].convert("RGB"), int)).mean() < 12
    return found["facts"], table, stills


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_every_frame_is_kept_with_its_number_and_its_time(form: str) -> None:
    content = making_frames.moving(form, DURATIONS)
    facts, table, stills = derived(content)
    assert facts["frame_count"] == table["count"] == len(stills) == len(DURATIONS)
    assert [making_frames.number_of(still) for still in stills] == list(range(len(DURATIONS)))
    assert [still.size for still in stills] == [making_frames.SIZE] * len(DURATIONS)
    assert table["times"] == [1000 * sum(DURATIONS[:at]) for at in range(len(DURATIONS))]
    assert facts["frame_end"] == table["end"] == 1000 * sum(DURATIONS)
    probed = image.probe(io.BytesIO(content), {}, {}, lambda *_: None)["facts"]
    assert (probed["frame_count"], probed["width"], probed["height"]) == (len(DURATIONS), *making_frames.SIZE)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_small_pictures_keep_every_pixel_of_every_frame(form: str) -> None:
    _, _, stills = derived(making_frames.moving(form, DURATIONS))
    for number, still in enumerate(stills):
        drawn = making_frames.numbered(number)
        if form == "GIF":
            drawn = drawn.quantize(256).convert("RGB")
        assert still.convert("RGB").tobytes() == drawn.tobytes()


@pytest.mark.parametrize(
    ("disposal", "left"),
    [
        pytest.param(1, (0, 0, 255, 255), id="left lying"),
        pytest.param(2, None, id="cleared away"),
        pytest.param(3, (255, 0, 0, 255), id="put back as it was before"),
    ],
)
def test_what_a_frame_leaves_behind_is_as_the_file_says(disposal: int, left: tuple[int, ...] | None) -> None:
    """All red; a blue square; a yellow one elsewhere. What is seen then where blue was is the blue frame's disposal."""
    frames = [((0, 0, 60, 40), 3, 1), ((10, 10, 10, 10), 1, disposal), ((40, 10, 10, 10), 2, 1)]
    _, _, stills = derived(making_frames.gif_of((60, 40), frames))
    second, third = (still.convert("RGBA") for still in stills[1:])
    assert second.getpixel((14, 14)) == (0, 0, 255, 255)
    found = third.getpixel((14, 14))
    assert found == left if left else found[3] == 0  # type: ignore[index]
    assert third.getpixel((44, 14)) == (255, 255, 0, 255)
    assert third.getpixel((30, 30)) == (255, 0, 0, 255)


def test_a_picture_for_programs_that_cannot_play_is_no_frame() -> None:
    content = making_frames.moving("PNG", DURATIONS, first=9, default_image=True)
    facts, _, stills = derived(content)
    assert facts["frame_count"] == len(DURATIONS) - 1
    assert [making_frames.number_of(still) for still in stills] == [10, 11, 12, 13, 14]


def test_a_turned_picture_has_all_its_frames_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = [making_frames.numbered(number).transpose(Image.Transpose.ROTATE_90) for number in range(3)]
    file = io.BytesIO()
    lying[0].save(file, "WEBP", save_all=True, append_images=lying[1:], duration=100, lossless=True, exif=exif)
    facts, _, stills = derived(file.getvalue())
    assert (facts["width"], facts["height"]) == making_frames.SIZE
    assert [making_frames.number_of(still) for still in stills] == [0, 1, 2]


def test_long_ones_are_kept_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    width, height = making_frames.SIZE
    monkeypatch.setattr(animation, "SHOWN_PIXELS", width * height * len(DURATIONS) // 4)
    monkeypatch.setattr(animation, "EXACT_PIXELS", 0)
    facts, _, stills = derived(making_frames.moving("GIF", DURATIONS))
    assert {still.size for still in stills} == {(width // 2, height // 2)}
    assert (facts["width"], facts["height"]) == (width, height)
    assert {still.format for still in stills} <= {"JPEG", "WEBP"}


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("MOST_FRAMES", 5, "moves in 6 frames; the limit is 5. Bring it as a video"),
        ("MOST_PIXELS", 20_000, "6 frames of 96 x 48 pixels"),
    ],
)
def test_too_much_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int, reason: str
) -> None:
    monkeypatch.setattr(animation, limit, value)
    with pytest.raises(Undecodable, match=reason):
        image.probe(io.BytesIO(making_frames.moving("GIF", DURATIONS)), {}, {}, lambda *_: None)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_one_cut_short_within_a_later_frame_is_refused(form: str) -> None:
    content = making_frames.moving(form, DURATIONS)
    with pytest.raises(Undecodable, match="damaged"):
        image.probe(io.BytesIO(content[: len(content) * 3 // 4]), {}, {}, lambda *_: None)


def test_pages_of_a_tiff_and_single_pictures_are_no_frames() -> None:
    pages = [Image.new("RGB", size, "red") for size in ((30, 20), (10, 10))]
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    assert "frame_count" not in image.probe(file, {}, {}, lambda *_: None)["facts"]
    single = making_frames.moving("GIF", (100,))
    assert "frame_count" not in image.probe(io.BytesIO(single), {}, {}, lambda *_: None)["facts"]
