"""The waveform of a sound at several resolutions: the smallest and largest sample of every stretch, channel by channel.

The file ("FPK2", little-endian): u32 sample rate, u32 channels, u32 number of levels, u64 samples; for each level, the
coarsest first, u32 samples a peak, u32 number of peaks, u64 where it begins in the file; then the levels, in each peak
after peak, in each peak channel after channel, an int8 for the lowest and one for the highest sample (127 is full scale).
So a page gets the whole of a long sound from the file's beginning, and a stretch of any level by one range of bytes.
"""

import struct
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

FINEST = 64  # samples a peak
FACTOR = 4  # from one level to the next
FEWEST = 512  # peaks; a level of no more has no coarser one
_HEAD = struct.Struct("<4sIIIQ")
_LEVEL = struct.Struct("<IIQ")

Samples = npt.NDArray[np.float32]  # (channels, samples)
Pairs = npt.NDArray[np.int8]  # (peaks, channels, 2)


class Waveform:
    """Takes a sound piece by piece and writes its peaks."""

    def __init__(self, *, rate: int, channels: int) -> None:
        self._rate = rate
        self._channels = channels
        self._rest: Samples = np.zeros((channels, 0), np.float32)
        self._pieces: list[Pairs] = []
        self._total = 0

    def add(self, piece: Samples) -> None:
        self._total += piece.shape[1]
        joined = piece if not self._rest.shape[1] else np.concatenate([self._rest, piece], axis=1)
        whole = joined.shape[1] - joined.shape[1] % FINEST
        self._rest = joined[:, whole:].copy()
        if whole:
            self._keep(joined[:, :whole].reshape(self._channels, -1, FINEST))

    def levels(self) -> list[tuple[int, Pairs]]:
        """(samples a peak, its pairs), the coarsest first."""
        if self._rest.shape[1]:
            self._keep(self._rest.reshape(self._channels, 1, -1))
            self._rest = self._rest[:, :0]
        pairs = np.concatenate(self._pieces) if self._pieces else np.zeros((0, self._channels, 2), np.int8)
        found = [(FINEST, pairs)]
        while len(found[0][1]) > FEWEST:
            found.insert(0, (found[0][0] * FACTOR, _coarser(found[0][1])))
        return found

    def write(self, output: BinaryIO) -> Pairs:
        """Writes the file; gives the coarsest level."""
        levels = self.levels()
        output.write(_HEAD.pack(b"FPK2", self._rate, self._channels, len(levels), self._total))
        at = _HEAD.size + len(levels) * _LEVEL.size
        for samples, pairs in levels:
            output.write(_LEVEL.pack(samples, len(pairs), at))
            at += pairs.nbytes
        for _, pairs in levels:
            output.write(pairs.tobytes())
        return levels[0][1]

    def _keep(self, stretches: npt.NDArray[np.float32]) -> None:
        # NaN of a broken float file counts as silence.
        low, high = np.nan_to_num(stretches.min(axis=2)), np.nan_to_num(stretches.max(axis=2))
        lowest = np.clip(np.floor(low * 127), -127, 127).astype(np.int8)
        highest = np.clip(np.ceil(high * 127), -127, 127).astype(np.int8)
        self._pieces.append(np.stack([lowest.T, highest.T], axis=2))


def _coarser(pairs: Pairs) -> Pairs:
    starts = np.arange(0, len(pairs), FACTOR)
    low = np.minimum.reduceat(pairs[:, :, 0], starts, axis=0)
    high = np.maximum.reduceat(pairs[:, :, 1], starts, axis=0)
    return np.stack([low, high], axis=2)


def draw(pairs: Pairs, output: BinaryIO, *, width: int = 320, height: int = 120) -> None:
    """A picture of the whole sound in one grey that reads on light and dark."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    pencil = ImageDraw.Draw(image)
    middle = height / 2
    edges = np.linspace(0, len(pairs), width + 1).astype(int)
    for x in range(width):
        stretch = pairs[edges[x] : max(edges[x] + 1, edges[x + 1])]
        low, high = (int(stretch[..., 0].min()), int(stretch[..., 1].max())) if len(stretch) else (0, 0)
        top, bottom = middle - max(high, 1) / 127 * (middle - 2), middle - min(low, -1) / 127 * (middle - 2)
        pencil.line([(x, top), (x, bottom)], fill=(110, 122, 138, 255))
    image.save(output, "WEBP", lossless=True)
