"""One of a list of choices."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.errors import Problem
from app.schemas.kinds import options
from app.schemas.kinds.kind import Asked, Field, Kind


class Choice(Kind):
    name = "choice"
    title = "One choice"
    summary = "One of a list, by one key."
    options: ClassVar = {"choices": options.CHOICES}
    needed = ("choices",)

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        return options.check_distinct(field, path)

    def keys(self, field: Field, path: str) -> Iterator[tuple[str, str]]:
        return options.keys(field, path)

    def listed(self, field: Field) -> Iterator[tuple[int, Mapping[str, Any]]]:
        return options.listed(field)

    def may_be(self, field: Field, value: Any) -> bool:
        return options.offers(field, value)

    def has(self, answer: Any, value: Any) -> bool:
        return bool(answer == value)

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:  # noqa: ARG002
        return options.check_one(field, answer, path)

    def json_schema(self, field: Field) -> dict[str, Any]:
        return {"enum": options.values(field)}
