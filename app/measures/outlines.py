"""The outline of a mask as rings of corners, as fine as it is shown. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.measures.rle import Lengths, Runs

Cells = npt.NDArray[np.bool_]
Corner = tuple[int, int]


@dataclass(frozen=True)
class Area:
    """Whole pixels; `right` and `bottom` are exclusive."""

    left: int
    top: int
    right: int
    bottom: int


def rings(runs: Runs, *, finest: int) -> list[list[Corner]]:
    """The closed rings around a mask, holes included, in the picture's pixels.

    At most `finest` cells stand for its longer side: a mask that is no larger comes out exactly, pixel by pixel.
    """
    if runs.edges.size == 0:
        return []
    columns, tops, bottoms = _pieces(runs)
    area = _area(columns, tops, bottoms)
    side = -(-max(area.right - area.left, area.bottom - area.top) // finest)
    cells = _covered((columns - area.left, tops - area.top, bottoms - area.top), area, side)
    return [
        [(min(area.left + x * side, area.right), min(area.top + y * side, area.bottom)) for x, y in ring]
        for ring in _walk(_edges(cells))
    ]


def area_of(runs: Runs) -> Area:
    """The smallest area that holds a mask that is not empty."""
    return _area(*_pieces(runs))


def _area(columns: Lengths, tops: Lengths, bottoms: Lengths) -> Area:
    return Area(int(columns[0]), int(tops.min()), int(columns[-1]) + 1, int(bottoms.max()))


def _pieces(runs: Runs) -> tuple[Lengths, Lengths, Lengths]:
    """(column, first row, row after the last) of every run, cut at the columns' ends."""
    begins, ends = runs.edges[::2], runs.edges[1::2]
    first, last = begins // runs.height, (ends - 1) // runs.height
    many = last - first + 1
    columns = np.repeat(first, many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    tops = np.maximum(np.repeat(begins, many) - columns * runs.height, 0)
    bottoms = np.minimum(np.repeat(ends, many) - columns * runs.height, runs.height)
    return columns, tops, bottoms


def _covered(pieces: tuple[Lengths, Lengths, Lengths], area: Area, side: int) -> Cells:
    """Which cells, [row, column], belong to the mask. Pieces count from the area's corner."""
    columns, tops, bottoms = pieces
    wide, high = -(-(area.right - area.left) // side), -(-(area.bottom - area.top) // side)
    column, first, last = columns // side, tops // side, (bottoms - 1) // side
    count = wide * (high + 1)

    def summed(rows: Lengths, amounts: Any) -> Any:
        return np.bincount(column * (high + 1) + rows, amounts, count).reshape(wide, high + 1)

    within = np.minimum(bottoms, (first + 1) * side) - tops
    below = np.where(last > first, bottoms - last * side, 0)
    whole = np.where(last > first + 1, side, 0)
    between = np.cumsum(summed(np.minimum(first + 1, high), whole) - summed(last, whole), axis=1)
    pixels = (summed(first, within) + summed(last, below) + between)[:, :high]
    return _chosen(pixels.T, side * side)


def _chosen(pixels: Any, whole: int) -> Cells:
    """Cells that are covered by half; and where none is near, those that are covered at all: thin strokes."""
    half = np.pad(pixels * 2 >= whole, 1)
    near = half[:-2] | half[1:-1] | half[2:]
    near = near[:, :-2] | near[:, 1:-1] | near[:, 2:]
    return np.asarray(half[1:-1, 1:-1] | ((pixels > 0) & ~near))


def _edges(cells: Cells) -> dict[Corner, list[Corner]]:
    """Every edge between inside and outside from corner to corner, the inside always on its right hand."""
    found: dict[Corner, list[Corner]] = defaultdict(list)
    padded = np.pad(cells, 1)
    across = padded[1:, 1:-1].astype(np.int8) - padded[:-1, 1:-1]
    for y, x in np.argwhere(across).tolist():
        start, end = ((x, y), (x + 1, y)) if across[y, x] > 0 else ((x + 1, y), (x, y))
        found[start].append(end)
    down = padded[1:-1, 1:].astype(np.int8) - padded[1:-1, :-1]
    for y, x in np.argwhere(down).tolist():
        start, end = ((x, y + 1), (x, y)) if down[y, x] > 0 else ((x, y), (x, y + 1))
        found[start].append(end)
    return found


def _walk(edges: dict[Corner, list[Corner]]) -> Iterator[list[Corner]]:
    """Along the edges until each is used up; corners on a straight line are left out."""
    while edges:
        start = next(iter(edges))
        ring = [start]
        here = _next(edges, start)
        while here != start:
            if len(ring) > 1 and _is_straight(ring[-2], ring[-1], here):
                ring.pop()
            ring.append(here)
            here = _next(edges, here)
        if _is_straight(ring[-2], ring[-1], start):
            ring.pop()
        yield ring[1:] if _is_straight(ring[-1], start, ring[1]) else ring


def _next(edges: dict[Corner, list[Corner]], corner: Corner) -> Corner:
    ends = edges[corner]
    end = ends.pop()
    if not ends:
        del edges[corner]
    return end


def _is_straight(one: Corner, two: Corner, three: Corner) -> bool:
    return one[0] == two[0] == three[0] or one[1] == two[1] == three[1]
