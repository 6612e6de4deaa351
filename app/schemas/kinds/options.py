"""The list of choices that several kinds offer."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.kind import Field
from app.schemas.rules import CHOICES_AT_MOST, Severity
from app.schemas.shapes import step

CHOICE = {
    "value": shapes.text(100),
    "key": shapes.anything,
    "title": shapes.title,
    "help": shapes.help_text,
    "color": shapes.color,
    "severity": shapes.one_of([word.value for word in Severity]),
    "clause": shapes.clause,
}
CHOICES = shapes.list_of(shapes.record(CHOICE, ["value"]), at_least=1, at_most=CHOICES_AT_MOST)


def values(field: Field) -> list[str]:
    return [choice["value"] for choice in field["choices"]]


def offers(field: Field, value: Any) -> bool:
    return isinstance(value, str) and value in values(field)


def check_distinct(field: Field, path: str) -> Iterator[Problem]:
    """No value twice."""
    seen: set[str] = set()
    for index, value in enumerate(values(field)):
        if value in seen:
            yield Problem(f"{path}/choices/{index}/value", f"{value} is the value of an earlier choice")
        seen.add(value)


def keys(field: Field, path: str) -> Iterator[tuple[str, str]]:
    for index, choice in enumerate(field["choices"]):
        if "key" in choice:
            yield f"{path}/choices/{index}/key", choice["key"]


def listed(field: Field) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return ((0, choice) for choice in field["choices"])


def check_one(field: Field, value: Any, path: str) -> Iterator[Problem]:
    """A value that stands among the choices."""
    if not isinstance(value, str):
        yield Problem(path, "must be one of the choices")
    elif not offers(field, value):
        yield Problem(path, f"{value!r} is not one of the choices")


def check_no_repeat(answer: list[Any], path: str) -> Iterator[Problem]:
    seen: list[Any] = []
    for index, value in enumerate(answer):
        if value in seen:
            yield Problem(step(path, index), "stands here twice")
        seen.append(value)


def check_count(field: Field, count: int, path: str, *, complete: bool) -> Iterator[Problem]:
    """`min` and `max` of a list that was begun."""
    if complete and 0 < count < field.get("min", 0):
        yield Problem(path, f"must have at least {field['min']}")
    if count > field.get("max", count):
        yield Problem(path, f"must have at most {field['max']}")
