"""Outlines of masks: exact where there is room for every pixel, near where there is not."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw
from pycocotools import mask as coco

from app.measures import outlines, rle

bitmaps = arrays.arrays(np.bool_, st.tuples(st.integers(1, 24), st.integers(1, 24)))


def runs_of(bitmap: Any) -> rle.Runs:
    counts = coco.encode(np.asfortranarray(bitmap.astype(np.uint8)))["counts"].decode()
    return rle.read(counts, width=bitmap.shape[1], height=bitmap.shape[0])


def filled(rings: list[list[tuple[int, int]]], height: int, width: int) -> Any:
    """What even-odd filling of the rings covers: a pixel is inside when edges to its left cross it an odd number of times."""
    crossings = np.zeros((height, width + 1), int)
    for ring in rings:
        for (x, y), (to_x, to_y) in pairwise([*ring, ring[0]]):
            assert x == to_x or y == to_y
            if x == to_x:
                crossings[min(y, to_y) : max(y, to_y), x] += 1
    return np.cumsum(crossings, axis=1)[:, :width] % 2 == 1


@settings(deadline=None)  # other work on the machine says nothing of ours
@given(bitmaps)
def test_filled_again_the_rings_are_the_mask(bitmap: Any) -> None:
    rings = outlines.rings(runs_of(bitmap), finest=24)
    assert (filled(rings, *bitmap.shape) == bitmap).all()


@settings(deadline=None)  # other work on the machine says nothing of ours
@given(bitmaps)
def test_no_ring_has_a_corner_on_a_straight_line(bitmap: Any) -> None:
    for ring in outlines.rings(runs_of(bitmap), finest=24):
        round_again = [*ring, *ring[:2]]
        for (ax, ay), (bx, by), (cx, cy) in zip(round_again, round_again[1:], round_again[2:], strict=False):
            assert not ax == bx == cx
            assert not ay == by == cy


def test_the_area_is_the_smallest_that_holds_the_mask() -> None:
    bitmap = np.zeros((9, 12), bool)
    bitmap[2:5, 3], bitmap[7, 6:11] = True, True
    assert outlines.area_of(runs_of(bitmap)) == outlines.Area(3, 2, 11, 8)


@pytest.mark.parametrize("finest", [40, 97, 200])
def test_a_large_mask_is_drawn_within_a_cell_of_what_it_is(finest: int) -> None:
    picture = Image.new("1", (1000, 700))
    ImageDraw.Draw(picture).ellipse((100, 50, 900, 650), fill=1)
    bitmap = np.asarray(picture)
    rings = outlines.rings(runs_of(bitmap), finest=finest)
    drawn = filled(rings, 700, 1000)
    cell = -(-801 // finest)
    assert sum(map(len, rings)) < 5 * finest
    wrong = np.argwhere(drawn != bitmap)
    centre, radii = np.array([350, 500]), np.array([300, 400])
    away = np.abs(np.sqrt((((wrong - centre) / radii) ** 2).sum(axis=1)) - 1) * radii.min()
    assert away.max(initial=0) <= cell * 2


def test_a_stroke_thinner_than_a_cell_is_still_drawn() -> None:
    bitmap = np.zeros((2000, 3000), bool)
    bitmap[1000, 10:2900] = True
    drawn = filled(outlines.rings(runs_of(bitmap), finest=96), 2000, 3000)
    assert drawn[:, 100:2800].any(axis=0).all()


def test_of_nothing_there_is_no_outline() -> None:
    assert outlines.rings(runs_of(np.zeros((3, 3), bool)), finest=10) == []
