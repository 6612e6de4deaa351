"""Words and policy of queues, tasks, slots and claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from math import inf
from typing import Any

from app.assets.catalog.terms import text_of
from app.assets.rules import Modality
from app.errors import Problem

MOST_OVERLAP = 100
LONGEST_CLAIM_SECONDS = 86_400
CLAIMS_WITHOUT_ACTIVITY = 4  # times claim_seconds, after which renewing stops


class QueueKind(StrEnum):
    PRODUCTION = "production"
    GOLD = "gold"
    PRACTICE = "practice"
    EXAM = "exam"
    AUDIT = "audit"
    CALIBRATION = "calibration"
    ADJUDICATION = "adjudication"


class QueueState(StrEnum):
    OPEN = "open"
    DRAINING = "draining"  # hands out what is begun or came back; then it pauses by itself
    PAUSED = "paused"
    CLOSED = "closed"


HANDS_OUT = frozenset({QueueState.OPEN, QueueState.DRAINING})


def urgency(*, priority: int, due_at: datetime | None, name: str, queue_id: str) -> tuple[int, float, str, str]:
    """What queues are compared by where somebody may work in several: the higher priority first, then the nearer deadline,
    then the name; the id where two are alike in all of it.
    """
    return -priority, inf if due_at is None else due_at.timestamp(), name.casefold(), queue_id


class TaskState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DONE = "done"
    ON_HOLD = "on_hold"
    ESCALATED = "escalated"
    WITHDRAWN = "withdrawn"


class SlotState(StrEnum):
    FREE = "free"
    RETURNED = "returned"  # free again after somebody held it; handed out before fresh ones
    HELD = "held"
    AHEAD = "ahead"  # reserved for somebody who works on another task; who is free and finds nothing else may take it
    DONE = "done"
    WITHHELD = "withheld"  # its task is on hold, escalated or withdrawn
    DROPPED = "dropped"  # not one of its task's places any more: the overlap was lowered


class ClaimState(StrEnum):
    LIVE = "live"
    SUBMITTED = "submitted"
    RELEASED = "released"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # its label was taken back by the author
    SKIPPED = "skipped"  # any outcome after which the task never comes back to this person


class Seat(IntEnum):
    """Which of a person's two claims in a queue it is."""

    AT_HAND = 0
    NEXT = 1


class OutcomeKind(StrEnum):
    SKIP = "skip"
    FLAG = "flag"
    ESCALATE = "escalate"
    CANNOT_JUDGE = "cannot_judge"
    WELLBEING = "wellbeing"


# An outcome that stops the task for everybody until a manager decides; after the others it goes on to other people.
STOPS_TASK = {OutcomeKind.FLAG: TaskState.ON_HOLD, OutcomeKind.ESCALATE: TaskState.ESCALATED}
STOPPED = frozenset({TaskState.ON_HOLD, TaskState.ESCALATED, TaskState.WITHDRAWN})
STOPPABLE = (TaskState.OPEN, TaskState.ON_HOLD, TaskState.ESCALATED)  # neither done nor withdrawn

ALL_KINDS = frozenset(QueueKind)
SME_KINDS = frozenset({QueueKind.GOLD, QueueKind.ADJUDICATION})  # that answer what other queues escalate
KINDS_OF_ROLE: Mapping[str, frozenset[QueueKind]] = {
    "admin": ALL_KINDS,
    "manager": ALL_KINDS,
    "trainer": frozenset({QueueKind.PRACTICE, QueueKind.EXAM}),
    "sme": frozenset({QueueKind.GOLD, QueueKind.ADJUDICATION}),
    "auditor": frozenset({QueueKind.AUDIT, QueueKind.CALIBRATION}),
}


def may_make(roles: frozenset[str], kind: QueueKind) -> bool:
    """Whether somebody with these roles may make and steer a queue of this kind."""
    return any(kind in KINDS_OF_ROLE.get(role, ()) for role in roles)


def fault_of_deadline(due_at: datetime | None, now: datetime) -> list[Problem]:
    """A deadline that is set must lie ahead: one in the past is a slip of the year or of the zone."""
    if due_at is None or due_at > now:
        return []
    return [Problem("/due_at", f"{due_at:%Y-%m-%d %H:%M} UTC has passed already; now it is {now:%Y-%m-%d %H:%M} UTC")]


# Which ads a queue is for ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AdFacts:
    """What a filter can ask of an ad."""

    external_id: str
    metadata: Mapping[str, Any]
    parts: Sequence[tuple[str, str]]  # name, modality


def matches(wanted: Mapping[str, Sequence[Any]], ad: AdFacts) -> bool:
    """Keys are anded, listed values ored. A metadata value that is a list matches by any of its own."""
    return all(any(same(value, one) for value in _values(key, ad) for one in listed) for key, listed in wanted.items())


def check_filter(wanted: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for key, listed in wanted.items():
        if key not in {"modality", "part", "external_id"} and not (
            key.startswith("metadata.") and len(key) > len("metadata.")
        ):
            problems.append(Problem(f"/filter/{key}", "is not known; use metadata.NAME, modality, part or external_id"))
        elif (
            not isinstance(listed, list) or not listed or not all(isinstance(one, str | int | float) for one in listed)
        ):
            problems.append(
                Problem(f"/filter/{key}", "must be a list of texts, numbers or true and false, with at least one")
            )
        elif key == "modality" and not set(listed) <= set(Modality):
            problems.append(Problem("/filter/modality", "A modality is image, text, audio or video."))
    return problems


def _values(key: str, ad: AdFacts) -> list[Any]:
    if key == "modality":
        return [modality for _, modality in ad.parts]
    if key == "part":
        return [name for name, _ in ad.parts]
    if key == "external_id":
        return [ad.external_id]
    value: Any = looked_up(ad.metadata, key.removeprefix("metadata."))
    return value if isinstance(value, list) else [] if value is None else [value]


def looked_up(metadata: Mapping[str, Any], path: str) -> Any:
    """A key with dots in it is looked up whole first, then step by step."""
    if path in metadata:
        return metadata[path]
    value: Any = metadata
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def same(value: Any, listed: Any) -> bool:
    """Tables hold all values as text, so `2` matches `"2"` and true matches `"true"`."""
    return (value == listed and isinstance(value, bool) == isinstance(listed, bool)) or text_of(value) == text_of(
        listed
    )


def same_family(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two ads' metadata say that they are of one family: variants of one creative, which look much alike."""
    return bool(one.get("family")) and text_of(one["family"]) == text_of(other.get("family", ""))


# Claims ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lease:
    """What decides how long a claim lives."""

    claim_seconds: int
    active_at: datetime

    def until(self, now: datetime) -> datetime:
        """The new end when renewed now: one claim's length on, but never far past the last activity."""
        length = timedelta(seconds=self.claim_seconds)
        return min(now + length, self.active_at + CLAIMS_WITHOUT_ACTIVITY * length)


def reserved_until(claim_seconds: int, now: datetime) -> datetime:
    """A reservation lives half as long as a claim; the page renews it with the claim at hand, each third of that."""
    return now + timedelta(seconds=claim_seconds) / 2


def begun_at(*, reserved_at: datetime, shown_for: timedelta, now: datetime) -> datetime:
    """When the time of a reserved claim began: as long ago as the page says that it is shown, but not before it was
    reserved.
    """
    return max(reserved_at, now - max(shown_for, timedelta()))


def is_live(state: str, expires_at: datetime, now: datetime) -> bool:
    """A claim ends strictly before `expires_at`: at that instant the slot may already be another's."""
    return state == ClaimState.LIVE and now < expires_at


def is_elsewhere(holder: str | None, asking: str | None) -> bool:
    """Another page of the same person works on the claim: this one may look, but gets no token."""
    return holder is not None and asking is not None and holder != asking


def may_take_back(*, submitted_at: datetime, undo_seconds: int, now: datetime) -> bool:
    return now < submitted_at + timedelta(seconds=undo_seconds)


def progress(done: int, total: int) -> int:
    """Whole per cent; a hundred only when all is done."""
    return 0 if total == 0 else done * 100 // total
