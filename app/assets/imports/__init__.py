"""Bringing in many ads at once: one file per format of manifest, one line each in FORMATS.

A bad row never stops the rest: it is reported with its place and its reason. Rows are stored and probed first, several at a
time, and then written in short transactions, so that nobody who labels waits for an import.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from sqlalchemy.orm import Session

from app.assets import actions, intake
from app.assets.imports import csv, folder, jsonl
from app.assets.imports.rows import BadRow, Row
from app.assets.intake import TakenPart
from app.assets.sandbox.calling import CHILDREN_AT_ONCE
from app.assets.store import Store
from app.clock import Clock
from app.db.session import Database
from app.errors import AppError, Invalid, NotFound, Unavailable
from app.people.models import Person
from app.projects import queries as projects
from app.projects.models import Project

FORMATS: dict[str, ModuleType] = {one.NAME: one for one in (jsonl, csv, folder)}
MANIFESTS = ("manifest.jsonl", "manifest.csv")
BATCH = 20

Advance = Callable[[int, int | None], None]


@dataclass
class Report:
    """`refused` are (place, reason) pairs."""

    added: int = 0
    same: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Taken:
    row: Row
    parts: list[TakenPart]


def import_into(
    database: Database,
    store: Store,
    *,
    project: str,
    path: Path,
    format_name: str | None = None,
    progress: Advance | None = None,
    clock: Clock,
    person: Person | None = None,
) -> Report:
    """Imports a manifest or a folder into a project (slug or id). Raises `Invalid` where there is nothing to read."""
    with database.read() as session:
        into = projects.find_project(session, project)
    if into is None:
        raise NotFound(f"There is no project {project}.")
    try:
        path, reader = _reader(path, format_name)
        total = reader.count(path)
    except OSError as failure:
        raise Invalid(f"{path} cannot be read: {failure.strerror}.") from None
    report = Report()
    done = 0
    with ThreadPoolExecutor(CHILDREN_AT_ONCE, thread_name_prefix="fasit-import") as pool:
        for rows in _batches(reader.read(path)):
            taken = list(pool.map(lambda row: _take(database, store, into, row), rows))
            with database.write() as session:
                for one in taken:
                    _add(session, store, into, one, report, clock=clock, person=person)
            done += len(rows)
            if progress is not None:
                progress(done, max(done, total))
    if done == 0:
        raise Invalid(f"There is no ad in {path}, so nothing was imported.")
    return report


def _reader(path: Path, format_name: str | None) -> tuple[Path, ModuleType]:
    if not path.exists():
        raise Invalid(f"There is nothing at {path}.")
    if format_name is None and path.is_dir():
        path = next((path / name for name in MANIFESTS if (path / name).is_file()), path)
    if format_name is not None and format_name not in FORMATS:
        raise Invalid(f"There is no format {format_name}. There are: {', '.join(FORMATS)}.")
    reader = FORMATS.get(format_name or "") or next((one for one in FORMATS.values() if one.fits(path)), None)
    if reader is None:
        raise Invalid(f"What format {path} has cannot be told from its name. Say it with --format.")
    if path.is_dir() != (reader is folder):
        raise Invalid(f"{path} is {'a folder' if path.is_dir() else 'a file'}, which the format {reader.NAME} is not.")
    return path, reader


def _batches(rows: Iterable[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    """A few rows at a time. Of two rows with one external id, the second comes when the first is written, so that its
    files are not kept where it is refused.
    """
    batch: list[Row | BadRow] = []
    named: set[str] = set()
    for row in rows:
        name = row.external_id if isinstance(row, Row) else None
        if len(batch) == BATCH or name in named:
            yield batch
            batch, named = [], set()
        batch.append(row)
        if name is not None:
            named.add(name)
    if batch:
        yield batch


def _take(database: Database, store: Store, into: Project, row: Row | BadRow) -> _Taken | BadRow:
    """Stores and probes a row's files; no transaction is open."""
    if isinstance(row, BadRow):
        return row

    def refuse(taken: Sequence[TakenPart]) -> None:
        with database.read() as session:
            actions.refuse_conflict(session, into.id, external_id=row.external_id, metadata=row.metadata, parts=taken)

    try:
        taken = intake.take_all(
            store, external_id=row.external_id, metadata=row.metadata, parts=row.parts, admit=refuse
        )
        return _Taken(row, taken)
    except Unavailable:
        raise  # a full disk is nothing a row can help
    except AppError as refused:
        return BadRow(row.place, _reason(refused))
    except OSError as failure:
        return BadRow(row.place, f"The file cannot be read: {failure.strerror}.")


def _add(
    session: Session,
    store: Store,
    project: Project,
    one: _Taken | BadRow,
    report: Report,
    *,
    clock: Clock,
    person: Person | None,
) -> None:
    if isinstance(one, BadRow):
        report.refused.append((one.place, one.reason))
        return
    try:
        with session.begin_nested():
            _, new = actions.add_asset(
                session, store, project=project, external_id=one.row.external_id, metadata=one.row.metadata,
                parts=one.parts, person=person, clock=clock,
            )  # fmt: skip
    except Unavailable:
        raise
    except AppError as refused:
        report.refused.append((one.row.place, _reason(refused)))
    else:
        report.added += new
        report.same += not new


def _reason(refused: AppError) -> str:
    return " ".join(problem.message for problem in refused.problems) or refused.sentence
