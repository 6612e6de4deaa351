"""The JSON API of schemas: published once, read by those who may, refused with every path."""

import threading
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.db.session import Database
from app.people.rules import Role
from app.projects.models import Project
from app.schemas import actions
from app.schemas.checks import find_faults
from app.schemas.models import SchemaVersion
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_person, make_project
from tests.making_schemas import make_choices, make_schema, make_verdict

URL = "/api/v1/projects/alcohol/schemas"


class World:
    """A project with an engineer, a colleague without the role, and a vendor's labeler."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        with database.write() as session:
            self.engineer = make_colleague(session, Role.ENGINEER, clock=clock, name="Eir")
            self.manager = make_colleague(session, Role.MANAGER, clock=clock, name="Mia")
            self.labeler = make_person(session, clock=clock)
            self.project: Project = make_project(session, clock=clock)
        self.as_engineer = bearer(database, self.engineer, clock=clock)
        self.as_manager = bearer(database, self.manager, clock=clock)
        self.as_labeler = bearer(database, self.labeler, clock=clock)


@pytest.fixture
def world(database: Database, clock: FakeClock, app: FastAPI) -> World:
    app.state.sees_project = lambda _session, _person, _project: True
    app.state.sees_schema = lambda _session, _person, _project, version: version == 2
    return World(database, clock)


def test_an_engineer_publishes_and_reads_it_back(client: TestClient, world: World) -> None:
    schema = make_schema(name="Alcohol in ads")
    answer = client.post(URL, json=schema, headers=world.as_engineer)
    assert answer.status_code == 201
    assert (answer.json()["version"], answer.json()["name"]) == (1, "Alcohol in ads")
    read = client.get(f"{URL}/1", headers=world.as_manager).json()
    assert {name: read[name] for name in schema} == schema
    assert client.get(f"{URL}/newest", headers=world.as_manager).status_code == 404


def test_the_same_content_is_the_same_version_however_it_is_ordered(client: TestClient, world: World) -> None:
    first = make_schema(name="One")
    client.post(URL, json=first, headers=world.as_engineer)
    client.post(URL, json=make_schema(name="Two"), headers=world.as_engineer)
    again = client.post(URL, json=dict(reversed(first.items())), headers=world.as_engineer)
    assert (again.status_code, again.json()["version"]) == (200, 1)


def test_versions_are_one_series_across_names(client: TestClient, world: World) -> None:
    for name in ("One", "Two", "One more"):
        client.post(URL, json=make_schema(name=name), headers=world.as_engineer)
    first = client.get(f"{URL}?limit=2", headers=world.as_engineer).json()
    rest = client.get(f"{URL}?limit=2&after={first['next']}", headers=world.as_engineer).json()
    assert [(one["version"], one["name"]) for one in first["items"] + rest["items"]] == [
        (1, "One"),
        (2, "Two"),
        (3, "One more"),
    ]
    assert rest["next"] is None


def test_every_fault_is_named_and_nothing_is_published(client: TestClient, world: World) -> None:
    schema = make_schema(make_verdict(choices=[*make_choices("a", "a"), {"value": "b", "key": "g"}], part="ghost"))
    answer = client.post(URL, json=schema, headers=world.as_engineer)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    paths = [error["path"] for error in answer.json()["errors"]]
    assert paths == ["/fields/0/choices/1/value", "/fields/0/choices/2/key", "/fields/0/part"]
    assert client.get(URL, headers=world.as_engineer).json()["items"] == []


@pytest.mark.parametrize("body", ["[]", '"x"', "{", "null"])
def test_what_is_no_object_is_refused(client: TestClient, world: World, body: str) -> None:
    headers = world.as_engineer | {"content-type": "application/json"}
    assert client.post(URL, content=body, headers=headers).status_code == 422


def test_the_json_schema_of_the_answers_is_served(client: TestClient, world: World) -> None:
    client.post(URL, json=make_schema(make_verdict(required=True)), headers=world.as_engineer)
    schema = client.get(f"{URL}/1/json-schema", headers=world.as_manager).json()
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid({"verdict": "allow"})
    assert not validator.is_valid({})


def test_only_engineers_publish(client: TestClient, world: World) -> None:
    assert client.post(URL, json=make_schema(), headers=world.as_manager).status_code == 403
    assert client.post(URL, json=make_schema(), headers=world.as_labeler).status_code == 403
    assert client.post(URL, json=make_schema()).status_code == 401


def test_a_vendor_sees_a_version_only_through_the_gate(client: TestClient, world: World) -> None:
    for name in ("One", "Two"):
        client.post(URL, json=make_schema(name=name), headers=world.as_engineer)
    assert client.get(f"{URL}/2", headers=world.as_labeler).status_code == 200
    for path in ("/1", "/3", "/1/json-schema", ""):
        assert client.get(URL + path, headers=world.as_labeler).status_code == 404


def test_differences_of_two_versions_are_given_in_facts_and_words(client: TestClient, world: World) -> None:
    for schema in (make_schema(), make_schema(make_verdict(required=True)), make_schema(name="Other")):
        client.post(URL, json=schema, headers=world.as_engineer)

    def differences(path: str) -> Any:
        answer = client.get(f"{URL}/{path}", headers=world.as_manager)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert differences("2/differences") == {
        "from": 1,
        "to": 2,
        "differences": [
            {
                "change": "changed",
                "path": "/fields/0",
                "place": [{"is": "field", "name": "verdict"}],
                "property": "required",
                "language": None,
                "before": False,
                "after": True,
                "words": "Field verdict: required: no → yes",
            }
        ],
    }
    assert differences("1/differences") == {"from": None, "to": 1, "differences": []}
    assert differences("3/differences")["from"] == 2
    assert [one["words"] for one in differences("1/differences?from=3")["differences"]] == [
        "The schema: name: Other → Ads"
    ]
    for wrong, status in (("2/differences?from=9", 404), ("9/differences", 404), ("2/differences?from=0", 422)):
        assert client.get(f"{URL}/{wrong}", headers=world.as_manager).status_code == status


def test_a_vendor_compares_only_versions_that_they_see_both(client: TestClient, world: World) -> None:
    for name in ("One", "Two"):
        client.post(URL, json=make_schema(name=name), headers=world.as_engineer)
    assert client.get(f"{URL}/2/differences?from=2", headers=world.as_labeler).status_code == 200
    for path in ("2/differences", "2/differences?from=1", "1/differences?from=2"):
        assert client.get(f"{URL}/{path}", headers=world.as_labeler).status_code == 404


def test_a_repeated_key_publishes_once(client: TestClient, world: World) -> None:
    headers = world.as_engineer | {"Idempotency-Key": "k1"}
    first = client.post(URL, json=make_schema(), headers=headers)
    assert client.post(URL, json=make_schema(), headers=headers).json() == first.json()
    assert client.post(URL, json=make_schema(name="Other"), headers=headers).status_code == 409


def test_publishers_at_once_get_numbers_of_their_own(database: Database, world: World, clock: FakeClock) -> None:
    numbers = []

    def publish(name: str) -> None:
        with database.write() as session:
            body = make_schema(name=name)
            version, _ = actions.publish(session, project=world.project, body=body, person=None, clock=clock)
            numbers.append(version.version)

    threads = [threading.Thread(target=publish, args=(f"Schema {number % 4}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 1, 2, 2, 3, 3, 4, 4]


def test_the_check_finds_a_version_that_was_changed(database: Database, world: World, clock: FakeClock) -> None:
    with database.write() as session:
        version, _ = actions.publish(
            session, project=world.project, body=make_schema(), person=world.engineer, clock=clock
        )
        assert list(find_faults(session)) == []
        changed: dict[str, Any] = make_schema(make_verdict(choices=[]))
        session.get_one(SchemaVersion, version.seq).body = changed
        session.flush()
        assert len(list(find_faults(session))) == 2
