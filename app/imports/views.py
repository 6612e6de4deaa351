"""Imports as their pages and the API show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.imports import queries
from app.imports.models import Import, ImportFault
from app.imports.rules import ImportState
from app.jobs.models import Job
from app.jobs.rules import JobState


@dataclass(frozen=True)
class ImportLine:
    """One import: its row, and how its job stands. `failure` is why it ended, or why it is tried again."""

    row: Import
    state: ImportState
    failure: str | None

    @property
    def is_open(self) -> bool:
        return self.state in {ImportState.QUEUED, ImportState.RUNNING}


def lines(session: Session, imports: Sequence[Import]) -> list[ImportLine]:
    jobs = queries.jobs_of(session, imports)
    return [_line(one, jobs) for one in imports]


def line(session: Session, wanted: Import) -> ImportLine:
    return lines(session, [wanted])[0]


def import_json(session: Session, wanted: Import) -> dict[str, Any]:
    found = line(session, wanted)
    faults = [fault_json(fault) for fault in queries.first_faults(session, wanted.id)]
    return {
        "id": wanted.id,
        "state": found.state,
        "total": wanted.total,
        "done": wanted.done,
        "added": wanted.added,
        "same": wanted.same,
        "failed": wanted.failed,
        "reason": found.failure,
        "errors": faults,
    }


def fault_json(fault: ImportFault) -> dict[str, Any]:
    """`row` is a number in a manifest, a path in a folder."""
    word, _, number = fault.place.partition(" ")
    row = int(number) if word in {"line", "row"} and number.isdecimal() else fault.place
    return {"row": row, "message": fault.message}


def _line(one: Import, jobs: Mapping[str, Job]) -> ImportLine:
    job = jobs.get(one.job_id or "")
    if one.finished_at is not None or job is None:
        return ImportLine(one, ImportState.DONE, None)
    state = ImportState.FAILED if job.state == JobState.DROPPED else ImportState(job.state)
    return ImportLine(one, state, job.error if state != ImportState.CANCELLED else None)
