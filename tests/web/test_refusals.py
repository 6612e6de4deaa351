"""Refusals and failures: one sentence, in the form the asker can use, never a traceback."""

import logging
from collections.abc import Iterator

import pytest
from fastapi import Depends, FastAPI
from starlette.testclient import TestClient

from app.clock import system_clock
from app.db.session import Database
from app.errors import Invalid, Problem
from app.main import create_app
from app.settings import Settings
from app.web.asking import ANYONE
from app.web.failures import SENTENCE
from app.web.security import HEADERS
from app.web.transaction import DbSession
from tests import making
from tests.conftest import FakeClock


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is."""
    return sqlite_database


@pytest.fixture
def broken(app: FastAPI) -> FastAPI:
    for path in ("/broken", "/api/v1/broken"):

        @app.get(path, name=path, dependencies=[Depends(ANYONE)])
        def fails(session: DbSession) -> None:
            raise RuntimeError("a secret detail")

    @app.get("/unfit", name="unfit", dependencies=[Depends(ANYONE)])
    def unfit() -> None:
        raise Invalid(
            "Two things do not fit.", problems=[Problem("/a", "Too <b>long</b>."), Problem("/b", "Too short.")]
        )

    return app


@pytest.fixture
def asker(broken: FastAPI) -> Iterator[TestClient]:
    with TestClient(broken, follow_redirects=False) as client:
        yield client


def test_what_nobody_expected_is_logged_and_answered_with_a_sentence(
    asker: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="fasit.web"):
        page = asker.get("/broken")
        api = asker.get("/api/v1/broken")
    assert page.status_code == api.status_code == 500
    assert SENTENCE in page.text
    assert api.json() == {"title": "Our fault", "status": 500, "detail": SENTENCE}
    for answer in (page, api):
        assert "secret detail" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert caplog.text.count("RuntimeError: a secret detail") == 2


def test_a_page_a_region_and_json_are_told_apart(asker: TestClient) -> None:
    page = asker.get("/unfit")
    region = asker.get("/unfit", headers={"x-fasit": "1"})
    by_htmx = asker.get("/unfit", headers={"hx-request": "true"})
    problem = asker.get("/unfit", headers={"accept": "application/json"})
    assert {answer.status_code for answer in (page, region, by_htmx, problem)} == {422}
    assert "<!doctype html>" in page.text
    assert region.text == by_htmx.text
    assert region.text.startswith('<div id="refusal"')
    assert region.text in page.text
    assert "Too &lt;b&gt;long&lt;/b&gt;." in region.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["errors"] == [
        {"path": "/a", "message": "Too <b>long</b>."},
        {"path": "/b", "message": "Too short."},
    ]


def test_the_way_back_is_only_to_a_page_of_ours(asker: TestClient) -> None:
    assert 'href="/sign-in?next=/"' in asker.get("/unfit", headers={"referer": "http://testserver/sign-in?next=/"}).text
    assert "evil" not in asker.get("/unfit", headers={"referer": "http://evil.example/page"}).text


def test_signed_out_a_page_leads_to_the_sign_in_page_and_all_else_says_401(asker: TestClient) -> None:
    assert asker.get("/account").headers["location"] == "/sign-in?next=/account"
    for answer in (
        asker.get("/account", headers={"x-fasit": "1"}),
        asker.get("/api/v1/me"),
        asker.post("/account", data={"name": "x"}),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_addresses_and_methods_that_are_not_there(asker: TestClient) -> None:
    assert asker.get("/nothing").status_code == 404
    assert "There is nothing here." in asker.get("/nothing").text
    assert asker.get("/api/v1/nothing").json()["detail"] == "There is nothing here."
    assert asker.delete("/account").status_code == 405


def test_json_that_is_none_is_a_422_with_a_sentence(
    asker: TestClient, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as session:
        ada = making.make_person(session, clock=clock)
    headers = making.bearer(sqlite_database, ada, clock=clock) | {"content-type": "application/json"}
    answer = asker.post("/api/v1/projects", content=b"{nonsense", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_every_answer_carries_the_security_headers(asker: TestClient) -> None:
    for path in ("/sign-in", "/nothing", "/api/v1/me", "/unfit"):
        answer = asker.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_pages_are_kept_by_no_cache(asker: TestClient) -> None:
    assert asker.get("/sign-in").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/account", "/api/v1/me"])
def test_a_database_that_does_not_answer_is_a_503_that_tells_no_address(settings: Settings, path: str) -> None:
    elsewhere = Settings(
        database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing",
        media_url=settings.media_url,
        secret_key="x" * 20,
    )
    with TestClient(create_app(elsewhere, clock=system_clock), follow_redirects=False) as client:
        client.cookies.set("fasit_sign_in", "anything")
        answer = client.get(path)
    assert answer.status_code == 503
    assert "does not answer right now" in answer.text
    assert "127.0.0.1" not in answer.text


def test_a_body_over_the_limit_is_a_413_declared_or_not(asker: TestClient) -> None:
    big = b"x" * (32 * 1024 * 1024 + 1)
    declared = asker.post("/api/v1/projects", content=big, headers={"content-type": "application/json"})
    pieces = (big[start : start + 1_000_000] for start in range(0, len(big), 1_000_000))
    undeclared = asker.post("/api/v1/projects", content=pieces, headers={"content-type": "application/json"})
    for answer in (declared, undeclared):
        assert answer.status_code == 413
        assert "32 MiB" in answer.json()["detail"]
        assert answer.headers["x-content-type-options"] == "nosniff"
