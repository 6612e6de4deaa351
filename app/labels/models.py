"""Drafts, labels and their revisions, timing, and the history chain.

Task, queue and claim ids are copied without foreign keys, since queues lie above labels; `fasit check` compares them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Id, Row, partial_index, refers_to
from app.db.types import Json, UtcDateTime
from app.labels.rules import LabelStatus


class Draft(Row):
    """Unsubmitted work of one person on one task; offered back once its claim has ended, never dropped.

    One row a claim, and one more for what a page wrote with a dead token (`late`): it must not overwrite the work of
    the page that took over.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("claim_id", "late"),
        Index("ix_drafts_person_id", "person_id"),
        Index("ix_drafts_task_id_person_id", "task_id", "person_id"),
    )
    task_id: Mapped[Id]
    queue_id: Mapped[Id]
    person_id: Mapped[str] = refers_to("people.id")
    claim_id: Mapped[Id]
    late: Mapped[bool] = mapped_column(Boolean, default=False)
    draft_seq: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[dict[str, Any]] = mapped_column(Json)  # answers, sources?, evidence?, played?
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when it became a label or was let go


class TimingSlice(Row):
    """A stretch of time in one state, as the page sent it; (claim, page, slice_seq) makes repeats harmless.

    `claim_id` holds the revision's own id for a revision, which is made without a claim.
    """

    __tablename__ = "timing_slices"
    __table_args__ = (UniqueConstraint("claim_id", "page", "slice_seq"),)
    claim_id: Mapped[Id]
    page: Mapped[str] = mapped_column(String(64))
    slice_seq: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    start_ms: Mapped[int] = mapped_column(Integer)
    duration_ms: Mapped[int] = mapped_column(Integer)


class Label(Row):
    """One person's submitted answer to one task; the newest revision counts."""

    __tablename__ = "labels"
    __table_args__ = (
        Index("ix_labels_project_id_seq", "project_id", "seq"),
        Index("ix_labels_person_id_seq", "person_id", "seq"),
        Index(
            "uq_labels_task_id_person_id",
            "task_id",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
    project_id: Mapped[str] = refers_to("projects.id")
    queue_id: Mapped[Id] = mapped_column(index=True)
    queue_kind: Mapped[str] = mapped_column(String(20))
    task_id: Mapped[Id]
    asset_id: Mapped[str] = refers_to("assets.id", index=True)
    person_id: Mapped[str] = refers_to("people.id")
    organisation_id: Mapped[str] = refers_to("organisations.id")
    revision: Mapped[int] = mapped_column(Integer, default=1)
    status: Mapped[LabelStatus] = mapped_column(String(20))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    revisions: Mapped[list["Revision"]] = relationship(lazy="raise", order_by="Revision.number")


def _not_chained(table: str) -> Index:
    return partial_index(f"ix_{table}_not_chained", "seq", where="history_hash IS NULL")


class Revision(Row):
    """Immutable once written, but for a value erased together with its salt, and for `history_hash`, which a job adds."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("label_id", "number"), _not_chained("revisions"))
    label_id: Mapped[str] = refers_to("labels.id")
    number: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[str] = refers_to("people.id")
    claim_id: Mapped[Id | None]
    schema_name: Mapped[str] = mapped_column(String(200))
    schema_version: Mapped[int] = mapped_column(Integer)
    guideline_version: Mapped[int] = mapped_column(Integer)
    asset_revision: Mapped[int] = mapped_column(Integer)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    sources: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    evidence: Mapped[list[Any]] = mapped_column(Json, default=list)
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    timing: Mapped[dict[str, Any]] = mapped_column(Json)
    marks_timing: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    suggested_by: Mapped[str | None] = mapped_column(Text)  # models and their versions
    suggestions: Mapped[dict[str, Any] | None] = mapped_column(
        Json, nullable=True
    )  # shown and refused; None: none shown
    salts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    record_hash: Mapped[str] = mapped_column(String(64))
    history_hash: Mapped[str | None] = mapped_column(String(64))


class LabelEvent(Row):
    """What happened to a label after it was submitted: withdrawals now, reviews later. Chained like revisions."""

    __tablename__ = "label_events"
    __table_args__ = (_not_chained("label_events"),)
    label_id: Mapped[str] = refers_to("labels.id", index=True)
    kind: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[str] = refers_to("people.id")
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    salts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    record_hash: Mapped[str] = mapped_column(String(64))
    history_hash: Mapped[str | None] = mapped_column(String(64))


class HistoryLink(Row):
    """One link of the chain over revisions and events, written in batches by a job."""

    __tablename__ = "history_links"
    position: Mapped[int] = mapped_column(Integer, unique=True)
    subject_kind: Mapped[str] = mapped_column(String(20))  # revision, event
    subject_id: Mapped[Id] = mapped_column(unique=True)
    record_hash: Mapped[str] = mapped_column(String(64))
    history_hash: Mapped[str] = mapped_column(String(64))


class SubmissionKey(Row):
    """An Idempotency-Key of a label; kept for ever."""

    __tablename__ = "submission_keys"
    __table_args__ = (UniqueConstraint("person_id", "key"),)
    person_id: Mapped[str] = refers_to("people.id")
    key: Mapped[str] = mapped_column(String(200))
    body_hash: Mapped[str] = mapped_column(String(64))
    label_id: Mapped[Id]
    revision: Mapped[int] = mapped_column(Integer)
    note: Mapped[str | None] = mapped_column(Text)
