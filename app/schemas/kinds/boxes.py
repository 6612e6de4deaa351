"""Boxes on an image, turned ones included."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds import marks
from app.schemas.kinds.kind import Field
from app.schemas.kinds.marks import MarkKind
from app.schemas.kinds.on_pictures import FRAME, PictureMarkKind


class Boxes(PictureMarkKind):
    name = "boxes"
    title = "Boxes"
    summary = "Boxes in pixels of the upright image; `min_size` refuses smaller ones."
    options: ClassVar = {**MarkKind.options, "min_size": shapes.number}
    shape: ClassVar = {**FRAME, **marks.BOX}
    shape_needed = marks.BOX_NEEDED

    def check_place(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
        return marks.check_box(mark, path, part, min_size=field.get("min_size", 0))

    def place_schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        return dict(marks.BOX_SCHEMA)
