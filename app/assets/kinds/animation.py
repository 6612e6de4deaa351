"""Pictures that move without sound (GIF, WebP, APNG, AVIF): every frame as it is shown, one still after another.

Browsers play such files by clocks of their own and show no chosen frame. So each frame is composed once, as it looks
with the earlier ones beneath it, and kept as a still of its own: all stills in one file, found by the frame table.
"""

import json
import math
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image

from app.assets.kinds.kind import Report
from app.assets.sandbox.rules import Undecodable

FORMATS = frozenset({"GIF", "WEBP", "PNG", "AVIF"})  # TIFF's further pictures are pages, of any size
MOST_FRAMES = 2000
MOST_PIXELS = 600_000_000  # of all frames together
SHOWN_PIXELS = 200_000_000  # more are made smaller, all alike
EXACT_PIXELS = 20_000_000  # so few are kept without any loss
MILLI = 1000

Load = Callable[[Image.Image], None]
Shown = Callable[[Image.Image], Image.Image]


def first_frame(image: Image.Image) -> int:
    """1 where an animated PNG has a picture of its own for programs that cannot play it."""
    return 1 if image.info.get("default_image") else 0


def turn_to_first(image: Image.Image) -> None:
    if first_frame(image):
        image.seek(first_frame(image))


def frame_count(image: Image.Image) -> int:
    """1 for a picture that does not move."""
    if image.format not in FORMATS:
        return 1
    return int(getattr(image, "n_frames", 1)) - first_frame(image)


def check_size(image: Image.Image) -> None:
    """Raises `Undecodable` for more than is decoded here."""
    count = frame_count(image)
    if count > MOST_FRAMES:
        raise Undecodable(f"The picture moves in {count} frames; the limit is {MOST_FRAMES}. Bring it as a video.")
    total = count * image.width * image.height
    if count > 1 and total > MOST_PIXELS:
        sizes = f"{count} frames of {image.width} x {image.height} pixels are {total / 1e6:.0f} megapixels"
        raise Undecodable(f"{sizes}; the limit of all together is {MOST_PIXELS / 1e6:.0f}. Bring it as a video.")


def walk(image: Image.Image, load: Load) -> Iterator[float]:
    """Composes one frame after another in `image` itself and gives each one's duration in milliseconds."""
    first = first_frame(image)
    for number in range(first, first + frame_count(image)):
        try:
            image.seek(number)
        except MemoryError:
            raise
        except Exception as damage:  # plugins raise what they like
            raise Undecodable(f"The picture is damaged or cut short at frame {number - first + 1}.") from damage
        load(image)
        told = image.info.get("duration", 0)
        yield float(told) if isinstance(told, int | float) and math.isfinite(told) and told > 0 else 0.0


def write(
    image: Image.Image, load: Load, shown: Shown, *, table: BinaryIO, stills: BinaryIO, report: Report
) -> dict[str, Any]:
    """Writes every frame's still and the table of when each is shown and where it lies. Gives the facts."""
    count = frame_count(image)
    total = count * image.width * image.height
    scale = min(1.0, math.sqrt(SHOWN_PIXELS / total))
    times, places = [], []
    clock, offset = 0.0, 0
    for duration in walk(image, load):
        still = _encoded(_scaled(shown(image), scale), exact=total <= EXACT_PIXELS)
        stills.write(still)
        times.append(round(clock * MILLI))
        places.append((offset, len(still)))
        clock += duration
        offset += len(still)
        report(len(times), count)
    end = round(clock * MILLI)
    table.write(
        json.dumps({"count": count, "times": times, "end": end, "stills": places}, separators=(",", ":")).encode()
    )
    return {"frame_count": count, "frame_end": end}


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    if scale == 1:
        return picture
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, *, exact: bool) -> bytes:
    file = BytesIO()
    if exact:
        picture.save(file, "PNG", compress_level=3, icc_profile=picture.info.get("icc_profile"))
    elif picture.mode == "RGBA":
        picture.save(file, "WEBP", quality=95, method=0, icc_profile=picture.info.get("icc_profile"))
    else:
        profile = picture.info.get("icc_profile")
        picture.save(file, "JPEG", quality=93, subsampling=0, icc_profile=profile, exif=b"")
    return file.getvalue()
