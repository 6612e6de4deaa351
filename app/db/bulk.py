"""Many rows straight to the driver: what the ORM adds to each row costs more than the database does."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.db.base import Row

DEADLOCK = "40P01"  # SQLSTATE, PostgreSQL manual, appendix A


def insert_rows(
    session: Session, table: type[Row], columns: Mapping[str, Sequence[Any]], *, same: Mapping[str, Any]
) -> None:
    """Inserts rows given column by column, by the names of the table's attributes; `same` holds the values that all of
    them have. Nothing is filled in but `seq`. Raises `IntegrityError` as any insert.
    """
    described = table.__table__
    assert isinstance(described, Table)
    connection = session.connection()
    by_attribute = {one.key: one.columns[0] for one in table.__mapper__.column_attrs}
    count = len(next(iter(columns.values())))
    values = [_bound(by_attribute[name].type, given, connection.dialect) for name, given in columns.items()]
    for name, value in same.items():
        values.append(_bound(by_attribute[name].type, [value], connection.dialect) * count)
    names = ", ".join(f'"{by_attribute[name].name}"' for name in (*columns, *same))
    rows = list(zip(*values, strict=True))
    if connection.dialect.name == "postgresql":
        _copy(connection, f'COPY "{described.name}" ({names}) FROM STDIN', rows)
    else:
        marks = ", ".join("?" * len(values))
        statement = f'INSERT INTO "{described.name}" ({names}) VALUES ({marks})'  # noqa: S608  # names of our own tables
        connection.exec_driver_sql(statement, rows)


def _bound(kind: TypeEngine[Any], values: Sequence[Any], dialect: Dialect) -> list[Any]:
    """As the type of a column hands them to the driver."""
    bind = kind.dialect_impl(dialect).bind_processor(dialect)
    return list(values) if bind is None else [bind(value) for value in values]


def _copy(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as refused:
        kinds = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(statement, None, refused, kinds, dialect=connection.dialect) from refused


def was_deadlock(failure: DBAPIError) -> bool:
    """Whether this transaction was chosen to give way to one that waited for it, as it waited for that one."""
    return getattr(failure.orig, "sqlstate", None) == DEADLOCK
