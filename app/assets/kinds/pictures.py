"""Small pictures made from decoded ones."""

from typing import BinaryIO

from PIL import Image

THUMBNAIL = 320
POSTER = 1280


def save_within(image: Image.Image, longest: int, output: BinaryIO, *, quality: int = 80) -> None:
    """Writes a WebP of at most this many pixels on the long side; never enlarged."""
    small = image.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small.save(output, "WEBP", quality=quality)


def save_jpeg_within(image: Image.Image, longest: int, output: BinaryIO) -> None:
    """The same as a JPEG, which is written many times faster than a WebP: for pictures that somebody waits for."""
    if max(image.size) > longest:
        image.thumbnail((longest, longest), Image.Resampling.BICUBIC, reducing_gap=2.0)
    image.convert("RGB").save(output, "JPEG", quality=92)
