"""A full disk is one sentence, and nothing is half written."""

import pytest
from sqlalchemy import text

from app.db.session import Database
from app.errors import Unavailable


def test_a_full_database_says_so_and_keeps_what_was_there(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with (
        pytest.raises(Unavailable, match="disk of the database is full, so nothing was saved"),
        sqlite_database.write() as session,
    ):
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(2000):
            row = {"id": f"{number:032}", "name": "x" * 180 + str(number)}
            session.execute(
                text(
                    "INSERT INTO organisations (id, created_at, name, kind) VALUES (:id, '2026-01-01', :name, 'vendor')"
                ),
                row,
            )
    with sqlite_database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM organisations")) == 0
