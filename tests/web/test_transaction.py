"""One request, one transaction: committed before the answer leaves, read-only where nothing is to change."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Request, Response
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient
from starlette.types import Message

from app.db.session import Database
from app.errors import Conflict
from app.people import actions
from app.people.asking import SignedIn
from app.people.models import Organisation
from app.people.rules import Role
from app.projects.models import Project
from app.web import refusals
from app.web.asking import ANYONE
from app.web.transaction import AppClock, DbSession, open_session
from tests import making
from tests.conftest import FakeClock

AnyBody = [Depends(ANYONE)]


def add_route(app: FastAPI, session_type: object) -> None:
    """`POST /try` adds an organisation in a session that is asked for in this way."""

    def add(session, clock: AppClock) -> dict[str, str]:  # type: ignore[no-untyped-def]  # set below
        actions.add_organisation(session, name="Nordlys", actor=None, clock=clock)
        return {}

    add.__annotations__["session"] = session_type
    app.post("/try", name="try", dependencies=AnyBody)(add)


def order_of_events(app: FastAPI, database: Database) -> list[str]:
    """What happens in which order when `POST /try` is asked for: commit, and the start of the answer."""
    told: list[str] = []

    def note_commit(_connection: object) -> None:
        told.append("commit")

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.append(f"answer {message['status']}")

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/try",
        "raw_path": b"/try", "query_string": b"", "headers": [(b"host", b"testserver")], "scheme": "http",
        "server": ("testserver", 80), "client": ("test", 1), "root_path": "",
    }  # fmt: skip
    event.listen(database.engine, "commit", note_commit)
    asyncio.run(app(scope, receive, send))
    event.remove(database.engine, "commit", note_commit)
    return told


def test_the_commit_comes_before_the_answer(app: FastAPI, database: Database) -> None:
    add_route(app, DbSession)
    assert order_of_events(app, database) == ["commit", "answer 200"]


def test_without_the_functions_scope_the_answer_would_leave_first(app: FastAPI, sqlite_database: Database) -> None:
    """Shows that the test above can fail: this is what a session without `scope="function"` does."""
    add_route(app, Annotated[Session, Depends(open_session)])
    assert order_of_events(app, app.state.database) == ["answer 200", "commit"]


def test_a_commit_that_fails_is_never_shown_as_a_success(app: FastAPI, database: Database) -> None:
    add_route(app, DbSession)

    def fail(_session: Session) -> None:
        raise RuntimeError("the disk is gone")

    event.listen(Session, "before_commit", fail)
    try:
        assert order_of_events(app, database) == ["answer 500"]
    finally:
        event.remove(Session, "before_commit", fail)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_a_refusal_undoes_what_was_written_unless_it_is_returned(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    @app.post("/raised", name="raised", dependencies=AnyBody)
    def raised(session: DbSession, clock: AppClock) -> None:
        actions.add_organisation(session, name="Raised", actor=None, clock=clock)
        raise Conflict("No.")

    @app.post("/returned", name="returned", dependencies=AnyBody)
    def returned(request: Request, session: DbSession, clock: AppClock) -> Response:
        actions.add_organisation(session, name="Returned", actor=None, clock=clock)
        return refusals.refuse(request, Conflict("No, but your work is kept."))

    assert client.post("/raised").status_code == 409
    assert client.post("/returned").status_code == 409
    with database.read() as session:
        assert session.scalars(select(Organisation.name)).all() == ["Returned"]


def test_reading_requests_cannot_write(app: FastAPI, client: TestClient, database: Database, clock: FakeClock) -> None:
    @app.get("/try", name="try", dependencies=AnyBody)
    def sneaky(session: DbSession, clock: AppClock) -> dict[str, str]:
        actions.add_organisation(session, name="Nordlys", actor=None, clock=clock)
        session.commit()
        return {}

    assert client.get("/try").status_code >= 500
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 0
    with database.write() as session:
        making.make_person(session, clock=clock)  # the connection that was read-only writes again


def hammer(app: FastAPI, ask: Callable[[TestClient, int], int], *, at_once: int, times: int) -> list[int]:
    with TestClient(app, follow_redirects=False) as client, ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(lambda number: ask(client, number), range(times)))


@pytest.mark.timeout(120)
def test_sixty_four_writers_at_once_all_come_through_and_none_is_lost(
    app: FastAPI, database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        grace = making.make_colleague(session, Role.ENGINEER, clock=clock)
        project = making.make_project(session, clock=clock)
    headers = making.bearer(database, grace, clock=clock)

    @app.post("/count", name="count")
    def count(session: DbSession, person: SignedIn) -> dict[str, str]:
        session.execute(update(Project).where(Project.id == project.id).values(asset_changes=Project.asset_changes + 1))
        return {}

    def ask(client: TestClient, _number: int) -> int:
        return client.post("/count", headers=headers).status_code

    assert set(hammer(app, ask, at_once=64, times=256)) == {200}
    with database.read() as session:
        assert session.scalar(select(Project.asset_changes)) == 256


@pytest.mark.timeout(120)
def test_more_readers_and_writers_than_connections_do_not_stand_still(
    app: FastAPI, database: Database, clock: FakeClock
) -> None:
    """Threads that waited at the pool would keep those that hold its connections from going on."""
    with database.write() as session:
        grace = making.make_colleague(session, Role.ENGINEER, clock=clock)
    headers = making.bearer(database, grace, clock=clock)

    def ask(client: TestClient, number: int) -> int:
        if number % 4:
            return client.get("/api/v1/projects", headers=headers).status_code
        body = {"name": "P", "slug": f"p{number}"}
        return client.post("/api/v1/projects", json=body, headers=headers).status_code

    # More at once than the pool has connections and the server threads, or the test would show nothing.
    assert set(hammer(app, ask, at_once=128, times=384)) == {200, 201}
