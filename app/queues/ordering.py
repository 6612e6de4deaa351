"""In which order a queue hands out its tasks: facts of a task and its ad go in, one text to sort by comes out. Pure.

Every slot keeps its sort key, so that the next slot is the first of an index however many there are, and never the outcome
of a sort. Keys are compared letter by letter (code points) in Python, SQLite and PostgreSQL alike.
"""

import hashlib
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from math import isfinite
from typing import Any

from app.errors import Problem

LOWEST_PRIORITY, HIGHEST_PRIORITY = -1000, 1000
LETTERS_COMPARED = 40  # bytes of a metadata value; ads that are alike up to there come in the order they were added

BEFORE_ALL, AFTER_ALL = "", "~"  # compared with any sort key

# A day, or a moment with or without a zone, as ISO 8601 writes them in full.
_DATE = r"\d{4}-\d\d-\d\d"
_ZONE = r"Z|[+-]\d\d(?::?\d\d)?"
_DATED = re.compile(rf"{_DATE}(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?(?:{_ZONE})?)?", re.ASCII)


class Order(StrEnum):
    OLDEST = "oldest"
    RANDOM = "random"
    METADATA = "metadata"
    DEADLINE = "deadline"  # a date in the metadata, the nearest first
    UNCERTAINTY = "uncertainty"  # what models are least sure of first
    FAMILY_TOGETHER = "family_together"
    FAMILY_APART = "family_apart"


KEYED = frozenset({Order.METADATA, Order.DEADLINE})  # that go by what stands under one key of the metadata
BY_FAMILY = frozenset({Order.FAMILY_TOGETHER, Order.FAMILY_APART})
# That go by anything in the metadata, so that tasks follow when it changes.
BY_METADATA = KEYED | BY_FAMILY


class Spread(StrEnum):
    """How the people of an overlap are spread over tasks."""

    DEPTH = "depth"  # each task is given to all its people before the next one is begun
    BREADTH = "breadth"  # every task has its first label before any is given for its second


@dataclass(frozen=True)
class Arrangement:
    """How a queue orders its tasks. `key`: of the metadata, with the steps to it in dots."""

    by: Order = Order.OLDEST
    key: str = ""
    descending: bool = False
    seed: str = ""
    spread: Spread = Spread.DEPTH


@dataclass(frozen=True)
class Placed:
    """What is known of a task when its place is worked out. `nth_of_family`: how many of its family came before it."""

    task_id: str
    value: Any = None  # the metadata value ordered by
    family: Any = None
    nth_of_family: int = 0
    confidence: float | None = None  # None: no model said anything


def fault_of(arrangement: Arrangement) -> list[Problem]:
    if (arrangement.by in KEYED) != bool(arrangement.key):
        given_with = "is given with `metadata` and `deadline` alone"
        return [Problem("/order/key", f"names the metadata to order by, and {given_with}")]
    if arrangement.by == Order.DEADLINE and arrangement.descending:
        return [Problem("/order/descending", "is for `metadata`; of deadlines the nearest is always first")]
    return []


def part_of(arrangement: Arrangement, placed: Placed) -> str:
    """The part of the sort key that the queue's order gives."""
    if arrangement.by == Order.OLDEST:
        return ""
    if arrangement.by == Order.RANDOM:
        return hashlib.sha256(f"{arrangement.seed}:{placed.task_id}".encode()).hexdigest()[:16]
    if arrangement.by == Order.FAMILY_APART:
        return f"{placed.nth_of_family:08x}"
    descending = arrangement.by == Order.METADATA and arrangement.descending
    return _of_value(_value_by(arrangement.by, placed), descending=descending)


def _value_by(order: Order, placed: Placed) -> Any:
    if order == Order.DEADLINE:
        due = deadline_of(placed.value)
        return None if due is None else due.timestamp()
    if order == Order.UNCERTAINTY:
        return placed.confidence
    if order == Order.FAMILY_TOGETHER:
        return placed.family or None
    return placed.value


def sort_key(*, priority: int, part: str, position: int, layer: int, spread: Spread) -> str:
    """Priority before all else, then the layer where every task is to have its first label first, then the order.

    `position`: the task's number in its queue; `layer`: which of the task's slots it is.
    """
    urgency = f"{HIGHEST_PRIORITY - priority:04d}"
    place = f"{part}{position:08x}"
    return f"{urgency}{layer:02x}{place}" if spread == Spread.BREADTH else f"{urgency}{place}{layer:02x}"


def family_of(metadata: Mapping[str, Any], looks_like: str = "") -> str:
    """A short text that the ads of one family share; empty where they have none. What somebody wrote into the metadata
    goes before `looks_like`, the family of what looks alike.
    """
    family = text_of(metadata.get("family")) or (looks_like and f"looks like {looks_like}")
    return hashlib.sha256(family.encode()).hexdigest()[:16] if family else ""


def confidence_of(scores: Sequence[Mapping[str, Any] | None]) -> float | None:
    """How sure models are of an ad: the lowest score of any of their answers; None where there is none."""
    found = [float(number) for one in scores if one for number in _numbers(one)]
    return min(found, default=None)


def deadline_of(value: Any) -> datetime | None:
    """The moment, in UTC, that a value of the metadata names; None where it names none.

    A day without a time lasts until its end in UTC, and a time without a zone is UTC.
    """
    written = text_of(value).strip()
    if not _DATED.fullmatch(written):
        return None
    try:
        named = datetime.fromisoformat(written)
        if len(written) == len("2026-11-30"):
            return datetime.combine(named, time.max, UTC)
        return named.replace(tzinfo=UTC) if named.tzinfo is None else named.astimezone(UTC)
    except (ValueError, OverflowError):  # no such day or time, or one that in UTC lies beyond the years there are
        return None


def text_of(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return "" if value in (None, []) else str(value).lower() if isinstance(value, bool) else str(value)


def _numbers(scores: Mapping[str, Any]) -> Iterator[float]:
    for score in scores.values():
        if isinstance(score, Mapping):
            yield from _numbers(score)
        elif isfinite(score):
            yield score


def _of_value(value: Any, *, descending: bool) -> str:
    """Numbers before texts, either way round; what has no value comes last."""
    written = text_of(value)
    if not written:
        return "9."
    number = _as_number(written)
    kind, code = ("1", _sortable(number)) if number is not None else ("2", written.encode()[:LETTERS_COMPARED])
    if not descending:
        return f"{kind}{code.hex()}."  # a dot is before every digit: `ab` comes before `abc`
    return f"{kind}{bytes(255 - one for one in code).hex()}~"  # and a tilde after every letter


def _as_number(written: str) -> float | None:
    try:
        number = float(written)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _sortable(number: float) -> bytes:
    """Eight bytes that compare as the numbers do."""
    bits = struct.unpack(">Q", struct.pack(">d", number + 0.0))[0]
    return struct.pack(">Q", bits ^ (0xFFFFFFFFFFFFFFFF if bits >> 63 else 1 << 63))
