"""What of a suggestion can be read under another schema version or asset revision than it was made for, piece by piece.
Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.assets.rules import AssetFacts
from app.errors import Problem
from app.schemas import answers as schema_answers

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """Something that does not fit any more, and why."""

    path: str
    reason: str
    value: Any

    def as_json(self) -> dict[str, Any]:
        return {"path": self.path, "reason": self.reason, "value": self.value}


def readable(body: Body, answers: Mapping[str, Any], facts: AssetFacts) -> tuple[dict[str, Any], list[Piece]]:
    """The answers that fit, and the pieces that do not: whole answers, or single marks of them."""
    kept = dict(answers)
    places = {name: list(range(len(answer))) for name, answer in kept.items() if isinstance(answer, list)}
    pieces: list[Piece] = []
    while problems := schema_answers.check(body, kept, facts=facts, complete=False):
        # What is asked may depend on what is taken out, so the rest is looked at again.
        taken = [_take_out(kept, places, problem) for problem in _first_of_each(problems)]
        pieces += [piece for piece in taken if piece is not None]
        if not any(taken):
            return {}, [Piece("/answers", problems[0].message, dict(answers))]
    return {name: answer for name, answer in kept.items() if answer != []}, pieces


def _first_of_each(problems: list[Problem]) -> list[Problem]:
    """The first problem of each answer or mark; of marks the last comes first, so that places hold."""
    first: dict[tuple[str, ...], Problem] = {}
    for problem in problems:
        first.setdefault(tuple(problem.path.split("/")[2:4]), problem)
    return sorted(first.values(), key=lambda one: _index(one) or 0, reverse=True)


def _index(problem: Problem) -> int | None:
    steps = problem.path.split("/")
    return int(steps[3]) if len(steps) > 3 and steps[3].isdecimal() else None  # noqa: PLR2004  # "", answers, field, place


def _take_out(kept: dict[str, Any], places: dict[str, list[int]], problem: Problem) -> Piece | None:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in problem.path.split("/")[2:]]
    name = steps[0] if steps else ""
    if name not in kept:
        return None
    index, answer = _index(problem), kept[name]
    if index is None or not isinstance(answer, list) or index >= len(answer) or not isinstance(answer[index], dict):
        del kept[name]
        return Piece(f"/answers/{name}", _sentence(steps[1:], problem.message), answer)
    place = places[name].pop(index)
    kept[name] = [*answer[:index], *answer[index + 1 :]]
    return Piece(f"/answers/{name}/{place}", _sentence(steps[2:], problem.message), answer[index])


def _sentence(where: list[str], message: str) -> str:
    words = " ".join([*where, message])
    return f"{words[:1].upper()}{words[1:]}."
