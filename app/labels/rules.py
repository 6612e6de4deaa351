"""Policy of labels, and the shapes in which work on one arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.labels.timing import Slice


class LabelStatus(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    RETURNED = "returned"


class EventKind(StrEnum):
    WITHDRAWN = "withdrawn"


# Of the company's people those whose only role is trainer read no production labels: they see the work of people they
# train, and nobody else's.
LABEL_READERS = frozenset({"sme", "auditor", "manager", "engineer", "admin"})

RETURNERS = frozenset({"auditor", "manager", "admin"})

MARKS_LISTED = 300  # on the page of a label before one asks for all of them


def reads_labels(roles: frozenset[str], *, is_company: bool) -> bool:
    return is_company and bool(LABEL_READERS & roles)


def may_revise(status: str, *, withdrawn: bool) -> bool:
    """Until it is reviewed; and once it was returned for that."""
    return status in {LabelStatus.SUBMITTED, LabelStatus.RETURNED} and not withdrawn


def may_return(roles: frozenset[str], *, is_company: bool) -> bool:
    """Whether somebody with these roles may return labels to their authors."""
    return is_company and bool(RETURNERS & roles)


@dataclass(frozen=True)
class Answered:
    """What a person answered, as the contract writes it."""

    answers: Mapping[str, Any]
    sources: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[Any] = field(default_factory=list)
    refused: Sequence[Any] = ()  # what of the suggestions was refused
    unreadable: Sequence[Any] = ()  # what a page could not read of an earlier draft, only ever kept


@dataclass(frozen=True)
class Timed:
    """What the page reports of the time it took."""

    slices: tuple[Slice, ...] = ()
    first_decision_ms: int | None = None
    marks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    played: Mapping[str, Sequence[Sequence[float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """What a label is about, and under which versions its claim handed the work out."""

    project_id: str
    queue_id: str
    queue_kind: str
    task_id: str
    claim_id: str
    asset_id: str
    asset_revision: int
    guideline_version: int
    claimed_at: datetime
