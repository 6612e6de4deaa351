"""A decoded picture as it is shown: upright, in eight bits of grey or RGB, with its alpha; whole or piece by piece.

Pieces, so that a picture of some hundred megapixels is never held twice.
"""

from io import BytesIO
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageCms

Box = tuple[int, int, int, int]

# How a picture that lies as EXIF says is turned upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = 5  # EXIF: 5 to 8
_WITH_ALPHA = frozenset({"P", "PA", "LA", "La", "RGBa"})
_SHOWN = frozenset({"L", "RGB", "RGBA"})


class Upright:
    """Over a loaded picture. `size` is upright."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self._orientation = orientation(image)
        self._tones = _tones(image)
        width, height = image.size
        self.size = (height, width) if self._orientation >= _ON_ITS_SIDE else (width, height)

    def whole(self) -> Image.Image:
        return self.region((0, 0, *self.size))

    def region(self, box: Box) -> Image.Image:
        """A copy of its own."""
        piece = _in_eight_bits(self._image.crop(self._lying(box)), self._tones)
        if piece.mode == "CMYK":
            piece = _cmyk_to_rgb(piece)
        elif piece.mode in _WITH_ALPHA or "transparency" in piece.info:
            piece = piece.convert("RGBA")
        elif piece.mode not in _SHOWN:
            piece = piece.convert("RGB")
        return piece.transpose(_TURNS[self._orientation]) if self._orientation in _TURNS else piece

    def _lying(self, box: Box) -> Box:
        """Where a piece of the upright picture lies in the stored one."""
        left, top, right, bottom = box
        width, height = self._image.size
        x, x_mirrored = (left, right), (width - right, width - left)
        y, y_mirrored = (top, bottom), (height - bottom, height - top)
        y_as_x, y_as_x_mirrored = (top, bottom), (width - bottom, width - top)
        x_as_y, x_as_y_mirrored = (left, right), (height - right, height - left)
        (x0, x1), (y0, y1) = {
            2: (x_mirrored, y),
            3: (x_mirrored, y_mirrored),
            4: (x, y_mirrored),
            5: (y_as_x, x_as_y),
            6: (y_as_x, x_as_y_mirrored),
            7: (y_as_x_mirrored, x_as_y_mirrored),
            8: (y_as_x_mirrored, x_as_y),
        }.get(self._orientation, (x, y))
        return x0, y0, x1, y1


def orientation(image: Image.Image) -> int:
    """What is still to be turned. Pillow turns a TIFF while it loads, so there it is nothing."""
    if image.format == "TIFF":
        return 1
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001  # EXIF is foreign bytes of its own; without it the picture stands as stored
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1  # noqa: PLR2004  # EXIF: 1 to 8


def _tones(image: Image.Image) -> tuple[float, float]:
    """The darkest and the brightest value, which become black and white where a format sets no scale."""
    if image.mode not in {"I", "F"}:
        return 0.0, 0.0
    low, high = image.getextrema()
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    return float(low), float(high)


def _in_eight_bits(image: Image.Image, tones: tuple[float, float]) -> Image.Image:
    if image.mode not in {"I", "F"} and not image.mode.startswith("I;16"):
        return image
    values: Any = np.asarray(image).astype(np.float32)
    if image.mode.startswith("I;16"):
        grey = values / 257
    else:
        low, high = tones
        grey = (values - low) * (255 / (high - low)) if high > low else values * 0
    return Image.fromarray(np.clip(grey + 0.5, 0, 255).astype(np.uint8), "L")


def _cmyk_to_rgb(image: Image.Image) -> Image.Image:
    """By the file's own profile where it has one, as a print's colours are meant to look."""
    profile = image.info.get("icc_profile")
    if profile:
        try:
            return _by_profile(image, profile)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the plain conversion below still shows the picture
    plain = image.convert("RGB")
    plain.info.pop("icc_profile", None)
    return plain


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    own = ImageCms.ImageCmsProfile(BytesIO(profile))
    converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert converted is not None
    converted.info.pop("icc_profile", None)
    return converted
