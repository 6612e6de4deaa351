"""Moving pictures with known positions, and sound, by PyAV. Every frame carries its own number as a strip of squares."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw

from sample_media.speaking import RATE, Samples

BITS = 12
CELL = 8
Draw = Callable[[int], Image.Image]
TICKS = 90_000


def stamp(image: Image.Image, number: int) -> Image.Image:
    """Writes `number` in binary, most significant bit first, as squares along the lower left edge."""
    draw = ImageDraw.Draw(image)
    top = image.height - CELL
    for bit in range(BITS):
        lit = number >> (BITS - 1 - bit) & 1
        draw.rectangle((bit * CELL, top, bit * CELL + CELL - 1, image.height - 1), fill="white" if lit else "black")
    return image


def film(
    path: Path, draw: Draw, times: Sequence[Fraction], *, codec: str, container: str, sound: Samples | None = None,
    options: dict[str, str] | None = None, audio_codec: str = "aac",
) -> None:  # fmt: skip
    """Encodes one frame per presentation time (seconds, the first 0)."""
    first = draw(0)
    with av.open(str(path), "w", format=container) as output:
        video = output.add_stream(codec, rate=30, options=options or {})
        video.width, video.height, video.pix_fmt = first.width, first.height, "yuv420p"
        video.time_base = video.codec_context.time_base = Fraction(1, TICKS)
        audio = output.add_stream(audio_codec, rate=RATE, layout="mono") if sound is not None else None
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_image(stamp(draw(number), number))
            frame.pts, frame.time_base = round(time * TICKS), Fraction(1, TICKS)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
        if audio is not None and sound is not None:
            mux_sound(output, audio, sound)


def mux_sound(output: av.container.OutputContainer, stream: av.AudioStream, sound: Samples) -> None:
    """Encodes mono samples at RATE in pieces of 1024."""
    resampler = av.AudioResampler(format=stream.format, layout="mono", rate=RATE)
    for start in range(0, len(sound), 1024):
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis, start : start + 1024], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        for piece in resampler.resample(frame):
            output.mux(stream.encode(piece))
    for piece in resampler.resample(None):
        output.mux(stream.encode(piece))
    output.mux(stream.encode(None))


def record(path: Path, sound: Samples, *, codec: str, container: str, bit_rate: int | None = None) -> None:
    """Encodes a mono recording."""
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=RATE, layout="mono")
        if bit_rate is not None:
            stream.bit_rate = bit_rate
        mux_sound(output, stream, sound)
