"""COCO's coding of masks: what pycocotools writes is read, what is no coding is refused."""

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco

from app.measures import rle

WIDE, HIGH = 8000, 6000
SECONDS_AT_MOST = 0.1


def written(bitmap: Any) -> str:
    text: str = coco.encode(np.asfortranarray(bitmap.astype(np.uint8)))["counts"].decode()
    return text


def bitmap_of(runs: rle.Runs) -> Any:
    flat = np.zeros(runs.width * runs.height, np.uint8)
    for begin, end in zip(runs.edges[::2], runs.edges[1::2], strict=True):
        flat[begin:end] = 1
    return flat.reshape((runs.height, runs.width), order="F")


@settings(deadline=None)  # other work on the machine says nothing of ours
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30)), elements=st.integers(0, 1)))
def test_every_mask_that_pycocotools_writes_comes_back_pixel_by_pixel(bitmap: Any) -> None:
    height, width = bitmap.shape
    runs = rle.read(written(bitmap), width=width, height=height)
    assert (bitmap_of(runs) == bitmap).all()
    assert runs.area == bitmap.sum()
    assert (np.diff(runs.edges) > 0).all()


def shapes_of_a_large_picture() -> list[Any]:
    y, x = np.ogrid[:1500, :2000]
    return [
        (x - 1000) ** 2 + (y - 700) ** 2 < 600**2,
        (x + y) % 40 < 3,
        (x % 100 < 1) & (y > 0),
        np.broadcast_to(True, (1500, 2000)),
        (x == 1999) & (y == 1499),
    ]


@pytest.mark.parametrize("bitmap", shapes_of_a_large_picture(), ids=["disc", "stripes", "hairs", "all", "corner"])
def test_large_runs_are_read_as_pycocotools_reads_them(bitmap: Any) -> None:
    runs = rle.read(written(bitmap), width=2000, height=1500)
    assert (bitmap_of(runs) == bitmap).all()


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools' own
@pytest.mark.parametrize("counts", ["3", "12", "102", "0101", "0012", "120N"])
def test_runs_of_no_length_may_stand_anywhere(counts: str) -> None:
    wanted = coco.decode({"size": [3, 1], "counts": counts.encode()})
    runs = rle.read(counts, width=1, height=3)
    assert (bitmap_of(runs) == wanted).all()
    assert (np.diff(runs.edges) > 0).all()


REFUSED = [
    ("", "is empty"),
    ("3~", "characters that are not"),
    ("3 ", "characters that are not"),
    ("3é", "characters that are not"),
    ("3\x00", "characters that are not"),
    ("0Q", "cut short"),
    ("ooooooo0", "longer than any picture"),
    ("4O", "shorter than nothing"),
    ("3", "covers 3 pixels, and 2 x 2 are 4"),
    ("32", "covers 5 pixels"),
]


@pytest.mark.parametrize(("counts", "reason"), REFUSED)
def test_what_is_no_mask_of_that_size_is_refused_with_the_reason(counts: str, reason: str) -> None:
    with pytest.raises(rle.Unreadable, match=reason):
        rle.read(counts, width=2, height=2)


@settings(deadline=None)  # other work on the machine says nothing of ours
@given(st.text(alphabet=[chr(code) for code in range(48, 112)], min_size=1, max_size=60), st.integers(1, 40))
def test_no_text_does_anything_but_read_or_be_refused(counts: str, width: int) -> None:
    try:
        runs = rle.read(counts, width=width, height=5)
    except rle.Unreadable:
        return
    assert 0 <= runs.area <= width * 5


def test_a_mask_of_48_megapixels_is_read_in_a_blink() -> None:
    y, x = np.ogrid[:HIGH, :WIDE]
    bitmap = ((x - 4000) ** 2 + (y - 3000) ** 2 < 2900**2) & ((x + y) % 211 > 5)
    counts = written(bitmap)
    took = []
    for _ in range(5):
        begin = time.perf_counter()
        runs = rle.read(counts, width=WIDE, height=HIGH)
        took.append(time.perf_counter() - begin)
    assert runs.area == bitmap.sum()
    assert min(took) < SECONDS_AT_MOST
