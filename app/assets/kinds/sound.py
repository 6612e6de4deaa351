"""Sound as the decoder presents it: counted, laid on a time line, written as Opus, drawn as peaks."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from io import RawIOBase
from itertools import chain
from typing import Any, BinaryIO

import av
import av.subtitles.stream  # PyAV loads it when it meets its first file, which is too late for a confined child
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from app.assets.sandbox.rules import Undecodable

SHOWN_RATE = 48_000
SAMPLES_PER_PEAK = 256
MOST_DAMAGED = 20  # packets; more is not a scratch
BIT_RATES = {1: 96_000, 2: 160_000}
LAYOUTS = {1: "mono", 2: "stereo"}

Samples = npt.NDArray[np.float32]  # (channels, samples)

# Frames may lie this far from where their time says before it counts as a gap: containers round times to milliseconds.
_TOLERATED_SECONDS = Fraction(1, 50)


def open_media(source: BinaryIO | RawIOBase, demuxer: str) -> Any:
    """An input container by named demuxer. Raises `Undecodable` for what it cannot read."""
    source.seek(0)
    try:
        return av.open(source, format=demuxer, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as damage:
        raise Undecodable("The file is damaged or cut short; nothing in it can be read.") from damage


def presented_frames(container: Any, stream: Any) -> Iterator[tuple[Any, int]]:
    """Decoded frames with the number of samples of each that are presented.

    The decoder drops what the container declares as skipped at the start (and at the end of MP3, Opus and Vorbis). An
    M4A says how long its last packet lasts, and what the decoder gives beyond that is padding.
    """
    trims_by_duration = container.format.name.startswith("mov")
    held: Any = None
    for frame in decoded(container, stream):
        if held is not None:
            yield held, held.samples
        held = frame
    if held is None:
        return
    lasts = held.samples
    if trims_by_duration and held.duration:
        lasts = min(lasts, round(held.duration * stream.time_base * held.sample_rate))
    yield held, lasts


def packets(container: Any, stream: Any) -> Iterator[Any]:
    """What one stream holds, up to where the file ends or breaks off."""
    demuxing = container.demux(stream)
    while True:
        try:
            packet = next(demuxing, None)
        except av.error.FFmpegError:
            return
        if packet is None:
            return
        if packet.size:
            yield packet


def decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Frames of one stream. A damaged packet in the middle is skipped, as players do."""
    failures = 0
    for packet in chain(packets(container, stream), [None]):
        try:
            yield from stream.codec_context.decode(packet) if packet is None else packet.decode()
        except av.error.FFmpegError as damage:
            failures += 1
            if failures > MOST_DAMAGED:
                raise Undecodable("The file is damaged: too much of it cannot be decoded.") from damage


def channels_shown(stream: Any) -> int:
    return 1 if stream.codec_context.channels == 1 else 2


def at_shown_rate(container: Any, stream: Any, channels: int) -> Iterator[Samples]:
    """Samples at 48 kHz without a time line: one after the other, as an audio part is heard."""
    resampler = av.AudioResampler(format="fltp", layout=LAYOUTS[channels], rate=SHOWN_RATE)
    for frame in decoded(container, stream):
        frame.pts = None
        for piece in resampler.resample(frame):
            yield _array(piece)
    for piece in resampler.resample(None):
        yield _array(piece)


def on_time_line(container: Any, stream: Any, channels: int, *, origin: Fraction) -> Iterator[Samples]:
    """Samples at 48 kHz from the moment `origin` of the container's clock: silence where there is none, as beside a video."""
    resampler = av.AudioResampler(format="fltp", layout=LAYOUTS[channels], rate=SHOWN_RATE)
    cursor = 0
    for frame, _ in presented_frames(container, stream):
        wanted = cursor if frame.pts is None else round((frame.pts * frame.time_base - origin) * SHOWN_RATE)
        frame.pts = None
        for piece in resampler.resample(frame):
            array = _array(piece)
            if wanted - cursor > _TOLERATED_SECONDS * SHOWN_RATE or cursor == 0 < wanted:
                yield np.zeros((channels, wanted - cursor), np.float32)
                cursor = wanted
            elif cursor == 0 > wanted or cursor - wanted > _TOLERATED_SECONDS * SHOWN_RATE:
                array = array[:, cursor - wanted :]
            cursor += array.shape[1]
            wanted = cursor
            yield array
    for piece in resampler.resample(None):
        yield _array(piece)


def _array(frame: Any) -> Samples:
    array: Samples = frame.to_ndarray()
    return array


def of_length(pieces: Iterator[Samples], channels: int, total: int) -> Iterator[Samples]:
    """Exactly `total` samples: cut, or filled with silence."""
    left = total
    for piece in pieces:
        part = piece[:, :left]
        left -= part.shape[1]
        if part.shape[1]:
            yield part
        if not left:
            return
    while left:
        silence = np.zeros((channels, min(left, SHOWN_RATE)), np.float32)
        left -= silence.shape[1]
        yield silence


def encode(stream: Any, pieces: Iterator[Samples], channels: int) -> Iterator[Any]:
    """Packets of an output stream."""
    position = 0
    for piece in pieces:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout=LAYOUTS[channels])
        frame.sample_rate = SHOWN_RATE
        frame.time_base = Fraction(1, SHOWN_RATE)
        frame.pts = position
        position += piece.shape[1]
        yield from stream.encode(frame)
    yield from stream.encode(None)


def write_opus(output: BinaryIO, pieces: Iterator[Samples], channels: int) -> None:
    with av.open(output, "w", format="ogg", container_options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=SHOWN_RATE, layout=LAYOUTS[channels])
        stream.bit_rate = BIT_RATES[channels]
        for packet in encode(stream, pieces, channels):
            container.mux(packet)


class Peaks:
    """The smallest and largest sample of every stretch, over all channels."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros((1, 0), np.float32)
        self._low: list[npt.NDArray[np.int8]] = []
        self._high: list[npt.NDArray[np.int8]] = []
        self._total = 0

    def add(self, piece: Samples) -> None:
        self._total += piece.shape[1]
        joined = piece if not self._rest.shape[1] else np.concatenate([self._rest, piece], axis=1)
        whole = joined.shape[1] - joined.shape[1] % SAMPLES_PER_PEAK
        self._rest = joined[:, whole:]
        if whole:
            self._keep(joined[:, :whole].reshape(joined.shape[0], -1, SAMPLES_PER_PEAK))

    def pairs(self) -> npt.NDArray[np.int8]:
        """(count, 2): smallest, largest, from -127 to 127."""
        if self._rest.shape[1]:
            self._keep(self._rest.reshape(self._rest.shape[0], 1, -1))
            self._rest = self._rest[:, :0]
        if not self._low:
            return np.zeros((0, 2), np.int8)
        return np.stack([np.concatenate(self._low), np.concatenate(self._high)], axis=1)

    def write(self, output: BinaryIO) -> npt.NDArray[np.int8]:
        pairs = self.pairs()
        output.write(struct.pack("<4sIIIQ", b"FPK1", SHOWN_RATE, SAMPLES_PER_PEAK, len(pairs), self._total))
        output.write(pairs.tobytes())
        return pairs

    def _keep(self, stretches: npt.NDArray[np.float32]) -> None:
        # NaN of a broken float file counts as silence.
        low, high = np.nan_to_num(stretches.min(axis=(0, 2))), np.nan_to_num(stretches.max(axis=(0, 2)))
        self._low.append(np.clip(np.floor(low * 127), -127, 127).astype(np.int8))
        self._high.append(np.clip(np.ceil(high * 127), -127, 127).astype(np.int8))


def draw_waveform(pairs: npt.NDArray[np.int8], output: BinaryIO, *, width: int = 320, height: int = 120) -> None:
    """A picture of the whole sound in one grey that reads on light and dark."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    middle = height / 2
    edges = np.linspace(0, len(pairs), width + 1).astype(int)
    for x in range(width):
        stretch = pairs[edges[x] : max(edges[x] + 1, edges[x + 1])]
        low, high = (int(stretch[:, 0].min()), int(stretch[:, 1].max())) if len(stretch) else (0, 0)
        top, bottom = middle - max(high, 1) / 127 * (middle - 2), middle - min(low, -1) / 127 * (middle - 2)
        draw.line([(x, top), (x, bottom)], fill=(110, 122, 138, 255))
    image.save(output, "WEBP", lossless=True)
