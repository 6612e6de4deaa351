"""Where one shot blends into the next: a dissolve, or a fade through black, white or any one colour.

Halfway through a blend the picture is the mean of what was and what comes. Nothing that moves is: of a pan or a ride the middle is
a third picture. Of light that grows it is too, but there the two ends are alike (docs/decisions/0007-shots-by-frame-difference.md).
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.int16]

REACHES = (6, 12, 25, 50)  # frames to either side of a middle
LEAST_CHANGE = 8.0  # of 255, on average, from one end to the other
LEAST_SHARE = 0.35  # of the points
SEEN = 10  # of 255; so much a point changes at least
MOST_OFF = 0.15  # of the change: so near the mean of the ends is a middle in most of its points, though something moves
MOST_ALIKE = 0.6  # correlation of the ends
BLANK = 4.0  # of 255: the spread of a picture of one colour


@dataclass(frozen=True)
class _Middle:
    """A frame that may be the middle of a dissolve. `strength` grows with the change and shrinks with all that speaks against it."""

    frame: int
    reach: int
    strength: float


class BlendFinder:
    """Takes the brightness of points of each frame, in the order shown."""

    def __init__(self) -> None:
        self._latest: deque[Points] = deque(maxlen=2 * REACHES[-1] + 1)
        self._spreads: list[float] = []
        self._middles: list[_Middle] = []
        self._fades_out: list[range] = []  # from a picture to the blank frame with which the range ends
        self._fades_in: list[range] = []  # from the blank frame with which it begins

    def add(self, points: Points) -> None:
        self._latest.append(points)
        self._spreads.append(float(points.std()))
        for reach in REACHES:
            if len(self._latest) > 2 * reach:
                self._look(reach)

    def _look(self, reach: int) -> None:
        last = len(self._spreads) - 1
        first = last - 2 * reach
        ends = (self._spreads[first], self._spreads[last])
        if max(ends) < BLANK:
            return
        before, between, after = (self._latest[-1 - back] for back in (2 * reach, reach, 0))
        if not len(before) == len(between) == len(after):
            return
        changed = np.abs(after - before)
        change = float(changed.mean())
        seen = changed > SEEN
        if change < LEAST_CHANGE or float(seen.mean()) < LEAST_SHARE:
            return
        off = float(np.median(np.abs(between * 2 - before - after)[seen]) / np.median(changed[seen])) / 2
        if off > MOST_OFF:
            return
        if ends[1] < BLANK:
            self._fades_out.append(range(first, last + 1))
        elif ends[0] < BLANK:
            self._fades_in.append(range(first, last + 1))
        else:
            alike = float(np.corrcoef(before, after)[0, 1])
            if alike <= MOST_ALIKE:
                self._middles.append(_Middle(first + reach, reach, change * (1 - 2 * off) * (1 - alike)))

    def found(self) -> list[int]:
        """The middles of dissolves and of fades, in order."""
        return sorted({*self._dissolves(), *self._fades()})

    def _dissolves(self) -> list[int]:
        """The strongest middle of each, and of equally strong ones that with the shortest reach. Halfway through a fade the
        picture is no blend of two.
        """
        fading = {frame for fade in self._fades_out + self._fades_in for frame in fade}
        middles = [middle for middle in self._middles if middle.frame not in fading]
        kept: list[_Middle] = []
        for middle in sorted(middles, key=lambda one: (-round(one.strength, 1), one.reach)):
            if all(abs(middle.frame - other.frame) > max(middle.reach, other.reach) for other in kept):
                kept.append(middle)
        return [middle.frame for middle in kept]

    def _fades(self) -> list[int]:
        """The middle of every stretch of one colour into which a picture fades and out of which one comes."""
        ended, begun = {fade[-1] for fade in self._fades_out}, {fade[0] for fade in self._fades_in}
        blank = np.array([False, *(spread < BLANK for spread in self._spreads), False])
        turns = np.flatnonzero(blank[1:] != blank[:-1])
        stretches = [range(first, end) for first, end in zip(turns[::2], turns[1::2], strict=True)]
        return [
            (stretch.start + stretch.stop) // 2
            for stretch in stretches
            if not ended.isdisjoint(stretch) and not begun.isdisjoint(stretch)
        ]
