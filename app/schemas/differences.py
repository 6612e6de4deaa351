"""What differs between two versions of a schema, thing by thing. Pure: two bodies in, differences out.

Parts and fields are known by their name, choices by their value. What came and went but says the same is renamed.
"""

import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.schemas.languages import WORDS
from app.schemas.shapes import step

Thing = Mapping[str, Any]

# The lists of a schema: what their members are, and by what they are known.
LISTS = {
    "parts": ("part", "name"),
    "fields": ("field", "name"),
    "choices": ("choice", "value"),
    "nodes": ("choice", "value"),
    "children": ("choice", "value"),
}
# What it means where a property is left out, so that saying it is no difference.
DEFAULTS: Mapping[str, Thing] = {
    "part": {"required": True},
    "field": {"required": False, "multiline": False, "overlapping": True},
}


class Change(StrEnum):
    """What happened to a thing, or (changed) to one of its properties."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Step:
    """One thing on the way into a schema: a part, a field or a choice."""

    noun: str
    name: str


@dataclass(frozen=True)
class Difference:
    """`path` leads to the thing in the later version; to one that was removed, in the earlier.

    `before` and `after` are the property's values (None: not said), of added and removed things the whole thing, of
    renamed ones the names, of moved ones the places, counted from 1.
    """

    change: Change
    path: str
    place: tuple[Step, ...]
    property: str = ""
    language: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class _Here:
    """Where a thing stands in the earlier and in the later version."""

    was: str = ""
    path: str = ""
    place: tuple[Step, ...] = ()

    def below(self, key: str, name: str, *, was: int | None = None, now: int | None = None) -> "_Here":
        place = (*self.place, Step(LISTS[key][0], name))
        return _Here(step(step(self.was, key), was), step(step(self.path, key), now), place)

    def lists(self, key: str) -> bool:
        """Whether the things of this list are looked into; the parts of a field are only names."""
        return key in LISTS and not (key == "parts" and self.place)


def compare(before: Thing, after: Thing) -> list[Difference]:
    """Every difference, in the order of the later version; what is gone stands at the end of its list."""
    return list(_compare(before, after, _Here(), known_by=""))


def _compare(before: Thing, after: Thing, here: _Here, known_by: str) -> Iterator[Difference]:
    usual = DEFAULTS.get(here.place[-1].noun, {}) if here.place else {}
    for key in dict.fromkeys((*after, *before)):
        if key == known_by:
            continue
        one, other = before.get(key, usual.get(key)), after.get(key, usual.get(key))
        if here.lists(key):
            yield from _compare_lists(one or [], other or [], key, here)
        elif key in WORDS:
            yield from _compare_words(one or {}, other or {}, key, here)
        elif one != other:
            yield Difference(Change.CHANGED, here.path, here.place, key, before=one, after=other)


def _compare_words(before: Mapping[str, str], after: Mapping[str, str], key: str, here: _Here) -> Iterator[Difference]:
    for language in dict.fromkeys((*after, *before)):
        one, other = before.get(language), after.get(language)
        if one != other:
            yield Difference(Change.CHANGED, here.path, here.place, key, language, one, other)


def _compare_lists(before: Sequence[Thing], after: Sequence[Thing], key: str, here: _Here) -> Iterator[Difference]:
    known_by = LISTS[key][1]
    old = {thing[known_by]: index for index, thing in enumerate(before)}
    new = [thing[known_by] for thing in after]
    came_from = _origins(before, after, known_by)
    stayed = _stayed([(old[came_from[name]], now) for now, name in enumerate(new) if name in came_from])
    for now, thing in enumerate(after):
        name = thing[known_by]
        if name not in came_from:
            there = here.below(key, name, now=now)
            yield Difference(Change.ADDED, there.path, there.place, after=thing)
            continue
        was = old[came_from[name]]
        there = here.below(key, name, was=was, now=now)
        if came_from[name] != name:
            yield Difference(Change.RENAMED, there.path, there.place, before=came_from[name], after=name)
        if was not in stayed:
            yield Difference(Change.MOVED, there.path, there.place, before=was + 1, after=now + 1)
        yield from _compare(before[was], thing, there, known_by)
    kept = set(came_from.values())
    for name, was in old.items():
        if name not in kept:
            there = here.below(key, name, was=was)
            yield Difference(Change.REMOVED, there.was, there.place, before=before[was])


def _origins(before: Sequence[Thing], after: Sequence[Thing], known_by: str) -> dict[str, str]:
    """New name -> the name it had; those that are new in the later version are left out."""
    gone = {thing[known_by]: thing for thing in before} | {thing[known_by]: None for thing in after}
    names = {thing[known_by] for thing in before}
    origins = {}
    for thing in after:
        name = thing[known_by]
        earlier = name if name in names else _twin(thing, gone, known_by)
        if earlier is not None:
            origins[name] = earlier
            gone[earlier] = None
    return origins


def _twin(thing: Thing, gone: Mapping[str, Thing | None], known_by: str) -> str | None:
    """The name of one that is gone and says the same as this one. Only a title makes two things the same thing."""
    if not thing.get("title"):
        return None
    wanted = {**thing, known_by: ""}
    return next((name for name, other in gone.items() if other is not None and {**other, known_by: ""} == wanted), None)


def _stayed(places: Sequence[tuple[int, int]]) -> set[int]:
    """Of (earlier, later) places in the later order, the earlier ones of those that keep their order: as many as can be,
    so that as few as can be have moved; of equals rather those whose number stays too.
    """
    ends: list[int] = []  # the smallest last place of a rising row of each length
    ending: list[list[tuple[int, int]]] = []  # by length, all that may end such a row
    for was, now in places:
        length = bisect_left(ends, was)
        ends[length : length + 1] = [was]
        if length == len(ending):
            ending.append([])
        ending[length].append((was, now))
    stayed: set[int] = set()
    next_was = next_now = sys.maxsize
    for candidates in reversed(ending):
        fitting = [(was, now) for was, now in candidates if was < next_was and now < next_now]
        next_was, next_now = next(((was, now) for was, now in fitting if was == now), fitting[-1])
        stayed.add(next_was)
    return stayed
