"""One ad as JSON: a line of a manifest, or an `asset.json`."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.assets.intake import GivenPart
from app.errors import Invalid
from app.imports.formats.homes import Home
from app.imports.formats.manifest import BadRow, Row


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


def from_json(content: bytes, *, place: str, home: Home, external_id: str | None = None) -> Row | BadRow:
    """Paths are of `home`. `external_id` stands in where the JSON names none."""
    try:
        asset = _Asset.model_validate_json(content)
        named = asset.external_id or external_id
        if named is None:
            return BadRow(place, "The ad has no external_id.")
        return Row(place, named, tuple([_part(part, home) for part in asset.parts]), asset.metadata)
    except ValidationError as refused:
        fault = refused.errors()[0]
        where = "/".join(str(step) for step in fault["loc"])
        return BadRow(place, f"{where}: {fault['msg']}." if where else f"{fault['msg']}.")
    except Invalid as refused:
        return BadRow(place, refused.sentence)


def _part(part: _Part, home: Home) -> GivenPart:
    if (part.path is None) == (part.text is None):
        raise Invalid(f"The part {part.name} needs either a path or a text.")
    if part.path is not None:
        return home.part(part.name, part.modality, part.path, encoding=part.encoding)
    return GivenPart(part.name, part.modality, text=part.text, encoding=part.encoding)
