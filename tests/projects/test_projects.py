"""Projects: made over the API and by a form, seen by whom."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.db.session import Database
from app.errors import Conflict
from app.people.models import Person
from app.people.rules import Role
from app.projects import actions, queries
from tests import making
from tests.conftest import FakeClock

WANTED = {"name": "Alcohol in ads", "slug": "alcohol-2026", "languages": ["en", "nb"], "markets": ["NO"]}


@pytest.fixture
def engineer(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        making.make_person(session, clock=clock)
        return making.make_colleague(session, Role.ENGINEER, clock=clock)


@pytest.fixture
def header(database: Database, engineer: Person, clock: FakeClock) -> dict[str, str]:
    return making.bearer(database, engineer, clock=clock)


def test_an_engineer_makes_a_project(client: TestClient, header: dict[str, str]) -> None:
    made = client.post("/api/v1/projects", json=WANTED | {"organisations": ["Nordlys"]}, headers=header)
    assert made.status_code == 201
    assert made.json().items() >= (WANTED | {"organisations": ["Nordlys"]}).items()
    for key in ("alcohol-2026", made.json()["id"]):
        assert client.get(f"/api/v1/projects/{key}", headers=header).json() == made.json()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        pytest.param({"name": " "}, "/name", id="no name"),
        pytest.param({"slug": "Alcohol 2026"}, "/slug", id="a slug with spaces"),
        pytest.param({"slug": "a" * 32}, "/slug", id="a slug like an id"),
        pytest.param({"slug": "new"}, "/slug", id="a slug that is a page"),
        pytest.param({"languages": ["en", "norsk!"]}, "/languages/1", id="no language"),
        pytest.param({"markets": [""]}, "/markets/0", id="no market"),
        pytest.param({"organisations": ["Nowhere"]}, "/organisations/0", id="an unknown organisation"),
        pytest.param({"color": "red"}, "/color", id="an unknown key"),
        pytest.param({"languages": "en"}, "/languages", id="no list"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_path(
    client: TestClient, header: dict[str, str], change: dict[str, object], path: str
) -> None:
    answer = client.post("/api/v1/projects", json=WANTED | change, headers=header)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert client.get("/api/v1/projects", headers=header).json()["items"] == []


def test_a_taken_slug_is_a_conflict(client: TestClient, header: dict[str, str]) -> None:
    assert client.post("/api/v1/projects", json=WANTED, headers=header).status_code == 201
    assert client.post("/api/v1/projects", json=WANTED, headers=header).status_code == 409


def test_of_many_who_take_a_slug_at_once_one_gets_it(database: Database, clock: FakeClock) -> None:
    def make(_number: int) -> bool:
        try:
            with database.write() as session:
                making.make_project(session, clock=clock)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(make, range(16))) == 1


def test_projects_are_listed_in_pages_in_order_of_creation(
    client: TestClient, header: dict[str, str], database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        slugs = [making.make_project(session, clock=clock, slug=f"p{number}").slug for number in (3, 1, 2)]
    first = client.get("/api/v1/projects?limit=2", headers=header).json()
    rest = client.get(f"/api/v1/projects?limit=2&after={first['next']}", headers=header).json()
    assert [item["slug"] for item in first["items"] + rest["items"]] == slugs
    assert rest["next"] is None
    assert client.get("/api/v1/projects?after=nothing", headers=header).status_code == 422


def test_who_may_not_make_projects_is_told_so(client: TestClient, database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        ada = making.make_person(session, clock=clock)
    header = making.bearer(database, ada, clock=clock)
    assert client.post("/api/v1/projects", json=WANTED, headers=header).status_code == 403
    assert client.get("/projects/new", headers=header).status_code == 404
    assert client.post("/projects", data=WANTED, headers=header).status_code == 404


def test_a_vendors_person_sees_a_project_only_where_the_gate_lets_them_and_no_other_organisation(
    app: FastAPI, client: TestClient, engineer: Person, database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        making.make_project(session, clock=clock, slug="seen", organisations=["Nordlys", making.COMPANY])
        making.make_project(session, clock=clock, slug="unseen")
        ada = making.make_person(session, clock=clock)
    app.state.sees_project = lambda _session, person, project: person.is_company or project.slug == "seen"
    header = making.bearer(database, ada, clock=clock)
    listed = client.get("/api/v1/projects", headers=header).json()["items"]
    assert [item["slug"] for item in listed] == ["seen"]
    assert "organisations" not in listed[0]
    assert "organisations" not in client.get("/api/v1/projects/seen", headers=header).json()
    assert client.get("/api/v1/projects/unseen", headers=header).status_code == 404
    assert client.get("/projects/seen", headers=header).status_code == 404, "its pages are the company's"
    assert client.get("/projects", headers=header).status_code == 404


def test_the_form_makes_a_project_and_leads_to_it(
    client: TestClient, engineer: Person, database: Database, clock: FakeClock
) -> None:
    token = making.sign_in(client, database, engineer, clock=clock)
    form = {
        "name": "Alcohol",
        "slug": "alcohol",
        "languages": "en, nb",
        "markets": "NO SE",
        "organisations": ["Nordlys"],
    }
    answer = client.post("/projects", data=form | {"csrf_token": token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/projects/alcohol")
    page = client.get("/projects/alcohol").text
    for shown in ("Alcohol", "en, nb", "NO, SE", "Nordlys"):
        assert shown in page
    assert "alcohol" in client.get("/projects").text


def test_asset_changes_are_counted(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        project = making.make_project(session, clock=clock)
        actions.note_asset_change(session, project.id)
        actions.note_asset_change(session, project.id)
    with database.read() as session:
        found = queries.find_project(session, "alcohol")
        assert found is not None
        assert found.asset_changes == 2
