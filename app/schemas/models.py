"""Label schemas: one draft a name while it is written, and immutable published versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Row, refers_to
from app.db.types import Json, UtcDateTime


class SchemaVersion(Row):
    """Published and immutable. `version` is one series a project across schema names."""

    __tablename__ = "schema_versions"
    __table_args__ = (UniqueConstraint("project_id", "version"), UniqueConstraint("project_id", "content_hash"))
    project_id: Mapped[str] = refers_to("projects.id")
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[str | None] = refers_to("people.id", nullable=True)


class SchemaDraft(Row):
    """The text as typed, faults and all."""

    __tablename__ = "schema_drafts"
    project_id: Mapped[str] = refers_to("projects.id", index=True)
    name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    edited_by: Mapped[str | None] = refers_to("people.id", nullable=True)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
