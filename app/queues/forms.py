"""The form that makes a queue, as typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.assets.asked import Browsed
from app.assets.catalog.terms import METADATA, text_of
from app.assets.rules import Modality
from app.errors import Invalid, Problem
from app.queues.bulk import Wanted
from app.queues.deciding import Deed
from app.queues.listing import MOST_BYTES, MOST_IDS, ids_of_text
from app.queues.models import Queue
from app.queues.ordering import HIGHEST_PRIORITY, KEYED, LOWEST_PRIORITY, Arrangement, Order, Spread
from app.queues.rules import MOST_OVERLAP, QueueKind, QueueState, TaskState
from app.queues.sampling import Share
from app.queues.typed import Typed
from app.queues.wording import GREATEST_VERSION, LONGEST_NOTE, MOST_TASKS, Name, Words, in_utc
from app.schemas.rules import ShowSuggestions

LONGEST_CLAIM_MINUTES = 1440

Priority = Annotated[int, Field(ge=-1000, le=1000)]
Revision = Annotated[int, Field(ge=0, le=2**31 - 1)]
Most = Annotated[int, Field(ge=0, le=MOST_TASKS)]

Listed = Annotated[Words, Field(max_length=2000)]
LONGEST_CONDITIONS = 4000
Conditions = Annotated[Words, Field(max_length=LONGEST_CONDITIONS)]


class QueueForm(BaseModel):
    name: Name
    kind: QueueKind = QueueKind.PRODUCTION
    schema_version: str = ""
    guideline_version: str = ""
    overlap: Annotated[int, Field(ge=1, le=MOST_OVERLAP)] = 1
    claim_minutes: Annotated[int, Field(ge=1, le=LONGEST_CLAIM_MINUTES)] = 15
    suggestions: ShowSuggestions = ShowSuggestions.SHOWN
    muted: bool = False
    fills_itself: bool = True
    organisations: list[str] = []
    modality: list[Modality] = []
    metadata: Conditions = ""
    order_by: Order = Order.OLDEST
    order_key: Annotated[Words, Field(max_length=200)] = ""
    descending: bool = False
    spread: Spread = Spread.DEPTH
    priority: Annotated[int, Field(ge=LOWEST_PRIORITY, le=HIGHEST_PRIORITY)] = 0
    languages: Listed = ""
    markets: Listed = ""
    certificates: Listed = ""
    due: str = ""

    def as_arguments(self) -> dict[str, Any]:
        """What `actions.create_queue` takes."""
        chosen: dict[str, list[str]] = {"modality": [str(one) for one in self.modality]} if self.modality else {}
        return {
            "name": self.name, "kind": self.kind, "schema_version": _version("schema", self.schema_version),
            "guideline_version": _version("guideline", self.guideline_version), "overlap": self.overlap,
            "claim_seconds": self.claim_minutes * 60, "suggestions": self.suggestions,
            "muted": self.muted, "fills_itself": self.fills_itself, "organisations": self.organisations,
            "order": Arrangement(
                **order_typed(self.order_by, self.order_key, descending=self.descending), spread=self.spread
            ),
            "priority": self.priority, "due_at": deadline(self.due),
            "filter": chosen | conditions(self.metadata),
            "requires": {
                "languages": listed(self.languages), "markets": listed(self.markets),
                "qualifications": listed(self.certificates),
            },
        }  # fmt: skip


class PriorityForm(BaseModel):
    task: Annotated[str, Field(max_length=32)]
    priority: Annotated[int, Field(ge=LOWEST_PRIORITY, le=HIGHEST_PRIORITY)]
    ad: Annotated[str, Field(max_length=500)] = ""
    person: Annotated[str, Field(max_length=320)] = ""


class StateForm(BaseModel):
    """`revision`: the one of the queue that the page showed."""

    state: QueueState
    revision: Revision | None = None


class SoundForm(BaseModel):
    muted: bool
    revision: Revision | None = None


class SettingsForm(Typed):
    """What may change of a queue."""

    revision: Revision
    name: Name
    escalates_to: Annotated[str, Field(max_length=32)] = ""
    rework_hours: Annotated[int, Field(ge=1, le=90 * 24)] = 24
    escalation_hours: Annotated[int, Field(ge=1, le=90 * 24)] = 24
    schema_version: str = ""
    guideline_version: str = ""
    overlap: Annotated[int, Field(ge=1, le=MOST_OVERLAP)]
    claim_minutes: Annotated[int, Field(ge=1, le=LONGEST_CLAIM_MINUTES)]
    undo_minutes: Annotated[int, Field(ge=0, le=LONGEST_CLAIM_MINUTES)]
    priority: Priority
    due: str = ""
    suggestions: ShowSuggestions = ShowSuggestions.SHOWN
    muted: bool = False
    fills_itself: bool = True
    organisations: list[str] = Field(default_factory=list)
    modality: list[Modality] = Field(default_factory=list)
    metadata: Conditions = ""

    def as_changes(self, queue: Queue, shown: "SettingsForm") -> dict[str, Any]:
        """As `steering.change_queue` takes it. What the form shows rounded stays as it is where nothing was typed, and so
        do a filter's keys that it does not show.
        """
        chosen: dict[str, Any] = {"modality": [str(one) for one in self.modality]} if self.modality else {}
        seen = conditions_of(queue.filter)
        unseen = {
            key: value for key, value in queue.filter.items() if not (key == "modality" or (seen and key in seen))
        }
        changes: dict[str, Any] = {
            "name": self.name, "overlap": self.overlap, "claim_seconds": self.claim_minutes * 60,
            "undo_seconds": self.undo_minutes * 60, "priority": self.priority, "due_at": deadline(self.due),
            "suggestions": self.suggestions, "muted": self.muted, "fills_itself": self.fills_itself,
            "escalates_to": self.escalates_to or None, "escalation_seconds": self.escalation_hours * 3600, "rework_seconds": self.rework_hours * 3600,
            "organisations": self.organisations, "filter": unseen | chosen | conditions(self.metadata),
        }  # fmt: skip
        schema, guideline = _version("schema", self.schema_version), _version("guideline", self.guideline_version)
        if schema not in (None, queue.schema_version):
            changes["schema_version"] = schema
        if guideline != queue.guideline_version:
            changes["guideline_version"] = guideline
        same = {key for key, fields in ROUNDED.items() if self.is_same(shown, *fields)}
        return {key: value for key, value in changes.items() if key not in same}


# Keys of a change, and the fields of the form that show them less exactly than they are kept.
ROUNDED = {
    "claim_seconds": ("claim_minutes",), "undo_seconds": ("undo_minutes",), "due_at": ("due",),
    "escalation_seconds": ("escalation_hours",), "rework_seconds": ("rework_hours",), "filter": ("modality", "metadata"),
}  # fmt: skip


def conditions_of(wanted: Mapping[str, Sequence[Any]]) -> dict[str, str] | None:
    """What a filter asks of metadata, by its keys in lines as the form takes them; None where that is longer than it takes."""
    lines = {
        key: f"{key.removeprefix('metadata.')} = {', '.join(map(str, values))}"
        for key, values in wanted.items()
        if key.startswith("metadata.")
    }
    return lines if len("\n".join(lines.values())) <= LONGEST_CONDITIONS else None


def filled_in(queue: Queue, organisations: list[str]) -> SettingsForm:
    """The form of a queue as it is."""
    lines = conditions_of(queue.filter) or {}
    return SettingsForm(
        revision=queue.revision, name=queue.name, schema_version=str(queue.schema_version),
        guideline_version=str(queue.guideline_version or ""), overlap=queue.overlap,
        claim_minutes=max(1, queue.claim_seconds // 60), undo_minutes=queue.undo_seconds // 60, priority=queue.priority,
        due=f"{queue.due_at:%Y-%m-%dT%H:%M}" if queue.due_at else "", suggestions=queue.suggestions, muted=queue.muted, fills_itself=queue.fills_itself,
        escalates_to=queue.escalates_to or "", escalation_hours=max(1, queue.escalation_seconds // 3600), rework_hours=max(1, queue.rework_seconds // 3600),
        organisations=organisations, modality=queue.filter.get("modality", []), metadata="\n".join(lines.values()),
    )  # fmt: skip


class ListForm(BaseModel):
    external_ids: Annotated[Words, Field(max_length=MOST_BYTES)]


class SampleForm(BaseModel):
    count: Annotated[int, Field(ge=1, le=MOST_IDS)]
    seed: Name
    by: Annotated[Words, Field(max_length=200)] = ""
    share: Share = Share.PROPORTIONAL
    metadata: Conditions = ""

    def as_arguments(self) -> dict[str, Any]:
        """What `fillings.ask_for_sample` takes."""
        return {
            "count": self.count, "seed": self.seed, "by": self.by.removeprefix("metadata.") or None, "share": self.share,
            "wanted": conditions(self.metadata) if self.metadata else None,
        }  # fmt: skip


class BulkForm(BaseModel):
    """Many tasks and what is to be done to them."""

    deed: Deed = Deed.WITHDRAW
    to: Annotated[str, Field(max_length=32)] = ""
    reason: Annotated[Words, Field(max_length=LONGEST_NOTE)] = ""
    priority: Priority = 0
    state: list[TaskState] = []
    metadata: Conditions = ""
    external_ids: Annotated[Words, Field(max_length=1_000_000)] = ""

    def as_wanted(self) -> Wanted:
        ids = tuple(ids_of_text(self.external_ids)) if self.external_ids else ()
        to = self.to if self.deed == Deed.MOVE else ""
        return Wanted(self.deed, tuple(self.state), ids, conditions(self.metadata), to, self.reason, self.priority)


class BulkOrderForm(BulkForm):
    """`token`: of the preview that was looked at."""

    token: Annotated[str, Field(max_length=64)]


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


def order_typed(by: Order, key: str, *, descending: bool) -> dict[str, Any]:
    """The fields of an order, without what stands in fields that the form hides under this one."""
    return {
        "by": by,
        "key": key if by in KEYED else "",
        "descending": by == Order.METADATA and bool(key) and descending,
    }


def deadline(written: str) -> datetime | None:
    """What a field for date and time holds, as UTC."""
    if not written.strip():
        return None
    try:
        return in_utc(datetime.fromisoformat(written.strip()))
    except ValueError:
        raise Invalid(
            "The deadline could not be read.", problems=[Problem("/due_at", "write it as 2026-12-24T17:00")]
        ) from None


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


def _version(of: str, given: str) -> int | None:
    if not given:
        return None
    if given.isdecimal() and len(given) <= len(str(GREATEST_VERSION)) and 1 <= int(given) <= GREATEST_VERSION:
        return int(given)
    raise Invalid("There is no such version.", problems=[Problem(f"/{of}_version", "names a version by its number")])
