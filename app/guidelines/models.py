"""Guidelines: a draft, immutable published versions, their numbered clauses, and pictures."""

from datetime import datetime

from sqlalchemy import Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Row, refers_to
from app.db.types import Json, UtcDateTime


class GuidelineVersion(Row):
    __tablename__ = "guideline_versions"
    __table_args__ = (UniqueConstraint("project_id", "version"),)
    project_id: Mapped[str] = refers_to("projects.id")
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))  # of title and body, as `rules.content_hash` makes it
    change: Mapped[str] = mapped_column(String(20))  # editorial, clarification, substantive, new
    clauses_changed: Mapped[list[str]] = mapped_column(Json, default=list)
    published_by: Mapped[str | None] = refers_to("people.id", nullable=True)

    clauses: Mapped[list["Clause"]] = relationship(lazy="raise", order_by="Clause.seq")


class Clause(Row):
    """A numbered section. `clause_id` is what choices and evidence cite; it is never reused for another clause."""

    __tablename__ = "clauses"
    __table_args__ = (UniqueConstraint("guideline_id", "clause_id"),)
    guideline_id: Mapped[str] = refers_to("guideline_versions.id")
    clause_id: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    level: Mapped[int] = mapped_column(Integer)


class GuidelineDraft(Row):
    __tablename__ = "guideline_drafts"
    __table_args__ = (UniqueConstraint("project_id"),)
    project_id: Mapped[str] = refers_to("projects.id")
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    edited_by: Mapped[str | None] = refers_to("people.id", nullable=True)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GuidelinePicture(Row):
    """A picture of a guideline, in the media store under its SHA-256; written as `![...](picture:ID)`."""

    __tablename__ = "guideline_pictures"
    project_id: Mapped[str] = refers_to("projects.id", index=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content_type: Mapped[str] = mapped_column(String(100))
    byte_size: Mapped[int] = mapped_column(Integer)
    added_by: Mapped[str | None] = refers_to("people.id", nullable=True)
