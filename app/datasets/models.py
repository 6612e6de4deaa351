"""Exports: a selection of labels written as one file by a background job."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Id, Row, refers_to
from app.db.types import Json, UtcDateTime


class Export(Row):
    __tablename__ = "exports"
    project_id: Mapped[str] = refers_to("projects.id", index=True)
    requested_by: Mapped[str | None] = refers_to("people.id", nullable=True)
    format: Mapped[str] = mapped_column(String(20))
    selection: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    job_id: Mapped[Id | None]
    state: Mapped[str] = mapped_column(String(20), default="queued")  # queued, running, done, failed
    failure: Mapped[str | None] = mapped_column(Text)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    byte_size: Mapped[int | None] = mapped_column(BigInteger)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
