"""What a label says of the suggestions that its person was shown: whether it is true, and what the label keeps of it. Pure.

A mark, or the source of a plain answer, that names a suggestion must name one that its person was shown on this task. It
is a `suggestion` while it says just what was suggested; once anything in it was changed it is a `suggestion_edited`. Own
questions of a mark that the suggestion left open may be answered without that.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.errors import Problem
from app.labels.rules import Answered
from app.schemas.rules import Source
from app.schemas.shapes import step
from app.suggestions.rules import Seen

# What may differ between a mark and what was suggested: names, and what the server adds to a mark by itself.
APART = frozenset({"id", "source", "suggestion_id", "fields", "start_frame", "end_frame", "start_sample", "end_sample"})
ENDS = frozenset({"from", "to"})  # a relation's marks, by ids that may have been changed to be unique
NOT_SHOWN = "is not a suggestion that you were shown on this task"
RENAMED_BY = 8  # letters of the suggestion's id that such an id ends in


def check(answered: Answered, seen: Sequence[Seen]) -> list[Problem]:
    """Every untrue word about suggestions, with its path."""
    known = {one.id: one for one in seen}
    problems: list[Problem] = []
    for name, index, mark in _marks(answered.answers):
        suggested = _answer_behind(known, mark, name)
        is_same = isinstance(suggested, list) and any(
            _is_alike(mark, one) for one in suggested if isinstance(one, dict)
        )
        problems += _check_source(mark, step(step("/answers", name), index), known, is_same=is_same)
    for name, source in answered.sources.items():
        is_same = _same(_answer_behind(known, source, name), answered.answers.get(name))
        problems += _check_source(source, step("/sources", name), known, is_same=is_same)
    problems += [
        Problem(f"/refused_suggestions/{index}/suggestion_id", NOT_SHOWN)
        for index, one in enumerate(answered.refused)
        if one["suggestion_id"] not in known
    ]
    return problems


def _answer_behind(known: Mapping[str, Seen], said: Mapping[str, Any], name: str) -> Any:
    suggestion = known.get(said.get("suggestion_id") or "")
    return suggestion.answers.get(name) if suggestion else None


def _check_source(said: Mapping[str, Any], path: str, known: Mapping[str, Seen], *, is_same: bool) -> Iterator[Problem]:
    source, named = said.get("source", Source.HUMAN), said.get("suggestion_id")
    where = f"{path}/suggestion_id"
    if source == Source.HUMAN:
        if named is not None:
            yield Problem(where, "names a suggestion, but the source is human")
    elif named is None:
        yield Problem(where, "must name the suggestion that this comes from")
    elif named not in known:
        yield Problem(where, NOT_SHOWN)
    elif source == Source.SUGGESTION and not is_same:
        yield Problem(f"{path}/source", "must be suggestion_edited: this is not just what was suggested")


def models(answered: Answered, seen: Sequence[Seen]) -> str | None:
    """The models, with their versions, whose suggestions stand in the label, taken as they were or changed."""
    named = {mark.get("suggestion_id") for _, _, mark in _marks(answered.answers)}
    named |= {source.get("suggestion_id") for source in answered.sources.values()}
    used = dict.fromkeys(f"{one.model} {one.model_version}" for one in seen if one.id in named)
    return ", ".join(used) or None


def kept(answered: Answered, seen: Sequence[Seen]) -> dict[str, Any] | None:
    """What a revision keeps besides: which suggestions were shown and when, and what of them was refused."""
    if not seen:
        return None
    shown = [
        {
            "suggestion_id": one.id, "model": one.model, "model_version": one.model_version,
            "shown": "after_first_answer" if one.after_own else "before_answering",
        }
        for one in seen
    ]  # fmt: skip
    return {"shown": shown, "refused": [dict(one) for one in answered.refused]}


def _marks(answers: Mapping[str, Any]) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    for name, answer in answers.items():
        for index, mark in enumerate(answer if isinstance(answer, list) else ()):
            if isinstance(mark, dict):
                yield name, index, mark


def _is_alike(mark: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    own, asked = mark.get("fields") or {}, given.get("fields") or {}
    answered = all(name in own and _same(own[name], value) for name, value in asked.items())
    suggestion = str(mark["suggestion_id"])
    return answered and _place(mark, suggestion) == _place(given, suggestion)


def _place(mark: Mapping[str, Any], suggestion: str) -> dict[str, Any]:
    ending = f"-{suggestion[:RENAMED_BY]}"
    return {
        key: str(value).removesuffix(ending) if key in ENDS else value
        for key, value in mark.items()
        if key not in APART
    }


def _same(one: Any, other: Any) -> bool:
    """Lists of words say the same in any order."""
    if isinstance(one, list) and isinstance(other, list) and all(isinstance(word, str) for word in [*one, *other]):
        return sorted(one) == sorted(other)
    return bool(one == other)
