"""The form that makes a queue, as typed."""

from dataclasses import dataclass
from typing import Annotated, Any

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


def _version(given: str) -> int | None:
    return int(given) if given.isdecimal() else None
