"""PostgreSQL, where many write at once: who was overtaken is done again, and what a connection has prepared is kept."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.reading import read
from app.db.session import Database
from app.db.undoing import undone_alone
from app.people.models import Organisation
from tests.conftest import FakeClock
from tests.databases import WAITING_FOR_US

pytestmark = pytest.mark.postgresql
PREPARED = text("SELECT statement FROM pg_prepared_statements")
# PostgreSQL undoes the one who notices, who looks once, after a second by default; this one does not get to look.
NEVER_NOTICES = text("SET LOCAL deadlock_timeout = '1h'")


@pytest.fixture
def database(postgresql_database: Database, clock: FakeClock) -> Database:
    with postgresql_database.write() as session:
        session.add(Organisation(created_at=clock(), name="Nordlys", kind="vendor"))
    return postgresql_database


def in_one_thread(database: Database, work: Any, *, writes: bool) -> Any:
    """In a thread that has no loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(database.in_one_thread(work, writes=writes))).result()


def test_who_is_overtaken_is_done_again_and_is_then_undone_alone(database: Database, clock: FakeClock) -> None:
    runs = []

    def work(session: Session) -> bool:
        runs.append(True)
        session.add(Organisation(created_at=clock(), name=f"Team {len(runs)}", kind="vendor"))
        session.flush()
        try:
            with undone_alone(session, IntegrityError):
                session.add(Organisation(created_at=clock(), name="Nordlys", kind="vendor"))
                session.flush()
        except IntegrityError:
            return True
        return False

    was_refused = in_one_thread(database, work, writes=True)
    with database.read() as session:
        names = session.scalars(select(Organisation.name).order_by(Organisation.seq)).all()
    assert was_refused
    assert names == ["Nordlys", "Team 2"]


def test_of_two_who_wait_for_each_other_the_one_who_is_undone_is_done_again(
    database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        session.add(Organisation(created_at=clock(), name="Sørlys", kind="vendor"))
    runs = []
    has_locked = Event()

    def lock(session: Session, name: str) -> None:
        session.scalars(select(Organisation.seq).where(Organisation.name == name).with_for_update()).one()

    def wait_for_them() -> None:
        with database.write() as session:
            session.execute(NEVER_NOTICES)
            lock(session, "Nordlys")
            assert has_locked.wait(30)
            lock(session, "Sørlys")

    def work(session: Session) -> str:
        runs.append(True)
        lock(session, "Sørlys")
        has_locked.set()
        while len(runs) == 1 and not session.scalar(WAITING_FOR_US):
            assert not waiting.done()
        lock(session, "Nordlys")
        return "done"

    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(wait_for_them)
        assert in_one_thread(database, work, writes=True) == "done"
        waiting.result()
    assert len(runs) == 2


def test_what_was_prepared_outlasts_those_who_only_read_and_nothing_else_is_prepared(database: Database) -> None:
    hot = select(Organisation.__table__)

    def ask(session: Session) -> list[str]:
        read(session, hot)
        session.scalars(select(Organisation)).all()
        return [name for (name,) in session.execute(PREPARED)]

    for _ in range(7):
        in_one_thread(database, ask, writes=False)
        with database.read() as session:
            ask(session)
    assert len(in_one_thread(database, ask, writes=False)) == 1
    with database.read() as session:
        assert len(ask(session)) == 1


def test_a_row_that_was_changed_while_reading_is_not_written(database: Database) -> None:
    with database.read() as session:
        session.scalars(select(Organisation)).one().name = "Sørlys"
    with database.read() as session:
        assert session.scalars(select(Organisation.name)).one() == "Nordlys"


def test_no_statement_is_compiled_to_machine_code(database: Database) -> None:
    with database.read() as reading, database.write() as writing:
        assert {one.scalar(text("SHOW jit")) for one in (reading, writing)} == {"off"}
