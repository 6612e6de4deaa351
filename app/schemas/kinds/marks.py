"""What all marks share: an id, a choice, a part, a source, their own fields; and the numbers of a box."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds import options
from app.schemas.kinds.kind import Asked, Field, Kind
from app.schemas.rules import MARKS_AT_MOST, PIXEL_TOLERANCE, Source
from app.schemas.shapes import Check, step

MARK_ID = shapes.text(100)
SOURCE = shapes.one_of([word.value for word in Source])
TURN = 360


def suggestion_id(value: Any, path: str) -> Iterator[Problem]:
    if value is not None:
        yield from shapes.text(100)(value, path)


class MarkKind(Kind):
    """Marks of one geometry. `shape` says which properties each has beside those that all marks have."""

    makes_marks = True
    options: ClassVar[Mapping[str, Check]] = {"choices": options.CHOICES, "fields": shapes.anything}
    needed: ClassVar[Collection[str]] = ("choices",)
    shape: ClassVar[Mapping[str, Check]]
    shape_needed: ClassVar[tuple[str, ...]]

    @abstractmethod
    def check_mark(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
        """Whether a mark of the right shape lies within its part."""

    def check_together(self, field: Field, marks: list[Any], path: str) -> Iterator[Problem]:  # noqa: ARG002
        """What marks of one field must keep among themselves."""
        return iter(())

    @abstractmethod
    def mark_schema(self, field: Field) -> dict[str, Any]:
        """JSON Schema of the properties in `shape`."""

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        return options.check_distinct(field, path)

    def keys(self, field: Field, path: str) -> Iterator[tuple[str, str]]:
        return options.keys(field, path)

    def listed(self, field: Field) -> Iterator[tuple[int, Mapping[str, Any]]]:
        return options.listed(field)

    def may_be(self, field: Field, value: Any) -> bool:
        return options.offers(field, value)

    def has(self, answer: Any, value: Any) -> bool:
        """Whether there is a mark of this choice."""
        return isinstance(answer, list) and any(
            isinstance(mark, dict) and mark.get("choice") == value for mark in answer
        )

    def has_one_of(self, values: list[Any]) -> dict[str, Any]:
        return {"contains": {"properties": {"choice": {"enum": values}}, "required": ["choice"]}}

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:
        if not isinstance(answer, list):
            yield Problem(path, "must be a list of marks")
            return
        if len(answer) > MARKS_AT_MOST:
            yield Problem(path, f"has {len(answer)} marks, at most {MARKS_AT_MOST} are allowed")
            return
        sound = []
        for index, mark in enumerate(answer):
            problems = list(self._check_mark(field, mark, step(path, index), asked))
            yield from problems
            sound += [] if problems else [mark]
        if len(sound) == len(answer):
            yield from self.check_together(field, answer, path)

    def _check_mark(self, field: Field, mark: Any, path: str, asked: Asked) -> Iterator[Problem]:
        common: dict[str, Check] = {
            "id": MARK_ID,
            "choice": lambda value, where: options.check_one(field, value, where),
            "part": shapes.anything,
            "source": SOURCE,
            "suggestion_id": suggestion_id,
            "fields": shapes.anything,
        }
        problems = list(shapes.record(common | dict(self.shape), ("id", "choice", *self.shape_needed))(mark, path))
        yield from problems
        if not isinstance(mark, dict):
            return
        part = self.part_of(mark, asked)
        if part is None:
            yield Problem(f"{path}/part", _wrong_part(mark, asked))
        elif not problems:
            yield from self.check_mark(field, mark, path, part)

    @staticmethod
    def part_of(mark: Mapping[str, Any], asked: Asked) -> PartFacts | None:
        """The part a mark lies on: the one it names, or the only one there is."""
        if "part" in mark:
            return asked.parts.get(mark["part"]) if isinstance(mark["part"], str) else None
        return next(iter(asked.parts.values())) if len(asked.parts) == 1 else None

    def json_schema(self, field: Field) -> dict[str, Any]:
        source = {"enum": [word.value for word in Source]}
        properties: dict[str, Any] = {
            "id": {"type": "string", "minLength": 1, "maxLength": 100},
            "choice": {"enum": options.values(field)},
            "part": {"type": "string"},
            "source": source,
            "suggestion_id": {"type": ["string", "null"]},
        }
        mark = {
            "type": "object",
            "properties": properties | self.mark_schema(field),
            "required": ["id", "choice", *self.shape_needed],
            "additionalProperties": False,
        }
        return {"type": "array", "items": mark, "maxItems": MARKS_AT_MOST}

    def enrich(self, answer: Any, asked: Asked) -> Any:
        return [self.enrich_mark(mark, self.part_of(mark, asked)) for mark in answer]

    def enrich_mark(self, mark: dict[str, Any], part: PartFacts | None) -> dict[str, Any]:  # noqa: ARG002
        return mark


def _wrong_part(mark: Mapping[str, Any], asked: Asked) -> str:
    names = ", ".join(asked.parts)
    if "part" not in mark:
        return f"is required: the mark may lie on {names}"
    return f"{mark['part']!r} is not a part that these marks go on; there is {names}"


BOX: Mapping[str, Check] = dict.fromkeys(("x", "y", "width", "height", "rotation"), shapes.number)
BOX_NEEDED = ("x", "y", "width", "height")
BOX_SCHEMA: Mapping[str, Any] = {
    "x": {"type": "number"},
    "y": {"type": "number"},
    "width": {"type": "number", "exclusiveMinimum": 0},
    "height": {"type": "number", "exclusiveMinimum": 0},
    "rotation": {"type": "number"},
}


def check_box(box: Mapping[str, Any], path: str, part: PartFacts, *, min_size: float = 0) -> Iterator[Problem]:
    """A box within its part. An upright box lies in it whole; of a turned one the centre does."""
    if part.width is None or part.height is None:
        yield Problem(path, f"{part.name} has no size to lie in")
        return
    for start, length, side in (("x", "width", part.width), ("y", "height", part.height)):
        if box[length] <= 0:
            yield Problem(f"{path}/{length}", "must be above 0")
        elif box[length] < min_size:
            yield Problem(f"{path}/{length}", f"must be at least {min_size} pixels")
        elif box.get("rotation", 0) % TURN:
            centre = box[start] + box[length] / 2
            if not -PIXEL_TOLERANCE <= centre <= side + PIXEL_TOLERANCE:
                yield Problem(f"{path}/{start}", f"puts the centre outside {part.name}, which is {_size(part)} pixels")
        elif box[start] < -PIXEL_TOLERANCE:
            yield Problem(f"{path}/{start}", f"is outside {part.name}")
        elif box[start] + box[length] > side + PIXEL_TOLERANCE:
            yield Problem(f"{path}/{length}", f"reaches outside {part.name}, which is {_size(part)} pixels")


def _size(part: PartFacts) -> str:
    return f"{part.width} x {part.height}"
