"""Masks as COCO's compressed run lengths: characters in, lengths of runs out. Pure.

Lengths go outside and inside in turn, over the picture's pixels column by column (position = x * height + y). From the
fourth on each is coded as its difference from the one two before, in groups of five bits, lowest first, a sixth bit
saying that more follow, as characters from "0" to "o".
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Lengths = npt.NDArray[np.int64]

_OFFSET = 48
_CHARACTERS = 64
_BITS, _MORE, _SIGN = 0x1F, 0x20, 0x10
_GROUP_AT_MOST = 7  # 35 bits, far more than any picture has pixels


class Unreadable(ValueError):
    """What the characters are not, in words."""


@dataclass(frozen=True)
class Runs:
    """A mask: the picture's size, and the positions where the mask begins and ends in turn."""

    width: int
    height: int
    edges: Lengths

    @property
    def area(self) -> int:
        return int((self.edges[1::2] - self.edges[::2]).sum())


def decoded(counts: str) -> Lengths:
    """The lengths of runs. Raises `Unreadable`."""
    try:
        codes = np.frombuffer(counts.encode("ascii"), np.uint8).astype(np.int64) - _OFFSET
    except UnicodeEncodeError:
        raise Unreadable("has characters that are not in COCO's coding of runs") from None
    if codes.size == 0:
        raise Unreadable("is empty")
    if codes.min() < 0 or codes.max() >= _CHARACTERS:
        raise Unreadable("has characters that are not in COCO's coding of runs")
    is_last = (codes & _MORE) == 0
    if not is_last[-1]:
        raise Unreadable("is cut short: its last run does not end")
    ends = np.flatnonzero(is_last)
    starts = np.concatenate(([0], ends[:-1] + 1))
    sizes = ends - starts + 1
    if sizes.max() > _GROUP_AT_MOST:
        raise Unreadable("has a run longer than any picture")
    return _lengths(codes, starts, sizes, ends)


def _lengths(codes: Lengths, starts: Lengths, sizes: Lengths, ends: Lengths) -> Lengths:
    places = np.arange(codes.size) - np.repeat(starts, sizes)
    values: Lengths = np.add.reduceat((codes & _BITS) << (5 * places), starts)
    values -= np.where(codes[ends] & _SIGN, np.int64(1) << (5 * sizes), 0)
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values


def read(counts: str, *, width: int, height: int) -> Runs:
    """Raises `Unreadable` where the counts are not a mask of that size."""
    lengths = decoded(counts)
    if lengths.min() < 0:
        raise Unreadable("has a run that is shorter than nothing")
    covered = int(lengths.sum())
    if covered != width * height:
        raise Unreadable(f"covers {covered} pixels, and {width} x {height} are {width * height}")
    edges = np.cumsum(lengths)
    edges = edges if edges.size % 2 == 0 else edges[:-1]
    return Runs(width, height, _without_empty(edges))


def _without_empty(edges: Lengths) -> Lengths:
    """Runs of no length may stand anywhere; a position where the mask ends and begins at once is no edge."""
    if not (edges[1:] == edges[:-1]).any():
        return edges
    positions, times = np.unique(edges, return_counts=True)
    odd: Lengths = positions[times % 2 == 1]
    return odd
