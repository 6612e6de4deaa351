"""Signing in and out over HTTP."""

import re

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.db.session import Database
from app.people import actions, limits
from app.people.models import Person
from app.people.rules import Role
from app.web.cookies import GUEST_COOKIE, SIGN_IN_COOKIE
from tests import making
from tests.conftest import FakeClock

PASSWORD = "a long enough password"


@pytest.fixture
def ada(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        return making.make_person(session, clock=clock, password=PASSWORD)


def form_token(client: TestClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', client.get(path).text)
    assert found is not None
    return found.group(1)


def try_to_sign_in(
    client: TestClient, password: str = PASSWORD, email: str = "ada@example.org", way_back: str = "/"
) -> Response:
    data = {"email": email, "password": password, "next": way_back, "csrf_token": form_token(client)}
    return client.post("/sign-in", data=data)


def test_email_and_password_lead_back_to_where_one_wanted_to_go(client: TestClient, ada: Person) -> None:
    wanted = client.get("/account?notice=saved")
    assert (wanted.status_code, wanted.headers["location"]) == (303, "/sign-in?next=/account%3Fnotice%3Dsaved")
    answer = try_to_sign_in(client, way_back="/account?notice=saved")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?notice=saved")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert GUEST_COOKIE not in client.cookies
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(("email", "password"), [("ada@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_password_and_an_unknown_email_read_alike(
    client: TestClient, ada: Person, email: str, password: str
) -> None:
    answer = try_to_sign_in(client, password, email)
    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert password not in answer.text
    assert SIGN_IN_COOKIE not in client.cookies


def test_a_disabled_person_cannot_sign_in(
    client: TestClient, ada: Person, database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        admin = making.make_colleague(session, Role.ADMIN, clock=clock)
        actions.disable(session, person=session.merge(ada), actor=admin, clock=clock)
    assert try_to_sign_in(client).status_code == 401


def test_the_sign_in_form_is_tied_to_this_browser(client: TestClient, ada: Person) -> None:
    data = {"email": "ada@example.org", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 403
    token = form_token(client)
    assert client.post("/sign-in", data=data | {"csrf_token": "0" * 64}).status_code == 403
    assert (
        client.post(
            "/sign-in", data=data | {"csrf_token": token}, headers={"origin": "http://evil.example"}
        ).status_code
        == 403
    )
    client.cookies.clear()
    assert client.post("/sign-in", data=data | {"csrf_token": token}).status_code == 403
    assert SIGN_IN_COOKIE not in client.cookies


def test_signing_in_never_leads_to_another_site(client: TestClient, ada: Person) -> None:
    assert try_to_sign_in(client, way_back="//evil.example/").headers["location"] == "/"


def test_too_many_tries_for_one_email_are_told_to_wait(client: TestClient, ada: Person, app: FastAPI) -> None:
    for _ in range(limits.PER_EMAIL.amount):
        assert (
            client.post(
                "/sign-in", data={"email": "ada@example.org", "password": "x", "csrf_token": form_token(client)}
            ).status_code
            == 401
        )
    answer = try_to_sign_in(client)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 300
    assert "Wait" in answer.text
    assert try_to_sign_in(client, "x", "bo@example.org").status_code == 401, "others may still try"


def test_too_many_tries_from_one_address_are_told_to_wait(app: FastAPI) -> None:
    counted = app.state.sign_in_limits
    for number in range(limits.PER_ADDRESS.amount):
        counted.admit(f"{number}@example.org", "10.0.0.1")
        counted.note_slip("10.0.0.1")
    with pytest.raises(limits.TooMany):
        counted.admit("one.more@example.org", "10.0.0.1")
    counted.admit("one.more@example.org", "10.0.0.2")


def test_earlier_slips_are_forgotten_once_the_password_was_right(client: TestClient, ada: Person) -> None:
    for _ in range(2):
        for _ in range(limits.PER_EMAIL.amount - 1):
            client.app.state.sign_in_limits.admit("ada@example.org", "10.0.0.1")
        assert try_to_sign_in(client).status_code == 303
        client.cookies.clear()


def test_signing_in_in_place_gives_a_new_csrf_token_and_who_it_is(
    client: TestClient, ada: Person, database: Database, clock: FakeClock
) -> None:
    old = making.sign_in(client, database, ada, clock=clock)
    clock.forward(hours=13)
    headers = {"x-fasit": "1", "x-csrf-token": old}
    assert (
        client.post("/account", data={"name": "A", "language": "en", "theme": "auto"}, headers=headers).status_code
        == 401
    )
    data = {"email": "ada@example.org", "password": PASSWORD}
    answer = client.post("/sign-in", data=data, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["person"] == ada.id
    headers["x-csrf-token"] = answer.json()["csrf_token"]
    assert (
        client.post("/account", data={"name": "A", "language": "en", "theme": "auto"}, headers=headers).status_code
        == 303
    )


def test_signing_in_in_place_works_when_the_browser_has_dropped_the_cookie(client: TestClient, ada: Person) -> None:
    data = {"email": "ada@example.org", "password": PASSWORD}
    headers = {"x-fasit": "1", "x-csrf-token": "of a page long gone"}
    assert client.post("/sign-in", data=data, headers=headers).status_code == 403, "no origin, no proof"
    assert client.post("/sign-in", data=data, headers=headers | {"origin": "http://evil.example"}).status_code == 403
    assert client.post("/sign-in", data=data, headers=headers | {"origin": "http://testserver"}).status_code == 200


def test_a_wrong_password_in_place_is_a_sentence_in_json(client: TestClient, ada: Person) -> None:
    headers = {"x-fasit": "1", "origin": "http://testserver"}
    answer = client.post("/sign-in", data={"email": "ada@example.org", "password": "no"}, headers=headers)
    assert answer.status_code == 401
    assert "do not belong together" in answer.json()["detail"]


def test_a_page_learns_who_is_signed_in_now_and_gets_a_fresh_token(
    client: TestClient, ada: Person, database: Database, clock: FakeClock
) -> None:
    guest = client.get("/sign-in", headers={"accept": "application/json"})
    assert guest.json()["person"] is None
    token = making.sign_in(client, database, ada, clock=clock)
    assert client.get("/sign-in", headers={"x-fasit": "1"}).json() == {"csrf_token": token, "person": ada.id}


def test_a_sign_in_link_is_used_by_its_button_and_only_once(
    client: TestClient, ada: Person, database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        path = "/sign-in/" + actions.make_sign_in_link(session, person=ada, clock=clock)
    assert client.get(path).status_code == 200
    token = form_token(client, path)
    answer = client.post(path, data={"csrf_token": token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?notice=choose-password")
    assert "Welcome" in client.get(answer.headers["location"]).text
    client.cookies.clear()
    assert client.get(path).status_code == 404
    assert client.post(path, data={"csrf_token": form_token(client)}).status_code == 404


def test_signing_out_ends_the_record_not_only_the_cookie(
    client: TestClient, ada: Person, database: Database, clock: FakeClock
) -> None:
    token = making.sign_in(client, database, ada, clock=clock)
    secret = client.cookies[SIGN_IN_COOKIE]
    assert client.post("/sign-out", data={"csrf_token": token}).headers["location"] == "/sign-in"
    client.cookies.clear()
    client.cookies.set(SIGN_IN_COOKIE, secret)
    assert client.get("/account").status_code == 303


def test_a_dead_bearer_token_does_not_fall_back_to_the_cookie(
    client: TestClient, ada: Person, database: Database, clock: FakeClock
) -> None:
    making.sign_in(client, database, ada, clock=clock)
    assert client.get("/api/v1/me").status_code == 200
    dead = client.get("/api/v1/me", headers={"authorization": "Bearer fasit_dead"})
    assert dead.status_code == 401
    assert dead.headers["www-authenticate"] == "Bearer"
    assert dead.headers["content-type"] == "application/problem+json"


def test_a_bearer_token_says_who_one_is(client: TestClient, ada: Person, database: Database, clock: FakeClock) -> None:
    answer = client.get("/api/v1/me", headers=making.bearer(database, ada, clock=clock)).json()
    assert answer["person"]["id"] == ada.id
    assert answer["roles"] == ["labeler"]
    assert answer["organisation"]["name"] == "Nordlys"


def test_an_office_that_shares_an_address_may_all_come_at_nine(app: FastAPI) -> None:
    for number in range(2 * limits.PER_ADDRESS.amount):
        app.state.sign_in_limits.admit(f"{number}@example.org", "10.0.0.1")
