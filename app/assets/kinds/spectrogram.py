"""Which frequencies a sound has when: grey pictures in tiles, at several zooms.

The file ("FSG1", little-endian): u32 sample rate, u32 columns a tile, u32 rows, u32 number of levels, u64 samples; for each
level, the coarsest first, u32 samples a column, u32 number of tiles; then u64 where each tile begins in the file and where
the last one ends; then the tiles, WebP, the lowest frequency in the last row. Rows are even on the mel scale.
"""

import struct
from io import BytesIO
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from numpy import fft  # numpy loads it when first asked, which is too late for a confined child
from PIL import Image

COLUMNS = 512  # of a tile
ROWS = 128
MOST_TILES = 64  # of the finest level kept; closer ones are made when they are looked at
FACTOR = 4
FEWEST_COLUMNS = 2048
FINEST_SECONDS = 0.004
WINDOW_SECONDS = 0.025
LOUDEST_DB, QUIETEST_DB = -15.0, -95.0
_HEAD = struct.Struct("<4sIIIIQ")
_LEVEL = struct.Struct("<II")
_OFFSET = struct.Struct("<Q")

Samples = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float32]
Greys = npt.NDArray[np.uint8]  # (columns, rows)


class Spectrogram:
    """Takes a sound of known length and one or two channels piece by piece and writes its pictures."""

    def __init__(self, *, rate: int, total: int, hop: int | None = None) -> None:
        self._rate = rate
        self._total = total
        self._hop = hop or max(1, round(rate * FINEST_SECONDS), -(-total // (MOST_TILES * COLUMNS)))
        self._size = max(64, 1 << round(np.log2(rate * WINDOW_SECONDS)))
        self._window: Floats = np.hanning(self._size).astype(np.float32)
        self._bank = _mel_bank(rate, self._size)
        first = self._hop // 2 - self._size // 2  # where the first column's window begins
        self._skip = max(first, 0)
        self._buffer: Floats = np.zeros(max(-first, 0), np.float32)
        self._columns: list[Greys] = []

    def add(self, piece: Samples) -> None:
        mixed = piece[0] if len(piece) == 1 else (piece[0] + piece[1]) * np.float32(0.5)
        skipped = min(self._skip, len(mixed))
        self._skip -= skipped
        self._buffer = np.concatenate([self._buffer, mixed[skipped:]])
        self._take()

    def levels(self) -> list[tuple[int, Greys]]:
        """(samples a column, its greys), the coarsest first."""
        wanted = -(-self._total // self._hop)
        while sum(map(len, self._columns)) < wanted:
            self._buffer = np.concatenate([self._buffer, np.zeros(self._size + self._hop, np.float32)])
            self._take()
        greys = np.concatenate(self._columns)[:wanted] if wanted else np.zeros((0, ROWS), np.uint8)
        found = [(self._hop, greys)]
        while len(found[0][1]) > FEWEST_COLUMNS:
            found.insert(0, (found[0][0] * FACTOR, _coarser(found[0][1])))
        return found

    def write(self, output: BinaryIO) -> None:
        levels = self.levels()
        tiles = [-(-len(greys) // COLUMNS) for _, greys in levels]
        output.write(_HEAD.pack(b"FSG1", self._rate, COLUMNS, ROWS, len(levels), self._total))
        output.writelines(_LEVEL.pack(hop, count) for (hop, _), count in zip(levels, tiles, strict=True))
        at = _HEAD.size + len(levels) * _LEVEL.size + (sum(tiles) + 1) * _OFFSET.size
        pictures = [
            _encoded(greys[start : start + COLUMNS]) for _, greys in levels for start in range(0, len(greys), COLUMNS)
        ]
        for picture in pictures:
            output.write(_OFFSET.pack(at))
            at += len(picture)
        output.write(_OFFSET.pack(at))
        output.writelines(pictures)

    def _take(self) -> None:
        count = (len(self._buffer) - self._size) // self._hop + 1
        if count <= 0:
            return
        frames = np.lib.stride_tricks.sliding_window_view(self._buffer, self._size)[:: self._hop][:count]
        for start in range(0, count, COLUMNS):
            self._columns.append(self._greys(frames[start : start + COLUMNS]))
        self._buffer = self._buffer[count * self._hop :].copy()

    def _greys(self, frames: Floats) -> Greys:
        spectrum = fft.rfft(frames * self._window, axis=1)
        power = np.square(spectrum.real) + np.square(spectrum.imag)
        level = 10 * np.log10(np.maximum(power @ self._bank, 1e-12))
        share = (level - QUIETEST_DB) / (LOUDEST_DB - QUIETEST_DB)
        return (np.clip(share, 0, 1) * 255).astype(np.uint8)


def window_of(column: int, hop: int, rate: int) -> tuple[int, int]:
    """(first sample, samples) that one tile of a level with this hop is made from; it may begin before the sound."""
    lead = _lead(hop, rate)
    return column * COLUMNS * hop - lead, COLUMNS * hop + 2 * lead


def write_tile(samples: Samples, output: BinaryIO, *, hop: int, rate: int) -> None:
    """One tile by itself, of the samples that `window_of` names."""
    made = Spectrogram(rate=rate, total=samples.shape[1], hop=hop)
    made.add(samples)
    first = _lead(hop, rate) // hop
    output.write(_encoded(made.levels()[-1][1][first : first + COLUMNS]))


def _lead(hop: int, rate: int) -> int:
    """So many samples before the first column that its window is whole: a multiple of the hop."""
    return -(-round(rate * WINDOW_SECONDS) // hop) * hop


def _mel(hertz: npt.NDArray[Any] | float) -> npt.NDArray[np.float64]:
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def _mel_bank(rate: int, size: int) -> Floats:
    """(bins, rows): what each bin adds to each row; a sine of full scale comes to 1."""
    bins = _mel(fft.rfftfreq(size, 1 / rate))
    edges = np.linspace(0, bins[-1], ROWS + 2)
    middle, step = edges[1:-1], edges[1] - edges[0]
    weights = np.maximum(1 - np.abs(bins[:, None] - middle[None, :]) / step, 0)
    # At low frequencies bins lie further apart than rows: such a row takes what the bins beside it have between them.
    for row in np.flatnonzero(weights.sum(axis=0) < 1):
        right = int(np.clip(np.searchsorted(bins, middle[row]), 1, len(bins) - 1))
        share = (middle[row] - bins[right - 1]) / (bins[right] - bins[right - 1])
        weights[:, row] = 0
        weights[right - 1, row], weights[right, row] = 1 - share, share
    scale = (np.hanning(size).sum() / 2) ** 2
    bank: Floats = (weights / np.maximum(weights.sum(axis=0), 1) / scale).astype(np.float32)
    return bank


def _coarser(greys: Greys) -> Greys:
    starts = np.arange(0, len(greys), FACTOR)
    sums = np.add.reduceat(greys.astype(np.uint16), starts, axis=0)
    counts = np.diff(np.append(starts, len(greys)))
    return (sums // counts[:, None]).astype(np.uint8)


def _encoded(greys: Greys) -> bytes:
    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(greys.T[::-1])).save(file, "WEBP", quality=80, method=1)
    return file.getvalue()
