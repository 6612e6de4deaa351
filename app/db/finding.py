"""Finding one row by its public id."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.base import Row

R = TypeVar("R", bound=Row)


def by_id(session: Session, table: type[R], row_id: str | None) -> R | None:
    """The row with this public id, or None."""
    if row_id is None:
        return None
    return session.scalar(select(table).where(table.id == row_id))
