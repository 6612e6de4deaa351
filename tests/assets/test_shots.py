"""Cuts are found to the frame; motion, flashes and flicker are none."""

import io
import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from app.assets.kinds.shots import ShotFinder
from tests.assets.test_frames_of_all_kinds import derived

Picture = npt.NDArray[np.uint8]
TIMES = tuple(frame * 40_000 for frame in range(400))


def ground(seed: int) -> Picture:
    """A still of its own: large patches of colour, as a set has."""
    patches = np.random.default_rng(seed).integers(20, 235, (6, 8, 3), np.uint8)
    return patches.repeat(24, axis=0).repeat(24, axis=1)


def with_block(picture: Picture, frame: int) -> Picture:
    """Something of a fifth of the picture that wanders fast."""
    shown = picture.copy()
    x = frame * 9 % 150
    shown[40:100, x : x + 40] = (240, 240, 60)
    return shown


def starts(pictures: list[Picture], form: str = "yuv420p") -> list[int]:
    finder = ShotFinder()
    for picture in pictures:
        finder.add(av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=form))
    return finder.starts(TIMES[: len(pictures)])


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p10le", "rgb24", "nv12"])
def test_cuts_between_moving_shots_are_found_to_the_frame(form: str) -> None:
    lengths = [30, 12, 50, 9, 40]
    pictures = [with_block(ground(shot), n) for shot, length in enumerate(lengths) for n in range(length)]
    assert starts(pictures, form) == [0, 30, 42, 92, 101]


def test_a_flash_and_a_pan_are_no_cuts() -> None:
    still = ground(1)
    flashed = [still] * 20 + [np.full_like(still, 250)] + [still] * 20
    assert starts(flashed) == [0]
    panned = [np.roll(still, n * 6, axis=1) for n in range(40)]
    assert starts(panned) == [0]


def test_what_is_shorter_than_a_quarter_of_a_second_is_no_shot() -> None:
    pictures = [ground(1)] * 20 + [ground(2)] * 3 + [ground(3)] * 20
    assert starts(pictures) == [0, 20]


def test_a_black_video_is_one_shot() -> None:
    assert starts([np.zeros((144, 192, 3), np.uint8)] * 30) == [0]
    assert starts([ground(1)]) == [0]


def test_shots_and_keyframes_stand_in_the_table_of_frames(tmp_path: Path) -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25, options={"g": "20", "sc_threshold": "0", "bf": "2"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 192, 144, "yuv420p"
        for n in range(60):
            frame = av.VideoFrame.from_ndarray(with_block(ground(n // 25), n), format="rgb24")
            frame.pts, frame.time_base = n, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    path = tmp_path / "film.mp4"
    path.write_bytes(file.getvalue())
    found, _, table = derived(path)
    assert (table["shots"], table["keys"]) == ([0, 25, 50], [0, 20, 40])
    assert found["facts"]["shots"] == 3
    assert json.loads(json.dumps(table))["count"] == 60
