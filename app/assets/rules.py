"""Words and limits of assets and media."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import orjson

from app.errors import Problem

MOST_PARTS = 50
LONGEST_EXTERNAL_ID = 500
MOST_METADATA_BYTES = 64 * 1024
PART_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")

# What a browser may show in place; everything else is only ever offered for download.
SHOWN_TYPES = frozenset({
    "image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/bmp",
    "audio/ogg", "audio/mpeg", "audio/wav", "audio/mp4", "audio/flac", "audio/webm", "audio/aac",
    "video/mp4", "video/webm", "video/ogg",
})  # fmt: skip
# What decoding may say it made: the above, peaks and frame tables.
RENDITION_TYPES = SHOWN_TYPES | {"application/json", "application/octet-stream"}


class Modality(StrEnum):
    IMAGE = "image"
    TEXT = "text"
    AUDIO = "audio"
    VIDEO = "video"


class MediaState(StrEnum):
    PREPARING = "preparing"
    READY = "ready"
    FAILED = "failed"


class AssetState(StrEnum):
    PREPARING = "preparing"
    READY = "ready"
    FAILED = "failed"


_MODALITIES = frozenset(Modality)
_CONTROL = re.compile(r"[\x00-\x1f]")
_STRICT = json.JSONEncoder(allow_nan=False)
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True)
class PartFacts:
    """What is known of one part. Sizes in upright pixels, times in seconds, frame times in microseconds."""

    name: str
    modality: Modality
    sha256: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    fps: float | None = None
    text: str | None = None
    sample_rate: int | None = None
    samples: int | None = None
    channels: int | None = None
    frame_count: int | None = None
    frame_times: tuple[int, ...] | None = None  # presentation time of every frame from the first; None unless asked for
    frame_end: int | None = None  # where the last frame ends
    byte_size: int | None = None
    tile_size: int | None = None  # of a picture so large that it is shown in tiles
    loudness: float | None = None  # integrated, in LUFS
    peak_level: float | None = None  # of the loudest sample, in dB of full scale
    damage: str | None = None  # what is wrong with the file, where it is used all the same


@dataclass(frozen=True)
class AssetFacts:
    """An ad as one revision of it was."""

    id: str
    revision: int
    external_id: str
    metadata: Mapping[str, Any]
    parts: tuple[PartFacts, ...]

    def part(self, name: str) -> PartFacts | None:
        return next((part for part in self.parts if part.name == name), None)


def find_faults(external_id: str, metadata: object, names: Iterable[tuple[str, str]]) -> list[Problem]:
    """What does not fit of an ad's own words; `names` are (name, modality) of its parts."""
    faults = _external_id_faults(external_id)
    if not isinstance(metadata, Mapping) or not all(isinstance(key, str) and key for key in metadata):
        faults.append(Problem("/metadata", "Metadata is an object of named values."))
    else:
        faults += _metadata_faults(metadata)
    return faults + list(_part_faults(tuple(names)))


def _metadata_faults(metadata: Mapping[str, Any]) -> list[Problem]:
    if _surely_fits(metadata):
        return []
    try:
        written = _STRICT.encode(metadata)
        orjson.dumps(metadata, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        return [Problem("/metadata", "Metadata holds a number of more than 64 bits, or half a surrogate pair.")]
    except ValueError:
        return [Problem("/metadata", "Metadata holds no NaN and no infinity: JSON knows neither.")]
    if "\\u0000" in written and _holds_nul(metadata):  # written so; or somebody wrote a backslash there
        return [Problem("/metadata", "Metadata cannot hold the character NUL.")]
    if len(written) > MOST_METADATA_BYTES:
        return [Problem("/metadata", f"Metadata has at most {MOST_METADATA_BYTES} bytes as JSON.")]
    return []


def _surely_fits(metadata: Mapping[str, Any]) -> bool:
    """A quick look that passes most metadata, and none that a closer one would refuse: here NaN is written as null, NUL
    as an escape, and nothing takes more than six times the room as JSON in ASCII.
    """
    try:
        written = orjson.dumps(metadata)
    except (TypeError, ValueError):
        return False
    return len(written) * 6 <= MOST_METADATA_BYTES and b"null" not in written and b"\\u0000" not in written


def _holds_nul(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_nul(key) or _holds_nul(inner) for key, inner in value.items())
    if isinstance(value, list):
        return any(_holds_nul(inner) for inner in value)
    return isinstance(value, str) and "\0" in value


def _external_id_faults(external_id: str) -> list[Problem]:
    if not external_id.strip():
        return [Problem("/external_id", "An ad needs an external id.")]
    if len(external_id) > LONGEST_EXTERNAL_ID or _CONTROL.search(external_id):
        return [Problem("/external_id", f"An external id is one line of at most {LONGEST_EXTERNAL_ID} characters.")]
    return []


@lru_cache(1024)  # most ads have their parts in common with others
def _part_faults(names: tuple[tuple[str, str], ...]) -> tuple[Problem, ...]:
    faults = []
    if not names:
        faults.append(Problem("/parts", "An ad has at least one part."))
    if len(names) > MOST_PARTS:
        faults.append(Problem("/parts", f"An ad has at most {MOST_PARTS} parts."))
    seen: set[str] = set()
    for number, (name, modality) in enumerate(names):
        if not PART_NAME.fullmatch(name):
            sentence = "A part's name starts with a letter and has only letters, digits, _ and - (at most 64)."
            faults.append(Problem(f"/parts/{number}/name", sentence))
        if name in seen:
            faults.append(Problem(f"/parts/{number}/name", f"There are two parts named {name}."))
        if modality not in _MODALITIES:
            faults.append(Problem(f"/parts/{number}/modality", "A modality is image, text, audio or video."))
        seen.add(name)
    return tuple(faults)


def content_hash(metadata: Mapping[str, Any], parts: Iterable[tuple[str, str, str]]) -> str:
    """Of what an ad is: its metadata and its parts' (name, modality, sha256), whatever their order."""
    content = {"metadata": metadata, "parts": sorted(parts)}
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


def merged(metadata: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch (RFC 7396) of the first level: named keys are set, null takes one away."""
    return {key: value for key, value in {**metadata, **changes}.items() if value is not None}
