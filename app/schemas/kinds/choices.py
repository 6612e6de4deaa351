"""Any number of a list of choices."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds import options
from app.schemas.kinds.kind import Asked, Field, Kind
from app.schemas.rules import CHOICES_AT_MOST
from app.schemas.shapes import step


class Choices(Kind):
    name = "choices"
    title = "Several choices"
    summary = "Any number of a list, one key each; `min` and `max` bound how many."
    options: ClassVar = {
        "choices": options.CHOICES,
        "min": shapes.whole(0, CHOICES_AT_MOST),
        "max": shapes.whole(1, CHOICES_AT_MOST),
    }
    needed = ("choices",)

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        yield from options.check_distinct(field, path)
        if field.get("min", 0) > min(field.get("max", CHOICES_AT_MOST), len(field["choices"])):
            yield Problem(f"{path}/min", "is more than can be chosen")

    def keys(self, field: Field, path: str) -> Iterator[tuple[str, str]]:
        return options.keys(field, path)

    def listed(self, field: Field) -> Iterator[tuple[int, Mapping[str, Any]]]:
        return options.listed(field)

    def may_be(self, field: Field, value: Any) -> bool:
        return options.offers(field, value)

    def has(self, answer: Any, value: Any) -> bool:
        return isinstance(answer, list) and value in answer

    def has_one_of(self, values: list[Any]) -> dict[str, Any]:
        return {"contains": {"enum": values}}

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:
        if not isinstance(answer, list):
            yield Problem(path, "must be a list of choices")
            return
        for index, value in enumerate(answer):
            yield from options.check_one(field, value, step(path, index))
        yield from options.check_no_repeat(answer, path)
        yield from options.check_count(field, len(answer), path, complete=asked.complete)

    def json_schema(self, field: Field) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array", "items": {"enum": options.values(field)}, "uniqueItems": True}
        if "max" in field:
            schema["maxItems"] = field["max"]
        if field.get("min", 0) > 0:
            schema["minItems"] = field["min"] if field.get("required") else 0
        return schema
