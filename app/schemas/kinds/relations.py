"""Relations between marks of one label."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import Modality, PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.kind import Asked, Field, Kind
from app.schemas.kinds.marks import MARK_ID, MarkKind
from app.schemas.rules import FIELDS_AT_MOST
from app.schemas.shapes import step

ENDS = ("from", "to")
_FIELDS = shapes.list_of(shapes.name, at_least=1, at_most=FIELDS_AT_MOST)


class Relations(MarkKind):
    name = "relations"
    title = "Relations"
    summary = "Ties from one mark to another; `from` and `to` name the fields whose marks may be their ends."
    modalities = frozenset({Modality.TEXT})
    is_tie = True
    options: ClassVar = {**MarkKind.options, **dict.fromkeys(ENDS, _FIELDS)}
    shape: ClassVar = dict.fromkeys(ENDS, MARK_ID)
    shape_needed = ENDS

    def check_beside(self, field: Field, kinds: Mapping[str, Kind], path: str) -> Iterator[Problem]:
        ends = [name for name, kind in kinds.items() if kind.makes_marks and not kind.is_tie]
        if not ends:
            yield Problem(f"{path}/kind", "relations tie marks, and the schema has no field of any")
        for end in ENDS:
            for index, name in enumerate(field.get(end, ()) if ends else ()):
                if name not in ends:
                    yield Problem(
                        f"{path}/{end}/{index}", f"{name} is not a field of marks; there is {', '.join(ends)}"
                    )

    def check_mark(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:  # noqa: ARG002 - a tie lies nowhere
        return iter(())

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:
        yield from super().check(field, answer, path, asked)
        for index, mark in enumerate(answer if isinstance(answer, list) else ()):
            if isinstance(mark, dict) and all(isinstance(mark.get(end), str) for end in ENDS):
                yield from _check_ends(field, mark, step(path, index), asked.marks)

    def mark_schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        return {end: {"type": "string", "minLength": 1, "maxLength": 100} for end in ENDS}


def _check_ends(field: Field, mark: Mapping[str, str], path: str, marks: Mapping[str, str]) -> Iterator[Problem]:
    for end in ENDS:
        owner = marks.get(mark[end])
        if owner is None:
            yield Problem(f"{path}/{end}", f"{mark[end]!r} is not a mark of this label that can be tied")
        elif owner not in field.get(end, (owner,)):
            yield Problem(f"{path}/{end}", f"is a mark of {owner}; only those of {', '.join(field[end])} go here")
    if mark["from"] == mark["to"]:
        yield Problem(f"{path}/to", "must be another mark than from")
