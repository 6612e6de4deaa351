"""Films on disk for the page of one part, with their tables of frames: see app/bench/frames_films.py."""

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from av import open as open_media
from PIL import Image

from app.bench import frames_films
from app.bench.frames_films import HEIGHT, WIDTH, Recipe, even, uneven

__all__ = ["Film", "even", "film", "read", "uneven"]


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


def read(png: bytes, *, turned: bool = False) -> int:
    """The number on a screenshot of the picture alone."""
    image = Image.open(io.BytesIO(png))
    return frames_films.read(image.transpose(Image.Transpose.ROTATE_90) if turned else image)


def film(
    path: Path, times: list[int], *, codec: str = "libx264", start: int = 0, sound: bool = False, turned: bool = False
) -> Film:
    options = {
        "libx264": {"bf": "3", "g": "250", "crf": "20", "preset": "veryfast"},
        "libvpx-vp9": {"g": "120", "b": "1M", "cpu-used": "8"},
    }
    recipe = Recipe(codec, path.suffix[1:], lambda _count: times, options[codec], start=start, turned=turned)
    frames_films.make(path, recipe, len(times), sound=sound)
    width, height = (HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT)
    return Film(path, _table(path), width, height, turned)


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
