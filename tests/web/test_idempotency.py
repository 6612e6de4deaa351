"""The same key and body again gives the first answer; another body is refused; a refusal keeps nothing."""

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import pytest
from fastapi import FastAPI, File, Form, UploadFile
from fastapi.responses import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.db.session import Database
from app.people.rules import Role
from app.projects.models import Project
from app.web.idempotency import IdempotencyKey, OnceOnly
from tests import making
from tests.conftest import FakeClock

BODY = {"name": "Alcohol", "slug": "alcohol"}


@pytest.fixture
def header(database: Database, clock: FakeClock) -> dict[str, str]:
    with database.write() as session:
        grace = making.make_colleague(session, Role.ENGINEER, clock=clock)
    return making.bearer(database, grace, clock=clock) | {"idempotency-key": "k1"}


def test_a_repeat_gives_the_first_answer_with_200(client: TestClient, header: dict[str, str]) -> None:
    first = client.post("/api/v1/projects", json=BODY, headers=header)
    again = client.post("/api/v1/projects", json=BODY, headers=header)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_the_same_key_for_something_else_is_a_conflict(client: TestClient, header: dict[str, str]) -> None:
    client.post("/api/v1/projects", json=BODY, headers=header)
    other = client.post("/api/v1/projects", json=BODY | {"name": "Other"}, headers=header)
    assert other.status_code == 409
    assert "Idempotency-Key" in other.json()["detail"]


def test_a_key_is_a_persons_own(
    client: TestClient, header: dict[str, str], database: Database, clock: FakeClock
) -> None:
    client.post("/api/v1/projects", json=BODY, headers=header)
    with database.write() as session:
        mona = making.make_colleague(session, Role.MANAGER, clock=clock, name="Mona")
    hers = making.bearer(database, mona, clock=clock) | {"idempotency-key": "k1"}
    assert client.post("/api/v1/projects", json=BODY | {"slug": "other"}, headers=hers).status_code == 201


def test_a_refused_request_uses_no_key_up(client: TestClient, header: dict[str, str], database: Database) -> None:
    assert client.post("/api/v1/projects", json=BODY | {"slug": "NO"}, headers=header).status_code == 422
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0
    assert client.post("/api/v1/projects", json=BODY, headers=header).status_code == 201


def test_without_a_key_a_repeat_is_a_new_request(client: TestClient, header: dict[str, str]) -> None:
    del header["idempotency-key"]
    assert client.post("/api/v1/projects", json=BODY, headers=header).status_code == 201
    assert client.post("/api/v1/projects", json=BODY, headers=header).status_code == 409


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_length(client: TestClient, header: dict[str, str], key: str) -> None:
    assert client.post("/api/v1/projects", json=BODY, headers=header | {"idempotency-key": key}).status_code == 422


def test_many_at_once_make_one(app: FastAPI, header: dict[str, str], database: Database) -> None:
    with TestClient(app) as client, ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: client.post("/api/v1/projects", json=BODY, headers=header), range(32)))
    assert sorted(answer.status_code for answer in answers) == [200] * 31 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Project)) == 1


def test_an_upload_is_the_same_whatever_its_boundary(app: FastAPI, client: TestClient, header: dict[str, str]) -> None:
    @app.post("/api/v1/try", name="try")
    def upload(name: Annotated[str, Form()], file: Annotated[UploadFile, File()], once: OnceOnly) -> Response:
        return once(lambda: {"name": name, "size": len(file.file.read())})

    def send(content: bytes) -> tuple[int, object]:
        answer = client.post("/api/v1/try", data={"name": "a"}, files={"file": ("f.bin", content)}, headers=header)
        return answer.status_code, answer.json()

    assert send(b"x" * 2_000_000) == (201, {"name": "a", "size": 2_000_000})
    assert send(b"x" * 2_000_000) == (200, {"name": "a", "size": 2_000_000})
    assert send(b"y" * 2_000_000)[0] == 409
