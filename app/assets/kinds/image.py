"""Images, by Pillow: true size after EXIF orientation, and a rendition that every browser shows."""

import re
import warnings
from io import BytesIO
from typing import Any, BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageCms, ImageOps

from app.assets.kinds import animation, containers, pictures
from app.assets.kinds.kind import Facts, MediaKind, Outputs, Report
from app.assets.rules import Modality
from app.assets.sandbox.rules import Limits, Undecodable

MOST_PIXELS = 150_000_000
LONGEST_SHOWN = 4096
TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "AVIF": "image/avif",
}
SHOWN_AS_IT_IS = frozenset({"JPEG", "PNG", "WEBP", "GIF"})
PLAIN_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
_LIMITS = Limits(memory=3 << 30, cpu_seconds=60, wall_seconds=60)

KIND = MediaKind(
    modality=Modality.IMAGE,
    probe=f"{__name__}:probe",
    derive=f"{__name__}:derive",
    renditions=("display", "thumbnail", "frames", "stills"),
    probe_limits=_LIMITS,
    derive_limits=_LIMITS,
)

# Our own limit is checked first, with a better sentence; Pillow's stays as the second fence. Plugins are loaded here
# since a sandboxed child can open no file.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
Image.init()
warnings.simplefilter("error", Image.DecompressionBombWarning)


def probe(source: BinaryIO, _outputs: Outputs, _arguments: Facts, _report: Report) -> dict[str, Any]:
    """Decodes once: a file cut short is refused when it is brought, not when somebody should see it."""
    image = _open(source)
    assert image.format is not None
    facts = _facts(image)
    image.draft(None, (512, 512))
    _load(image)
    for _ in animation.walk(image, _load) if "frame_count" in facts else ():
        pass
    return {"facts": facts, "content_type": TYPES[image.format]}


def derive(source: BinaryIO, outputs: Outputs, _arguments: Facts, report: Report) -> dict[str, Any]:
    image = _open(source)
    facts = _facts(image)
    as_it_is = _shown_as_it_is(image, facts)
    image.draft(None, (LONGEST_SHOWN, LONGEST_SHOWN))
    animation.turn_to_first(image)
    _load(image)
    report(1, 3)
    shown = _shown(image.copy() if "frame_count" in facts else image)
    made = {"thumbnail": "image/webp"}
    if not as_it_is:
        made["display"] = _save_display(shown, outputs["display"])
    report(2, 3)
    pictures.save_within(shown, pictures.THUMBNAIL, outputs["thumbnail"])
    if "frame_count" in facts:
        facts |= _write_frames(image, outputs, report)
        made |= {"frames": "application/json", "stills": "application/octet-stream"}
    return {"facts": facts, "renditions": made}


def _write_frames(image: Image.Image, outputs: Outputs, report: Report) -> dict[str, Any]:
    def shown(composed: Image.Image) -> Image.Image:
        return _shown(composed.copy())  # what is composed stays as it is: the next frame lies on it

    table, stills = outputs["frames"], outputs["stills"]
    return animation.write(image, _load, shown, table=table, stills=stills, report=report)


def _open(source: BinaryIO) -> Image.Image:
    name = containers.image_format(source)
    try:
        image = Image.open(source, formats=[name])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        declared = re.search(r"\d+", str(bomb))
        raise _too_many(int(declared.group()) if declared else MOST_PIXELS) from bomb
    except MemoryError:
        raise
    except Exception as damage:  # plugins raise what they like for a damaged header
        raise Undecodable(f"The file starts as {name} but cannot be read as one; it is damaged.") from damage
    return image


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as damage:
        reason = str(damage).split("\n")[0].rstrip(".")
        raise Undecodable(f"The image is damaged or cut short ({reason}).") from damage


def _facts(image: Image.Image) -> dict[str, Any]:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise _too_many(width * height)
    animation.check_size(image)
    count = animation.frame_count(image)
    orientation = _orientation(image)
    if orientation >= 5:  # noqa: PLR2004  # EXIF: 5 to 8 lie on their side
        width, height = height, width
    return {
        "format": image.format,
        "width": width,
        "height": height,
        "mode": image.mode,
        "orientation": orientation,
        "frames": int(getattr(image, "n_frames", 1)),
        **({"frame_count": count} if count > 1 else {}),
    }


def _orientation(image: Image.Image) -> int:
    """What is still to be turned. Pillow turns a TIFF while it loads, so there it is nothing."""
    if image.format == "TIFF":
        return 1
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001  # EXIF is foreign bytes of its own; without it the picture stands as stored
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1  # noqa: PLR2004  # EXIF: 1 to 8


def _shown_as_it_is(image: Image.Image, facts: Facts) -> bool:
    return (
        image.format in SHOWN_AS_IT_IS
        and image.mode in PLAIN_MODES
        and facts["orientation"] == 1
        and facts["frames"] == 1
        and max(image.size) <= LONGEST_SHOWN
    )


def _shown(image: Image.Image) -> Image.Image:
    """The first picture, upright, in eight bits of grey or RGB, with its alpha."""
    turned = _orientation(image) != 1
    plain = _in_eight_bits(image)
    if plain.mode == "CMYK":
        plain = _cmyk_to_rgb(plain)
    elif plain.mode in {"P", "PA", "LA", "La", "RGBa"} or "transparency" in plain.info:
        plain = plain.convert("RGBA")
    elif plain.mode not in {"L", "RGB", "RGBA"}:
        plain = plain.convert("RGB")
    if turned:
        plain = ImageOps.exif_transpose(plain)
    plain.thumbnail((LONGEST_SHOWN, LONGEST_SHOWN), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return plain


def _in_eight_bits(image: Image.Image) -> Image.Image:
    if image.mode not in {"I", "F"} and not image.mode.startswith("I;16"):
        return image
    values: Any = np.asarray(image).astype(np.float32)
    if image.mode.startswith("I;16"):
        grey = values / 257
    else:
        low, high = float(values.min()), float(values.max())
        grey = (values - low) * (255 / (high - low)) if high > low else values * 0
    plain = Image.fromarray(np.clip(grey + 0.5, 0, 255).astype(np.uint8), "L")
    plain.info = {key: value for key, value in image.info.items() if key == "exif"}
    return plain


def _cmyk_to_rgb(image: Image.Image) -> Image.Image:
    """By the file's own profile where it has one, as a print's colours are meant to look."""
    profile = image.info.get("icc_profile")
    if profile:
        try:
            return _by_profile(image, profile)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the plain conversion below still shows the picture
    return image.convert("RGB")


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    own = ImageCms.ImageCmsProfile(BytesIO(profile))
    converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert converted is not None
    converted.info.pop("icc_profile", None)
    return converted


def _save_display(shown: Image.Image, output: BinaryIO) -> str:
    profile = shown.info.get("icc_profile")
    if shown.mode == "RGBA":
        shown.save(output, "WEBP", quality=95, icc_profile=profile)
        return "image/webp"
    shown.save(output, "JPEG", quality=93, subsampling=0, icc_profile=profile, exif=b"")
    return "image/jpeg"


def _too_many(pixels: int) -> Undecodable:
    return Undecodable(f"The image declares {_amount(pixels)}; the limit is {_amount(MOST_PIXELS)}.")


def _amount(pixels: int) -> str:
    return f"{pixels / 1e9:.1f} gigapixels" if pixels >= 1e9 else f"{pixels / 1e6:.0f} megapixels"  # noqa: PLR2004
