"""What is said where the database does not do what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import Unavailable

# What SQLite calls operational but is a wrong statement of ours: not to be told as "the database does not answer".
OUR_FAULTS = ("no such", "near ", "table ", "ambiguous")

FULL_DISK = ("disk is full", "No space left on device")
BROKEN_FILES = ("file is not a database", "database disk image is malformed")


@contextmanager
def answering() -> Iterator[None]:
    """Turns a database that does not answer, or a full disk, into one sentence."""
    try:
        yield
    except (DatabaseError, PoolTimeout) as failure:
        reason = _first_line(failure)
        expected = isinstance(failure, OperationalError | PoolTimeout) or reason.startswith(BROKEN_FILES)
        if not expected or reason.startswith(OUR_FAULTS):
            raise
        if any(words in reason for words in FULL_DISK):  # nothing in it that only those who run Fasit may read
            full = "The disk of the database is full, so nothing was saved. Free some space and try again."
            raise Unavailable(full) from failure.__cause__
        raise Unavailable(f"The database could not do this, so nothing was saved: {reason}.") from failure


def _first_line(failure: SQLAlchemyError) -> str:
    return str(getattr(failure, "orig", failure)).strip().splitlines()[0].rstrip(".")
