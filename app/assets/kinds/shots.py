"""Where one shot of a video ends and the next begins, found while its frames are decoded anyway: cuts from how much the picture
changes between frames, measured against what is usual around it; dissolves and fades by `blends.py`
(docs/decisions/0007-shots-by-frame-difference.md).
"""

from typing import Any

import numpy as np

from app.assets.kinds.blends import BlendFinder, Points

WIDTH, HEIGHT = 64, 36  # points of a picture that are looked at
LEAST_CHANGE = 8.0  # of 255, on average; less is no cut, however still the shots are
LEAST_SHARE = 0.35  # of the points; what changes less of the picture is something that moved in it
SEEN = 10  # of 255; so much a point changes at least, or it is noise
TIMES_USUAL = 3.0  # so much more than around it changes at a cut
AROUND = 5  # frames before and after
SHORTEST = 250_000  # microseconds; what is shorter is a flash or a flicker, not a shot
RETURNS = 0.5  # of the change; a picture after next that is so alike the one before was only lit up


class ShotFinder:
    """Takes the frames in the order shown."""

    def __init__(self) -> None:
        self._before: Points | None = None
        self._last: Points | None = None
        self._changes: list[float] = []  # from the frame before to this one
        self._across: list[float] = []  # from the frame before that
        self._shares: list[float] = []  # of the points that changed
        self._blends = BlendFinder()

    def add(self, frame: Any) -> None:
        planes = _planes_of(frame)
        points = np.concatenate(planes)
        self._blends.add(planes[0])
        change, share = _apart(self._last, points)
        self._changes.append(change)
        self._shares.append(share)
        self._across.append(_apart(self._before, points)[0])
        self._before, self._last = self._last, points

    def starts(self, times: tuple[int, ...]) -> list[int]:
        """The frames at which a shot begins, the first of all included: where it cuts, and the middle of every blend that no
        cut lies near. `times`: of the frames, in microseconds.
        """
        found = [0]
        for frame in range(1, len(self._changes)):
            if times[frame] - times[found[-1]] >= SHORTEST and self._is_cut(frame):
                found.append(frame)
        for frame in self._blends.found():
            if all(abs(times[frame] - times[other]) >= SHORTEST for other in found):
                found.append(frame)
        return sorted(found)

    def _is_cut(self, frame: int) -> bool:
        change = self._changes[frame]
        following = frame + 1
        if change < LEAST_CHANGE or self._shares[frame] < LEAST_SHARE:
            return False
        if any(across < change * RETURNS for across in self._across[max(2, frame) : following + 1]):
            return False  # lit up for a moment, or dark again after it
        around = self._changes[max(1, frame - AROUND) : frame] + self._changes[following : following + AROUND]
        usual = sum(around) / len(around) if around else 0.0
        return change >= TIMES_USUAL * usual


def _apart(one: Points | None, other: Points) -> tuple[float, float]:
    """How much points changed on average, and which share of them did."""
    if one is None or one.shape != other.shape:
        return 0.0, 0.0
    changed = np.abs(one - other)
    return float(changed.mean()), float((changed > SEEN).mean())


def _planes_of(frame: Any) -> list[Points]:
    """Brightness and colour at some points, brightness first. Eight-bit planes are read where they lie; anything else is converted first."""
    if frame.format.name not in {"yuv420p", "yuvj420p", "yuv422p", "yuv444p"}:
        frame = frame.reformat(width=WIDTH * 2, height=HEIGHT * 2, format="yuv420p")
    return [_sampled(plane).ravel() for plane in frame.planes]


def _sampled(plane: Any) -> Points:
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
    down, across = max(1, plane.height // HEIGHT), max(1, plane.width // WIDTH)
    points: Points = rows[down // 2 :: down, across // 2 :: across].astype(np.int16)
    return points
