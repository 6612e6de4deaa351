"""Requests that wait for the writer of SQLite at a time share a transaction; each stands or falls by itself."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from app.db.base import new_id
from app.db.kept import kept
from app.db.session import Database
from app.errors import Conflict, Unavailable
from app.people.models import Organisation
from tests.conftest import FakeClock

Work = Callable[[Session], Any]


@pytest.fixture
def database(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """PostgreSQL has many writers, each in a transaction of its own. However slow the machine, what waits is taken along."""
    monkeypatch.setattr("app.db.line.TOGETHER_S", 60)
    return sqlite_database


def together(database: Database, *works: Work) -> list[Any]:
    """What each gave or raised, all asked for while the writer was busy. In a thread without a loop of its own."""

    async def ask() -> list[Any]:
        hold, begun = threading.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def wait(_session: Session) -> None:
            loop.call_soon_threadsafe(begun.set)
            hold.wait(10)

        first = asyncio.create_task(database.in_one_thread(wait, writes=True))
        await begun.wait()
        asked = [asyncio.create_task(database.in_one_thread(work, writes=True)) for work in works]
        await asyncio.sleep(0.01)
        hold.set()
        await first
        return await asyncio.gather(*asked, return_exceptions=True)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def adds(name: str, clock: FakeClock, *, then: Exception | None = None) -> Work:
    def add(session: Session) -> str:
        session.add(Organisation(name=name, kind="vendor", created_at=clock()))
        session.flush()
        if then is not None:
            raise then
        return name

    return add


def names(database: Database) -> Sequence[str]:
    with database.read() as session:
        return session.scalars(select(Organisation.name).order_by(Organisation.seq)).all()


def commits(database: Database) -> list[int]:
    seen: list[int] = []
    event.listen(database.engine, "commit", lambda _connection: seen.append(1))
    return seen


def test_what_waits_is_committed_once(database: Database, clock: FakeClock) -> None:
    seen = commits(database)
    assert together(database, *(adds(f"v{number}", clock) for number in range(5))) == [f"v{n}" for n in range(5)]
    assert names(database) == [f"v{number}" for number in range(5)]
    assert len(seen) == 1


def test_one_that_is_refused_is_undone_alone(database: Database, clock: FakeClock) -> None:
    seen = commits(database)
    refused = adds("refused", clock, then=Conflict("No."))
    given = together(database, adds("before", clock), refused, adds("after", clock))
    assert (given[0], type(given[1]), given[2]) == ("before", Conflict, "after")
    assert names(database) == ["before", "after"]
    assert len(seen) == 1


def test_what_is_only_changed_in_memory_is_written_with_it(database: Database, clock: FakeClock) -> None:
    def rename(session: Session) -> None:
        session.scalars(select(Organisation)).one().name = "renamed"

    together(database, adds("before", clock), rename)
    assert names(database) == ["renamed"]


def test_one_that_breaks_the_transaction_takes_nobody_along(database: Database, clock: FakeClock) -> None:
    given = together(database, adds("same", clock), adds("same", clock), adds("after", clock))
    assert given[0] == "same"
    assert "UNIQUE" in str(given[1])
    assert given[2] == "after"
    assert names(database) == ["same", "after"]


def test_what_was_read_of_a_lost_transaction_is_forgotten(database: Database, clock: FakeClock) -> None:
    made: list[str] = []

    def add_once(session: Session) -> None:
        """As if who makes it the second time had another name for it."""
        name = f"made {len(made)}"
        made.append(name)
        adds(name, clock)(session)
        kept(session, "made", lambda: session.scalars(select(Organisation.name)).one())

    def breaks(session: Session) -> None:
        session.connection().connection.rollback()

    together(database, add_once, breaks)
    assert names(database) == ["made 1"]
    assert together(database, lambda session: kept(session, "made", lambda: "read anew"))[0] in {"made 1", "read anew"}


def test_a_failing_commit_is_told_to_those_it_concerns(database: Database, clock: FakeClock) -> None:
    """One of them refers to what is not there, which SQLite sees at the commit."""

    def dangling(session: Session) -> None:
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(
            text(
                "INSERT INTO people (id, created_at, email, name, organisation_id, language, preferences) "
                "VALUES ('p', '2026-01-01', 'a@b', 'A', 'nobody', 'en', '{}')"
            )
        )

    given = together(database, adds("before", clock), dangling, adds("after", clock))
    assert (given[0], given[2]) == ("before", "after")
    assert "FOREIGN KEY" in str(given[1])
    assert names(database) == ["before", "after"]


def test_a_full_disk_is_said_in_one_sentence_and_the_others_go_on(database: Database, clock: FakeClock) -> None:
    def too_much(session: Session) -> None:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count={pages}"))
        try:
            rows = [{"id": new_id(), "name": f"{n}" * 100, "kind": "vendor", "created_at": clock()} for n in range(900)]
            session.execute(insert(Organisation), rows)
        finally:
            session.execute(text("PRAGMA max_page_count=1000000"))

    given = together(database, adds("before", clock), too_much, adds("after", clock))
    assert (given[0], given[2]) == ("before", "after")
    assert isinstance(given[1], Unavailable)
    assert "disk" in given[1].sentence
    assert names(database) == ["before", "after"]


def test_a_file_that_is_no_database_is_told_to_all(database: Database, clock: FakeClock) -> None:
    database.close()
    Path(str(database.url.database)).write_bytes(b"no database" * 1000)
    given = together_refused(database, adds("one", clock))
    assert isinstance(given, Unavailable)


def together_refused(database: Database, work: Work) -> Any:
    async def ask() -> Any:
        return (await asyncio.gather(database.in_one_thread(work, writes=True), return_exceptions=True))[0]

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()
