"""The page's own run-length coding against the one that everybody measures by."""

import base64
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools import mask as coco

from tests import machine

SCRIPT = Path(__file__).with_name("rle_by_node.mjs")


@dataclass(frozen=True)
class Case:
    """A mask, given to the page as the crop `box` (x, y, width, height) of it, which must hold all of it."""

    name: str
    mask: np.ndarray
    box: tuple[int, int, int, int]
    second: np.ndarray

    def question(self) -> str:
        height, width = self.mask.shape
        sent = {
            "size": {"width": width, "height": height},
            "crop": _crop(self.mask, self.box),
            "second": _crop(self.second, (0, 0, width, height)),
            "foreign": coded(self.mask),
        }
        return json.dumps(sent)


def _crop(mask: np.ndarray, box: tuple[int, int, int, int]) -> dict[str, Any]:
    x, y, width, height = box
    padded = np.zeros((height, width), np.uint8)
    rows, columns = mask.shape
    top, left, bottom, right = max(y, 0), max(x, 0), min(y + height, rows), min(x + width, columns)
    padded[top - y : bottom - y, left - x : right - x] = mask[top:bottom, left:right]
    data = base64.b64encode(padded.tobytes(order="F")).decode()
    return {"x": x, "y": y, "width": width, "height": height, "data": data}


def coded(mask: np.ndarray) -> dict[str, Any]:
    found = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    return {"size": list(found["size"]), "counts": found["counts"].decode()}


def whole(mask: np.ndarray) -> tuple[int, int, int, int]:
    return 0, 0, mask.shape[1], mask.shape[0]


def cases() -> Iterator[Case]:
    chance = np.random.default_rng(11)
    shapes = [(1, 1), (1, 40), (40, 1), (2, 2), (7, 5), (5, 7), (33, 64), (64, 33), (120, 200)]
    for shape in shapes:
        for share in (0, 0.02, 0.5, 0.98, 1):
            mask = chance.random(shape) < share
            yield Case(f"{shape} random {share}", mask, whole(mask), chance.random(shape) < 0.5)
    for shape in shapes:
        for row, column in {(0, 0), (0, shape[1] - 1), (shape[0] - 1, 0), (shape[0] - 1, shape[1] - 1)}:
            mask = np.zeros(shape, bool)
            mask[row, column] = True
            yield Case(f"{shape} pixel {row} {column}", mask, (column, row, 1, 1), ~mask)
    yield from drawn(chance)


def drawn(chance: np.random.Generator) -> Iterator[Case]:
    rows = np.zeros((50, 60), bool)
    rows[::3] = True
    yield Case("empty rows", rows, whole(rows), rows.copy())
    columns = np.zeros((50, 60), bool)
    columns[:, ::3] = True
    yield Case("empty columns", columns, (-5, -5, 80, 70), rows)
    border = np.ones((50, 60), bool)
    border[1:-1, 1:-1] = False
    yield Case("border", border, (-1, -1, 62, 52), columns)
    for at in range(30):
        height, width = (int(n) for n in chance.integers(3, 90, 2))
        x, y = int(chance.integers(0, width)), int(chance.integers(0, height))
        wide, high = int(chance.integers(1, width - x + 1)), int(chance.integers(1, height - y + 1))
        mask = np.zeros((height, width), bool)
        mask[y : y + high, x : x + wide] = chance.random((high, wide)) < chance.random()
        yield Case(f"crop {at}", mask, (x - 1, y - 2, wide + 3, high + 4), chance.random((height, width)) < 0.3)
    large = np.zeros((3000, 4000), bool)
    down, across = np.ogrid[:400, :500]
    large[1200:1600, 1900:2400] = (down - 200) ** 2 + (across - 250) ** 2 < 190**2
    yield Case("large", large, (1890, 1190, 520, 420), np.roll(large, 90, 0))


@pytest.mark.timeout(120)
def test_masks_are_coded_read_measured_and_joined_as_pycocotools_does_it() -> None:
    node = machine.find_node()
    if node is None:
        pytest.skip("no Node to run the page's module")
    asked = list(cases())
    lines = "\n".join(case.question() for case in asked)
    done = subprocess.run([node, str(SCRIPT)], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(asked) > 100
    for case, answer in zip(asked, answers, strict=True):
        assert answer == expected(case), case.name


def expected(case: Case) -> dict[str, Any]:
    mask, second = case.mask, case.second
    own = coded(mask)
    moved = np.zeros_like(mask)
    if mask.shape[0] > 2 and mask.shape[1] > 3:
        moved[:-2, 3:] = mask[2:, :-3]
    return {
        "rle": own,
        "again": own,
        "read": own,
        "area": int(coco.area(own)),
        "bounds": [int(value) for value in coco.toBbox(own)] if mask.any() else [0, 0, 0, 0],
        "union": coded(mask | second),
        "intersect": coded(mask & second),
        "subtract": coded(mask & ~second),
        "moved": coded(moved),
    }
