"""Background work as its page and the API show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from app.background import queries
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.jobs.runs import SHARE, About, Kind
from app.web.filters import grouped, iso


@dataclass(frozen=True)
class JobLine:
    job: Job
    title: str
    project: str | None
    may_cancel: bool
    may_wait: bool  # as `Kind.may_wait`
    about: About | None
    counts: str  # as `Kind.counts`


@dataclass(frozen=True)
class Ended:
    """Jobs that ended one after the other and differ in nothing that is shown. `last`: the newest of them."""

    last: JobLine
    count: int
    done: int

    @property
    def done_in_words(self) -> str:
        """With what it counts; empty where nothing was counted, or something else by each job."""
        counts = self.last.counts
        if not self.done or counts == SHARE:
            return ""
        return f"{grouped(self.done)} {counts.removesuffix('s') if self.done == 1 else counts}".strip()


@dataclass(frozen=True)
class Crowd:
    """All jobs of one kind in one state."""

    kind: str
    title: str
    count: int


@dataclass(frozen=True)
class Overview:
    open: list[JobLine]
    ended: list[Ended]
    failed: list[JobLine]
    running: list[Crowd]
    waiting: list[Crowd]
    failing: list[Crowd]

    @property
    def running_now(self) -> list[JobLine]:
        return [line for line in self.open if line.job.state == JobState.RUNNING]

    @property
    def waiting_first(self) -> list[JobLine]:
        return [line for line in self.open if line.job.state == JobState.QUEUED]

    @property
    def failing_in_all(self) -> int:
        return sum(crowd.count for crowd in self.failing)

    @property
    def open_beyond(self) -> int:
        """How many are open besides those shown."""
        return sum(crowd.count for crowd in (*self.running, *self.waiting)) - len(self.open)


def overview(session: Session, kinds: Mapping[str, Kind], failed: Sequence[Job]) -> Overview:
    """`failed`: the page of failures to show."""
    open_, ended = queries.open_jobs(session), queries.ended_jobs(session)
    shown = [*open_, *ended, *failed]
    names, abouts = queries.project_names(session, shown), _abouts(session, kinds, shown)
    counts = queries.counts(session)

    def lines(jobs: Sequence[Job]) -> list[JobLine]:
        return [_line(job, kinds, names, abouts.get(job.id)) for job in jobs]

    def crowds(wanted: JobState) -> list[Crowd]:
        return [
            Crowd(kind, _title(kind, kinds), count)
            for (state, kind), count in sorted(counts.items(), key=lambda item: -item[1])
            if state == wanted
        ]

    return Overview(
        lines(open_), folded(lines(ended)), lines(failed),
        crowds(JobState.RUNNING), crowds(JobState.QUEUED), crowds(JobState.FAILED),
    )  # fmt: skip


def folded(ended: Sequence[JobLine]) -> list[Ended]:
    """Those alike that follow one another as one."""

    def look(line: JobLine) -> tuple[str, str | None, str, About | None]:
        return line.title, line.project, line.job.state, line.about

    crowds = [list(alike) for _, alike in groupby(ended, key=look)]
    return [Ended(alike[0], len(alike), sum(line.job.done for line in alike)) for alike in crowds]


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


def _abouts(session: Session, kinds: Mapping[str, Kind], jobs: Sequence[Job]) -> dict[str, About]:
    found: dict[str, About] = {}
    for name, kind in kinds.items():
        of_kind = [job for job in jobs if job.kind == name]
        if kind.about is not None and of_kind:
            found |= kind.about(session, of_kind)
    return found


def _line(job: Job, kinds: Mapping[str, Kind], names: Mapping[str, str], about: About | None) -> JobLine:
    kind = kinds.get(job.kind)
    may_cancel, may_wait = (False, False) if kind is None else (kind.may_cancel, kind.may_wait)
    counts = "" if kind is None else kind.counts
    return JobLine(job, _title(job.kind, kinds), names.get(job.project_id or ""), may_cancel, may_wait, about, counts)


def _title(kind: str, kinds: Mapping[str, Kind]) -> str:
    return kinds[kind].title if kind in kinds else kind
