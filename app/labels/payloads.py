"""What pages and programs send about a piece of work: answers and timing. Shape only."""

import json
from typing import Annotated, Any, Literal

import orjson
from fastapi import Depends, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from app.labels.rules import Answered, LabelStatus, Timed
from app.labels.timing import Slice
from app.schemas.rules import MARKS_AT_MOST

LONGEST_MS = 2**31 - 1
MOST_SLICES = 20_000


def _storable(value: Any) -> Any:
    """JSON that both databases keep: no number beyond 64 bits, no half of a surrogate pair, no NaN and no infinity."""
    try:
        written = orjson.dumps(value)
        if b"null" in written:  # which is how NaN and infinity are written, too
            json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as refused:
        raise ValueError(f"cannot be kept: {refused}") from None
    return value


Milliseconds = Annotated[float, Field(ge=0, le=LONGEST_MS, allow_inf_nan=False)]
JsonObject = Annotated[dict[str, Any], AfterValidator(_storable)]
JsonList = Annotated[list[Any], AfterValidator(_storable)]
Seconds = Annotated[float, Field(allow_inf_nan=False)]


class SliceIn(BaseModel):
    seq: Annotated[int, Field(ge=0, le=LONGEST_MS)]
    state: Literal["active", "playing", "reading", "idle", "hidden"]
    start_ms: Milliseconds
    duration_ms: Milliseconds


class MarkTimes(BaseModel):
    created_ms: Milliseconds
    changed_ms: Milliseconds


class TimingIn(BaseModel):
    page: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]
    slices: Annotated[list[SliceIn], Field(max_length=MOST_SLICES)]
    first_decision_ms: Milliseconds | None = None
    marks: dict[str, MarkTimes] = {}
    played: dict[str, list[tuple[Seconds, Seconds, Seconds]]] = {}

    def as_timed(self) -> Timed:
        slices = tuple(
            Slice(self.page, one.seq, one.state, round(one.start_ms), round(one.duration_ms)) for one in self.slices
        )
        marks = {
            mark: {"created_ms": round(at.created_ms), "changed_ms": round(at.changed_ms)}
            for mark, at in self.marks.items()
        }
        first = None if self.first_decision_ms is None else round(self.first_decision_ms)
        return Timed(
            slices, first, marks, {part: [list(one) for one in ranges] for part, ranges in self.played.items()}
        )


class AnswersIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"answers": {"verdict": "allow"}}]})

    answers: JsonObject
    sources: JsonObject = {}
    evidence: JsonList = []

    def as_answered(self) -> Answered:
        return Answered(self.answers, self.sources, self.evidence)


class RefusedIn(BaseModel):
    """A suggestion of which the answer to a field, or one mark of it by the suggestion's own id, was refused."""

    model_config = ConfigDict(extra="forbid")

    suggestion_id: Annotated[str, Field(max_length=100)]
    field: Annotated[str, Field(max_length=100)]
    mark: Annotated[str, Field(max_length=100)] | None = None
    reason: Literal["unreadable"] | None = None  # dropped, since it could not be shown


class LabelIn(AnswersIn):
    """A finished answer with its timing."""

    timing: TimingIn
    refused_suggestions: Annotated[list[RefusedIn], Field(max_length=MARKS_AT_MOST)] = []

    def as_answered(self) -> Answered:
        refused = [one.model_dump(exclude_none=True) for one in self.refused_suggestions]
        return Answered(self.answers, self.sources, self.evidence, refused)


class DraftIn(AnswersIn):
    """Unfinished work; a lower `seq` than the last is ignored."""

    seq: Annotated[int, Field(ge=0, le=2**53)]
    timing: TimingIn | None = None
    refused_suggestions: JsonList = []
    unreadable: JsonList = []

    def as_answered(self) -> Answered:
        return Answered(self.answers, self.sources, self.evidence, self.refused_suggestions, self.unreadable)


class Shown(BaseModel):
    """What answers hold, as the OpenAPI document describes it; a test holds real labels to it."""

    model_config = ConfigDict(extra="forbid")


class PartOut(Shown):
    name: str
    modality: Literal["image", "text", "audio", "video"]
    sha256: str
    width: int | None
    height: int | None
    duration: float | None
    fps: float | None
    text: str | None


class AssetOut(Shown):
    id: str
    revision: int
    external_id: str
    metadata: dict[str, Any]
    parts: list[PartOut]


class LabelerOut(Shown):
    id: str
    organisation: str


class TimingOut(Shown):
    """Milliseconds by state, bounded by the server's own time from claim to submit."""

    wall_ms: int
    active_ms: int
    playing_ms: int
    reading_ms: int
    idle_ms: int
    hidden_ms: int
    first_decision_ms: int | None
    media_coverage: dict[str, float]
    media_speeds: dict[str, dict[str, float]] = {}  # seconds of each part that were played at each speed
    clamped: bool
    gap_ms: int
    overlap_ms: int


class LabelOut(Shown):
    """The canonical label: one revision of one person's answer to one task."""

    id: str
    revision: int
    project: str
    queue: str
    queue_kind: str
    task: str
    asset: AssetOut
    schema_name: str
    schema_version: int
    guideline_version: int
    labeler: LabelerOut
    answers: dict[str, Any]
    sources: dict[str, Any]
    evidence: list[Any]
    status: LabelStatus
    claimed_at: AwareDatetime
    submitted_at: AwareDatetime
    timing: TimingOut
    marks_timing: dict[str, Any]
    suggested_by: Any
    record_hash: str
    history_hash: str | None


class LabelsOut(Shown):
    items: list[LabelOut]
    next: str | None


RECORDED: dict[int | str, dict[str, Any]] = {
    201: {"model": LabelOut},
    200: {"model": LabelOut, "description": "The first answer to the same key and body."},
}


Listed = Annotated[list[str] | None, Query()]
ListedVersions = Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]] | None, Query()]


async def selection(
    revisions: Literal["newest", "all"] = "newest",
    queue: Listed = None,
    queue_kind: Listed = None,
    task: Listed = None,
    asset: Listed = None,
    labeler: Listed = None,
    status: Annotated[list[LabelStatus] | None, Query()] = None,
    schema_version: ListedVersions = None,
    guideline_version: ListedVersions = None,
) -> dict[str, Any]:
    """Which labels a list is of; each filter may be repeated, and means any of its values."""
    chosen = {
        "queue": queue, "queue_kind": queue_kind, "task": task, "asset": asset, "labeler": labeler,
        "status": status, "schema_version": schema_version, "guideline_version": guideline_version,
    }  # fmt: skip
    return {"revisions": revisions} | {name: values for name, values in chosen.items() if values}


Selection = Annotated[dict[str, Any], Depends(selection)]
