"""Queues, tasks, their slots, and claims on slots."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Float, Index, Integer, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Row, partial_index, refers_to
from app.db.types import Json, UtcDateTime
from app.queues.ordering import Order, Spread, sort_key
from app.queues.rules import SME_KINDS, ClaimState, QueueKind, QueueState, Seat, SlotState, TaskState
from app.schemas.rules import ShowSuggestions

# Compared letter by letter on both databases, whatever language the server speaks.
_SORTED = String(200).with_variant(String(200, collation="C"), "postgresql")


# Word for word as statements ask, for an index with a condition is used only where the condition stands there.
GIVEN_BACK = "organisation_id IS NOT NULL AND state IN ('expired', 'released', 'withdrawn', 'skipped')"


def _as_arranged_by_default(context: Any) -> str:
    """Of rows that are made without their sort key: the order in which tasks were made."""
    given = context.get_current_parameters()
    return sort_key(priority=0, part="", position=given["position"], layer=given.get("layer", 0), spread=Spread.DEPTH)


class Queue(Row):
    __tablename__ = "queues"
    project_id: Mapped[str] = refers_to("projects.id", index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[QueueKind] = mapped_column(String(20))
    schema_version: Mapped[int] = mapped_column(Integer)
    guideline_version: Mapped[int | None] = mapped_column(Integer)  # None: the newest when a claim becomes active
    overlap: Mapped[int] = mapped_column(Integer, default=1)
    claim_seconds: Mapped[int] = mapped_column(Integer, default=900)
    undo_seconds: Mapped[int] = mapped_column(Integer, default=300)  # how long the last submit may be taken back
    filter: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    priority: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    requires: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # As API and form give them, organisations by id; empty where there are none.
    limits: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    hours: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    gold_rate: Mapped[float] = mapped_column(Float, default=0.0)
    suggestions: Mapped[ShowSuggestions] = mapped_column(
        String(20), default=ShowSuggestions.SHOWN
    )  # or what the schema says
    muted: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())  # playing starts without sound
    state: Mapped[QueueState] = mapped_column(String(20), default=QueueState.OPEN)
    state_by: Mapped[str | None] = refers_to("people.id", nullable=True)
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str | None] = refers_to("people.id", nullable=True)
    filled_at_change: Mapped[int] = mapped_column(BigInteger, default=-1)  # Project.asset_changes when last filled
    order_by: Mapped[Order] = mapped_column(String(20), default=Order.OLDEST, server_default="oldest")
    order_key: Mapped[str] = mapped_column(String(200), default="", server_default="")  # of the metadata ordered by
    descending: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    seed: Mapped[str] = mapped_column(String(40), default="", server_default="")  # of the random order
    spread: Mapped[Spread] = mapped_column(String(10), default=Spread.DEPTH, server_default="depth")
    suggestions_until: Mapped[int] = mapped_column(BigInteger, default=-1, server_default="-1")  # newest one ordered by
    # Grows whenever a slot may have come to lie before where somebody's search begins, so that searches begin anew.
    arrangement: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    last_sort_key: Mapped[str] = mapped_column(_SORTED, default="", server_default="")  # no slot ever lay beyond it
    escalates_to: Mapped[str | None] = refers_to("queues.id", nullable=True)  # an SME queue that answers
    escalation_seconds: Mapped[int] = mapped_column(Integer, default=86_400, server_default="86400")  # until it is due
    rework_seconds: Mapped[int] = mapped_column(Integer, default=86_400, server_default="86400")  # its author's alone
    fills_itself: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())  # else: only what is added
    revision: Mapped[int] = mapped_column(Integer, default=1, server_default="1")  # counts what managers changed
    task_count: Mapped[int] = mapped_column(Integer, default=0)  # tasks ever made: the next task's position

    @property
    def is_for_smes(self) -> bool:
        return self.kind in SME_KINDS


class QueueOrganisation(Row):
    """A queue without such rows is open to all organisations of its project."""

    __tablename__ = "queue_organisations"
    __table_args__ = (UniqueConstraint("queue_id", "organisation_id"),)
    queue_id: Mapped[str] = refers_to("queues.id")
    organisation_id: Mapped[str] = refers_to("organisations.id", index=True)


class OrganisationLimit(Row):
    """The most of a queue that the people of an organisation may take: a number, a share of its slots, or the lower of
    both. `handed`: claims ever counted; those that ended without a label are counted off.
    """

    __tablename__ = "organisation_limits"
    __table_args__ = (UniqueConstraint("queue_id", "organisation_id"),)
    queue_id: Mapped[str] = refers_to("queues.id")
    organisation_id: Mapped[str] = refers_to("organisations.id")
    most: Mapped[int | None] = mapped_column(Integer)
    share: Mapped[float | None] = mapped_column(Float)
    handed: Mapped[int] = mapped_column(Integer, default=0)


class Task(Row):
    """One asset to be answered by `overlap` people. `origin` says why it exists; only company roles see it."""

    __tablename__ = "tasks"
    __table_args__ = (
        partial_index("uq_tasks_queue_id_asset_id_fill", "queue_id", "asset_id", where="origin = 'fill'", unique=True),
        partial_index("ix_tasks_family", "queue_id", "family", where="family <> ''"),
        Index("ix_tasks_root_id", "root_id"),
        Index("ix_tasks_queue_id_state_seq", "queue_id", "state", "seq"),  # the oldest of a state is its first
    )
    project_id: Mapped[str] = refers_to("projects.id")
    queue_id: Mapped[str] = refers_to("queues.id")
    asset_id: Mapped[str] = refers_to("assets.id", index=True)
    schema_version: Mapped[int] = mapped_column(Integer)
    overlap: Mapped[int] = mapped_column(Integer, default=1)
    position: Mapped[int] = mapped_column(Integer)
    # The first task that this one stems from (as its rework, audit or adjudication); itself where it stems from none.
    root_id: Mapped[str] = mapped_column(String(32), default=lambda context: context.get_current_parameters()["id"])
    priority: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    order_part: Mapped[str] = mapped_column(
        String(100), default="", server_default=""
    )  # what its queue's order gives it
    family: Mapped[str] = mapped_column(String(16), default="", server_default="")
    origin: Mapped[str] = mapped_column(String(20), default="fill")
    state: Mapped[TaskState] = mapped_column(String(20), default=TaskState.OPEN)
    state_by: Mapped[str | None] = refers_to("people.id", nullable=True)
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Slot(Row):
    """One of the `overlap` places of a task; taking it is one conditional write on this row."""

    __tablename__ = "slots"
    __table_args__ = (
        partial_index("ix_slots_free", "queue_id", "sort_key", "seq", where="state = 'free'"),
        partial_index("ix_slots_returned", "queue_id", "sort_key", "seq", where="state = 'returned'"),
        partial_index("ix_slots_held", "queue_id", "expires_at", where="state IN ('held', 'ahead')"),
        partial_index("ix_slots_ahead", "queue_id", "seq", where="state = 'ahead'"),
        Index("ix_slots_task_id", "task_id"),
    )
    task_id: Mapped[str] = refers_to("tasks.id")
    queue_id: Mapped[str] = refers_to("queues.id")
    position: Mapped[int] = mapped_column(Integer)
    root_id: Mapped[str] = mapped_column(
        String(32), default=lambda context: context.get_current_parameters()["task_id"]
    )
    layer: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # which of its task's slots it is
    sort_key: Mapped[str] = mapped_column(_SORTED, default=_as_arranged_by_default)
    state: Mapped[SlotState] = mapped_column(String(10), default=SlotState.FREE)
    claim_id: Mapped[str | None] = mapped_column(String(32))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Claim(Row):
    """A person holds one slot of a task until `expires_at`. Every write of the page carries `token`."""

    __tablename__ = "claims"
    __table_args__ = (
        # One person never gets the same task twice, nor one that stems from it, whoever else is writing: released and
        # expired claims do not count.
        partial_index(
            "uq_claims_root_id_person_id",
            "root_id",
            "person_id",
            where="state IN ('live', 'submitted', 'skipped')",
            unique=True,
        ),
        partial_index("uq_claims_live", "queue_id", "person_id", "seat", where="state = 'live'", unique=True),
        Index("ix_claims_person_id_queue_id_seq", "person_id", "queue_id", "seq"),
        partial_index("ix_claims_may_resume", "person_id", "queue_id", "seq", where="state IN ('expired', 'released')"),
        partial_index("ix_claims_expired", "queue_id", "task_id", where="state = 'expired'"),
        Index("ix_claims_task_id", "task_id"),
        # In a queue that limits people: of two claims that were counted at one moment, one fails.
        partial_index("uq_claims_number", "person_id", "queue_id", "number", where="number > 0", unique=True),
        partial_index("ix_claims_given_back", "queue_id", "organisation_id", where=GIVEN_BACK),
    )
    task_id: Mapped[str] = refers_to("tasks.id")
    root_id: Mapped[str] = mapped_column(
        String(32), default=lambda context: context.get_current_parameters()["task_id"]
    )
    slot_id: Mapped[str] = refers_to("slots.id")
    queue_id: Mapped[str] = refers_to("queues.id")
    person_id: Mapped[str] = refers_to("people.id")
    token: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str | None] = mapped_column(String(64))  # the page that works on it
    state: Mapped[ClaimState] = mapped_column(String(20), default=ClaimState.LIVE)
    # Of a claim that ended without a label, the second one says that it was only reserved and never began.
    seat: Mapped[Seat] = mapped_column(Integer, default=Seat.AT_HAND, server_default="0")
    schema_version: Mapped[int] = mapped_column(Integer)
    guideline_version: Mapped[int] = mapped_column(Integer)
    asset_revision: Mapped[int] = mapped_column(Integer)
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime] = mapped_column(UtcDateTime)  # last activity; renewal ends 4 x claim_seconds later
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its page closed, unless one was opened since
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = refers_to("people.id", nullable=True)  # somebody else, who took it back
    number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # of the person's here; 0: not limited
    organisation_id: Mapped[str | None] = mapped_column(String(32))  # whose limit it counts against
    # The highest sort key this person has reached in the queue: every fresh slot up to there is of a task they had, so
    # that the search for their next one begins here and costs the same however much they have done. It holds while
    # `Queue.arrangement` is what it was then.
    reached: Mapped[str] = mapped_column(_SORTED, default="", server_default="")
    reached_under: Mapped[str] = mapped_column(String(40), default="", server_default="")

    @property
    def is_next(self) -> bool:
        """Whether it is for later: the person has another one at hand."""
        return self.seat == Seat.NEXT


class Outcome(Row):
    """A claim that ended without a label: skip, flag, escalate, cannot_judge or wellbeing, with its note."""

    __tablename__ = "outcomes"
    __table_args__ = (Index("ix_outcomes_queue_id_seq", "queue_id", "seq"),)  # the newest of a queue
    claim_id: Mapped[str] = refers_to("claims.id")
    task_id: Mapped[str] = refers_to("tasks.id", index=True)
    queue_id: Mapped[str] = refers_to("queues.id")  # where it was claimed; its task may have moved since
    person_id: Mapped[str] = refers_to("people.id")
    kind: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)


class Moved(Row):
    """Somebody moved a task from this queue to another. Where the queue fills itself, it makes no new task of that ad."""

    __tablename__ = "moves"
    __table_args__ = (Index("ix_moves_from", "queue_id", "asset_id"),)
    queue_id: Mapped[str] = refers_to("queues.id")
    asset_id: Mapped[str] = refers_to("assets.id")
    task_id: Mapped[str] = refers_to("tasks.id")
    moved_by: Mapped[str] = refers_to("people.id")
