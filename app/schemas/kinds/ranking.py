"""Choices, or the parts of an ad, in order: the best first. Two of them are a pairwise comparison."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from app.errors import Problem
from app.schemas.kinds import options
from app.schemas.kinds.kind import Asked, Field, Kind
from app.schemas.rules import RANKED_AT_MOST
from app.schemas.shapes import step

_LEAST = 2


class Ranking(Kind):
    name = "ranking"
    title = "Ranking"
    summary = "All `choices`, or where there are none the `parts` it names, from the first to the last, without ties."
    options: ClassVar = {"choices": options.CHOICES}

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        ranked = "choices" if "choices" in field else "parts"
        count = len(field.get(ranked, ()))
        if ranked not in field:
            yield Problem(f"{path}/choices", "is required, unless parts names the parts to order")
        elif not _LEAST <= count <= RANKED_AT_MOST:
            yield Problem(f"{path}/{ranked}", f"must be {_LEAST} to {RANKED_AT_MOST} to be put in order")
        if "choices" in field:
            yield from options.check_distinct(field, path)

    def keys(self, field: Field, path: str) -> Iterator[tuple[str, str]]:
        return options.keys(field, path) if "choices" in field else iter(())

    def listed(self, field: Field) -> Iterator[tuple[int, Mapping[str, Any]]]:
        if "choices" in field:
            return options.listed(field)
        return ((0, {"value": name}) for name in field["parts"])

    def may_be(self, field: Field, value: Any) -> bool:
        """What `when` asks of is the first."""
        return isinstance(value, str) and value in ranked_of(field)

    def has(self, answer: Any, value: Any) -> bool:
        return isinstance(answer, list) and answer[:1] == [value]

    def has_one_of(self, values: list[Any]) -> dict[str, Any]:
        return {"prefixItems": [{"enum": values}], "minItems": 1}

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:
        if not isinstance(answer, list):
            yield Problem(path, "must be a list, the first in order first")
            return
        wanted = ranked_of(field) if "choices" in field else [name for name in field["parts"] if name in asked.parts]
        for index, value in enumerate(answer):
            if not isinstance(value, str) or value not in wanted:
                yield Problem(step(path, index), f"{value!r} is not one of {', '.join(wanted)}")
        yield from options.check_no_repeat(answer, path)
        lacking = [value for value in wanted if value not in answer]
        if asked.complete and answer and lacking:
            yield Problem(path, f"must put all in order; there is no {', '.join(lacking)}")

    def json_schema(self, field: Field) -> dict[str, Any]:
        ranked = ranked_of(field)
        order: dict[str, Any] = {
            "type": "array",
            "items": {"enum": list(ranked)},
            "uniqueItems": True,
            "maxItems": len(ranked),
        }
        # Of parts an ad may lack some; of choices none.
        return order | ({"anyOf": [{"maxItems": 0}, {"minItems": len(ranked)}]} if "choices" in field else {})


def ranked_of(field: Field) -> Sequence[str]:
    """What is put in order, as the schema lists it."""
    return options.values(field) if "choices" in field else field["parts"]
