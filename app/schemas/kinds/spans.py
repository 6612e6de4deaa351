"""Spans of a text, in Unicode code points."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, ClassVar

from app.assets.rules import Modality, PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.kind import Field
from app.schemas.kinds.marks import MarkKind
from app.schemas.rules import LARGEST_NUMBER, TEXT_AT_MOST

_OFFSET = shapes.whole(0, int(LARGEST_NUMBER))


def _slice(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, "must be the text of the span")


class Spans(MarkKind):
    name = "spans"
    title = "Text spans"
    summary = "Pieces of a text, in code points; `overlapping: false` refuses spans that share characters."
    modalities = frozenset({Modality.TEXT})
    options: ClassVar = {**MarkKind.options, "overlapping": shapes.flag}
    shape: ClassVar = {"start": _OFFSET, "end": _OFFSET, "text": _slice}
    shape_needed = ("start", "end", "text")

    def check_mark(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:  # noqa: ARG002
        text = part.text or ""
        if mark["end"] > len(text):
            yield Problem(f"{path}/end", f"is after the end of {part.name}, which has {len(text)} code points")
        elif mark["start"] >= mark["end"]:
            yield Problem(f"{path}/end", "must be after start")
        elif mark["text"] != text[mark["start"] : mark["end"]]:
            yield Problem(f"{path}/text", "is not what stands between start and end; offsets count Unicode code points")

    def check_together(self, field: Field, marks: list[Any], path: str) -> Iterator[Problem]:
        if field.get("overlapping", True):
            return
        placed = sorted((mark.get("part", ""), mark["start"], mark["end"], index) for index, mark in enumerate(marks))
        for (part, _, end, _), (next_part, start, _, index) in pairwise(placed):
            if part == next_part and start < end:
                yield Problem(f"{path}/{index}", "overlaps another span, which this field does not allow")

    def mark_schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        offset = {"type": "integer", "minimum": 0}
        return {"start": offset, "end": offset, "text": {"type": "string", "maxLength": 100 * TEXT_AT_MOST}}
