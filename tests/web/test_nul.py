"""NUL is refused wherever text comes in, before any database sees it."""

import pytest
from starlette.testclient import TestClient

from app.db.session import Database
from app.people.rules import Role
from tests import making
from tests.conftest import FakeClock

PROJECT = '{"name": "a%sb", "slug": "nul", "languages": ["en"], "markets": ["NO"]}'


@pytest.fixture
def headers(database: Database, clock: FakeClock) -> dict[str, str]:
    with database.write() as session:
        person = making.make_colleague(session, Role.ADMIN, clock=clock)
    return making.bearer(database, person, clock=clock)


def test_a_json_text_with_nul_is_refused_at_its_path(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post(
        "/api/v1/projects", content=PROJECT % "\\u0000", headers=headers | {"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"path": "/name", "message": "holds NUL"}]


def test_an_escaped_backslash_before_u0000_is_no_nul(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post(
        "/api/v1/projects", content=PROJECT % "\\\\u0000", headers=headers | {"Content-Type": "application/json"}
    )
    assert answer.status_code == 201
    assert answer.json()["name"] == "a\\u0000b"


@pytest.mark.parametrize("address", ["/api/v1/projects/a%00b", "/api/v1/projects?after=%00"])
def test_an_address_with_nul_is_not_found(address: str, client: TestClient, headers: dict[str, str]) -> None:
    assert client.get(address, headers=headers).status_code == 404


def test_a_body_that_is_no_text_is_422(client: TestClient, headers: dict[str, str]) -> None:
    for body in (b'{"name": "\xff"}', b"[" * 100_000):
        answer = client.post("/api/v1/projects", content=body, headers=headers | {"Content-Type": "application/json"})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
