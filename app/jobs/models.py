"""The job table: background work, written in the same transaction as the data it is about."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Id, Row
from app.db.types import Json, UtcDateTime


class Job(Row):
    """`token` names the one run that may write for the job. `checkpoint` is where the next run goes on."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_kind_run_after", "state", "kind", "run_after"),)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    project_id: Mapped[Id | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20), default="queued")  # a JobState
    attempts: Mapped[int] = mapped_column(Integer, default=0)  # since it last came forward
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    token: Mapped[Id | None]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int | None] = mapped_column(Integer)
    checkpoint: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error: Mapped[str | None] = mapped_column(Text)
