"""What marks on a picture share: its frame where it moves, and points that lie in it."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import Modality, PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.kind import Field
from app.schemas.kinds.marks import MarkKind
from app.schemas.rules import LARGEST_NUMBER, PIXEL_TOLERANCE
from app.schemas.shapes import Check, step

FRAME: Mapping[str, Check] = {"frame": shapes.whole(0, int(LARGEST_NUMBER))}


class PictureMarkKind(MarkKind):
    """Marks of one geometry on a picture. Each names its `frame` where the picture has several, and only there."""

    modalities = frozenset({Modality.IMAGE})
    shape: ClassVar[Mapping[str, Check]] = FRAME

    @abstractmethod
    def check_place(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
        """Whether the mark lies within its picture, whose size is known."""

    @abstractmethod
    def place_schema(self, field: Field) -> dict[str, Any]:
        """JSON Schema of the geometry."""

    def check_mark(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
        yield from _check_frame(mark, path, part)
        if part.width is None or part.height is None:
            yield Problem(path, f"{part.name} has no size to lie in")
        else:
            yield from self.check_place(field, mark, path, part)

    def mark_schema(self, field: Field) -> dict[str, Any]:
        return {"frame": {"type": "integer", "minimum": 0}, **self.place_schema(field)}


def _check_frame(mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
    count = part.frame_count or 1
    if "frame" not in mark:
        if count > 1:
            yield Problem(f"{path}/frame", f"is required: {part.name} has {count} frames")
    elif count == 1:
        yield Problem(f"{path}/frame", f"does not go with {part.name}, which does not move")
    elif mark["frame"] >= count:
        yield Problem(f"{path}/frame", f"is after the last frame of {part.name}, which is {count - 1}")


def check_inside(point: list[Any], path: str, part: PartFacts) -> Iterator[Problem]:
    """A point [x, y] within the picture, as near as pixels are kept."""
    for place, side in enumerate((part.width or 0, part.height or 0)):
        if not -PIXEL_TOLERANCE <= point[place] <= side + PIXEL_TOLERANCE:
            yield Problem(step(path, place), f"is outside {part.name}, which is {part.width} x {part.height} pixels")
