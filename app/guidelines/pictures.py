"""Pictures of guidelines: what a file is, told from its header alone. Nothing is decoded here."""

from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from app.errors import Invalid, TooLarge, UnsupportedMedia
from app.guidelines.rules import PICTURE_BYTES_AT_MOST, PICTURE_SIDE_AT_MOST

# What every browser shows and none executes.
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


def content_type(stream: BinaryIO, byte_size: int) -> str:
    """The type of an uploaded picture. Raises a refusal for anything else."""
    if byte_size > PICTURE_BYTES_AT_MOST:
        raise TooLarge(f"A picture of a guideline has at most {PICTURE_BYTES_AT_MOST // 1_000_000} MB.")
    try:
        with Image.open(stream, formats=tuple(TYPES)) as picture:
            kind, size = picture.format, picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnsupportedMedia("This is no PNG, JPEG, WebP or GIF picture, so it was not stored.") from error
    finally:
        stream.seek(0)
    if max(size) > PICTURE_SIDE_AT_MOST:
        raise Invalid(f"A picture of a guideline is at most {PICTURE_SIDE_AT_MOST} pixels wide and high.")
    return TYPES[kind or ""]
