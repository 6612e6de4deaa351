"""Sets of ads as bits, in blocks: a block is a row, so that one ad more writes little, and a set of a million reads little.

A block of few ads is kept as their places in it, two bytes each; one of many as one bit an ad. The longer form tells itself
by its length.
"""

import struct
from collections.abc import Iterable, Sequence

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


def changed(block: bytes, add: Sequence[int], remove: Sequence[int] = ()) -> bytes:
    """The block with these places more, and those less."""
    if len(block) < BYTES:  # most blocks that an ad changes are of few, where plain numbers are quicker than arrays
        held = {*_few(block), *add}.difference(remove)
        if len(held) < _FEW:
            return struct.pack(f"<{len(held)}H", *sorted(held))
        flags = np.zeros(BLOCK, np.uint8)
        flags[list(held)] = 1
    else:
        flags = np.unpackbits(np.frombuffer(block, np.uint8), bitorder="little")
        flags[list(add)] = 1
        flags[list(remove)] = 0
    found = np.flatnonzero(flags)
    return found.astype("<u2").tobytes() if len(found) < _FEW else np.packbits(flags, bitorder="little").tobytes()


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


def _few(block: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(block) // 2}H", block)


def _set(held: Bits, found: NDArray[np.uint16]) -> None:
    np.bitwise_or.at(held, found >> 3, np.left_shift(1, found & 7).astype(np.uint8))
