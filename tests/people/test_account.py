"""One's own account: sign-ins, password, tokens."""

import pytest
from starlette.testclient import TestClient

from app.db.session import Database
from app.people import actions, passwords, queries, sign_ins
from app.people.models import Person
from app.people.rules import SignInWay
from tests import making
from tests.conftest import FakeClock

OLD = "the old password"
NEW = "a new password"


@pytest.fixture
def ada(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        return making.make_person(session, clock=clock, password=OLD)


@pytest.fixture
def token(client: TestClient, database: Database, ada: Person, clock: FakeClock) -> str:
    """Ada is signed in by her password."""
    csrf_token = making.sign_in(client, database, ada, clock=clock)
    with database.write() as session:
        queries.live_sign_ins(session, ada, clock())[0].way = SignInWay.PASSWORD
    return csrf_token


def test_name_language_and_theme_are_ones_own_to_choose(client: TestClient, token: str) -> None:
    form = {"name": "Ada Lind", "language": "nb", "theme": "dark", "single_keys": "on", "csrf_token": token}
    assert client.post("/account", data=form).status_code == 303
    page = client.get("/account").text
    assert 'value="Ada Lind"' in page
    assert '<html lang="nb" data-theme="dark">' in page
    assert client.post("/account", data=form | {"language": "xx"}).status_code == 422


def test_keys_of_one_character_are_switched_off_for_every_page(client: TestClient, token: str) -> None:
    form = {"name": "Ada", "language": "en", "theme": "auto", "csrf_token": token}
    box = 'name="single_keys" value="on"'
    assert f"{box} checked" in client.get("/account").text
    assert client.post("/account", data=form).status_code == 303
    page = client.get("/account").text
    assert f"{box} checked" not in page
    assert '"single_keys":false' in page.replace(" ", "").replace("&#34;", '"')
    assert client.post("/account", data=form | {"single_keys": "on"}).status_code == 303
    assert f"{box} checked" in client.get("/account").text
    assert client.post("/account", data=form | {"single_keys": "maybe"}).status_code == 422


def test_the_password_is_changed_only_by_who_knows_it(
    client: TestClient, token: str, database: Database, ada: Person
) -> None:
    form = {"old": "wrong", "new": NEW, "csrf_token": token}
    assert client.post("/account/password", data=form).status_code == 422
    assert client.post("/account/password", data=form | {"old": OLD, "new": "short"}).status_code == 422
    assert client.post("/account/password", data=form | {"old": OLD}).status_code == 303
    with database.read() as session:
        person = queries.person_by_id(session, ada.id)
    assert person is not None
    assert passwords.fits(NEW, person.password_hash)


def test_who_came_by_a_link_chooses_a_password_without_the_old_one(
    client: TestClient, database: Database, ada: Person, clock: FakeClock
) -> None:
    token = making.sign_in(client, database, ada, clock=clock)
    assert client.post("/account/password", data={"new": NEW, "csrf_token": token}).status_code == 303


def test_a_new_password_ends_all_other_sign_ins(
    client: TestClient, token: str, database: Database, ada: Person, clock: FakeClock
) -> None:
    with database.write() as session:
        sign_ins.begin(session, person=ada, way=SignInWay.PASSWORD, browser="Firefox/1 Windows", clock=clock)
    assert "Firefox on Windows" in client.get("/account").text
    client.post("/account/password", data={"old": OLD, "new": NEW, "csrf_token": token})
    page = client.get("/account").text
    assert "Firefox on Windows" not in page
    assert "This one" in page


def test_one_sign_in_or_all_others_can_be_ended(
    client: TestClient, token: str, database: Database, ada: Person, clock: FakeClock
) -> None:
    with database.write() as session:
        for _ in range(3):
            sign_ins.begin(session, person=ada, way=SignInWay.PASSWORD, browser="", clock=clock)
        newest = queries.live_sign_ins(session, ada, clock())[0]
    assert client.post(f"/account/sign-ins/{newest.id}/revocation", data={"csrf_token": token}).status_code == 303
    with database.read() as session:
        assert len(queries.live_sign_ins(session, ada, clock())) == 3
    assert client.post("/account/sign-ins/revocation", data={"csrf_token": token}).status_code == 303
    with database.read() as session:
        assert len(queries.live_sign_ins(session, ada, clock())) == 1
    assert client.get("/account").status_code == 200


def test_nobody_ends_anothers_sign_in_or_token(
    client: TestClient, token: str, database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        bo = making.make_person(session, clock=clock, name="Bo")
        sign_ins.begin(session, person=bo, way=SignInWay.PASSWORD, browser="", clock=clock)
        actions.add_token(session, person=bo, name="his", clock=clock)
        his_sign_in = queries.live_sign_ins(session, bo, clock())[0]
        his_token = queries.live_tokens(session, bo)[0]
    assert client.post(f"/account/sign-ins/{his_sign_in.id}/revocation", data={"csrf_token": token}).status_code == 404
    assert client.post(f"/account/tokens/{his_token.id}/revocation", data={"csrf_token": token}).status_code == 404


def test_a_token_is_shown_once_works_and_is_revoked(
    client: TestClient, token: str, database: Database, ada: Person
) -> None:
    shown = client.post("/account/tokens", data={"name": "pipeline", "csrf_token": token})
    assert shown.status_code == 201
    secret = shown.text.split('value="fasit_')[1].split('"')[0]
    header = {"authorization": f"Bearer fasit_{secret}"}
    client.cookies.clear()
    assert client.get("/api/v1/me", headers=header).status_code == 200
    assert client.post("/account/tokens", data={"name": "x"}).status_code == 401
    with database.read() as session:
        row = queries.live_tokens(session, ada)[0]
    assert client.post(f"/account/tokens/{row.id}/revocation", headers=header).status_code == 303
    assert client.get("/api/v1/me", headers=header).status_code == 401


def test_the_page_says_what_is_recorded_and_what_is_not(client: TestClient, token: str) -> None:
    page = client.get("/account").text
    for word in ("Active", "Playing", "Reading", "Idle", "Hidden", "Never kept"):
        assert word in page
