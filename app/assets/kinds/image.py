"""Images, by Pillow: true size after EXIF orientation, and a rendition that every browser shows."""

import re
import warnings
from typing import Any, BinaryIO

from PIL import Image

from app.assets import tiling
from app.assets.kinds import animation, containers, fingerprint, pictures, pyramid, upright
from app.assets.kinds.kind import Facts, MediaKind, Outputs, Report
from app.assets.kinds.upright import Upright
from app.assets.rules import Modality
from app.assets.sandbox.rules import Limits, Undecodable

MOST_PIXELS = 320_000_000
LONGEST_SHOWN = tiling.LONGEST_WHOLE
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
_PROBE = Limits(memory=3 << 30, cpu_seconds=60, wall_seconds=60)
_DERIVE = Limits(memory=3 << 30, cpu_seconds=300, wall_seconds=600)

KIND = MediaKind(
    modality=Modality.IMAGE,
    probe=f"{__name__}:probe",
    derive=f"{__name__}:derive",
    renditions=("display", "thumbnail", "frames", "stills", "tiles"),
    probe_limits=_PROBE,
    derive_limits=_DERIVE,
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
    made = {"thumbnail": "image/webp"}
    if "frame_count" not in facts and tiling.is_large(*image.size):
        shown = _cut(image, outputs, report)
        facts["tile_size"] = tiling.TILE
        made["tiles"] = "application/octet-stream"
    else:
        image.draft(None, (LONGEST_SHOWN, LONGEST_SHOWN))
        animation.turn_to_first(image)
        _load(image)
        report(1, 3)
        shown = _shown(image)
    if not as_it_is:
        made["display"] = _save_display(shown, outputs["display"])
    report(2, 3)
    pictures.save_within(shown, pictures.THUMBNAIL, outputs["thumbnail"])
    facts["fingerprints"] = [fingerprint.of(shown)]
    if "frame_count" in facts:
        facts |= _write_frames(image, outputs, report)
        made |= {"frames": "application/json", "stills": "application/octet-stream"}
    return {"facts": facts, "renditions": made}


def _cut(image: Image.Image, outputs: Outputs, report: Report) -> Image.Image:
    """Writes the tiles; gives the picture as it is shown where tiles are not."""
    _load(image)

    def step(share: float) -> None:
        report(round(share * 200), 300)

    shown = pyramid.write(Upright(image), outputs["tiles"], keep=LONGEST_SHOWN, step=step)
    shown.thumbnail((LONGEST_SHOWN, LONGEST_SHOWN), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return shown


def _write_frames(image: Image.Image, outputs: Outputs, report: Report) -> dict[str, Any]:
    table, stills = outputs["frames"], outputs["stills"]
    return animation.write(image, _load, _shown, table=table, stills=stills, report=report)


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
    orientation = upright.orientation(image)
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


def _shown_as_it_is(image: Image.Image, facts: Facts) -> bool:
    return (
        image.format in SHOWN_AS_IT_IS
        and image.mode in PLAIN_MODES
        and facts["orientation"] == 1
        and facts["frames"] == 1
        and max(image.size) <= LONGEST_SHOWN
    )


def _shown(image: Image.Image) -> Image.Image:
    """The picture as it is loaded now, no larger than browsers should show it."""
    plain = Upright(image).whole()
    plain.thumbnail((LONGEST_SHOWN, LONGEST_SHOWN), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return plain


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
    return f"{pixels / 1e9:.1f} gigapixels" if pixels >= 1e9 else f"{pixels / 1e6:.0f} megapixels"  # noqa: PLR2004  # giga is a billion
