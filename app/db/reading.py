"""Reading values where it is hot: a statement over tables, put together once, past the ORM, which would look for rows
to load among them and takes three times as long.
"""

from typing import Any

from sqlalchemy import CursorResult, Executable, FromClause
from sqlalchemy.orm import Session

from app.db.base import Row


def columns(kind: type[Row]) -> Any:
    """The table's own columns: `columns(Task).state`."""
    table: FromClause = kind.__table__
    return table.c


def read(session: Session, statement: Executable, **values: Any) -> CursorResult[Any]:
    """What was changed in this session and not written yet is written first, as for any other read."""
    session.flush()
    return session.connection().execute(statement, values)
