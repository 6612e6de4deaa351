"""Masks on an image: pixels, as COCO's compressed runs."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import PartFacts
from app.errors import Problem
from app.measures import rle
from app.schemas import shapes
from app.schemas.kinds.kind import Field
from app.schemas.kinds.on_pictures import FRAME, PictureMarkKind
from app.schemas.rules import LARGEST_NUMBER, MASK_CHARACTERS_AT_MOST


def _counts(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, "must be text: the runs in COCO's compressed coding")
    elif len(value) > MASK_CHARACTERS_AT_MOST:
        yield Problem(path, f"has {len(value)} characters, at most {MASK_CHARACTERS_AT_MOST} are allowed")


def _size(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - height and width
        yield Problem(path, "must be [height, width]")
        return
    for place, inner in enumerate(value):
        yield from shapes.whole(1, int(LARGEST_NUMBER))(inner, f"{path}/{place}")


class Masks(PictureMarkKind):
    name = "masks"
    title = "Masks"
    summary = "Painted pixels, kept as COCO's compressed runs over the upright image."
    shape: ClassVar = {**FRAME, "rle": shapes.record({"size": _size, "counts": _counts}, ("size", "counts"))}
    shape_needed = ("rle",)

    def check_place(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:  # noqa: ARG002
        width, height = part.width or 0, part.height or 0
        if mark["rle"]["size"] != [height, width]:
            yield Problem(f"{path}/rle/size", f"must be [{height}, {width}], the height and width of {part.name}")
            return
        try:
            runs = rle.read(mark["rle"]["counts"], width=width, height=height)
        except rle.Unreadable as reason:
            yield Problem(f"{path}/rle/counts", str(reason))
            return
        if runs.area == 0:
            yield Problem(f"{path}/rle/counts", "has no pixel in it")

    def place_schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        size = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2}
        counts = {"type": "string", "pattern": "^[0-o]+$", "maxLength": MASK_CHARACTERS_AT_MOST}
        runs = {
            "type": "object",
            "properties": {"size": size, "counts": counts},
            "required": ["size", "counts"],
            "additionalProperties": False,
        }
        return {"rle": runs}
