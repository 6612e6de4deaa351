"""Videos of every kind whose frames carry their own number as a barcode, so that what is on a screen can be read back."""

import os
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

WIDTH, HEIGHT = 320, 192
BITS = 10
CELL = WIDTH // BITS  # pixels of one bit: large enough for any codec and any scaling of the page
TICKS = 90_000  # a second
DARK, LIGHT = 70, 180  # brightness that is surely black, surely white

_H264 = {"bf": "3", "g": "60", "crf": "20", "preset": "veryfast"}
_VP9 = {"g": "60", "b": "1M", "cpu-used": "8", "deadline": "realtime"}


def picture(number: int) -> npt.NDArray[np.uint8]:
    """The number in binary along the top, white for 1; a wandering square below, so that pictures truly differ."""
    image = np.full((HEIGHT, WIDTH, 3), 96, np.uint8)
    for bit in range(BITS):
        image[:CELL, bit * CELL : (bit + 1) * CELL] = 235 if number >> bit & 1 else 16
    x = (number * 7) % (WIDTH - 40)
    image[100:140, x : x + 40] = (200, 60, 40)
    return image


def read(image: Image.Image) -> int:
    """The number on a picture, whatever its size. Raises `ValueError` where it is on none."""
    grey = np.asarray(image.convert("L"))
    cell = grey.shape[1] / BITS
    values = [float(grey[int(cell / 2), int((bit + 0.5) * cell)]) for bit in range(BITS)]
    if not all(value < DARK or value > LIGHT for value in values):
        raise ValueError(f"no number can be read: {values}")
    return sum(1 << bit for bit, value in enumerate(values) if value > LIGHT)


def even(count: int, fps: Fraction = Fraction(30)) -> list[int]:
    return [round(n * TICKS / fps) for n in range(count)]


def uneven(count: int) -> list[int]:
    """Frames of 16 to 120 ms, as screen recordings and phones have them."""
    lengths = [1440 + (n * 7919) % 9360 for n in range(count)]
    return [sum(lengths[:n]) for n in range(count)]


@dataclass(frozen=True)
class Recipe:
    """How a film of one kind is made. `hidden` frames at its start are there, but an edit list leaves them out."""

    codec: str = "libx264"
    suffix: str = "mp4"
    ticks: Callable[[int], Sequence[int]] = even
    options: Mapping[str, str] = field(default_factory=lambda: _H264)
    pixels: str = "yuv420p"
    start: int = 0  # ticks
    turned: bool = False
    hidden: int = 0
    interlaced: bool = False
    rate: int = 30


KINDS: Mapping[str, Recipe] = {
    "constant rate, B-frames": Recipe(ticks=lambda count: even(count, Fraction(30_000, 1001))),
    "variable rate, B-frames": Recipe(ticks=uneven),
    "one group of pictures": Recipe(options={**_H264, "g": "1000"}),
    "starts at 0.5 s": Recipe(start=TICKS // 2),
    "edit list": Recipe(hidden=7),
    "turned by 90 degrees": Recipe(turned=True),
    "interlaced": Recipe(interlaced=True, options={"flags": "+ildct+ilme", "crf": "18", "preset": "veryfast"}, rate=25),
    "VP9 WebM": Recipe("libvpx-vp9", "webm", options=_VP9),
    "VP9 WebM, variable rate": Recipe("libvpx-vp9", "webm", uneven, _VP9),
    "AV1": Recipe("libsvtav1", options={"preset": "12", "g": "60"}),
    "HEVC": Recipe("libx265", options={"preset": "ultrafast", "x265-params": "log-level=none:bframes=3"}),
    "MPEG-2 stream": Recipe("mpeg2video", "ts", options={"b": "2M", "bf": "2", "g": "15"}),
    "ProRes": Recipe("prores_ks", "mov", options={}, pixels="yuv422p10le"),
}


def make(path: Path, recipe: Recipe, count: int, *, sound: bool = False) -> None:
    """Writes a film of `count` presented frames, numbered from 0."""
    total = count + recipe.hidden
    ticks = recipe.ticks(total)
    with _usual_priority(), av.open(str(path), "w") as output:
        stream = output.add_stream(recipe.codec, rate=recipe.rate, options=dict(recipe.options))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, recipe.pixels
        base = Fraction(1, recipe.rate) if recipe.codec == "mpeg2video" else Fraction(1, TICKS)
        stream.codec_context.time_base = base
        voice = _voice(output, path) if sound else None
        for frame in _frames(ticks, recipe, base):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if voice is not None:
            _hum(output, voice, seconds=ticks[-1] / TICKS)
    if recipe.turned:
        _turn(path)
    if recipe.hidden:
        _hide(path, ticks[recipe.hidden] / TICKS)


@contextmanager
def _usual_priority() -> Iterator[None]:
    """SVT-AV1 makes the thread that it is called on a real-time one where it may (as root). What that thread starts later
    would be so too: a browser, say, that leaves nothing of the machine to anybody else.
    """
    if not hasattr(os, "sched_getscheduler"):  # not Linux
        yield
        return
    policy, priority = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, priority)


def _frames(ticks: Sequence[int], recipe: Recipe, base: Fraction) -> Iterator[av.VideoFrame]:
    for number, tick in enumerate(ticks):
        shown = number - recipe.hidden
        frame = av.VideoFrame.from_ndarray(picture(shown % (1 << BITS)), format="rgb24")
        frame = frame.reformat(format=recipe.pixels)
        frame.pts, frame.time_base = round(Fraction(tick + recipe.start, TICKS) / base), base
        yield frame


def _voice(output: Any, path: Path) -> Any:
    return output.add_stream("libopus" if path.suffix == ".webm" else "aac", rate=48_000, layout="mono")


def _hum(output: Any, voice: Any, *, seconds: float) -> None:
    samples = (4000 * np.sin(np.arange(int(seconds * 48_000)) / 30)).astype(np.int16).reshape(1, -1)
    for first in range(0, samples.shape[1], 960):
        frame = av.AudioFrame.from_ndarray(samples[:, first : first + 960], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, first
        output.mux(voice.encode(frame))
    output.mux(voice.encode(None))


def _turn(path: Path) -> None:
    """Writes a quarter turn to the right into the track header: what a phone held upright does."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    content[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, HEIGHT << 16, 0, 1 << 30)
    path.write_bytes(content)


def _hide(path: Path, seconds: float) -> None:
    """Moves where the edit list begins: what a phone does when a clip is cut without encoding it anew."""
    content = bytearray(path.read_bytes())
    at = content.index(b"elst") + 4 + 8
    duration, begins = struct.unpack(">ii", content[at : at + 8])
    movie = struct.unpack(">I", content[content.index(b"mvhd") + 16 : content.index(b"mvhd") + 20])[0]
    media = struct.unpack(">I", content[content.index(b"mdhd") + 16 : content.index(b"mdhd") + 20])[0]
    moved = (duration - round(seconds * movie), begins + round(seconds * media))
    content[at : at + 8] = struct.pack(">ii", *moved)
    path.write_bytes(content)
