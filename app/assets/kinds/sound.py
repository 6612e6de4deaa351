"""Sound as the decoder presents it: counted, laid on a time line, encoded."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import RawIOBase
from itertools import chain
from typing import Any, BinaryIO

import av
import av.subtitles.stream  # PyAV loads it when it meets its first file, which is too late for a confined child
import numpy as np
import numpy.typing as npt

from app.assets.sandbox.rules import Undecodable

SHOWN_RATE = 48_000
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


@dataclass
class Damage:
    """What was met while decoding: packets that could not be, and whether so many that the rest was given up."""

    packets: int = 0
    gave_up: bool = False


def presented_frames(container: Any, stream: Any, damage: Damage | None = None) -> Iterator[tuple[Any, int]]:
    """Decoded frames with the number of samples of each that are presented.

    The decoder drops what the container declares as skipped at the start (and at the end of MP3, Opus and Vorbis). An
    M4A says how long its last packet lasts, and what the decoder gives beyond that is padding.
    """
    trims_by_duration = container.format.name.startswith("mov")
    held: Any = None
    for frame in decoded(container, stream, damage):
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


def decoded(container: Any, stream: Any, damage: Damage | None = None) -> Iterator[Any]:
    """Frames of one stream. A damaged packet in the middle is skipped, as players do.

    Where too much is damaged, `Undecodable` is raised; for those who want to know of the `damage`, it ends there instead.
    """
    met = damage or Damage()
    for packet in chain(packets(container, stream), [None]):
        try:
            yield from stream.codec_context.decode(packet) if packet is None else packet.decode()
        except av.error.FFmpegError as failure:
            met.packets += 1
            if met.packets > MOST_DAMAGED:
                if damage is None:
                    raise Undecodable("The file is damaged: too much of it cannot be decoded.") from failure
                met.gave_up = True
                return


def channels_shown(stream: Any) -> int:
    return 1 if stream.codec_context.channels == 1 else 2


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
