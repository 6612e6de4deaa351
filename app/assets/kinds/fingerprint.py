"""What a picture looks like, in 64 bits: pictures that look alike differ in few of them, however they were saved or scaled.

The hash by cosine transform that Christoph Zauner describes (Implementation and Benchmarking of Perceptual Image Hash
Functions, 2010, 3.2.1): 32 x 32 greys, their 8 x 8 lowest frequencies but the constant ones, each against the median. The
well-known library for it brings SciPy along for this one transform.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image

SIDE = 32
KEPT = 8
PLAIN = 3.0  # greys that vary by less than this show nothing to tell pictures apart by

_ORDER, _PLACE = np.arange(SIDE)[:, None], np.arange(SIDE)[None, :]
_COSINES = np.cos(np.pi * _ORDER * (2 * _PLACE + 1) / (2 * SIDE))


def of(image: Image.Image) -> str | None:
    """16 hexadecimal digits; None of a picture of hardly more than one grey."""
    greys = np.asarray(_opaque(image).convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS), float)
    if greys.std() < PLAIN:
        return None
    low = (_COSINES @ greys @ _COSINES.T)[1 : KEPT + 1, 1 : KEPT + 1]
    middle = np.sort(low, axis=None)[KEPT * KEPT // 2 - 1 : KEPT * KEPT // 2 + 1]
    # Not numpy's own median: it loads a module when first called, and a confined child can open no file.
    return np.packbits(low > middle.mean()).tobytes().hex()


class OfVideo:
    """Of the first frame and of those a quarter, a half and three quarters on: an end card that many videos share is one
    of four.
    """

    def __init__(self, frames: int) -> None:
        self._places = {frames * share // 4: share for share in range(3, -1, -1)}
        self.found: list[str | None] = [None] * 4

    def add(self, number: int, picture: Callable[[], Image.Image]) -> None:
        share = self._places.get(number)
        if share is not None:
            self.found[share] = of(picture())


def _opaque(image: Image.Image) -> Image.Image:
    """What shows through is seen on white."""
    if not image.has_transparency_data:
        return image
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image.convert("RGBA"))
