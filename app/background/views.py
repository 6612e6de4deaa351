"""Background work as its page and the API show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.background import queries
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.jobs.runs import Kind
from app.web.filters import iso


@dataclass(frozen=True)
class JobLine:
    job: Job
    title: str
    project: str | None
    may_cancel: bool


@dataclass(frozen=True)
class Crowd:
    """All jobs of one kind in one state."""

    kind: str
    title: str
    count: int


@dataclass(frozen=True)
class Overview:
    open: list[JobLine]
    ended: list[JobLine]
    failed: list[JobLine]
    running: list[Crowd]
    waiting: list[Crowd]
    failing: list[Crowd]

    @property
    def open_beyond(self) -> int:
        """How many are open besides those shown."""
        return sum(crowd.count for crowd in (*self.running, *self.waiting)) - len(self.open)


def overview(session: Session, kinds: Mapping[str, Kind], failed: Sequence[Job]) -> Overview:
    """`failed`: the page of failures to show."""
    open_, ended = queries.open_jobs(session), queries.ended_jobs(session)
    names = queries.project_names(session, [*open_, *ended, *failed])
    counts = queries.counts(session)

    def lines(jobs: Sequence[Job]) -> list[JobLine]:
        return [_line(job, kinds, names) for job in jobs]

    def crowds(wanted: JobState) -> list[Crowd]:
        return [
            Crowd(kind, _title(kind, kinds), count)
            for (state, kind), count in sorted(counts.items(), key=lambda item: -item[1])
            if state == wanted
        ]

    return Overview(
        lines(open_), lines(ended), lines(failed),
        crowds(JobState.RUNNING), crowds(JobState.QUEUED), crowds(JobState.FAILED),
    )  # fmt: skip


def job_json(job: Job, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "title": _title(job.kind, kinds),
        "project": job.project_id,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "attempts": job.attempts,
        "reason": job.error,
        "created_at": iso(job.created_at),
        "run_after": iso(job.run_after),
        "finished_at": iso(job.finished_at) or None,
    }


def _line(job: Job, kinds: Mapping[str, Kind], names: Mapping[str, str]) -> JobLine:
    kind = kinds.get(job.kind)
    return JobLine(job, _title(job.kind, kinds), names.get(job.project_id or ""), kind is not None and kind.may_cancel)


def _title(kind: str, kinds: Mapping[str, Kind]) -> str:
    return kinds[kind].title if kind in kinds else kind
