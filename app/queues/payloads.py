"""What programs send to queues and claims. Shape only."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.labels.payloads import JsonObject, Shown
from app.queues.bulk import Wanted
from app.queues.deciding import Deed
from app.queues.listing import MOST_IDS
from app.queues.ordering import HIGHEST_PRIORITY, LOWEST_PRIORITY, Arrangement, Order, Spread
from app.queues.rules import LONGEST_CLAIM_SECONDS, MOST_OVERLAP, OutcomeKind, QueueKind, QueueState, TaskState
from app.queues.sampling import Share
from app.queues.wording import GREATEST_VERSION, LONGEST_NOTE, MOST_TASKS, Moment, Name, Words, words
from app.schemas.rules import ShowSuggestions

Listed = Annotated[list[Name], Field(max_length=200)]
LONGEST_ESCALATION_SECONDS = 90 * 86_400
MAY_BE_NONE = frozenset({"due_at", "guideline_version", "escalates_to"})
MOST_LISTED = 10_000  # in one change of many tasks
Version = Annotated[int, Field(ge=1, le=GREATEST_VERSION)]


class Strict(BaseModel):
    """An unknown key is refused: a misspelt one would silently mean nothing."""

    model_config = ConfigDict(extra="forbid")


class Requires(Strict):
    """What somebody must have to be handed a task: all that is listed. `qualifications` are certificates."""

    languages: Listed = []
    markets: Listed = []
    qualifications: Listed = []


Priority = Annotated[int, Field(ge=LOWEST_PRIORITY, le=HIGHEST_PRIORITY)]


class OrderIn(Strict):
    """`key`: the metadata to order by, with steps in dots. `seed`: the same seed and tasks give the same random order.
    Under `deadline` it holds a day, which lasts until its end in UTC, or a time; what holds neither comes last.
    """

    by: Order = Order.OLDEST
    key: Annotated[str, Field(max_length=200), AfterValidator(words)] = ""
    descending: bool = False
    seed: Annotated[str, Field(max_length=40), AfterValidator(words)] = ""


class WindowIn(Strict):
    """Weekdays, and times on the clock there; a window that ends before it begins goes on past midnight."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    days: Annotated[list[Annotated[str, Field(max_length=3)]], Field(max_length=7)]
    begin: Annotated[str, Field(alias="from", max_length=5)]
    end: Annotated[str, Field(alias="to", max_length=5)]


class HoursIn(Strict):
    zone: Annotated[str, Field(max_length=60)] = "UTC"
    windows: Annotated[list[WindowIn], Field(max_length=30)] = []


Most = Annotated[int, Field(ge=0, le=MOST_TASKS)]


class OrganisationLimitIn(Strict):
    """`share` of the queue's slots; of both the lower."""

    most: Most | None = None
    share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None


class LimitsIn(Strict):
    """The most that one person may have, in all and in a day, and the people of an organisation (by its name)."""

    person: Most | None = None
    person_a_day: Most | None = None
    organisations: dict[Name, OrganisationLimitIn] = {}


class QueueIn(Strict):
    name: Name
    kind: QueueKind
    schema_version: Version | None = None
    guideline_version: Version | None = None
    overlap: Annotated[int, Field(ge=1, le=MOST_OVERLAP)] = 1
    claim_seconds: Annotated[int, Field(ge=1, le=LONGEST_CLAIM_SECONDS)] = 900
    organisations: Listed = []
    filter: JsonObject = {}
    order: OrderIn = OrderIn()
    spread: Annotated[
        Spread, Field(description="Whether tasks get all their labels one by one, or all their first.")
    ] = Spread.DEPTH
    priority: Priority = 0
    due_at: Moment | None = None
    requires: Requires = Requires()
    limits: LimitsIn = LimitsIn()
    hours: HoursIn = HoursIn()
    gold_rate: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    suggestions: ShowSuggestions = ShowSuggestions.SHOWN
    muted: Annotated[bool, Field(description="Audio and video start without sound.")] = False
    fills_itself: Annotated[bool, Field(description="Whether every ad that fits gets a task, now and later.")] = True

    def as_arguments(self) -> dict[str, Any]:
        return {
            **self.model_dump(exclude={"spread"}),
            "requires": self.requires.model_dump(exclude_defaults=True),
            "limits": self.limits.model_dump(exclude_none=True),
            "hours": self.hours.model_dump(by_alias=True),
            "order": Arrangement(**self.order.model_dump(), spread=self.spread),
        }


class QueueChange(Strict):
    """What may change of a queue; absent keys stay as they are."""

    state: QueueState | None = None
    schema_version: Version | None = None
    guideline_version: Version | None = None
    suggestions: ShowSuggestions | None = None
    muted: bool | None = None
    requires: Requires | None = None
    order: OrderIn | None = None
    spread: Spread | None = None
    fills_itself: bool | None = None
    name: Name | None = None
    overlap: Annotated[int, Field(ge=1, le=MOST_OVERLAP)] | None = None
    claim_seconds: Annotated[int, Field(ge=1, le=LONGEST_CLAIM_SECONDS)] | None = None
    undo_seconds: Annotated[int, Field(ge=0, le=LONGEST_CLAIM_SECONDS)] | None = None
    organisations: Listed | None = None
    filter: JsonObject | None = None
    priority: Priority | None = None
    limits: LimitsIn | None = None
    hours: HoursIn | None = None
    due_at: Annotated[Moment | None, Field(description="null: no deadline.")] = None
    escalates_to: Annotated[str | None, Field(max_length=32, description="A queue for gold or adjudication.")] = None
    rework_seconds: Annotated[int, Field(ge=60, le=LONGEST_ESCALATION_SECONDS)] | None = None
    escalation_seconds: Annotated[int, Field(ge=60, le=LONGEST_ESCALATION_SECONDS)] | None = None

    def as_changes(self) -> dict[str, Any]:
        """What was sent; null means no change, but for what there may be none of."""
        sent = self.model_dump(exclude_unset=True, by_alias=True)
        return {key: value for key, value in sent.items() if value is not None or key in MAY_BE_NONE}


class SampleIn(Strict):
    """`seed`: the same one draws the same ads again. `by`: a metadata key; each of its values gives its share."""

    count: Annotated[int, Field(ge=1, le=MOST_IDS)]
    seed: Annotated[Name, Field(description="Any text.")]
    filter: Annotated[JsonObject | None, Field(description="Absent: the queue's own.")] = None
    by: Name | None = None
    share: Share = Share.PROPORTIONAL


class FillingIn(Strict):
    """One of both."""

    external_ids: Annotated[list[str], Field(min_length=1, max_length=MOST_IDS)] | None = None
    sample: SampleIn | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.external_ids is None) == (self.sample is None):
            raise ValueError("give external_ids or a sample, and not both")
        return self


class PriorityIn(Strict):
    """A priority for tasks of one queue."""

    tasks: Annotated[list[Annotated[str, Field(max_length=32)]], Field(min_length=1, max_length=1000)]
    priority: Priority


class BulkIn(Strict):
    """Which tasks: every one of the queue that is in one of these states, listed and matching. `to`: a queue to move to."""

    deed: Deed
    states: list[TaskState] = []
    external_ids: Annotated[list[str], Field(max_length=MOST_LISTED)] = []
    filter: JsonObject = {}
    to: str = ""
    reason: Annotated[Words, Field(max_length=LONGEST_NOTE)] = ""
    priority: Priority = 0

    def as_wanted(self) -> Wanted:
        return Wanted(
            self.deed,
            tuple(self.states),
            tuple(dict.fromkeys(self.external_ids)),
            self.filter,
            self.to,
            self.reason,
            self.priority,
        )


class BulkOrder(BulkIn):
    """`token`: of the preview that was looked at."""

    token: Annotated[str, Field(max_length=64)]


class ClaimIn(BaseModel):
    """`ahead`: one more than the task at hand, to have it ready."""

    ahead: bool = False


class LeaseIn(BaseModel):
    """`active`: the person did something since the last renewal. `closing`: the page closes, and this is the `expires_at`
    that it knows; where the lease was renewed since, by another page, nothing is changed.
    """

    active: bool = False
    closing: AwareDatetime | None = None


class OutcomeIn(BaseModel):
    outcome: OutcomeKind
    note: Annotated[Words, Field(max_length=LONGEST_NOTE)] | None = None


class ReasonIn(BaseModel):
    reason: Annotated[Words, Field(max_length=LONGEST_NOTE)] = ""


# Answers, as the OpenAPI document describes them; a test holds real ones to them.


class HeldOut(Shown):
    id: str
    token: Annotated[str, Field(description="Not told to a page that another page of the person works before.")] = ""
    expires_at: AwareDatetime


class EscalationOut(Shown):
    note: Annotated[str | None, Field(description="What was written when the task was escalated. Not by whom.")]
    raised_at: AwareDatetime
    due_at: Annotated[AwareDatetime, Field(description="When the answer is due.")]


class TaskOut(Shown):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: str
    asset: Annotated[dict[str, Any], Field(description="The ad; each media part has `urls` that live with the claim.")]
    asked: Annotated[dict[str, Any], Field(alias="schema", description="The schema, with its `version`.")]
    guideline: dict[str, Any]
    draft: Annotated[dict[str, Any] | None, Field(description="Work of this person to go on with.")] = None
    suggestions: Annotated[list[Any] | None, Field(description="Machine answers that are to be shown.")] = None
    escalation: Annotated[
        EscalationOut | None, Field(description="Only where the task is an escalation's: what a label of it answers.")
    ] = None


class ClaimOut(Shown):
    claim: HeldOut
    task: TaskOut


class NamedQueueOut(Shown):
    id: str
    name: str


class ClaimAnywhereOut(ClaimOut):
    queue: NamedQueueOut


CLAIMED: dict[int | str, dict[str, Any]] = {
    201: {"model": ClaimOut},
    204: {"description": "There is nothing for this person now."},
}
CLAIMED_ANYWHERE: dict[int | str, dict[str, Any]] = {
    201: {"model": ClaimAnywhereOut},
    204: {"description": "No queue has anything for this person now."},
}
