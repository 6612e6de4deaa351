"""Importing: at once for the command line, by a background job for the page and the API.

A bad row never stops the rest: it is reported with its place and its reason. A job keeps in each transaction how many rows
it has written, so that the next run goes on with the row after them.
"""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.assets.sandbox.calling import CHILDREN_AT_ONCE
from app.assets.store import Store
from app.clock import Clock
from app.db.session import Database
from app.errors import Invalid, NotFound, Problem
from app.imports import formats, queries, reading, uploads, writing
from app.imports.models import Import, ImportFault
from app.imports.rules import IMPORT_JOB
from app.imports.writing import Outcome
from app.jobs import actions as jobs
from app.jobs.rules import GiveUp
from app.jobs.runs import Run
from app.people.models import Person
from app.projects import queries as projects
from app.projects.models import Project

Advance = Callable[[int, int | None], None]
Tell = Callable[[str, str], None]
COLLECTING = (50_000, 20, 50)


@dataclass
class Report:
    added: int = 0
    same: int = 0
    failed: int = 0


def import_into(
    database: Database,
    store: Store,
    *,
    project: str,
    path: Path,
    format_name: str | None = None,
    progress: Advance | None = None,
    tell: Tell,
    clock: Clock,
    person: Person | None = None,
) -> Report:
    """Imports a manifest, a folder or an archive into a project (slug or id), telling of every refused row its place and
    the reason. Raises `Invalid` where there is nothing to read.
    """
    with database.read() as session:
        into = projects.find_project(session, project)
    if into is None:
        raise NotFound(f"There is no project {project}.")
    report = Report()
    done = 0
    try:
        if not path.exists():
            raise Invalid(f"There is nothing at {path}.")
        with formats.opened(path, format_name) as (manifest, reader), _pool() as pool, _rarely_collecting():
            total = reader.count(manifest)
            for rows in reading.batches(reader.read(manifest)):
                taken = reading.take(database, store, into, rows, pool)
                with database.write() as session:
                    outcome = writing.write(session, store, taken, project=into, person=person, clock=clock)
                report.added += outcome.added
                report.same += outcome.same
                report.failed += len(outcome.refused)
                for place, reason in outcome.refused:
                    tell(place, reason)
                done += len(rows)
                if progress is not None:
                    progress(done, max(done, total))
    except OSError as failure:
        raise Invalid(f"{path} cannot be read: {failure.strerror}.") from None
    if done == 0:
        raise Invalid(f"There is no ad in {path}, so nothing was imported.")
    return report


def request_import(
    session: Session,
    import_id: str,
    *,
    project: Project,
    person: Person,
    file_name: str,
    format_name: str | None,
    clock: Clock,
) -> Import:
    """Leaves an import to the background; its file is in `uploads` already, under this id. Raises `Invalid` for a format
    there is not.
    """
    if format_name is not None and format_name not in formats.FORMATS:
        problem = Problem("/format", f"is not one of {', '.join(formats.FORMATS)}")
        raise Invalid(f"There is no format {format_name}, so nothing was imported.", problems=[problem])
    job = jobs.enqueue(session, IMPORT_JOB, {"import": import_id}, clock=clock, project_id=project.id)
    session.flush()
    wanted = Import(
        id=import_id, created_at=clock(), project_id=project.id, requested_by=person.id, file_name=file_name,
        format=format_name, job_id=job.id, done=0, added=0, same=0, failed=0,
    )  # fmt: skip
    session.add(wanted)
    session.flush()
    return wanted


def run_import(database: Database, store: Store, folder: Path, import_id: str, *, run: Run, clock: Clock) -> None:
    """What the job does. Goes on with the row after the last one written."""
    with database.read() as session:
        wanted, into, person = queries.import_with_its_own(session, import_id)
    path = uploads.path_of(folder, import_id)
    if not path.is_file():
        raise GiveUp("The file is not kept any more. Bring it again.")
    with (
        formats.opened(path, wanted.format, name=wanted.file_name) as (manifest, reader),
        _pool() as pool,
        _rarely_collecting(),
    ):
        done = run.checkpoint.get("rows", 0)
        total = max(done, reader.count(manifest))
        run.update(done, total)
        for rows in reading.batches(islice(reader.read(manifest), done, None)):
            run.rest()
            taken = reading.take(database, store, into, rows, pool)
            done += len(rows)
            total = max(done, total)
            with run.write() as session:
                outcome = writing.write(session, store, taken, project=into, person=person, clock=clock)
                _note(session, import_id, outcome, done=done, total=total, clock=clock)
                run.note_checkpoint(session, {"rows": done}, done=done, total=total)
    if done == 0:
        raise GiveUp(f"There is no ad in {wanted.file_name}, so nothing was imported.")
    with run.write() as session:
        session.execute(update(Import).where(Import.id == import_id).values(finished_at=clock(), total=done))
    uploads.remove(folder, import_id)


def _note(session: Session, import_id: str, outcome: Outcome, *, done: int, total: int, clock: Clock) -> None:
    session.execute(
        update(Import)
        .where(Import.id == import_id)
        .values(
            done=done, total=total, added=Import.added + outcome.added, same=Import.same + outcome.same,
            failed=Import.failed + len(outcome.refused),
        )
    )  # fmt: skip
    now = clock()
    session.add_all(
        ImportFault(created_at=now, import_id=import_id, place=place[:1000], message=reason)
        for place, reason in outcome.refused
    )


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """A batch is tens of thousands of objects and none in a cycle: looking for cycles among them took a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(*COLLECTING)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(CHILDREN_AT_ONCE, thread_name_prefix="fasit-import")
