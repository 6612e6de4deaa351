"""The form that makes a queue, as typed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from app.assets.asked import Browsed
from app.assets.catalog.terms import METADATA, text_of
from app.assets.rules import Modality
from app.errors import Invalid, Problem
from app.queues.ordering import HIGHEST_PRIORITY, LOWEST_PRIORITY, Arrangement, Order, Spread
from app.queues.rules import MOST_OVERLAP, QueueKind, QueueState
from app.queues.wording import LONGEST_NOTE, Name, Words
from app.schemas.rules import ShowSuggestions

LONGEST_CLAIM_MINUTES = 1440


Listed = Annotated[Words, Field(max_length=2000)]


class QueueForm(BaseModel):
    name: Name
    kind: QueueKind = QueueKind.PRODUCTION
    schema_version: str = ""
    guideline_version: str = ""
    overlap: Annotated[int, Field(ge=1, le=MOST_OVERLAP)] = 1
    claim_minutes: Annotated[int, Field(ge=1, le=LONGEST_CLAIM_MINUTES)] = 15
    suggestions: ShowSuggestions = ShowSuggestions.SHOWN
    muted: bool = False
    organisations: list[str] = []
    modality: list[Modality] = []
    metadata: Annotated[Words, Field(max_length=4000)] = ""
    order_by: Order = Order.OLDEST
    order_key: Annotated[Words, Field(max_length=200)] = ""
    descending: bool = False
    spread: Spread = Spread.DEPTH
    priority: Annotated[int, Field(ge=LOWEST_PRIORITY, le=HIGHEST_PRIORITY)] = 0
    languages: Listed = ""
    markets: Listed = ""
    certificates: Listed = ""

    def as_arguments(self) -> dict[str, Any]:
        """What `actions.create_queue` takes."""
        chosen: dict[str, list[str]] = {"modality": [str(one) for one in self.modality]} if self.modality else {}
        return {
            "name": self.name, "kind": self.kind, "schema_version": _version(self.schema_version),
            "guideline_version": _version(self.guideline_version), "overlap": self.overlap,
            "claim_seconds": self.claim_minutes * 60, "suggestions": self.suggestions,
            "muted": self.muted, "organisations": self.organisations,
            "order": Arrangement(self.order_by, self.order_key, self.descending, spread=self.spread),
            "priority": self.priority,
            "filter": chosen | conditions(self.metadata),
            "requires": {
                "languages": listed(self.languages), "markets": listed(self.markets),
                "qualifications": listed(self.certificates),
            },
        }  # fmt: skip


class HandingForm(BaseModel):
    """What a queue hands out, to whom and when; every field is sent."""

    order_by: Order
    order_key: Annotated[Words, Field(max_length=200)] = ""
    descending: bool = False
    spread: Spread = Spread.DEPTH
    priority: Annotated[int, Field(ge=LOWEST_PRIORITY, le=HIGHEST_PRIORITY)] = 0
    due_at: datetime | Literal[""] = ""
    languages: Listed = ""
    markets: Listed = ""
    certificates: Listed = ""
    person: Annotated[int, Field(ge=0)] | Literal[""] = ""
    person_a_day: Annotated[int, Field(ge=0)] | Literal[""] = ""
    organisations: Annotated[Words, Field(max_length=4000)] = ""
    zone: Annotated[Words, Field(max_length=60)] = ""
    windows: Annotated[Words, Field(max_length=2000)] = ""

    def as_changes(self) -> dict[str, Any]:
        """What `change_queue` takes."""
        key = self.order_key if self.order_by == Order.METADATA else ""
        return {
            "order": {"by": self.order_by, "key": key, "descending": bool(key) and self.descending},
            "spread": self.spread,
            "priority": self.priority,
            "due_at": None if self.due_at == "" else self.due_at.replace(tzinfo=UTC),
            "requires": {
                "languages": listed(self.languages), "markets": listed(self.markets),
                "qualifications": listed(self.certificates),
            },
            "limits": {
                "person": None if self.person == "" else self.person,
                "person_a_day": None if self.person_a_day == "" else self.person_a_day,
                "organisations": organisation_limits(self.organisations),
            },
            "hours": {"zone": self.zone or "UTC", "windows": windows(self.windows)},
        }  # fmt: skip


class PriorityForm(BaseModel):
    task: Annotated[str, Field(max_length=32)]
    priority: Annotated[int, Field(ge=LOWEST_PRIORITY, le=HIGHEST_PRIORITY)]
    ad: Annotated[str, Field(max_length=500)] = ""
    person: Annotated[str, Field(max_length=320)] = ""


class StateForm(BaseModel):
    state: QueueState


class SoundForm(BaseModel):
    muted: bool


class WithdrawalForm(BaseModel):
    reason: Annotated[Words, Field(max_length=LONGEST_NOTE)] = ""


def listed(written: str) -> list[str]:
    """`NO, SE` as its values."""
    return [value.strip() for value in written.split(",") if value.strip()]


@dataclass(frozen=True)
class Begun:
    """The part of a gallery's filter that this form can hold, and the keys that it cannot."""

    modalities: list[str]
    metadata: str
    left_out: list[str]


def begun_with(chosen: Browsed) -> Begun:
    modalities, lines, left_out = [], [], ["the search"] if chosen.asked.search else []
    for key, listed in chosen.asked.filter.items():
        words = [text_of(one) for one in listed]
        if key == "modality":
            modalities = words
        elif key.startswith(METADATA) and "=" not in key and not any("," in one or "\n" in one for one in words):
            lines.append(f"{key.removeprefix(METADATA)} = {', '.join(words)}")
        else:
            left_out.append(key.removeprefix(METADATA).replace("_", " "))
    return Begun(modalities, "\n".join(lines), left_out)


def conditions(written: str) -> dict[str, list[str]]:
    """One line a condition: `market = NO, SE`."""
    found = {}
    for line in written.splitlines():
        if not line.strip():
            continue
        key, equals, values = line.partition("=")
        wanted = listed(values)
        if not equals or not key.strip() or not wanted:
            raise Invalid(
                "A condition could not be read.",
                problems=[Problem("/metadata", f"write NAME = VALUE, VALUE: {line.strip()}")],
            )
        found[f"metadata.{key.strip()}"] = wanted
    return found


def organisation_limits(written: str) -> dict[str, dict[str, Any]]:
    """One line an organisation: `Nordlys = 500, 60 %`."""
    found: dict[str, dict[str, Any]] = {}
    for line in filter(str.strip, written.splitlines()):
        name, _, most = line.rpartition("=")
        limit = [_limit(one) for one in listed(most)]
        if not name.strip() or not limit or None in limit:
            raise Invalid(
                "A limit could not be read.",
                problems=[Problem("/organisations", f"write NAME = NUMBER, or NAME = PERCENT %: {line.strip()}")],
            )
        for one in limit:
            found.setdefault(name.strip(), {}).update(one or {})
    return found


def _limit(written: str) -> dict[str, Any] | None:
    share = written.endswith("%")
    number = written.removesuffix("%").strip()
    if not number.isdecimal() or (share and int(number) > 100):  # noqa: PLR2004  # per cent
        return None
    return {"share": int(number) / 100} if share else {"most": int(number)}


def windows(written: str) -> list[dict[str, Any]]:
    """One line a window: `mon tue wed 08:00-16:00`."""
    found = []
    for line in filter(str.strip, written.splitlines()):
        *days, times = line.lower().replace(",", " ").split()
        begin, dash, end = times.partition("-")
        if not days or not dash:
            raise Invalid(
                "Working hours could not be read.",
                problems=[Problem("/windows", f"write DAYS FROM-TO, such as mon tue 08:00-16:00: {line.strip()}")],
            )
        found.append({"days": days, "from": begin, "to": end})
    return found


def _version(given: str) -> int | None:
    return int(given) if given.isdecimal() else None
