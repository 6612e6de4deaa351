"""Click tracks in every format of sound, where their clicks are in the server's own decode, and where they are heard."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import numpy.typing as npt

from app.assets.kinds import containers, sound
from app.errors import AppError

if TYPE_CHECKING:
    from playwright.sync_api import Page

RATE = 44_100
LOUD = 0.3  # a click's onset is the first sample beyond this
APART = 0.2  # seconds of quiet before it
LEAD = 0.25  # seconds before a click from which it is listened for
SLOW = 30_000
AGREED, MOST_HEARINGS = 0.0001, 6

Mono = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """How a click track is written."""

    suffix: str
    codec: str
    form: str
    rate: int = RATE
    options: dict[str, str] = field(default_factory=dict)


KINDS = {
    "WAV": Recipe("wav", "pcm_s16le", "wav"),
    "MP3 with Xing": Recipe("mp3", "libmp3lame", "mp3"),
    "MP3 without Xing": Recipe("mp3", "libmp3lame", "mp3", options={"write_xing": "0"}),
    "M4A": Recipe("m4a", "aac", "ipod"),
    "ADTS AAC": Recipe("aac", "aac", "adts"),
    "Opus": Recipe("opus", "libopus", "ogg", rate=48_000),
    "FLAC": Recipe("flac", "flac", "flac"),
}
# Records what the player of the page gives out, without loss, until it is told to stop.
RECORD = """() => {
  const media = document.querySelector("fasit-audio audio")
  const recorder = new MediaRecorder(media.captureStream(), { mimeType: "audio/webm;codecs=pcm" })
  const parts = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  recorder.start()
  window.heard = async () => {
    const done = new Promise((resolve) => (recorder.onstop = resolve))
    recorder.stop()
    await done
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
  }
}"""
SEEK = """(seconds) => new Promise((resolve) => {
  const part = document.querySelector("fasit-audio")
  part.media.addEventListener("seeked", () => resolve(part.media.currentTime), { once: true })
  part.seek(seconds)
})"""


def make(path: Path, recipe: Recipe, seconds: int) -> None:
    """A quiet hum with a click of 20 ms about every second, never at a round place."""
    with av.open(str(path), "w", format=recipe.form, options=recipe.options) as container:
        stream: Any = container.add_stream(recipe.codec, rate=recipe.rate, layout="mono")
        at = 0
        for piece in _hum(seconds, recipe.rate):
            frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = recipe.rate, at, Fraction(1, recipe.rate)
            at += len(piece)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _hum(seconds: int, rate: int) -> Iterator[Mono]:
    time = np.arange(rate) / rate
    for second in range(seconds):
        piece = (0.03 * np.sin(2 * np.pi * 200 * time) + 0.004).astype(np.float32)
        at = rate * 2 // 5 + second * 1009 % (rate // 3)
        piece[at : at + rate // 50] = 0.8 * np.sin(2 * np.pi * 1200 * time[: rate // 50] + 1.2)
        yield piece


def onsets(path: Path) -> list[float]:
    """Seconds at which the clicks begin in what the server decodes, from sample 0 after the container's declared skip."""
    with path.open("rb") as file, sound.open_media(file, containers.audio_demuxer(file)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=stream.rate)
        pieces = []
        for frame in sound.decoded(container, stream):
            frame.pts = None
            pieces += [one.to_ndarray()[0] for one in resampler.resample(frame)]
        return [onset / stream.rate for onset in _clicks(np.concatenate(pieces), stream.rate)]


def _clicks(samples: Mono, rate: int) -> list[int]:
    loud = np.flatnonzero(np.abs(samples) > LOUD)
    return [int(at) for at in loud[np.diff(loud, prepend=-rate) > APART * rate]]


def heard(page: "Page", onset: float) -> float:
    """Seconds at which the click near `onset` is heard on the page.

    On a busy machine a recorder may miss its first moment; so it is heard until two hearings agree.
    """
    found: list[float] = []
    while len(found) < MOST_HEARINGS:
        found.append(_heard_once(page, onset))
        if any(abs(one - found[-1]) < AGREED for one in found[:-1]):
            return found[-1]
    raise AppError(f"The click at {onset:.6f} s was heard at {found}: this machine cannot record steadily now.")


def _heard_once(page: "Page", onset: float) -> float:
    """By the page's own key, and from the first sample that the player gives."""
    begun = page.evaluate(SEEK, max(onset - LEAD, 0))
    page.evaluate(RECORD)
    page.keyboard.press("k")
    page.wait_for_function(
        "(end) => document.querySelector('fasit-audio audio').currentTime > end", arg=onset + 0.15, timeout=SLOW
    )
    page.keyboard.press("k")
    recorded = io.BytesIO(base64.b64decode(page.evaluate("() => window.heard()")))
    with av.open(recorded, "r", format="matroska") as container:
        stream = container.streams.audio[0]
        samples = np.concatenate([_mono(frame) for frame in container.decode(audio=0)])
        first = int(np.flatnonzero(samples)[0])
        return float(begun) + (_clicks(samples, stream.rate)[0] - first) / stream.rate


def _mono(frame: Any) -> Mono:
    array: Mono = frame.to_ndarray()
    return array.reshape(-1, frame.layout.nb_channels)[:, 0] if frame.format.is_packed else array[0]


def mark(page: "Page", start: float, end: float) -> None:
    """A segment from one moment to another, by the page's own modules and keys."""
    for moment, key in ((start, "i"), (end, "o")):
        page.evaluate(SEEK, moment)
        page.keyboard.press(key)
    page.keyboard.press("Escape")
