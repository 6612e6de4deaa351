"""How a large picture is cut: levels, each half the size of the one before, in square tiles; all tiles in one file.

The file: a head (magic, width, height, tile size, how tiles are encoded), where each tile begins and the last one ends,
then the tiles, from the largest level to the smallest, row by row.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

TILE = 512
# Up to here a browser shows the picture whole.
LONGEST_WHOLE = 4096
MOST_WHOLE_PIXELS = 12_000_000

TYPES = ("image/jpeg", "image/webp")
_MAGIC = b"FasitTil"
_HEAD = struct.Struct(">8sIIHB")
_OFFSET = struct.Struct(">Q")

Size = tuple[int, int]


def is_large(width: int, height: int) -> bool:
    return max(width, height) > LONGEST_WHOLE or width * height > MOST_WHOLE_PIXELS


def levels(width: int, height: int, tile: int = TILE) -> list[Size]:
    """The size of every level in pixels, from the whole picture down to one that fits a single tile."""
    sizes = [(width, height)]
    while max(sizes[-1]) > tile:
        wide, high = sizes[-1]
        sizes.append((-(-wide // 2), -(-high // 2)))
    return sizes


def grid(size: Size, tile: int = TILE) -> tuple[int, int]:
    """Columns and rows of a level."""
    return -(-size[0] // tile), -(-size[1] // tile)


class Pack:
    """Writes the file. Tiles are added in the file's own order."""

    def __init__(self, file: BinaryIO, size: Size, content_type: str) -> None:
        self._file = file
        self._offsets: list[int] = []
        self._count = sum(columns * rows for columns, rows in map(grid, levels(*size)))
        file.write(_HEAD.pack(_MAGIC, *size, TILE, TYPES.index(content_type)))
        file.write(bytes(_OFFSET.size * (self._count + 1)))

    def add(self, tile: bytes) -> None:
        self._offsets.append(self._file.tell())
        self._file.write(tile)

    def close(self) -> None:
        assert len(self._offsets) == self._count
        self._offsets.append(self._file.tell())
        self._file.seek(_HEAD.size)
        self._file.write(b"".join(map(_OFFSET.pack, self._offsets)))


@dataclass(frozen=True)
class Place:
    """Where a tile lies in the file: bytes `start` up to, not including, `end`."""

    start: int
    end: int
    content_type: str


def find(file: BinaryIO, level: int, column: int, row: int) -> Place | None:
    """None where there is no such tile, or the file holds none at all."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(_MAGIC):
        return None
    _, width, height, tile, encoded = _HEAD.unpack(head)
    before = 0
    for number, size in enumerate(levels(width, height, tile)):
        columns, rows = grid(size, tile)
        if number == level:
            if not (0 <= column < columns and 0 <= row < rows):
                return None
            file.seek(_HEAD.size + _OFFSET.size * (before + row * columns + column))
            start, end = (number for (number,) in _OFFSET.iter_unpack(file.read(2 * _OFFSET.size)))
            return Place(start, end, TYPES[encoded])
        before += columns * rows
    return None


def boxes(size: Size, rows_from: int, rows_to: int, tile: int = TILE) -> Iterator[tuple[int, int, int, int]]:
    """The tiles of some rows of pixels as (left, top, right, bottom), row by row; smaller at the level's edge."""
    wide, high = size
    for top in range(rows_from, min(rows_to, high), tile):
        for left in range(0, wide, tile):
            yield left, top, min(left + tile, wide), min(top + tile, high)
