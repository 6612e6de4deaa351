"""Every unsafe request by cookie carries a token and comes from our origin, whatever its body is."""

from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, File, Form, Request, UploadFile
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.db.session import Database
from app.people.asking import SIGNED_IN
from tests import making
from tests.conftest import FakeClock


class Thing(BaseModel):
    name: str
    tags: list[str] = []


@pytest.fixture
def app_with_forms(app: FastAPI) -> FastAPI:
    """Routes of each way to take a body, sync as ours are."""

    @app.post("/try/form", name="try.form", dependencies=[Depends(SIGNED_IN)])
    def by_form(form: Annotated[Thing, Form()]) -> dict[str, object]:
        return form.model_dump()

    @app.post("/try/file", name="try.file", dependencies=[Depends(SIGNED_IN)])
    def by_file(name: Annotated[str, Form()], file: Annotated[UploadFile, File()]) -> dict[str, object]:
        return {"name": name, "size": len(file.file.read())}

    @app.post("/try/json", name="try.json", dependencies=[Depends(SIGNED_IN)])
    def by_json(body: Thing) -> dict[str, object]:
        return body.model_dump()

    @app.post("/try/nothing", name="try.nothing", dependencies=[Depends(SIGNED_IN)])
    def by_nothing() -> dict[str, object]:
        return {}

    @app.post("/try/stream", name="try.stream", dependencies=[Depends(SIGNED_IN)])
    async def by_stream(request: Request) -> dict[str, object]:
        return {"size": sum([len(chunk) async for chunk in request.stream()])}

    return app


@pytest.fixture
def token(app_with_forms: FastAPI, client: TestClient, sqlite_database: Database, clock: FakeClock) -> str:
    with sqlite_database.write() as session:
        ada = making.make_person(session, clock=clock)
    return making.sign_in(client, sqlite_database, ada, clock=clock)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is."""
    return sqlite_database


def test_a_forms_token_is_taken_from_its_field_and_the_form_still_reaches_the_route(
    client: TestClient, token: str
) -> None:
    answer = client.post("/try/form", data={"name": "a", "tags": ["x", "y"], "csrf_token": token})
    assert answer.json() == {"name": "a", "tags": ["x", "y"]}
    assert client.post("/try/nothing", data={"csrf_token": token}).status_code == 200


def test_an_upload_may_carry_its_token_in_a_field_or_in_the_header(client: TestClient, token: str) -> None:
    files = {"file": ("big.bin", b"x" * 3_000_000)}
    by_field = client.post("/try/file", data={"name": "a", "csrf_token": token}, files=files)
    by_header = client.post("/try/file", data={"name": "a"}, files=files, headers={"x-csrf-token": token})
    assert by_field.json() == by_header.json() == {"name": "a", "size": 3_000_000}


def test_with_the_header_the_body_is_left_unread_for_routes_that_stream(client: TestClient, token: str) -> None:
    headers = {"x-csrf-token": token, "content-type": "application/octet-stream"}
    assert client.post("/try/stream", content=b"x" * 100_000, headers=headers).json() == {"size": 100_000}


def test_json_carries_its_token_in_the_header(client: TestClient, token: str) -> None:
    assert client.post("/try/json", json={"name": "a"}, headers={"x-csrf-token": token}).status_code == 200
    assert client.post("/try/json", json={"name": "a", "csrf_token": token}).status_code == 403


@pytest.mark.parametrize("path", ["/try/form", "/try/file", "/try/json", "/try/nothing", "/try/stream"])
def test_without_the_token_nothing_is_done(client: TestClient, token: str, path: str) -> None:
    for headers in (
        {},
        {"x-csrf-token": "0" * 64},
        {"x-csrf-token": ""},
        {"x-fasit": "1", "origin": "http://testserver"},
    ):
        answer = client.post(path, data={"name": "a"}, headers=headers)
        assert answer.status_code == 403
        assert answer.headers["x-fasit-refusal"] == "stale-page"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://testserver.evil.example"])
def test_from_elsewhere_nothing_is_done_even_with_the_token(client: TestClient, token: str, origin: str) -> None:
    headers = {"x-csrf-token": token, "origin": origin}
    assert client.post("/try/nothing", headers=headers).status_code == 403
    assert client.post("/try/nothing", headers=headers | {"origin": "http://testserver"}).status_code == 200


def test_behind_a_proxy_the_set_base_address_counts_as_ours(app: FastAPI, client: TestClient, token: str) -> None:
    app.state.settings.base_url = "https://fasit.example.org"
    headers = {"x-csrf-token": token, "origin": "https://fasit.example.org"}
    assert client.post("/try/nothing", headers=headers).status_code == 200


def test_a_page_of_an_earlier_sign_in_is_out_of_date(
    client: TestClient, token: str, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as session:
        bo = making.make_person(session, clock=clock, name="Bo")
    fresh = making.sign_in(client, sqlite_database, bo, clock=clock)
    assert client.post("/try/nothing", data={"csrf_token": token}).status_code == 403
    assert client.post("/try/nothing", data={"csrf_token": fresh}).status_code == 200


def test_a_bearer_token_needs_no_csrf_token(
    client: TestClient, token: str, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as session:
        bo = making.make_person(session, clock=clock, name="Bo")
    headers = making.bearer(sqlite_database, bo, clock=clock)
    assert client.post("/try/json", json={"name": "a"}, headers=headers).status_code == 200
    headers = {"authorization": "Basic YTpi"}
    assert client.post("/try/json", json={"name": "a"}, headers=headers).status_code == 403


def test_reading_needs_no_token(client: TestClient, token: str) -> None:
    assert client.get("/account").status_code == 200
