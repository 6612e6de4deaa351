"""Sounds with known places, and their peaks as the server would compute them."""

import io
from pathlib import Path

import numpy as np
from av import AudioFrame
from av import open as open_media

from app.assets.kinds.waveform import Waveform


def clicks(path: Path, *, seconds: float = 12.0, rate: int = 48000, every: float = 1.0) -> np.ndarray:
    """A quiet tone with a loud click of 20 ms at every whole `every` seconds, as Ogg Opus."""
    count = int(seconds * rate)
    time = np.arange(count) / rate
    wave = 0.08 * np.sin(2 * np.pi * 220 * time) * (1 + np.sin(2 * np.pi * 0.2 * time))
    for start in np.arange(every, seconds, every):
        first = int(start * rate)
        wave[first : first + rate // 50] = 0.8 * np.sin(2 * np.pi * 880 * time[: rate // 50])
    samples = (wave * 32767).astype(np.int16).reshape(1, -1)
    with open_media(str(path), "w", format="ogg") as output:
        stream = output.add_stream("libopus", rate=rate, layout="mono")
        for start in range(0, count, 960):
            frame = AudioFrame.from_ndarray(samples[:, start : start + 960], format="s16", layout="mono")
            frame.sample_rate = rate
            frame.pts = start
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return samples[0]


def peaks(samples: np.ndarray, *, rate: int = 48000) -> bytes:
    """As the server makes them."""
    made = Waveform(rate=rate, channels=1)
    made.add(samples.reshape(1, -1).astype(np.float32) / 32768)
    file = io.BytesIO()
    made.write(file)
    return file.getvalue()
