"""How loud a sound is to the ear: integrated loudness by ITU-R BS.1770-4 and EBU R 128, in LUFS.

Measured on what is played, one or two channels. The two filters of the K-weighting are run by the decoder's library, in
C; energy, blocks and gates are ours.
"""

import math
from typing import Any

import av
import numpy as np
import numpy.typing as npt

LAYOUTS = {1: "mono", 2: "stereo"}
STEPS = 10  # energies kept a second; a gating block is four of them, and begins with each
BLOCK = 4
ABSOLUTE_GATE = -70.0
RELATIVE_GATE = -10.0
_OFFSET = -0.691  # BS.1770: so that a sine of 997 Hz reads its level
_SILENT_DB = -120.0

Samples = npt.NDArray[np.float32]
Coefficients = tuple[float, float, float, float, float, float]  # b0, b1, b2, a0, a1, a2


def k_weighting(rate: int) -> tuple[Coefficients, Coefficients]:
    """The shelf of the head and the high pass, for any rate (the standard prints those for 48 kHz)."""
    gain, quality, frequency = 3.999843853973347, 0.7071752369554196, 1681.974450955533
    k = math.tan(math.pi * frequency / rate)
    high, middle = 10 ** (gain / 20), (10 ** (gain / 20)) ** 0.4996667741545416
    a0 = 1 + k / quality + k * k
    shelf = (
        (high + middle * k / quality + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - middle * k / quality + k * k) / a0,
        1.0,
        2 * (k * k - 1) / a0,
        (1 - k / quality + k * k) / a0,
    )
    quality, frequency = 0.5003270373238773, 38.13547087602444
    k = math.tan(math.pi * frequency / rate)
    a0 = 1 + k / quality + k * k
    return shelf, (1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0)


class Loudness:
    """Takes a sound piece by piece; `integrated()` and `peak()` afterwards."""

    def __init__(self, *, rate: int, channels: int) -> None:
        self._rate = rate
        self._channels = channels
        self._graph, self._into, self._out = _filters(rate, channels)
        self._step = max(1, round(rate / STEPS))
        self._rest: npt.NDArray[np.float64] = np.zeros(0)
        self._energies: list[npt.NDArray[np.float64]] = []
        self._peak = 0.0

    def add(self, piece: Samples) -> None:
        if not piece.shape[1]:
            return
        self._peak = max(self._peak, float(piece.max()), -float(piece.min()))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout=LAYOUTS[self._channels])
        frame.sample_rate = self._rate
        self._into.push(frame)
        self._drain()

    def integrated(self) -> float | None:
        """LUFS; None where nothing is loud enough for long enough (0.4 s) to be measured."""
        self._into.push(None)
        self._drain()
        steps = np.concatenate(self._energies) if self._energies else np.zeros(0)
        if len(steps) < BLOCK:
            return None
        blocks = np.convolve(steps, np.ones(BLOCK) / BLOCK, "valid")
        loud = blocks[_lufs(blocks) > ABSOLUTE_GATE]
        if not len(loud):
            return None
        gate = float(_lufs(np.array([loud.mean()]))[0]) + RELATIVE_GATE
        return round(float(_lufs(np.array([loud[_lufs(loud) > gate].mean()]))[0]), 2)

    def peak(self) -> float:
        """The largest sample, in dB of full scale."""
        return round(20 * math.log10(self._peak), 2) if self._peak > 0 else _SILENT_DB

    def _drain(self) -> None:
        while True:
            try:
                weighted = self._out.pull().to_ndarray()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            squares = np.concatenate([self._rest, np.square(weighted, dtype=np.float64).sum(axis=0)])
            whole = len(squares) - len(squares) % self._step
            self._rest = squares[whole:]
            self._energies.append(squares[:whole].reshape(-1, self._step).mean(axis=1))


def _filters(rate: int, channels: int) -> tuple[Any, Any, Any]:
    graph = av.filter.Graph()
    into = graph.add_abuffer(sample_rate=rate, format="fltp", layout=LAYOUTS[channels], name="in")
    out = graph.add("abuffersink", name="out")
    steps = [into]
    for number, (b0, b1, b2, a0, a1, a2) in enumerate(k_weighting(rate)):
        told = f"b0={b0!r}:b1={b1!r}:b2={b2!r}:a0={a0!r}:a1={a1!r}:a2={a2!r}"
        steps.append(graph.add("biquad", told, name=f"k{number}"))
    graph.link_nodes(*steps, out).configure()
    return graph, into, out


def _lufs(energy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return _OFFSET + 10 * np.log10(np.maximum(energy, 1e-12))
