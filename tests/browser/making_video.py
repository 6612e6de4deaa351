"""Videos whose every frame carries its own number as a barcode, and their tables of frames."""

import io
import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av import AudioFrame, VideoFrame
from av import open as open_media
from PIL import Image

WIDTH, HEIGHT = 320, 192
BITS = 10
CELL = 32  # pixels of one bit: large enough for any codec and any scaling of the page
TICKS = 90000


@dataclass(frozen=True)
class Film:
    path: Path
    table: dict[str, Any]
    width: int = WIDTH
    height: int = HEIGHT
    turned: bool = False

    @property
    def kind(self) -> str:
        return "video/webm" if self.path.suffix == ".webm" else "video/mp4"


def picture(number: int) -> np.ndarray:
    """The number in binary along the top row, white for 1; a wandering square below, so that pictures truly differ."""
    image = np.full((HEIGHT, WIDTH, 3), 96, np.uint8)
    for bit in range(BITS):
        image[:CELL, bit * CELL : (bit + 1) * CELL] = 235 if number >> bit & 1 else 16
    x = (number * 7) % (WIDTH - 40)
    image[100:140, x : x + 40] = (200, 60, 40)
    return image


def read(png: bytes, *, turned: bool = False) -> int:
    """The number on a screenshot of the picture alone."""
    image = Image.open(io.BytesIO(png)).convert("L")
    if turned:
        image = image.transpose(Image.Transpose.ROTATE_90)
    cell = image.width / BITS
    values = [image.getpixel((int((bit + 0.5) * cell), int(cell / 2))) for bit in range(BITS)]
    assert all(value < 70 or value > 180 for value in values), values
    return sum(1 << bit for bit, value in enumerate(values) if value > 128)


def even(count: int, fps: Fraction = Fraction(30)) -> list[int]:
    return [round(n * TICKS / fps) for n in range(count)]


def uneven(count: int) -> list[int]:
    """Frames of 16 to 120 ms, as screen recordings and phones have them."""
    lengths = [1440 + (n * 7919) % 9360 for n in range(count)]
    return [sum(lengths[:n]) for n in range(count)]


def film(
    path: Path, times: list[int], *, codec: str = "libx264", start: int = 0, sound: bool = False, turned: bool = False
) -> Film:
    options = {
        "libx264": {"bf": "3", "g": "250", "crf": "20", "preset": "veryfast"},
        "libvpx-vp9": {"g": "120", "b": "1M", "cpu-used": "8"},
    }
    with open_media(str(path), "w") as output:
        stream = output.add_stream(codec, rate=30, options=options[codec])
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS)
        voice = (
            output.add_stream("aac" if path.suffix == ".mp4" else "libopus", rate=48000, layout="mono")
            if sound
            else None
        )
        for number, at in enumerate(times):
            frame = VideoFrame.from_ndarray(picture(number), format="rgb24")
            frame.pts, frame.time_base = at + start, Fraction(1, TICKS)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if voice is not None:
            _hum(output, voice, seconds=times[-1] / TICKS)
    if turned:
        _turn(path)
    width, height = (HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT)
    return Film(path, _table(path), width, height, turned)


def _hum(output: Any, voice: Any, *, seconds: float) -> None:
    samples = (4000 * np.sin(np.arange(int(seconds * 48000)) / 30)).astype(np.int16).reshape(1, -1)
    for first in range(0, samples.shape[1], 960):
        frame = AudioFrame.from_ndarray(samples[:, first : first + 960], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48000, first
        output.mux(voice.encode(frame))
    output.mux(voice.encode(None))


def _table(path: Path) -> dict[str, Any]:
    with open_media(str(path)) as media:
        stream = media.streams.video[0]
        frames = [(packet.pts, packet.duration or 0) for packet in media.demux(stream) if packet.pts is not None]
        base = stream.time_base
    frames.sort()
    first = frames[0][0]
    times = [round(Fraction(pts - first) * base * 1_000_000) for pts, _ in frames]
    last = round(Fraction(frames[-1][0] + frames[-1][1] - first) * base * 1_000_000)
    return {"count": len(times), "times": times, "end": max(last, times[-1] + 10000)}


def _turn(path: Path) -> None:
    """Writes a quarter turn to the right into the track header: what a phone held upright does."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    content[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, HEIGHT << 16, 0, 1 << 30)
    path.write_bytes(content)
