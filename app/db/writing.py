"""Writing single rows where it is hot: statements put together once, no unit of work. Rows stay the session's own.

The unit of work of the ORM finds out by itself what changed, in which order it must be written; that costs ten times
the writing. Here the caller says both.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from app.db import prepared
from app.db.base import Row
from app.db.loading import attach


def add(session: Session, row: Row) -> None:
    """Inserts a row, now; afterwards it is as if it had been read. Quickest for one that was `made`."""
    values = {key: value for key, value in vars(row).items() if key[0] != "_"}
    set_committed_value(row, "seq", prepared.run(session, _inserting(type(row)), values).scalar_one())
    if instance_state(row).modified:
        make_transient_to_detached(row)
        session.add(row)
    else:
        attach(session, row)


def change(session: Session, row: Row, **values: Any) -> None:
    """Writes these columns of a row that the session holds, now."""
    prepared.run(session, _updating(type(row), tuple(values)), {**values, "this_row": row.seq})
    for name, value in values.items():
        set_committed_value(row, name, value)


def add_unless_there(
    session: Session, kind: type[Row], rows: Sequence[Mapping[str, Any]], *, unique: tuple[str, ...]
) -> None:
    """Inserts those rows that no other row with the same `unique` columns stands against."""
    prepared.run_many(session, _trying(kind, unique, _is_sqlite(session)), rows)


def take(session: Session, kind: type[Row], row: Mapping[str, Any], *, unique: tuple[str, ...]) -> bool:
    """Whether this row is the first with its `unique` columns: one conditional write, whoever else is writing."""
    return bool(prepared.run(session, _taking(kind, unique, _is_sqlite(session)), row))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


@cache
def _inserting(kind: type[Row]) -> Any:
    return insert(kind.__table__).returning(kind.__table__.c.seq)  # type: ignore[arg-type]  # every row's table is one


@cache
def _updating(kind: type[Row], names: tuple[str, ...]) -> Update:
    table = kind.__table__
    return update(table).where(table.c.seq == bindparam("this_row")).values({name: bindparam(name) for name in names})  # type: ignore[arg-type]  # every row's table is one


@cache
def _trying(kind: type[Row], unique: tuple[str, ...], is_sqlite: bool) -> Any:
    adding: Any = (sqlite if is_sqlite else postgresql).insert(kind.__table__)
    return adding.on_conflict_do_nothing(index_elements=unique)


@cache
def _taking(kind: type[Row], unique: tuple[str, ...], is_sqlite: bool) -> Any:
    return _trying(kind, unique, is_sqlite).returning(kind.__table__.c.seq)
