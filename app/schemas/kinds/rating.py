"""A step on a scale."""

from collections.abc import Iterator
from typing import Any, ClassVar

from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.kind import Asked, Field, Kind
from app.schemas.rules import RATING_STEPS_AT_MOST

LOWEST, HIGHEST = 1, 5


def scale(field: Field) -> range:
    """The steps, 1 to 5 unless the field says otherwise."""
    return range(field.get("min", LOWEST), field.get("max", HIGHEST) + 1)


class Rating(Kind):
    name = "rating"
    title = "Rating"
    summary = "A step on a scale, 1 to 5 unless `min` and `max` say otherwise."
    options: ClassVar = {"min": shapes.whole(-100, 100), "max": shapes.whole(-100, 100)}

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        if not 1 < len(scale(field)) <= RATING_STEPS_AT_MOST:
            yield Problem(f"{path}/max", f"must leave 2 to {RATING_STEPS_AT_MOST} steps above min")

    def may_be(self, field: Field, value: Any) -> bool:
        return shapes.is_whole(value) and value in scale(field)

    def has(self, answer: Any, value: Any) -> bool:
        return not isinstance(answer, bool) and bool(answer == value)

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:  # noqa: ARG002
        if not self.may_be(field, answer):
            steps = scale(field)
            yield Problem(path, f"must be a whole number from {steps[0]} to {steps[-1]}")

    def json_schema(self, field: Field) -> dict[str, Any]:
        steps = scale(field)
        return {"type": "integer", "minimum": steps[0], "maximum": steps[-1]}
