"""Writing single rows where it is hot: statements put together once, no unit of work. Rows stay the session's own.

The unit of work of the ORM finds out by itself what changed, in which order it must be written; that costs ten times
the writing. Here the caller says both. What PostgreSQL can be told in one statement it is: SQLite is a call away, but
every way to a server and back costs more than a row's writing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from app.db import prepared
from app.db.base import Row
from app.db.loading import attach
from app.db.prepared import Rows

FEW = 16  # rows beside others that go with them in one statement, which is kept for each number of them
Change = tuple[Row, Mapping[str, Any]]
Statement = tuple[Any, Mapping[str, Any]]  # one that is put together once, and its values


@dataclass(frozen=True)
class Unless:
    """Rows, all with the same names, of which those are inserted that no other row with the same `unique` columns stands
    against.
    """

    kind: type[Row]
    rows: Sequence[Mapping[str, Any]]
    unique: tuple[str, ...]


def add(session: Session, *rows: Row, beside: Unless | None = None) -> None:
    """Inserts these, now, and with them what goes `beside` them; afterwards they are as if they had been read. Quickest for
    rows that were `made`.
    """
    is_sqlite = _is_sqlite(session)
    if beside and (is_sqlite or len(beside.rows) > FEW):
        add_unless_there(session, beside)
        beside = None
    if beside or (len(rows) > 1 and not is_sqlite):
        _add_at_once(session, rows, beside)
        return
    for row in rows:
        values = {key: value for key, value in vars(row).items() if key[0] != "_"}
        _hold(session, row, prepared.run(session, _inserting(type(row)), values).scalar_one())


def _add_at_once(session: Session, rows: Sequence[Row], beside: Unless | None) -> None:
    """Of rows that lack nothing that would have to be made up for them."""
    kinds = tuple(type(row) for row in rows)
    values = {f"{key}_{at}": value for at, row in enumerate(rows) for key, value in vars(row).items() if key[0] != "_"}
    given, trying = tuple(values), None
    if beside:
        values |= {f"{key}_beside_{at}": value for at, one in enumerate(beside.rows) for key, value in one.items()}
        trying = beside.kind, beside.unique, tuple(beside.rows[0]), len(beside.rows)
    found = prepared.run(session, _inserting_all(kinds, given, trying), values).one()
    for row, seq in zip(rows, found, strict=True):
        _hold(session, row, seq)


def _hold(session: Session, row: Row, seq: int) -> None:
    set_committed_value(row, "seq", seq)
    if instance_state(row).modified:
        make_transient_to_detached(row)
        session.add(row)
    else:
        attach(session, row)


def change(session: Session, *changes: Change, then: Statement | None = None) -> Rows:
    """Writes these columns of rows that the session holds, now. `then`: another update besides, whose rows are given."""
    found = Rows()
    for together, last in _at_once(session, changes, then):
        statement, values = last or (None, {})
        given = {f"{name}_{at}": value for at, (_, new) in enumerate(together) for name, value in new.items()}
        seqs = {f"this_row_{at}": row.seq for at, (row, _) in enumerate(together)}
        written = tuple((type(row), tuple(new)) for row, new in together)
        found = prepared.run(session, _updating(written, statement), {**given, **seqs, **values})
    for row, new in changes:
        for name, value in new.items():
            set_committed_value(row, name, value)
    return found


def _at_once(
    session: Session, changes: Sequence[Change], then: Statement | None
) -> list[tuple[Sequence[Change], Statement | None]]:
    if not _is_sqlite(session):
        return [(changes, then)] if changes or then else []
    return [*(([one], None) for one in changes), *([([], then)] if then else [])]


def add_unless_there(session: Session, adding: Unless) -> None:
    """Inserts those of them, now."""
    prepared.run_many(session, _trying(adding.kind, adding.unique, is_sqlite=_is_sqlite(session)), adding.rows)


def take(session: Session, kind: type[Row], row: Mapping[str, Any], *, unique: tuple[str, ...]) -> bool:
    """Whether this row is the first with its `unique` columns: one conditional write, whoever else is writing."""
    return bool(prepared.run(session, _taking(kind, unique, _is_sqlite(session)), row))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


@cache
def _inserting(kind: type[Row]) -> Any:
    return insert(kind.__table__).returning(kind.__table__.c.seq)  # type: ignore[arg-type]  # every row's table is one


@cache
def _inserting_all(
    kinds: tuple[type[Row], ...],
    given: tuple[str, ...],
    beside: tuple[type[Row], tuple[str, ...], tuple[str, ...], int] | None,
) -> Any:
    """`given`: each column with the place of its row. `beside`: kind, unique columns, columns, number of rows."""
    added = []
    for at, kind in enumerate(kinds):
        columns = [column for column in kind.__table__.c if f"{column.key}_{at}" in given]
        adding = insert(kind.__table__).values({one.key: bindparam(f"{one.key}_{at}") for one in columns})  # type: ignore[arg-type]  # every row's table is one
        added.append(adding.returning(kind.__table__.c.seq).cte(f"row_{at}"))
    adding_all = select(*(one.c.seq.label(f"seq_{at}") for at, one in enumerate(added)))
    if beside is None:
        return adding_all
    tried, unique, names, count = beside
    rows: Any = [{name: bindparam(f"{name}_beside_{at}") for name in names} for at in range(count)]
    return adding_all.add_cte(_trying(tried, unique, is_sqlite=False).values(rows).cte("beside"))


@cache
def _updating(changes: tuple[tuple[type[Row], tuple[str, ...]], ...], then: Any) -> Any:
    """Of each row its kind and the columns that are written."""
    updates = [
        update(kind.__table__)  # type: ignore[arg-type]  # every row's table is one
        .where(kind.__table__.c.seq == bindparam(f"this_row_{at}"))
        .values({name: bindparam(f"{name}_{at}") for name in names})
        for at, (kind, names) in enumerate(changes)
    ]
    *others, last = updates if then is None else [*updates, then]
    return last.add_cte(*(one.cte(f"change_{at}") for at, one in enumerate(others)))


@cache
def _trying(kind: type[Row], unique: tuple[str, ...], *, is_sqlite: bool) -> Any:
    adding: Any = (sqlite if is_sqlite else postgresql).insert(kind.__table__)
    return adding.on_conflict_do_nothing(index_elements=unique)


@cache
def _taking(kind: type[Row], unique: tuple[str, ...], is_sqlite: bool) -> Any:
    return _trying(kind, unique, is_sqlite=is_sqlite).returning(kind.__table__.c.seq)
