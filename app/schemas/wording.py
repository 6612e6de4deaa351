"""Differences between two schemas in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.schemas.differences import Change, Difference, Step

NOTHING = "nothing"
_FACTS = {
    Change.ADDED: "is new",
    Change.REMOVED: "is gone",
    Change.RENAMED: "name",
    Change.MOVED: "place",
}


@dataclass(frozen=True)
class Told:
    """A difference as a person reads it: `Choice reject`, `key`, `2`, `3`. Added and removed things have no values."""

    subject: str
    fact: str
    before: str = ""
    after: str = ""

    @property
    def sentence(self) -> str:
        said = f"{self.fact}: {self.before} → {self.after}" if self.before else self.fact
        return f"{self.subject}: {said}" if self.before else f"{self.subject} {said}"


def tell(difference: Difference, *, within: int = 0) -> Told:
    """`within` leaves out so many of the things around, where a heading has named them."""
    steps = difference.place[within:]
    subject = _subject(steps) if steps or not within else ""
    fact = _FACTS.get(difference.change) or _property(difference)
    if difference.change in (Change.ADDED, Change.REMOVED):
        return Told(subject, fact)
    return Told(subject, fact, _value(difference.before), _value(difference.after))


def _subject(steps: Sequence[Step]) -> str:
    """`Field objects, choice bottle`; the schema itself where there are no steps."""
    words = ", ".join(f"{one.noun} {one.name}" for one in steps)
    return words[:1].upper() + words[1:] if words else "The schema"


def _property(difference: Difference) -> str:
    words = difference.property.replace("_", " ")
    if difference.property == "when":
        words = "asked when"
    return f"{words} ({difference.language})" if difference.language else words


def _value(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value) or NOTHING
    if isinstance(value, dict) and value and all(isinstance(one, list) for one in value.values()):
        return " and ".join(f"{name} is {' or '.join(map(_value, values))}" for name, values in value.items())
    return orjson.dumps(value).decode()
