"""Sets of ads as bits, in blocks: a block is a row, so that one ad more writes little, and a set of a million reads little.

A block of few ads is kept as their places in it, two bytes each; one of many as one bit an ad. The longer form tells itself
by its length.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

BLOCK = 7168  # ads; so that a full block (896 bytes) stays in its page of SQLite's tree
BYTES = BLOCK // 8
_FEW = BYTES // 2  # from here on bits are shorter

Bits = NDArray[np.uint8]
Places = NDArray[np.int64]


def place_of(seq: int) -> tuple[int, int]:
    """The block, and the place in it."""
    return divmod(seq, BLOCK)


def changed(block: bytes, add: Iterable[int], remove: Iterable[int] = ()) -> bytes:
    """The block with these places more, and those less."""
    held = _bits_of(block)
    for place in add:
        held[place >> 3] |= 1 << (place & 7)
    for place in remove:
        held[place >> 3] &= ~(1 << (place & 7)) & 0xFF
    return _packed(held)


def union(blocks: Iterable[tuple[int, bytes]], count: int) -> Bits:
    """One set from (number, content) of blocks, those of several terms together, over the first `count` blocks."""
    whole = np.zeros(count * BYTES, np.uint8)
    for number, content in blocks:
        if number >= count:
            continue
        held = whole[number * BYTES : (number + 1) * BYTES]
        if len(content) == BYTES:
            held |= np.frombuffer(content, np.uint8)
        else:
            _set(held, np.frombuffer(content, "<u2"))
    return whole


def of_places(seqs: Places, count: int) -> Bits:
    """The set of these ads, those beyond the first `count` blocks left out."""
    flags = np.zeros(count * BLOCK, bool)
    flags[seqs[seqs < count * BLOCK]] = True
    return np.packbits(flags, bitorder="little")


def places(bits: Bits) -> Places:
    """The ads of a set, in rising order."""
    return np.flatnonzero(np.unpackbits(bits, bitorder="little"))


def size(bits: Bits) -> int:
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def _bits_of(block: bytes) -> Bits:
    if len(block) == BYTES:
        return np.frombuffer(block, np.uint8).copy()
    held = np.zeros(BYTES, np.uint8)
    _set(held, np.frombuffer(block, "<u2"))
    return held


def _set(held: Bits, found: NDArray[np.uint16]) -> None:
    np.bitwise_or.at(held, found >> 3, np.left_shift(1, found & 7).astype(np.uint8))


def _packed(held: Bits) -> bytes:
    found = places(held)
    return found.astype("<u2").tobytes() if len(found) < _FEW else held.tobytes()
