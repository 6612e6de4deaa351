"""Reading values where it is hot: a statement over tables, put together once, past the ORM, which would look for rows
to load among them and takes several times as long.
"""

from typing import Any

from sqlalchemy import Executable, FromClause
from sqlalchemy.orm import Session

from app.db import prepared
from app.db.base import Row
from app.db.prepared import Rows


def columns(kind: type[Row]) -> Any:
    """The table's own columns: `columns(Task).state`."""
    table: FromClause = kind.__table__
    return table.c


def read(session: Session, statement: Executable, **values: Any) -> Rows:
    """What was changed in this session and not written yet is written first, as for any other read."""
    session.flush()
    return prepared.run(session, statement, values)
