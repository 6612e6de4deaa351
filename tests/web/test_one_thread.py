"""Routes that run whole in one thread: one way there and back, one transaction, the same answers."""

import threading
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Response
from pydantic import BaseModel
from sqlalchemy import event, select
from starlette.testclient import TestClient

from app.db.session import Database
from app.errors import Conflict
from app.people import actions
from app.people.models import Organisation
from app.web import one_thread
from app.web.asking import ANYONE
from app.web.one_thread import OneThread
from app.web.transaction import AppClock, DbSession

AnyBody = [Depends(ANYONE)]


class Named(BaseModel):
    name: str


def seen_in(session: DbSession) -> int:
    """The thread that a plain dependency runs in, once it has asked something of the database."""
    session.execute(select(Organisation.seq))
    return threading.get_ident()


SeenIn = Annotated[int, Depends(seen_in)]


def routes(threads: list[int]) -> APIRouter:
    router = APIRouter(route_class=OneThread)

    @router.post("/add", name="add", dependencies=AnyBody, status_code=201)
    def add(body: Named, seen: SeenIn, session: DbSession, clock: AppClock) -> dict[str, str]:
        threads.extend([seen, threading.get_ident()])
        actions.add_organisation(session, name=body.name, actor=None, clock=clock)
        if body.name == "Refused":
            raise Conflict("No.")
        return {"name": body.name}

    @router.get("/sneak", name="sneak", dependencies=AnyBody)
    def sneak(session: DbSession, clock: AppClock) -> None:
        actions.add_organisation(session, name="Sneaked", actor=None, clock=clock)
        session.commit()

    return router


@pytest.fixture
def threads(app: FastAPI) -> list[int]:
    used: list[int] = []
    app.include_router(routes(used))
    one_thread.install(app)
    return used


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Organisation.name)))


def test_dependencies_route_and_commit_are_in_one_thread(
    threads: list[int], client: TestClient, database: Database
) -> None:
    committing: list[int] = []
    event.listen(database.engine, "commit", lambda _connection: committing.append(threading.get_ident()))
    assert client.post("/add", json={"name": "Nordlys"}).status_code == 201
    assert len({*threads, *committing}) == 1
    assert len(committing) == 1
    assert names(database) == ["Nordlys"]  # last, since reading may end by a commit


def test_a_refusal_undoes_what_was_written(threads: list[int], client: TestClient, database: Database) -> None:
    assert client.post("/add", json={"name": "Refused"}).status_code == 409
    assert threads
    assert names(database) == []
    assert client.post("/add", json={"name": "Nordlys"}).status_code == 201


def test_a_body_that_does_not_fit_is_told_as_anywhere(threads: list[int], client: TestClient) -> None:
    answer = client.post("/add", json={"name": 1}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "/name"
    assert threads == []


def test_reading_routes_cannot_write(threads: list[int], client: TestClient, database: Database) -> None:
    assert client.get("/sneak").status_code >= 500
    assert names(database) == []
    assert threads == []


def test_files_are_refused_unread(threads: list[int], client: TestClient, database: Database) -> None:
    answer = client.post("/add", files={"file": ("big.txt", b"x" * 1000)}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["detail"]) == (415, "This takes JSON.")
    assert threads == []


@pytest.mark.parametrize("body", [b"", b"{", b'{"name": "\xff"}', b"[" * 100_000, b'"Nordlys"', b"null"], ids=range(6))
def test_what_is_no_json_does_not_fit(threads: list[int], client: TestClient, body: bytes) -> None:
    kind = {"accept": "application/json", "content-type": "application/json"}
    assert client.post("/add", content=body, headers=kind).status_code == 422
    assert threads == []


def test_json_says_that_it_is(threads: list[int], client: TestClient, database: Database) -> None:
    body = b'{"name": "Nordlys"}'
    assert client.post("/add", content=body, headers={"content-type": "text/plain"}).status_code == 422
    assert client.post("/add", content=body).status_code == 422
    assert client.post("/add", content=body, headers={"content-type": "application/x+json"}).status_code == 201
    assert names(database) == ["Nordlys"]
    assert len(threads) == 2


def test_a_route_may_not_ask_for_what_is_not_given_here(app: FastAPI) -> None:
    router = APIRouter(route_class=OneThread)

    @router.get("/head", name="head", dependencies=AnyBody)
    def head(response: Response) -> None:
        response.headers["x-more"] = "1"

    app.include_router(router)
    with pytest.raises(AssertionError, match="not given here"):
        one_thread.install(app)


def test_a_route_that_waits_for_something_else_fails_aloud(app: FastAPI, database: Database) -> None:
    router = APIRouter(route_class=OneThread)

    @router.post("/wait", name="wait", dependencies=AnyBody)
    async def wait(session: DbSession, clock: AppClock) -> None:
        actions.add_organisation(session, name="Waited", actor=None, clock=clock)
        await threading_event()

    app.include_router(router)
    one_thread.install(app)
    with TestClient(app) as client:
        assert client.post("/wait").status_code == 500
    assert names(database) == []


class threading_event:  # noqa: N801  # stands for anything that is awaited
    def __await__(self):  # type: ignore[no-untyped-def]
        yield
