"""Images: upright size and picture, whatever the file says about how it lies; hostile files cost one refusal."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import ExifTags, Image

from app.assets.kinds import image
from app.assets.sandbox.rules import Undecodable
from tests.making_assets import picture

WIDTH, HEIGHT = 60, 40
LOSSY = 40


def probe(content: bytes) -> dict[str, Any]:
    return image.probe(io.BytesIO(content), {}, {}, lambda *_: None)


def derive(content: bytes) -> tuple[dict[str, Any], Image.Image | None, Image.Image]:
    """What was found, the display rendition (None where the original is shown) and the thumbnail."""
    outputs = {name: io.BytesIO() for name in image.KIND.renditions}
    found = image.derive(io.BytesIO(content), outputs, {}, lambda *_: None)
    shown = Image.open(outputs["display"]) if "display" in found["renditions"] else None
    return found, shown, Image.open(outputs["thumbnail"])


def lying(orientation: int) -> Image.Image:
    """A picture stored so that, turned as EXIF says, it stands upright with red at the top left."""
    upright = Image.open(io.BytesIO(picture(WIDTH, HEIGHT)))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    return upright.transpose(undo[orientation]) if orientation in undo else upright


def is_red_top_left(shown: Image.Image) -> bool:
    """Red in the top left quarter and nowhere else."""
    plain = shown.convert("RGB")
    width, height = plain.size

    def red(x: float, y: float) -> bool:
        r, g, _ = plain.getpixel((int(width * x), int(height * y)))  # type: ignore[misc]
        return bool(r > 255 - LOSSY and g < LOSSY)

    return red(0.2, 0.2) and not red(0.8, 0.2) and not red(0.2, 0.8) and not red(0.8, 0.8)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_orientation_stands_upright_once(form: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    file = io.BytesIO()
    lying(orientation).save(file, form, exif=exif)
    facts = probe(file.getvalue())["facts"]
    assert (facts["width"], facts["height"]) == (WIDTH, HEIGHT)
    _, shown, thumbnail = derive(file.getvalue())
    assert is_red_top_left(thumbnail)
    assert thumbnail.size == (WIDTH, HEIGHT)
    if shown is None:
        assert orientation == 1
    else:
        assert shown.size == (WIDTH, HEIGHT)
        assert is_red_top_left(shown)
        assert not shown.getexif()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        pytest.param(picture(form="JPEG", mode="CMYK"), "JPEG", id="CMYK"),
        pytest.param(picture(form="TIFF"), "JPEG", id="TIFF"),
        pytest.param(picture(form="BMP"), "JPEG", id="BMP"),
        pytest.param(picture(form="AVIF"), "JPEG", id="AVIF"),
        pytest.param(picture(form="AVIF", mode="RGBA"), "WEBP", id="AVIF with alpha"),
        pytest.param(picture(form="TIFF", mode="RGBA"), "WEBP", id="TIFF with alpha"),
    ],
)
def test_what_browsers_do_not_all_show_is_converted(content: bytes, form: str) -> None:
    _, shown, _ = derive(content)
    assert shown is not None
    assert shown.format == form
    assert is_red_top_left(shown)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_what_browsers_show_is_shown_as_it_is(form: str) -> None:
    found, shown, _ = derive(picture(form=form))
    assert shown is None
    assert found["renditions"] == {"thumbnail": "image/webp"}


def test_sixteen_bits_keep_their_tones() -> None:
    for form in ("PNG", "TIFF"):
        file = io.BytesIO()
        Image.frombytes("I;16", (4, 1), struct.pack("<4H", 0, 0x4000, 0x8000, 0xFFFF)).resize((64, 16), 0).save(
            file, form
        )
        _, shown, _ = derive(file.getvalue())
        assert shown is not None
        tones = [shown.convert("L").getpixel((x, 8)) for x in (8, 24, 40, 56)]
        assert tones == pytest.approx([0, 64, 128, 255], abs=3)


def test_alpha_is_kept() -> None:
    drawn = Image.new("RGBA", (5000, 10), (255, 0, 0, 0))
    file = io.BytesIO()
    drawn.save(file, "PNG")
    _, shown, thumbnail = derive(file.getvalue())
    assert shown is not None
    assert (shown.width, shown.mode, shown.getpixel((3, 3))[3]) == (4096, "RGBA", 0)  # type: ignore[index]
    assert thumbnail.mode == "RGBA"


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_moving_pictures_the_frames_are_counted_and_the_first_is_shown(form: str) -> None:
    first = Image.open(io.BytesIO(picture()))
    file = io.BytesIO()
    first.save(
        file, form, save_all=True, append_images=[Image.new("RGB", first.size, shade) for shade in ("blue", "green")]
    )
    found, shown, _ = derive(file.getvalue())
    assert found["facts"]["frames"] == 3
    assert shown is not None
    assert getattr(shown, "n_frames", 1) == 1
    assert is_red_top_left(shown)


def test_a_large_picture_is_shown_no_larger_than_needed_and_keeps_its_true_size() -> None:
    found, shown, thumbnail = derive(picture(8000, 1000, form="JPEG"))
    assert (found["facts"]["width"], found["facts"]["height"]) == (8000, 1000)
    assert shown is not None
    assert (shown.size, thumbnail.size) == ((4096, 512), (320, 40))


def huge_png(width: int, height: int) -> bytes:
    """A PNG that declares this size and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(
            lambda: huge_png(65_500, 65_500), r"declares 4\.3 gigapixels; the limit is 320 megapixels", id="bomb"
        ),
        pytest.param(lambda: huge_png(18_000, 18_000), "declares 324 megapixels", id="a little too large"),
        pytest.param(lambda: picture(600, 400)[:300], "damaged or cut short", id="PNG cut short"),
        pytest.param(lambda: picture(600, 400, form="JPEG")[:900], "damaged or cut short", id="JPEG cut short"),
        pytest.param(lambda: picture(600, 400, form="WEBP")[:200], "damaged", id="WebP cut short"),
        pytest.param(lambda: picture(600, 400, form="AVIF")[:200], "damaged", id="AVIF cut short"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 100, "damaged", id="only a beginning"),
        pytest.param(lambda: b"<?xml version='1.0'?><svg xmlns='x'/>", "SVG", id="SVG"),
        pytest.param(lambda: b"%PDF-1.7", "none of the images", id="PDF"),
        pytest.param(lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC", id="HEIC"),
        pytest.param(lambda: b"", "empty", id="nothing"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(content: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(Undecodable, match=reason):
        probe(content())
