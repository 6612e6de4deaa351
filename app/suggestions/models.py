"""Suggestions, and a row for each that a person was shown on a task."""

from typing import Any

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Id, Row, refers_to
from app.db.types import Json
from app.suggestions.rules import MODEL_AT_MOST


class Suggestion(Row):
    """A model's answers to one ad, as it was, under one schema version. Never changed; newer ones go before it."""

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("project_id", "content_hash"),
        Index("ix_suggestions_project_id_seq", "project_id", "seq"),
        Index("ix_suggestions_asset_id", "asset_id"),
    )
    project_id: Mapped[str] = refers_to("projects.id")
    asset_id: Mapped[str] = refers_to("assets.id")
    asset_revision: Mapped[int] = mapped_column(Integer)
    schema_version: Mapped[int] = mapped_column(Integer)
    model: Mapped[str] = mapped_column(String(MODEL_AT_MOST))
    model_version: Mapped[str] = mapped_column(String(MODEL_AT_MOST))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    scores: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = refers_to("people.id")


class ShownSuggestion(Row):
    """Task and claim ids are copied without foreign keys, since queues lie above. `claim_id` is the first that showed it.

    `first_answers`: what the person had answered on their own when they were shown it; None where it was shown at once.
    """

    __tablename__ = "shown_suggestions"
    __table_args__ = (UniqueConstraint("task_id", "person_id", "suggestion_id"),)
    task_id: Mapped[Id]
    claim_id: Mapped[Id]
    person_id: Mapped[str] = refers_to("people.id")
    suggestion_id: Mapped[str] = refers_to("suggestions.id")
    first_answers: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
