"""Moving pictures whose every frame carries its own number as a row of black and white squares."""

import io
import struct
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image, ImageDraw

SQUARE = 12
BITS = 8
SIZE = (SQUARE * BITS, 48)


def numbered(number: int, *, mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """The number in squares along the top, on a ground of its own; below, a block that wanders."""
    image = Image.new(mode, size, (40, 60 + 7 * (number % 20), 90))
    draw = ImageDraw.Draw(image)
    for bit in range(BITS):
        shade = (255, 255, 255) if number >> bit & 1 else (0, 0, 0)
        draw.rectangle((bit * SQUARE, 0, bit * SQUARE + SQUARE - 1, SQUARE - 1), fill=shade)
    left = number * 5 % (size[0] - 10)
    draw.rectangle((left, 20, left + 9, 29), fill=(200, 40, 40))
    return image


def number_in(pixel: Callable[[int, int], int]) -> int:
    """Read back through the brightness (0 to 255) of a pixel."""
    return sum(1 << bit for bit in range(BITS) if pixel(bit * SQUARE + SQUARE // 2, SQUARE // 2) > 127)


def number_of(image: Image.Image) -> int:
    grey = image.convert("L")
    return number_in(lambda x, y: int(grey.getpixel((x, y))))  # type: ignore[arg-type]


def moving(form: str, durations: Sequence[int], *, first: int = 0, **options: Any) -> bytes:
    """A picture of as many numbered frames as there are durations (in milliseconds)."""
    frames = [numbered(first + at) for at in range(len(durations))]
    file = io.BytesIO()
    options = {"loop": 0, **({"lossless": True} if form == "WEBP" else {}), **options}
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=list(durations), **options)
    return file.getvalue()


PALETTE = ((0, 0, 0), (0, 0, 255), (255, 255, 0), (255, 0, 0))  # colour 0 is transparent


def gif_of(size: tuple[int, int], frames: Sequence[tuple[tuple[int, int, int, int], int, int]]) -> bytes:
    """A GIF written byte by byte: each frame is ((x, y, width, height), colour, disposal), shown for 0.1 s."""
    content = b"GIF89a" + struct.pack("<HHBBB", *size, 0b1001_0001, 0, 0) + bytes(sum(PALETTE, ()))
    for box, colour, disposal in frames:
        content += b"\x21\xf9\x04" + struct.pack("<BHBB", disposal << 2 | 1, 10, 0, 0)
        content += b"\x2c" + struct.pack("<HHHHB", *box, 0) + b"\x02" + _blocks(_packed([colour] * (box[2] * box[3])))
    return content + b"\x3b"


def _packed(pixels: Sequence[int]) -> bytes:
    """Codes of three bits; the table is cleared every other pixel, so that they stay three bits wide."""
    codes = [code for at, pixel in enumerate(pixels) for code in ((4, pixel) if at % 2 == 0 else (pixel,))] + [5]
    bits = sum(code << 3 * at for at, code in enumerate(codes))
    return bits.to_bytes((3 * len(codes) + 7) // 8, "little")


def _blocks(data: bytes) -> bytes:
    pieces = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"
