"""People and organisations as admins change them and vendor leads read them."""

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from app.db.session import Database
from app.people import actions, queries
from app.people.models import Person
from app.people.rules import Role
from tests import making
from tests.conftest import FakeClock


@pytest.fixture
def admin(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        making.make_person(session, clock=clock, name="Rui", organisation="Atlantico")
        return making.make_colleague(session, Role.ADMIN, clock=clock)


@pytest.fixture
def token(client: TestClient, database: Database, admin: Person, clock: FakeClock) -> str:
    return making.sign_in(client, database, admin, clock=clock)


def test_an_admin_adds_a_person_and_gets_a_link_that_lets_them_in(client: TestClient, token: str) -> None:
    form = {"name": "Ada", "email": "ada@nordlys.no", "organisation": "Nordlys", "roles": ["labeler", "vendor_lead"]}
    answer = client.post("/people", data=form | {"csrf_token": token})
    assert answer.status_code == 201
    link = answer.text.split('value="http://testserver')[1].split('"')[0]
    client.cookies.clear()
    assert "Welcome, Ada" in client.get(link).text


def test_nonsense_is_refused_with_what_is_wrong(client: TestClient, token: str, database: Database) -> None:
    form = {"name": "Ada", "email": "ada", "organisation": "Nordlys", "roles": ["admin"], "csrf_token": token}
    answer = client.post("/people", data=form)
    assert answer.status_code == 422
    assert "name@example.org" in answer.text
    assert "Admin is for the company" in answer.text
    with database.read() as session:
        assert queries.organisation_by_name(session, "Nordlys") is None, "a refused request changes nothing"


def test_an_admin_changes_disables_and_enables(client: TestClient, token: str, database: Database) -> None:
    with database.read() as session:
        rui = queries.person_by_email(session, "rui@example.org")
    assert rui is not None
    path = f"/people/{rui.id}"
    assert client.post(path, data={"name": "Rui C", "roles": "vendor_lead", "csrf_token": token}).status_code == 303
    assert "Rui C" in client.get(path).text
    assert client.post(f"{path}/disablement", data={"csrf_token": token}).status_code == 303
    assert "Disabled" in client.get("/people").text
    assert client.post(f"{path}/sign-in-links", data={"csrf_token": token}).status_code == 409
    assert client.post(f"{path}/enablement", data={"csrf_token": token}).status_code == 303
    assert client.post(f"{path}/sign-ins/revocation", data={"csrf_token": token}).status_code == 303
    trail = client.get(f"/audit?person={rui.id}").text
    for verb in ("updated", "disabled", "enabled", "ended all sign-ins of"):
        assert verb in trail


def test_an_organisation_of_a_name_that_is_there_is_a_conflict(client: TestClient, token: str) -> None:
    assert client.post("/organisations", data={"name": "Nordlys", "csrf_token": token}).status_code == 303
    assert client.post("/organisations", data={"name": "nordlys ", "csrf_token": token}).status_code == 409


def test_a_vendor_lead_reads_their_own_organisation_and_no_other(
    client: TestClient, admin: Person, database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        lead = making.make_person(session, clock=clock, name="Leif", roles=[Role.VENDOR_LEAD])
    token = making.sign_in(client, database, lead, clock=clock)
    page = client.get("/people").text
    assert "Leif" in page
    assert "Nordlys" in page
    for hidden in ("Rui", "Atlantico", "Grace", making.COMPANY, "Add a person"):
        assert hidden not in page
    assert client.get(f"/people/{lead.id}").status_code == 404
    assert client.post("/people", data={"csrf_token": token}).status_code == 404
    assert client.get("/audit").status_code == 404


def test_the_list_of_people_asks_a_fixed_number_of_questions(
    client: TestClient, token: str, database: Database, clock: FakeClock
) -> None:
    def count() -> int:
        statements: list[str] = []

        def note(*told: object) -> None:
            statements.append(str(told[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        assert client.get("/people").status_code == 200
        event.remove(database.engine, "before_cursor_execute", note)
        return len([statement for statement in statements if statement.startswith("SELECT")])

    few = count()
    with database.write() as session:
        for number in range(20):
            actions.add_person(
                session,
                email=f"{number}@x.org",
                name=f"P{number}",
                roles=[Role.LABELER],
                organisation=f"V{number}",
                clock=clock,
            )
    assert count() == few
    assert few <= 3
