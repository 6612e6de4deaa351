"""The labeler's own words."""

from collections.abc import Iterator
from typing import Any, ClassVar

from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.kind import Asked, Field, Kind
from app.schemas.rules import TEXT_AT_MOST


class Text(Kind):
    name = "text"
    title = "Text"
    summary = "The labeler's own words, one line or `multiline`, at most `max_length` characters."
    options: ClassVar = {"multiline": shapes.flag, "max_length": shapes.whole(1, TEXT_AT_MOST)}

    def may_be(self, field: Field, value: Any) -> bool:  # noqa: ARG002 - nobody can ask for free words
        return False

    def has(self, answer: Any, value: Any) -> bool:
        return bool(answer == value)

    def is_empty(self, answer: Any) -> bool:
        return answer is None or (isinstance(answer, str) and not answer.strip())

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:  # noqa: ARG002
        at_most = field.get("max_length", TEXT_AT_MOST)
        if not isinstance(answer, str):
            yield Problem(path, "must be text")
        elif len(answer) > at_most:
            yield Problem(path, f"has {len(answer)} characters, at most {at_most} are allowed")
        elif "\n" in answer and not field.get("multiline"):
            yield Problem(path, "must be one line")

    def json_schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "maxLength": field.get("max_length", TEXT_AT_MOST)}

    def free_text(self, answer: Any, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(answer, str):
            yield path, answer
