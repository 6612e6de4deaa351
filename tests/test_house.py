"""The fixtures themselves: both databases are real, migrated and separate."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.db.migrate import is_current
from app.db.session import Database

INSERT = text("INSERT INTO organisations (id, created_at, name, kind) VALUES ('x', '2026-01-01', 'A', 'company')")


def test_a_test_database_stands_at_the_newest_revision(database: Database) -> None:
    assert is_current(database)


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    with pytest.raises(OperationalError if database.is_sqlite else ProgrammingError), database.write() as session:
        session.execute(INSERT)
        session.execute(text("SELECT no_such_column FROM organisations"))
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM organisations")) == 0
