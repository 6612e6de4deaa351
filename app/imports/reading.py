"""Rows of a manifest on their way in: a few at a time, their files stored and probed before any transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from app.assets import actions as assets
from app.assets import intake
from app.assets.intake import TakenPart
from app.assets.store import Store
from app.db.session import Database
from app.errors import AppError, Unavailable
from app.imports.formats.manifest import BadRow, Row
from app.imports.rules import FILES_A_BATCH, ROWS_A_BATCH
from app.projects.models import Project


@dataclass(frozen=True, slots=True)
class Taken:
    row: Row
    parts: list[TakenPart]


def batches(rows: Iterable[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    """A few rows at a time. Of two rows with one external id, the second comes when the first is written, so that its
    files are not kept where it is refused.
    """
    batch: list[Row | BadRow] = []
    named: set[str] = set()
    with_files = 0
    for row in rows:
        name = row.external_id if isinstance(row, Row) else None
        if len(batch) == ROWS_A_BATCH or with_files == FILES_A_BATCH or name in named:
            yield batch
            batch, named, with_files = [], set(), 0
        batch.append(row)
        if isinstance(row, Row):
            named.add(row.external_id)
            with_files += brings_files(row)
    if batch:
        yield batch


def brings_files(row: Row) -> bool:
    for part in row.parts:  # asked of every row: a generator would cost more than the question  # noqa: SIM110  # as said
        if part.text is None:
            return True
    return False


def take(
    database: Database, store: Store, into: Project, rows: Sequence[Row | BadRow], pool: Executor
) -> list[Taken | BadRow]:
    """Files are stored and probed several at a time, with no transaction open."""
    coming = [
        pool.submit(_take_files, database, store, into, row)
        if isinstance(row, Row) and brings_files(row)
        else _take_text(row)
        for row in rows
    ]
    return [one.result() if isinstance(one, Future) else one for one in coming]


def _take_text(row: Row | BadRow) -> Taken | BadRow:
    if isinstance(row, BadRow):
        return row
    return _refusable(
        row, lambda: intake.take_texts(external_id=row.external_id, metadata=row.metadata, parts=row.parts)
    )


def _take_files(database: Database, store: Store, into: Project, row: Row) -> Taken | BadRow:
    def refuse(taken: Sequence[TakenPart]) -> None:
        with database.read() as session:
            assets.refuse_conflict(session, into.id, external_id=row.external_id, metadata=row.metadata, parts=taken)

    return _refusable(
        row,
        lambda: intake.take_all(
            store, external_id=row.external_id, metadata=row.metadata, parts=row.parts, admit=refuse
        ),
    )


def _refusable(row: Row, take: Callable[[], list[TakenPart]]) -> Taken | BadRow:
    try:
        return Taken(row, take())
    except Unavailable:
        raise  # a full disk is nothing a row can help
    except AppError as refused:
        return BadRow(row.place, reason(refused))
    except OSError as failure:
        return BadRow(row.place, f"The file cannot be read: {failure.strerror}.")


def reason(refused: AppError) -> str:
    return " ".join(problem.message for problem in refused.problems) or refused.sentence
