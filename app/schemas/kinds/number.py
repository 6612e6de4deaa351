"""A number."""

from collections.abc import Iterator
from typing import Any, ClassVar

from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.kind import Asked, Field, Kind

# Decimal steps such as 0.1 have no exact binary form; nobody types more than nine digits after the point.
STEP_TOLERANCE = 1e-9


def _on_step(field: Field, value: float) -> bool:
    if field.get("step", 0) <= 0:
        return True
    steps = (value - field.get("min", 0)) / field["step"]
    return bool(abs(steps - round(steps)) <= STEP_TOLERANCE * max(1.0, abs(steps)))


class Number(Kind):
    name = "number"
    title = "Number"
    summary = "A number, with `min`, `max`, `step` and `unit` where they help."
    options: ClassVar = {
        "min": shapes.number,
        "max": shapes.number,
        "step": shapes.number,
        "unit": shapes.text(40),
    }

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        if "min" in field and "max" in field and field["min"] > field["max"]:
            yield Problem(f"{path}/min", "is above max")
        if field.get("step", 1) <= 0:
            yield Problem(f"{path}/step", "must be above 0")

    def may_be(self, field: Field, value: Any) -> bool:
        return not any(self.check(field, value, "", Asked({})))

    def has(self, answer: Any, value: Any) -> bool:
        return not isinstance(answer, bool) and bool(answer == value)

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:  # noqa: ARG002
        if not shapes.is_number(answer):
            yield Problem(path, "must be a finite number")
        elif answer < field.get("min", answer):
            yield Problem(path, f"must be at least {field['min']}")
        elif answer > field.get("max", answer):
            yield Problem(path, f"must be at most {field['max']}")
        elif not _on_step(field, answer):
            yield Problem(path, f"must go in steps of {field['step']}")

    def json_schema(self, field: Field) -> dict[str, Any]:
        bounds = {"minimum": "min", "maximum": "max"}
        return {"type": "number"} | {word: field[option] for word, option in bounds.items() if option in field}
