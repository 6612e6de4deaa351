"""Saved filters: kept per person, shared with the project, removed by their author; and a queue begun with one."""

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.assets.models import SavedFilter
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person, make_project, sign_in
from tests.making_labels import make_schema

FILTER = '{"metadata.market": ["NO"], "modality": ["image"], "state": ["ready"]}'


@pytest.fixture
def project(database: Database, clock: FakeClock) -> Project:
    with database.write() as session:
        return make_project(session, clock=clock)


@pytest.fixture
def people(database: Database, clock: FakeClock) -> dict[str, Person]:
    with database.write() as session:
        return {
            "mia": make_colleague(session, Role.MANAGER, clock=clock, name="Mia"),
            "eir": make_colleague(session, Role.ENGINEER, clock=clock, name="Eir"),
            "ada": make_person(session, clock=clock, name="Ada"),
        }


def save(client: TestClient, csrf: str, name: str, **form: str) -> str:
    sent = {"csrf_token": csrf, "name": name, "filter": FILTER, "q": "pils", "sort": "oldest", "view": "table"} | form
    answer = client.post("/projects/alcohol/saved-filters", data=sent)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


def test_a_filter_is_saved_and_asks_for_the_same_again(
    client: TestClient, database: Database, project: Project, people: dict[str, Person], clock: FakeClock
) -> None:
    csrf = sign_in(client, database, people["mia"], clock=clock)
    page = save(client, csrf, "Norwegian pictures")
    address = re.search(r'href="([^"]*)">Norwegian pictures<', page)
    assert address is not None
    again = client.get(address[1].replace("&amp;", "&")).text
    for words in ("Take away Market NO", "Take away Modality image", "Take away the search", 'value="oldest" selected'):
        assert words in again


def test_a_name_that_is_taken_is_refused_and_the_same_filter_is_shared_or_no_longer(
    client: TestClient, database: Database, project: Project, people: dict[str, Person], clock: FakeClock
) -> None:
    csrf = sign_in(client, database, people["mia"], clock=clock)
    save(client, csrf, "Mine", shared="true")
    other = {"csrf_token": csrf, "name": "Mine", "filter": '{"metadata.market": ["SE"]}'}
    refused = client.post("/projects/alcohol/saved-filters", data=other, headers={"Accept": "text/html"})
    assert refused.status_code == 409
    assert "You have another filter named Mine." in refused.text
    with database.read() as session:
        assert session.scalars(select(SavedFilter.is_shared)).all() == [True]
    assert save(client, csrf, "Mine").count(">Mine<") == 1
    with database.read() as session:
        assert session.scalars(select(SavedFilter.is_shared)).all() == [False]


def test_others_see_what_is_shared_and_remove_nothing_of_it(
    client: TestClient, database: Database, project: Project, people: dict[str, Person], clock: FakeClock
) -> None:
    csrf = sign_in(client, database, people["mia"], clock=clock)
    save(client, csrf, "Private")
    page = save(client, csrf, "Shared", shared="true")
    removals = re.findall(r'action="(/saved-filters/[^"]+)"', page)
    assert len(removals) == 2
    theirs = sign_in(client, database, people["eir"], clock=clock)
    seen = client.get("/projects/alcohol/assets?q=pils").text
    assert ">Shared<" in seen
    assert ">Private<" not in seen
    assert [client.post(path, data={"csrf_token": theirs}).status_code for path in removals] == [404, 404]
    csrf = sign_in(client, database, people["mia"], clock=clock)
    assert [client.post(path, data={"csrf_token": csrf}).status_code for path in removals] == [303, 303]
    assert ">Shared<" not in client.get("/projects/alcohol/assets?q=pils").text


def test_a_vendor_saves_nothing(
    client: TestClient, database: Database, project: Project, people: dict[str, Person], clock: FakeClock
) -> None:
    csrf = sign_in(client, database, people["ada"], clock=clock)
    sent = {"csrf_token": csrf, "name": "Mine", "filter": FILTER}
    assert client.post("/projects/alcohol/saved-filters", data=sent).status_code == 404


@pytest.mark.parametrize("form", [{"name": " "}, {"filter": "{"}, {"filter": '{"nonsense": ["a"]}'}, {"sort": "up"}])
def test_nonsense_is_refused(
    client: TestClient, database: Database, project: Project, people: dict[str, Person], clock: FakeClock,
    form: dict[str, str],
) -> None:  # fmt: skip
    csrf = sign_in(client, database, people["mia"], clock=clock)
    sent = {"csrf_token": csrf, "name": "Mine", "filter": FILTER} | form
    assert client.post("/projects/alcohol/saved-filters", data=sent).status_code == 422


def test_a_queue_begins_with_what_a_filter_asks_for_and_says_what_it_cannot_hold(
    client: TestClient, database: Database, project: Project, people: dict[str, Person], clock: FakeClock
) -> None:
    with database.write() as session:
        make_schema(session, project, clock=clock)
    csrf = sign_in(client, database, people["mia"], clock=clock)
    save(client, csrf, "Norwegian pictures")
    plain = client.get("/projects/alcohol/queues/new").text
    address = re.search(r'href="(\?[^"]*)">Norwegian pictures<', plain)
    assert address is not None
    page = client.get(f"/projects/alcohol/queues/new{address[1].replace('&amp;', '&')}").text
    assert "market = NO" in page
    assert re.search(r'value="image" checked', page)
    assert "A queue does not filter by the search, state" in page
