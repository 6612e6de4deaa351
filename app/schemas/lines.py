"""A schema as text: its value, and the line on which each of its places stands, so that faults are shown there."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Problem
from app.schemas.shapes import step
from app.schemas.validation import check_schema

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(frozen=True)
class Fault:
    """A problem at its place in the text; lines count from 1."""

    line: int
    path: str
    message: str


@dataclass(frozen=True)
class Reading:
    """`body` is None where the text is no JSON."""

    body: Any
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def read(text: str) -> Reading:
    """The schema in a text, with every fault in it."""
    try:
        body = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        what = error.msg.lower().removesuffix(" at").removesuffix(" starting")  # the line says where
        return Reading(None, (Fault(error.lineno, "", f"is no JSON here: {what}"),))
    except (ValueError, RecursionError) as error:
        return Reading(None, (Fault(1, "", f"is no JSON: {error}"),))
    lines, repeated = _places(text)
    problems = [*(Problem(path, "stands twice in this object") for path in repeated), *check_schema(body)]
    faults = [Fault(_line_of(problem.path, lines), problem.path, problem.message) for problem in problems]
    return Reading(body, tuple(sorted(faults, key=lambda fault: fault.line)))


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not a number of JSON")


def _line_of(path: str, lines: Mapping[str, int]) -> int:
    """The line of a path, or of the nearest thing around it that is there."""
    while path not in lines:
        path = path.rpartition("/")[0]
    return lines[path]


def _places(text: str) -> tuple[dict[str, int], list[str]]:
    """The line of every value (of an object's, that of its key), and the paths that stand more than once."""
    lines: dict[str, int] = {}
    repeated: list[str] = []
    open_places: list[_Place] = []
    for word, line in _words(text):
        here = open_places[-1] if open_places else None
        if here is not None and here.takes_key and word.startswith('"'):
            here.key = json.loads(word)
            path = step(here.path, here.key)
            repeated += [path] if path in lines else []
            lines[path] = line
            here.takes_key = False
        elif word in "]}":
            open_places.pop()
        elif word == ",":
            assert here is not None
            here.next()
        elif word != ":":
            path = here.path_below if here is not None else ""
            lines.setdefault(path, line)
            if word in "[{":
                open_places.append(_Place(path, is_object=word == "{"))
    return lines, repeated


def _words(text: str) -> Iterable[tuple[str, int]]:
    line, at = 1, 0
    for match in _WORD.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        yield match.group(), line


class _Place:
    """An object or a list that the reader is inside of."""

    def __init__(self, path: str, *, is_object: bool) -> None:
        self.path = path
        self.is_object = is_object
        self.takes_key = is_object
        self.key: object = None if is_object else 0

    @property
    def path_below(self) -> str:
        return step(self.path, self.key)

    def next(self) -> None:
        self.takes_key = self.is_object
        if not self.is_object:
            assert isinstance(self.key, int)
            self.key += 1
