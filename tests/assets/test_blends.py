"""Dissolves and fades are found within a frame or two of their middle; light that grows, pans and titles are none."""

import io
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from tests.assets.test_frames_of_all_kinds import derived
from tests.assets.test_shots import ground, starts, with_block

Picture = npt.NDArray[np.uint8]


@cache
def shot(seed: int, length: int) -> list[Picture]:
    """One set, in which something wanders, with the noise of a camera."""
    still = ground(seed).astype(np.int16)
    noise = np.random.default_rng(seed).normal(0, 3, (8, *still.shape)).astype(np.int16)
    return [np.clip(with_block(still, n) + noise[n % 8], 0, 255).astype(np.uint8) for n in range(length)]


def blended(one: list[Picture], other: list[Picture], frames: int) -> list[Picture]:
    """The end of one over the beginning of the other."""
    shares = [(n + 1) / (frames + 1) for n in range(frames)]
    pairs = zip(one[-frames:], other[:frames], shares, strict=True)
    between = [np.round(a * (1 - share) + b * share).astype(np.uint8) for a, b, share in pairs]
    return one[:-frames] + between + other[frames:]


@pytest.mark.parametrize("frames", [6, 25, 90])
def test_a_dissolve_is_found_at_its_middle(frames: int) -> None:
    found = starts(blended(shot(1, 160), shot(2, 160), frames))
    middle = 160 - frames / 2
    assert len(found) == 2
    assert abs(found[1] - middle) <= 3


@pytest.mark.parametrize("frames", [8, 40])
@pytest.mark.parametrize("colour", [0, 255, 90])
def test_a_fade_through_one_colour_is_found_in_the_midst_of_it(frames: int, colour: int) -> None:
    plain = [np.full_like(ground(1), colour)] * (2 * frames + 4)
    found = starts(blended(blended(shot(1, 100), plain, frames), shot(2, 100), frames))
    assert len(found) == 2
    assert abs(found[1] - (100 + 2)) <= 2


def test_cuts_and_blends_stand_in_order_and_none_twice() -> None:
    film = blended(shot(1, 60), shot(2, 60), 12) + shot(3, 40)
    film = blended(film, shot(4, 60), 5)
    found = starts(film)
    assert len(found) == 4
    assert abs(found[1] - 54) <= 1
    assert found[2] == 108
    assert abs(found[3] - 145.5) <= 1


def test_what_fades_in_at_the_beginning_or_out_at_the_end_is_no_shot_of_its_own() -> None:
    black = [np.zeros_like(ground(1))] * 30
    assert starts(blended(blended(black, shot(1, 90), 25), black, 25)) == [0]


def test_growing_light_a_ride_and_a_title_are_no_shots() -> None:
    lit = [np.clip(ground(1) * share, 0, 255).astype(np.uint8) for share in np.linspace(0.3, 1.0, 60)]
    assert starts(lit) == [0]
    wide = np.concatenate([ground(seed) for seed in range(1, 5)], axis=1)
    ridden = [wide[:, n * 4 : n * 4 + 192] for n in range(140)]
    assert starts(ridden) == [0]
    titled = shot(1, 80)
    with_title = [picture.copy() for picture in titled]
    for picture in with_title:
        picture[50:90, 20:170] = 255
    assert starts(blended(titled[:40] + titled[:20], with_title, 20)) == [0]


def test_a_dissolve_of_a_real_file_is_found_when_it_is_imported(tmp_path: Path) -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25, options={"g": "20", "bf": "2"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 192, 144, "yuv420p"
        for n, picture in enumerate(blended(shot(1, 60), shot(2, 60), 20)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = n, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    path = tmp_path / "film.mp4"
    path.write_bytes(file.getvalue())
    found, _, table = derived(path)
    assert found["facts"]["shots"] == 2
    assert abs(table["shots"][1] - 50) <= 2
