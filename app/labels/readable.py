"""A label as people read it: questions and choices by their titles, marks by their place, times by their share. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.assets.rules import AssetFacts
from app.labels import pictures, places
from app.labels.drawn import LINE, Mark
from app.labels.timing import STATES
from app.schemas.kinds import KINDS, taxonomy
from app.web.filters import localized

HUMAN = "human"


@dataclass(frozen=True)
class Value:
    """One chosen value, or words or a number as given."""

    text: str
    color: str = ""
    clause: str = ""
    severity: str = ""


@dataclass(frozen=True)
class MarkLine:
    """One mark as a line of a list."""

    mark: Mark
    part: str
    where: str
    quote: str
    answers: tuple["Answer", ...]


@dataclass(frozen=True)
class Answer:
    """One question with what was answered."""

    name: str
    title: str
    kind: str
    values: tuple[Value, ...] = ()
    marks: tuple[MarkLine, ...] = ()
    source: str = HUMAN
    raw: Any = None

    @property
    def summary(self) -> str:
        if self.marks:
            return f"{len(self.marks)} {'mark' if len(self.marks) == 1 else 'marks'}"
        return ", ".join(value.text for value in self.values)


@dataclass(frozen=True)
class Spent:
    """One state's share of the time on a label; `start` and `length` in units of LINE."""

    state: str
    milliseconds: int
    start: int
    length: int


def answers_of(
    body: Mapping[str, Any],
    answers: Mapping[str, Any],
    language: str,
    *,
    facts: AssetFacts | None = None,
    sources: Mapping[str, Any] | None = None,
) -> list[Answer]:
    """The answered questions in the schema's order."""
    told = sources or {}
    names = _names(body, answers, language)
    return [
        _answer(
            asked, answers[asked["name"]], language, facts, (told.get(asked["name"]) or {}).get("source", HUMAN), names
        )
        for asked in body["fields"]
        if asked["name"] in answers
    ]


def _names(body: Mapping[str, Any], answers: Mapping[str, Any], language: str) -> dict[str, str]:
    """What a relation calls each mark: its title, and its words where it has any."""
    return {
        given["id"]: pictures.mark_of(asked, given, language).title + (f" “{given['text']}”" if "text" in given else "")
        for asked in body["fields"]
        if KINDS[asked["kind"]].makes_marks
        for given in answers.get(asked["name"]) or ()
    }


def _answer(
    asked: Mapping[str, Any],
    given: Any,
    language: str,
    facts: AssetFacts | None,
    source: str,
    names: Mapping[str, str],
) -> Answer:
    title = localized(asked.get("title"), language, asked["name"])
    kind = asked["kind"]
    if KINDS[kind].makes_marks:
        lines = tuple(_mark_line(asked, one, language, facts, names) for one in given)
        return Answer(asked["name"], title, kind, marks=lines, source=source, raw=given)
    values = tuple(READERS.get(kind, _plain)(asked, given, language))
    return Answer(asked["name"], title, kind, values=values, source=source, raw=given)


def _mark_line(
    asked: Mapping[str, Any],
    given: Mapping[str, Any],
    language: str,
    facts: AssetFacts | None,
    names: Mapping[str, str],
) -> MarkLine:
    own = {"fields": asked.get("fields") or ()}
    return MarkLine(
        mark=pictures.mark_of(asked, given, language),
        part=given.get("part") or _only_part(asked, facts),
        where=places.where(asked["kind"], given, names),
        quote=str(given.get("text") or given.get("transcript") or ""),
        answers=(*answers_of(own, given.get("fields") or {}, language), *_over_time(own, given, language)),
    )


def _over_time(own: Mapping[str, Any], given: Mapping[str, Any], language: str) -> Iterator[Answer]:
    """Answers that change, each with the frames at which it begins."""
    begins: dict[str, list[tuple[int, Answer]]] = {}
    for keyframe in given.get("keyframes", ()):
        for answer in answers_of(own, keyframe.get("fields") or {}, language):
            before = begins.setdefault(answer.name, [])
            if not before or before[-1][1].raw != answer.raw:
                before.append((keyframe["frame"], answer))
    for runs in begins.values():
        values = tuple(
            replace(value, text=f"{value.text} from frame {frame}") for frame, answer in runs for value in answer.values
        )
        yield replace(runs[0][1], values=values, raw=[(frame, answer.raw) for frame, answer in runs])


def _only_part(asked: Mapping[str, Any], facts: AssetFacts | None) -> str:
    if asked.get("part"):
        return str(asked["part"])
    wanted = KINDS[asked["kind"]].modalities
    found = [part.name for part in facts.parts if part.modality in wanted] if facts else []
    return found[0] if len(found) == 1 else ""


# Values of plain questions, by kind; a kind that is not here is shown as it is.
Reader = Callable[[Mapping[str, Any], Any, str], Iterator[Value]]


def _plain(_asked: Mapping[str, Any], given: Any, _language: str) -> Iterator[Value]:
    yield Value(f"{given:g}" if isinstance(given, float) else str(given))


def _one_choice(asked: Mapping[str, Any], given: Any, language: str) -> Iterator[Value]:
    for choice in asked.get("choices", ()):
        if choice["value"] == given:
            yield _value(choice, pictures.color_of(asked, given), language)
            return
    yield Value(str(given))


def choice_title(asked: Mapping[str, Any], value: Any, language: str) -> str:
    """What a question calls one of its choices, or of the steps of its tree."""
    offered = (one for _, one in KINDS[asked["kind"]].listed(asked) if one["value"] == value)
    return localized(next(offered, {}).get("title"), language, str(value))


def _several_choices(asked: Mapping[str, Any], given: Any, language: str) -> Iterator[Value]:
    for one in given:
        yield from _one_choice(asked, one, language)


def _tree_paths(asked: Mapping[str, Any], given: Any, language: str) -> Iterator[Value]:
    for path in given:
        level: Mapping[str, Any] = asked
        titles = []
        for value in path:
            level = next((node for node in taxonomy.branch(level)[1] if node["value"] == value), {})
            titles.append(localized(level.get("title"), language, value))
        yield Value(" › ".join(titles), clause=level.get("clause", ""), severity=level.get("severity", ""))


def _ranked(asked: Mapping[str, Any], given: Any, language: str) -> Iterator[Value]:
    for place, one in enumerate(given, start=1):
        [value] = _one_choice(asked, one, language) if "choices" in asked else [Value(one.replace("_", " "))]
        yield replace(value, text=f"{place}. {value.text}")


READERS: dict[str, Reader] = {
    "choice": _one_choice,
    "choices": _several_choices,
    "taxonomy": _tree_paths,
    "ranking": _ranked,
}


def _value(choice: Mapping[str, Any], color: str, language: str) -> Value:
    title = localized(choice.get("title"), language, choice["value"])
    return Value(title, color, choice.get("clause", ""), choice.get("severity", ""))


def time_spent(timing: Mapping[str, Any]) -> list[Spent]:
    """The five states and what no slice covers, as shares of the server's own time."""
    told = [(state, int(timing.get(f"{state}_ms") or 0)) for state in STATES]
    wall = max(int(timing.get("wall_ms") or 0), sum(spent for _, spent in told))
    told.append(("unseen", wall - sum(spent for _, spent in told)))
    shares = []
    at = 0.0
    for state, spent in told:
        length = spent / wall * LINE if wall else 0.0
        shares.append(Spent(state, spent, round(at), round(at + length) - round(at)))
        at += length
    return shares


@dataclass(frozen=True)
class Compared:
    """One question over all revisions; `changed` says where the answer differs from the revision before."""

    title: str
    cells: tuple[Answer | None, ...]
    changed: tuple[bool, ...]


def side_by_side(revisions: Sequence[Sequence[Answer]]) -> list[Compared]:
    """Rows over revisions, oldest first, in the order the questions were first answered."""
    titles = {answer.name: answer.title for answers in revisions for answer in answers}
    by_name = [{answer.name: answer for answer in answers} for answers in revisions]
    rows = []
    for name, title in titles.items():
        cells = tuple(found.get(name) for found in by_name)
        raws = [cell.raw if cell else None for cell in cells]
        changed = (False, *(raws[at] != raws[at - 1] for at in range(1, len(raws))))
        rows.append(Compared(title, cells, changed))
    return rows
