"""Undoing a part of a transaction where several write at once and another was quicker."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

HOPES = "hopes"  # in `session.info`


class Overtaken(Exception):
    """All that this transaction wrote is to be undone, and its work done again."""


@contextmanager
def undone_alone(session: Session, *lost: type[Exception]) -> Iterator[None]:
    """What one of `lost` ends in here is undone without the rest. A session that `HOPES` saves the two savepoints' way
    to the database, and is undone whole then, by `Overtaken`. SQLite has one writer, whom nobody overtakes.
    """
    if session.get_bind().dialect.name == "sqlite":
        yield
    elif session.info.get(HOPES):
        try:
            yield
        except lost as failure:
            raise Overtaken from failure
    else:
        with session.begin_nested():
            yield
