"""Where nothing is heard, so that the edges of segments can snap to where sound begins and ends."""

import json
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

BLOCK_SECONDS = 0.005
SHORTEST_SECONDS = 0.15
QUIETEST_DB = -70.0  # nothing is told apart below
LEAST_CONTRAST_DB = 9.0  # between quiet and loud; with less, quiet is only less loud
SHARE = 0.3  # of the way from quiet to loud, in dB, up to which it counts as silence
MOST = 50_000

Samples = npt.NDArray[np.float32]


class Silences:
    """Takes a sound piece by piece; `found()` afterwards."""

    def __init__(self, *, rate: int) -> None:
        self._rate = rate
        self._block = max(1, round(rate * BLOCK_SECONDS))
        self._rest: Samples = np.zeros((1, 0), np.float32)
        self._levels: list[npt.NDArray[np.float32]] = []
        self._total = 0

    def add(self, piece: Samples) -> None:
        self._total += piece.shape[1]
        joined = piece if not self._rest.shape[1] else np.concatenate([self._rest, piece], axis=1)
        whole = joined.shape[1] - joined.shape[1] % self._block
        self._rest = joined[:, whole:].copy()
        if whole:
            self._levels.append(_level(joined[:, :whole].reshape(joined.shape[0], -1, self._block)))

    def found(self) -> list[tuple[int, int]]:
        """Half-open stretches in samples, in order."""
        if self._rest.shape[1]:
            self._levels.append(_level(self._rest.reshape(self._rest.shape[0], 1, -1)))
            self._rest = self._rest[:, :0]
        levels = np.concatenate(self._levels) if self._levels else np.zeros(0, np.float32)
        if not len(levels):
            return []
        quiet, loud = np.sort(levels)[[len(levels) * 5 // 100, len(levels) * 95 // 100]]
        if loud - quiet < LEAST_CONTRAST_DB:
            return [] if loud > QUIETEST_DB else [(0, self._total)]
        is_quiet = levels <= quiet + SHARE * (loud - quiet)
        turns = np.flatnonzero(np.diff(np.concatenate([[False], is_quiet, [False]]).astype(np.int8)))
        shortest = round(SHORTEST_SECONDS / BLOCK_SECONDS)
        runs = [(int(a), int(b)) for a, b in zip(turns[::2], turns[1::2], strict=True) if b - a >= shortest]
        return [(a * self._block, min(b * self._block, self._total)) for a, b in runs[:MOST]]

    def write(self, output: BinaryIO) -> None:
        content = {"rate": self._rate, "silences": self.found()}
        output.write(json.dumps(content, separators=(",", ":")).encode())


def _level(blocks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Decibels of full scale of each block's loudest channel."""
    power = np.einsum("cbn,cbn->cb", blocks, blocks).max(axis=0) / blocks.shape[2]
    level: npt.NDArray[np.float32] = np.maximum(10 * np.log10(np.maximum(power, 1e-12)), QUIETEST_DB)
    return level.astype(np.float32)
