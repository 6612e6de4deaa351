"""Exporting labels: at once for the command line, by a background job for the page."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.clock import Clock
from app.datasets import queries, writing
from app.datasets.formats import FORMATS
from app.datasets.formats.format import Format
from app.datasets.models import Export
from app.datasets.rules import EXPORT_JOB, ExportState, file_name
from app.datasets.writing import Advance, Written
from app.db.session import Database
from app.errors import Invalid, NotFound, Problem
from app.jobs import actions as jobs
from app.jobs.runs import Run
from app.labels import queries as labels
from app.labels.rules import LabelStatus
from app.people.models import Person
from app.projects.models import Project


def find_format(name: str) -> Format:
    found = FORMATS.get(name)
    if found is None:
        problem = Problem("/format", f"is not one of {', '.join(FORMATS)}")
        raise Invalid(f"There is no format {name}, so nothing was exported.", problems=[problem])
    return found


def export_to(
    database: Database,
    *,
    project: Project,
    format_name: str,
    out: Path,
    selection: Mapping[str, Any],
    progress: Advance,
) -> Path:
    """Writes the selected labels into the folder `out`. Raises `Invalid` for a format or status there is not."""
    format_ = find_format(format_name)
    _check(selection)
    path = out / file_name(project.slug, format_.suffix)
    return _write(database, project.id, format_, path, selection, progress).path


def request_export(
    session: Session, *, project: Project, person: Person, format_name: str, selection: Mapping[str, Any], clock: Clock
) -> Export:
    """Leaves an export to the background."""
    format_ = find_format(format_name)
    _check(selection)
    export = Export(
        project_id=project.id,
        requested_by=person.id,
        format=format_.name,
        selection=dict(selection),
        state=ExportState.QUEUED,
        created_at=clock(),
    )
    session.add(export)
    session.flush()
    job = jobs.enqueue(session, EXPORT_JOB, {"export": export.id}, clock=clock, project_id=project.id)
    session.flush()
    export.job_id = job.id
    return export


def run_export(database: Database, folder: Path, export_id: str, *, run: Run, clock: Clock) -> None:
    """What the job does. May be repeated: the file is replaced as a whole, by the run that still holds the job."""
    with run.write() as session:
        export = _find(session, export_id)
        export.state = ExportState.RUNNING
        project_id, format_, selection = export.project_id, find_format(export.format), export.selection
    apart = folder / f"{export_id}.{secrets.token_hex(4)}"
    try:
        written = _write(database, project_id, format_, apart, selection, _rest_and_report(run))
        with run.write() as session:
            export = _find(session, export_id)
            _finish(export, written, clock)
            session.flush()
            writing.rename(apart, folder / export_id)
    finally:
        with suppress(OSError):
            apart.unlink()


def _rest_and_report(run: Run) -> Advance:
    def report(done: int, total: int | None) -> None:
        run.rest()
        run.update(done, total or done)

    return report


def _finish(export: Export, written: Written, clock: Clock) -> None:
    export.state = ExportState.DONE
    export.done = export.total = written.rows
    export.sha256, export.byte_size = written.sha256, written.byte_size
    export.finished_at = clock()


def _write(
    database: Database, project_id: str, format_: Format, path: Path, selection: Mapping[str, Any], progress: Advance
) -> Written:
    with database.read() as session:
        bodies = queries.schema_bodies(session, project_id)
        total = queries.count_revisions(session, project_id, selection)
    rows = (format_.row(label, bodies) for label in labels.stream(database, project_id, selection=selection))
    return writing.write_rows(path, format_.head(bodies), rows, total=total, progress=progress)


def _check(selection: Mapping[str, Any]) -> None:
    statuses = [str(status) for status in LabelStatus]
    for status in selection.get("status", ()):
        if status not in statuses:
            problem = Problem("/status", f"is not one of {', '.join(statuses)}")
            raise Invalid(f"There is no status {status}, so nothing was exported.", problems=[problem])


def _find(session: Session, export_id: str) -> Export:
    export = queries.find_export(session, export_id)
    if export is None:
        raise NotFound("This export is not there any more.")
    return export
