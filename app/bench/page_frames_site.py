"""A Fasit with a large picture a queue, for measuring the frames of its page; and the marks that are put on them."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from app.assets.intake import GivenPart
from app.bench import site

Size = tuple[int, int]

CHOICES = ("bottle", "glass", "logo", "person")
BODY: dict[str, Any] = {
    "name": "Objects",
    "parts": [{"name": "creative", "modality": "image"}],
    "fields": [{"name": "objects", "kind": "boxes", "choices": [{"value": choice} for choice in CHOICES]}],
}
# Shows so many boxes in rows, as large as there is room, instead of whatever was there. Nothing is saved.
PUT = """([count, width, height]) => {
  const { work } = document.querySelector("fasit-work")
  const choices = work.fieldOf("objects").choices.map(({ value }) => value)
  const columns = Math.ceil(Math.sqrt((count * width) / height))
  const rows = Math.ceil(count / columns)
  const [wide, high] = [width / columns, height / rows]
  const box = (at) => ({
    id: `m${at}`, choice: choices[at % choices.length], source: "human", rotation: at % 9 === 4 ? 10 : 0,
    x: Math.round((at % columns) * wide + wide / 8), y: Math.round(Math.floor(at / columns) * high + high / 8),
    width: Math.round(wide * 0.7), height: Math.round(high * 0.7),
  })
  work.select(null)
  work.load({ answers: count === 0 ? {} : { objects: Array.from({ length: count }, (_, at) => box(at)) } })
}"""


def build(own: Path, url: str, sizes: Mapping[str, Size]) -> dict[str, str]:
    """A queue a picture. Gives the queues' ids by the pictures' names."""
    ads = ((name, [GivenPart("creative", "image", file=_picture(*size))]) for name, size in sizes.items())
    return site.build_apart(own, url, schema=BODY, ads=ads)


def _picture(width: int, height: int) -> io.BytesIO:
    """A photograph's share of detail: grain enlarged eightfold, with edges over it."""
    grain = Image.effect_noise((width // 8 + 1, height // 8 + 1), 60)
    image = grain.resize((width, height), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(image)
    for at in range(0, width, 700):
        pen.rectangle((at, at % height, at + 260, at % height + 180), fill=at // 7 % 256)
    stream = io.BytesIO()
    image.convert("RGB").save(stream, "JPEG", quality=85)
    stream.seek(0)
    return stream
