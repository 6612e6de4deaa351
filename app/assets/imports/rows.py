"""A row of a manifest, or why it is none; and paths that stay in the manifest's folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.assets.intake import GivenPart
from app.errors import Invalid

LONGEST_ROW = 8 << 20


@dataclass(frozen=True)
class Row:
    """One ad. `place` is how a person finds the row: `line 3`, or a path."""

    place: str
    external_id: str
    parts: tuple[GivenPart, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BadRow:
    place: str
    reason: str


Rows = Iterator[Row | BadRow]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    modality: str
    path: str | None = None
    text: str | None = None
    encoding: str | None = None


class _Asset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    external_id: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    parts: list[_Part]


def from_json(content: bytes, *, place: str, folder: Path, external_id: str | None = None) -> Row | BadRow:
    """One ad as JSON; paths are of `folder`. `external_id` stands in where the JSON names none."""
    try:
        asset = _Asset.model_validate_json(content)
        named = asset.external_id or external_id
        if named is None:
            return BadRow(place, "The ad has no external_id.")
        return Row(place, named, tuple(_part(part, folder) for part in asset.parts), asset.metadata)
    except ValidationError as refused:
        fault = refused.errors()[0]
        where = "/".join(str(step) for step in fault["loc"])
        return BadRow(place, f"{where}: {fault['msg']}." if where else f"{fault['msg']}.")
    except Invalid as refused:
        return BadRow(place, refused.sentence)


def inside(folder: Path, relative: str) -> Path:
    """The file of this name in the folder. Raises `Invalid` for one that leaves it, by name or by a link."""
    home = folder.resolve()
    try:
        found = (home / relative).resolve()
        regular = found.is_file()
    except (OSError, ValueError, RuntimeError):
        raise Invalid(f"{relative!r} is no path.") from None
    if not found.is_relative_to(home):
        raise Invalid(f"{relative} leads out of the manifest's folder, so it was not read.")
    if not regular:
        raise Invalid(f"There is no file {relative}.")
    return found


def _part(part: _Part, folder: Path) -> GivenPart:
    if (part.path is None) == (part.text is None):
        raise Invalid(f"The part {part.name} needs either a path or a text.")
    path = inside(folder, part.path) if part.path is not None else None
    return GivenPart(part.name, part.modality, text=part.text, path=path, encoding=part.encoding)
