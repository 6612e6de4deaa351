"""Boxes that move through a video, as keyframes. A question that `changes` is answered at keyframes, and an answer holds
until the next one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import Modality, PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds import marks
from app.schemas.kinds.frames import FrameTable, microseconds
from app.schemas.kinds.kind import Field
from app.schemas.kinds.marks import MarkKind
from app.schemas.rules import KEYFRAMES_AT_MOST, LARGEST_NUMBER, MICROSECONDS
from app.schemas.shapes import step

_KEYFRAME = shapes.record(
    {
        "frame": shapes.whole(0, int(LARGEST_NUMBER)),
        "time": shapes.number,
        **marks.BOX,
        "outside": shapes.flag,
        "occluded": shapes.flag,
        "fields": shapes.anything,
    },
    ("frame", "time", *marks.BOX_NEEDED),
)


class Tracks(MarkKind):
    name = "tracks"
    title = "Box tracks"
    summary = "A box through a video: keyframes by frame and time, straight lines between them."
    modalities = frozenset({Modality.VIDEO})
    is_keyframed = True
    shape: ClassVar = {"keyframes": shapes.list_of(_KEYFRAME, at_least=1, at_most=KEYFRAMES_AT_MOST)}
    shape_needed = ("keyframes",)

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        yield from super().check_options(field, path)
        inner = field.get("fields", [])
        changing = {one["name"] for one in inner if one.get("changes")}
        for index, one in enumerate(inner):
            here = step(f"{path}/fields", index)
            if one.get("changes") and "when" in one:
                yield Problem(f"{here}/when", "does not go with changes: a question over time is always asked")
            for name in sorted(changing & set(one.get("when", {}))):
                yield Problem(step(f"{here}/when", name), f"{name} changes over time, so nothing can depend on it")

    def check_mark(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:  # noqa: ARG002
        frames = FrameTable.of(part)
        before = -1
        for index, keyframe in enumerate(mark["keyframes"]):
            here = step(f"{path}/keyframes", index)
            yield from _check_moment(keyframe, here, part, frames)
            if keyframe["frame"] <= before:
                yield Problem(f"{here}/frame", "must be after the keyframe before it")
            before = keyframe["frame"]
            yield from marks.check_box(keyframe, here, part)

    def mark_schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        keyframe = {
            "type": "object",
            "properties": {
                "frame": {"type": "integer", "minimum": 0},
                "time": {"type": "number", "minimum": 0},
                **marks.BOX_SCHEMA,
                "outside": {"type": "boolean"},
                "occluded": {"type": "boolean"},
            },
            "required": ["frame", "time", *marks.BOX_NEEDED],
            "additionalProperties": False,
        }
        return {"keyframes": {"type": "array", "items": keyframe, "minItems": 1, "maxItems": KEYFRAMES_AT_MOST}}


def _check_moment(keyframe: Mapping[str, Any], path: str, part: PartFacts, frames: FrameTable) -> Iterator[Problem]:
    """The server holds the frame table: a frame it does not have, or another time than the frame's, is refused."""
    if keyframe["frame"] >= frames.count:
        yield Problem(f"{path}/frame", f"is after the last frame of {part.name}, which is {frames.count - 1}")
    elif not frames.agrees(keyframe["frame"], microseconds(keyframe["time"])):
        shown = frames.starts(keyframe["frame"]) / MICROSECONDS
        yield Problem(f"{path}/time", f"is not when frame {keyframe['frame']} is shown, which is at {shown} seconds")
