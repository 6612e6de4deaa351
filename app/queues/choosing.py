"""Who is handed what, and why not: facts go in, reasons come out. Pure; the statements in `slots.py` pick the same way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.people.rules import QualificationKind, qualification_name

# What a queue may ask for, under the key of `requires`.
ASKED = {
    "languages": QualificationKind.LANGUAGE,
    "markets": QualificationKind.MARKET,
    "qualifications": QualificationKind.CERTIFICATE,
}

Held = Collection[tuple[QualificationKind, str]]


class Why(StrEnum):
    """Why somebody is handed nothing in a queue."""

    NOT_OPEN_TO_THEM = "not_open_to_them"
    LACKS = "lacks"


@dataclass(frozen=True)
class Reason:
    """`what`: the word it turns on, such as a certificate's name."""

    why: Why
    what: str = ""


def asked(requires: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a queue asks for, as it is kept: each name once, written as people's qualifications are."""
    kept = {}
    for key, names in requires.items():
        written = [qualification_name(ASKED[key], name) for name in names]
        if any(written):
            kept[key] = sorted({name for name in written if name})
    return kept


def lacking(requires: Mapping[str, Sequence[str]], held: Held) -> list[str]:
    """What a person would need besides: all that is listed is asked for, and each is told with its kind."""
    return [
        f"{ASKED[key]} {name}"
        for key, names in asked(requires).items()
        for name in names
        if (ASKED[key], name) not in held
    ]


@dataclass(frozen=True)
class Applicant:
    """What decides whether somebody is handed anything in a queue at all."""

    is_open_to_them: bool
    requires: Mapping[str, Sequence[str]]
    held: Held


def refusals(applicant: Applicant) -> list[Reason]:
    """Every reason for which this person is handed nothing here; none where they are."""
    found = [] if applicant.is_open_to_them else [Reason(Why.NOT_OPEN_TO_THEM)]
    return found + [Reason(Why.LACKS, one) for one in lacking(applicant.requires, applicant.held)]


def told(reasons: Sequence[Reason]) -> str:
    """As the person themselves reads it."""
    missing = [reason.what for reason in reasons if reason.why == Why.LACKS]
    if missing:
        return (
            f"This queue asks for more than is noted about you: {', '.join(missing)}. If you have it, tell your lead or a "
            "manager, who can add it."
        )
    return "This queue is for other organisations to work in." if reasons else ""
