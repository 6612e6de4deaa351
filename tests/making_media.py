"""Sound and moving pictures encoded on the spot, with known samples and known frames."""

import io
import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np

CLICK_EVERY = 4410


def clicks(samples: int, channels: int = 1) -> Any:
    """Silence with a loud click every 4410 samples, as (channels, samples) of float32."""
    sound = np.zeros((channels, samples), np.float32)
    for offset in range(20):
        sound[:, offset::CLICK_EVERY] = 0.9
    return sound


def encode_sound(codec: str, form: str, sound: Any, *, rate: int = 44_100, **options: str) -> bytes:
    file = io.BytesIO()
    layout = "mono" if sound.shape[0] == 1 else "stereo"
    with av.open(file, "w", format=form, options=options) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        _encode_all(container, stream, sound, rate, layout)
    return file.getvalue()


def _encode_all(container: Any, stream: Any, sound: Any, rate: int, layout: str) -> None:
    for start in range(0, sound.shape[1], 1024):
        block = np.ascontiguousarray(sound[:, start : start + 1024])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def encode_video(
    ticks: Sequence[int],
    *,
    codec: str = "libx264",
    form: str = "mp4",
    time_base: Fraction = Fraction(1, 1000),
    size: tuple[int, int] = (64, 48),
    pixels: str = "yuv420p",
    last: int = 40,
    sound: Any = None,
    options: dict[str, str] | None = None,
) -> bytes:
    """A video whose frames are shown at these ticks; frame n is grey, of brightness 10 * n."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream(codec, rate=25, options=options or {})
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.codec_context.time_base = time_base
        stream.time_base = time_base
        audio = (
            container.add_stream("aac" if form != "webm" else "libopus", rate=48_000, layout="mono")
            if sound is not None
            else None
        )
        lasts = dict(zip(ticks, [*(b - a for a, b in itertools.pairwise(ticks)), last], strict=True))
        for number, tick in enumerate(ticks):
            picture = np.full((size[1], size[0], 3), min(250, 10 * number), np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixels)
            frame.pts, frame.time_base = tick, time_base
            _mux(container, stream.encode(frame), lasts)
        _mux(container, stream.encode(None), lasts)
        if audio is not None:
            _encode_all(container, audio, sound, 48_000, "mono")
    return file.getvalue()


def _mux(container: Any, packets: Any, lasts: dict[int, int]) -> None:
    for packet in packets:
        packet.duration = lasts.get(packet.pts, 0)
        container.mux(packet)
