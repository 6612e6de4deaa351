"""Limits of suggestions, their scores, and which of an ad's suggestions a task is given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Problem

MODEL_AT_MOST = 200
LINES_AT_MOST = 1000


@dataclass(frozen=True)
class Found:
    """A suggestion of an ad, without its answers."""

    seq: int
    id: str
    model: str
    schema_version: int
    asset_revision: int


@dataclass(frozen=True)
class Seen:
    """A suggestion that a person was shown on a task; `after_own`: only after an answer of their own."""

    id: str
    model: str
    model_version: str
    answers: Mapping[str, Any]
    after_own: bool = False


def newest_per_model(found: Sequence[Found], *, schema_version: int, asset_revision: int) -> list[Found]:
    """One a model, oldest first: the newest of those made for just these versions, else the newest there is."""

    def rank(one: Found) -> tuple[bool, int]:
        return (one.schema_version == schema_version and one.asset_revision == asset_revision, one.seq)

    best: dict[str, Found] = {}
    for one in found:
        if one.model not in best or rank(one) > rank(best[one.model]):
            best[one.model] = one
    return sorted(best.values(), key=lambda one: one.seq)


def check_scores(scores: Mapping[str, Any], answers: Mapping[str, Any]) -> Iterator[Problem]:
    """A number for an answered field or for a mark; or, for a field of marks, numbers by mark."""
    marks = {field: {str(mark["id"]) for mark in answer} for field, answer in answers.items() if _is_marks(answer)}
    all_marks = set().union(*marks.values())
    for name, score in scores.items():
        path = f"/scores/{name.replace('~', '~0').replace('/', '~1')}"
        if name not in answers and name not in all_marks:
            yield Problem(path, "is neither an answered field nor a mark of these answers")
        elif isinstance(score, dict) and name in marks:
            for mark, inner in score.items():
                if mark not in marks[name]:
                    yield Problem(f"{path}/{mark}", f"is not a mark of {name}")
                elif not _is_number(inner):
                    yield Problem(f"{path}/{mark}", "must be a number")
        elif not _is_number(score):
            yield Problem(path, "must be a number")


def _is_marks(answer: Any) -> bool:
    return isinstance(answer, list) and all(isinstance(mark, dict) and "id" in mark for mark in answer)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
