"""Cutting a large picture into tiles, level by level. Of the largest level only a strip is held beside what was decoded."""

from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from app.assets import tiling
from app.assets.kinds.upright import Box, Upright

STRIP = 2 * tiling.TILE  # rows at a time; even, so that halving a strip halves the picture

Region = Callable[[Box], Image.Image]
Step = Callable[[float], None]


def write(picture: Upright, output: BinaryIO, *, keep: int, step: Step) -> Image.Image:
    """Writes all tiles. Gives the picture in the smallest size made whose longer side is at least `keep`, or in its own.

    `step` is told which share of the work is done.
    """
    region: Region = picture.region
    mode = region((0, 0, 1, 1)).mode
    if max(picture.size) < 2 * keep:
        region = picture.whole().crop
    kept = None
    pack = tiling.Pack(output, picture.size, "image/webp" if mode == "RGBA" else "image/jpeg")
    sizes = tiling.levels(*picture.size)
    for size, smaller in zip(sizes, [*sizes[1:], None], strict=True):
        if max(size) >= keep or kept is None:
            kept = region
            kept_size = size
        half = Image.new(mode, smaller) if smaller else None
        for top in range(0, size[1], STRIP):
            strip = region((0, top, size[0], min(top + STRIP, size[1])))
            _write_tiles(pack, strip)
            if half is not None:
                half.info = strip.info
                half.paste(_halved(strip), (0, top // 2))
            step(0.75 * (top / size[1]) if size == picture.size else 0.9)
        if half is not None:
            region = half.crop
    pack.close()
    assert kept is not None
    return kept((0, 0, *kept_size))


def _write_tiles(pack: tiling.Pack, strip: Image.Image) -> None:
    for box in tiling.boxes(strip.size, 0, strip.height):
        pack.add(_encoded(strip.crop(box)))


def _encoded(tile: Image.Image) -> bytes:
    file = BytesIO()
    profile = tile.info.get("icc_profile")
    if tile.mode == "RGBA":
        tile.save(file, "WEBP", quality=95, method=0, icc_profile=profile)
    else:
        tile.save(file, "JPEG", quality=93, subsampling=0, icc_profile=profile, exif=b"")
    return file.getvalue()


def _halved(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.reduce(2)
    return image.convert("RGBa").reduce(2).convert("RGBA")  # what cannot be seen lends no colour to its neighbours
