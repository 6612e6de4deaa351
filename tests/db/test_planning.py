"""PostgreSQL plans prepared statements once: what was planned while a table was empty is planned anew when it has filled."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text

from app.db import session as sessions
from app.db.reading import read
from app.db.session import Database
from app.queues import slots

pytestmark = pytest.mark.postgresql
LOOK_UP = text("SELECT number FROM filling WHERE number = :number")
KEPT_PLAN = text("SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT number FROM filling%'")


@pytest.fixture
def filling(postgresql_database: Database) -> Iterator[Database]:
    """With an empty table, known to be empty, that nobody analyzes by itself."""
    with postgresql_database.write() as session:
        session.execute(text("CREATE TABLE filling (number integer PRIMARY KEY) WITH (autovacuum_enabled = false)"))
        session.execute(text("ANALYZE filling"))
    yield postgresql_database
    with postgresql_database.write() as session:
        session.execute(text("DROP TABLE filling"))


def plan_of_look_up(database: Database) -> str:
    with database.write() as session:
        name = session.scalars(KEPT_PLAN).one()
        return "\n".join(session.scalars(text(f"EXPLAIN EXECUTE {name}(7)")))


def test_a_connection_plans_anew_after_a_while(filling: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with filling.write() as session:
        for _ in range(10):  # the first five times PostgreSQL plans with the values, and keeps nothing
            read(session, LOOK_UP, number=7)
    with filling.write() as session:
        session.execute(text("INSERT INTO filling SELECT generate_series(1, 20000)"))
    assert "Seq Scan" in plan_of_look_up(filling)

    monkeypatch.setattr(sessions, "PLANS_S", 0.0)
    assert "Index" in plan_of_look_up(filling)
    assert "Seq Scan" not in plan_of_look_up(filling)


def test_a_connection_that_was_lost_meanwhile_is_made_anew(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = text("SELECT pg_backend_pid()")
    with postgresql_database.write() as session:
        before = session.scalar(own)
    address = postgresql_database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [before])
    monkeypatch.setattr(sessions, "PLANS_S", 0.0)
    with postgresql_database.write() as session:
        assert session.scalar(own) != before


@pytest.mark.parametrize("found", [slots._BEGUN, slots._RETURNED, slots._FRESH, slots._RESERVED])
def test_what_a_person_had_is_looked_up_of_one_task_at_a_time(postgresql_database: Database, found: str) -> None:
    values = {"queue": "q", "person": "p", "reached": ""}
    with postgresql_database.write() as session:
        plan = "\n".join(session.scalars(text(f"EXPLAIN {found}"), values))
    assert "Anti Join" not in plan
    assert "SubPlan" in plan
