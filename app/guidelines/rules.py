"""Words and limits of guidelines, and how clauses get their numbers and ids."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.errors import Problem

TITLE_AT_MOST = 300
BODY_AT_MOST = 500_000
PICTURE_BYTES_AT_MOST = 5_000_000
PICTURE_SIDE_AT_MOST = 8000

_WORD = re.compile(r"\w+")
# Below this share of common words a clause under an old number is another clause, not the old one reworded.
SAME_CLAUSE = 0.3


class Change(StrEnum):
    """How much a version differs from the one before it."""

    EDITORIAL = "editorial"
    CLARIFICATION = "clarification"
    SUBSTANTIVE = "substantive"
    NEW = "new"


@dataclass(frozen=True)
class Heading:
    """A heading as written, with the text up to the next one."""

    place: int  # among the headings of the body, from 0
    line: int
    level: int
    number: str | None
    title: str
    own_id: str | None
    text: str


@dataclass(frozen=True)
class NumberedClause:
    """A heading that is a clause."""

    place: int
    line: int
    level: int
    number: str
    title: str
    own_id: str | None
    text: str


@dataclass(frozen=True)
class KnownClause:
    """A clause with its id, of a version that is or is about to be published."""

    id: str
    number: str
    title: str
    level: int
    place: int
    text: str


def number_clauses(headings: Sequence[Heading]) -> list[NumberedClause]:
    """Where any heading carries a number, the numbered ones are the clauses; else all are, numbered by their place.

    A single first-level heading at the top is then the title of the whole.
    """
    if any(heading.number for heading in headings):
        return [_numbered(heading, heading.number) for heading in headings if heading.number]
    if len(headings) > 1 and headings[0].level == 1 and all(heading.level > 1 for heading in headings[1:]):
        headings = headings[1:]
    numbered = []
    open_levels: list[int] = []
    counts: list[int] = []
    for heading in headings:
        while open_levels and open_levels[-1] > heading.level:
            open_levels.pop()
            counts.pop()
        if not open_levels or open_levels[-1] < heading.level:
            open_levels.append(heading.level)
            counts.append(0)
        counts[-1] += 1
        numbered.append(_numbered(heading, ".".join(str(count) for count in counts)))
    return numbered


def _numbered(heading: Heading, number: str) -> NumberedClause:
    return NumberedClause(
        heading.place, heading.line, heading.level, number, heading.title, heading.own_id, heading.text
    )


def check_clauses(headings: Sequence[Heading], clauses: Sequence[NumberedClause]) -> list[Problem]:
    problems = []
    clause_places = {clause.place for clause in clauses}
    for heading in headings:
        if heading.own_id and heading.place not in clause_places:
            problems.append(
                _at(heading.line, f"“{heading.title}” has an id; give it a number too, as other clauses have")
            )
        if not 0 < len(heading.title) <= TITLE_AT_MOST:
            problems.append(_at(heading.line, f"a heading has 1 to {TITLE_AT_MOST} characters"))
    for what, values in (
        ("number", [clause.number for clause in clauses]),
        ("id", [clause.own_id for clause in clauses]),
    ):
        for index, value in enumerate(values):
            if value is not None and value in values[:index]:
                problems.append(_at(clauses[index].line, f"the {what} {value} stands twice"))
    return problems


def assign_ids(
    clauses: Sequence[NumberedClause],
    *,
    last: Sequence[KnownClause],
    used: Mapping[str, str],
    version: int,
) -> tuple[list[KnownClause], list[Problem]]:
    """Ids for the clauses of version `version`. `last` are the clauses of the version before, `used` the title that
    each id ever published had last.

    A clause keeps its id when it is moved (same title) or reworded (same number, words in common). An id of a clause
    that is gone is never given to another.
    """
    ids: dict[int, str] = {clause.place: clause.own_id for clause in clauses if clause.own_id}
    known = {clause.id: clause for clause in last}
    problems = [
        _at(
            clause.line,
            f"{{#{clause.own_id}}} was the id of “{used[clause.own_id or '']}”, which is gone; choose another",
        )
        for clause in clauses
        if clause.own_id and clause.own_id not in known and _is_another(clause.title, used.get(clause.own_id))
    ]
    for clause in clauses:
        if clause.place not in ids:
            _keep(clause, _by_title(clause, last, ids.values()), ids)
    for clause in clauses:
        if clause.place not in ids:
            _keep(clause, _by_number(clause, last, ids.values()), ids)
    for clause in clauses:
        if clause.place not in ids:
            free = clause.number not in used and clause.number not in ids.values()
            ids[clause.place] = clause.number if free else f"{clause.number}-v{version}"
    return [KnownClause(ids[c.place], c.number, c.title, c.level, c.place, c.text) for c in clauses], problems


def _keep(clause: NumberedClause, known: KnownClause | None, ids: dict[int, str]) -> None:
    if known is not None:
        ids[clause.place] = known.id


def _by_title(clause: NumberedClause, last: Sequence[KnownClause], taken: Collection[str]) -> KnownClause | None:
    """The one clause of this title, the one at the same number first."""
    same = [one for one in last if _same_words(one.title, clause.title) and one.id not in taken]
    same.sort(key=lambda one: one.number != clause.number)
    return same[0] if same else None


def _by_number(clause: NumberedClause, last: Sequence[KnownClause], taken: Collection[str]) -> KnownClause | None:
    """The clause that had this number, if enough of its words are still there."""
    for one in last:
        if one.number == clause.number and one.id not in taken:
            title = _common(one.title, clause.title)
            return one if max(title, _common(one.text, clause.text)) >= SAME_CLAUSE else None
    return None


def changed_ids(clauses: Sequence[KnownClause], last: Sequence[KnownClause]) -> list[str]:
    """Clauses whose words differ from the version before, new and removed ones included."""
    before = {clause.id: clause for clause in last}
    now = {clause.id for clause in clauses}
    changed = [
        clause.id
        for clause in clauses
        if clause.id not in before or (clause.title, clause.text) != (before[clause.id].title, before[clause.id].text)
    ]
    return changed + [clause.id for clause in last if clause.id not in now]


def _is_another(title: str, former: str | None) -> bool:
    return former is not None and not _same_words(title, former)


def _same_words(one: str, other: str) -> bool:
    return _words(one) == _words(other)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _common(one: str, other: str) -> float:
    """The share of words that two texts have in common (Jaccard)."""
    words, other_words = set(_words(one)), set(_words(other))
    return len(words & other_words) / len(words | other_words) if words | other_words else 0.0


def content_hash(title: str, body: str) -> str:
    """What a published version is known by; `fasit check` holds its text to it."""
    return hashlib.sha256(json.dumps([title, body], ensure_ascii=False).encode()).hexdigest()


def _at(line: int, message: str) -> Problem:
    return Problem("/body", f"line {line}: {message}")
