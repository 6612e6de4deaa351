"""The JSON API of guidelines, on both databases."""

import io

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import delete, update
from starlette.testclient import TestClient

from app.assets.store import Store
from app.db.session import Database
from app.guidelines import actions, queries
from app.guidelines.checks import find_faults
from app.guidelines.models import Clause, GuidelineVersion
from app.people.rules import Role
from app.serving import checking
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_person, make_project

URL = "/api/v1/projects/alcohol/guidelines"
BODY = "## 1 Alcohol\n\nNo beer.\n\n### 1.1 Wine\n\nNor wine.\n\n## 2 Gambling\n"


class World:
    def __init__(self, database: Database, clock: FakeClock) -> None:
        with database.write() as session:
            self.trainer = make_colleague(session, Role.TRAINER, clock=clock, name="Tor")
            engineer = make_colleague(session, Role.ENGINEER, clock=clock, name="Eir")
            labeler = make_person(session, clock=clock)
            self.project = make_project(session, clock=clock)
        self.as_trainer = bearer(database, self.trainer, clock=clock)
        self.as_engineer = bearer(database, engineer, clock=clock)
        self.as_labeler = bearer(database, labeler, clock=clock)


@pytest.fixture
def world(database: Database, clock: FakeClock, app: FastAPI) -> World:
    app.state.sees_project = lambda _session, _person, _project: True
    return World(database, clock)


def given(**changes: object) -> dict[str, object]:
    return {"title": "Policy", "body": BODY, "change": "new", "clauses_changed": []} | changes


def test_a_trainer_publishes_and_the_clauses_come_back(client: TestClient, world: World) -> None:
    answer = client.post(URL, json=given(), headers=world.as_trainer)
    assert answer.status_code == 201
    assert answer.json()["version"] == 1
    assert answer.json()["clauses"] == [
        {"id": "1", "number": "1", "title": "Alcohol"},
        {"id": "1.1", "number": "1.1", "title": "Wine"},
        {"id": "2", "number": "2", "title": "Gambling"},
    ]


def test_ids_follow_their_clauses_through_versions(client: TestClient, world: World) -> None:
    client.post(URL, json=given(), headers=world.as_trainer)
    body = "## 1 Prices\n\nWhole prices.\n\n" + BODY.replace("## 2", "## 3").replace("### 1.1", "### 2.1").replace(
        "## 1 Al", "## 2 Al"
    )
    second = client.post(
        URL, json=given(body=body, change="substantive", clauses_changed=["1-v2"]), headers=world.as_trainer
    )
    assert second.status_code == 201
    assert {clause["title"]: clause["id"] for clause in second.json()["clauses"]} == {
        "Prices": "1-v2",
        "Alcohol": "1",
        "Wine": "1.1",
        "Gambling": "2",
    }
    third = client.post(
        URL, json=given(body="## 1 Alcohol", change="editorial", clauses_changed=["1.1"]), headers=world.as_trainer
    )
    assert third.json()["clauses"] == [{"id": "1", "number": "1", "title": "Alcohol"}]
    fourth = client.post(URL, json=given(body="## 1 Alcohol\n\n## 2 Tobacco"), headers=world.as_trainer)
    assert fourth.json()["clauses"][1]["id"] == "2-v4"


def test_versions_are_listed_without_and_read_with_their_words(client: TestClient, world: World) -> None:
    for number in range(3):
        client.post(URL, json=given(title=f"Policy {number}"), headers=world.as_trainer)
    first = client.get(f"{URL}?limit=2", headers=world.as_labeler).json()
    assert [one["version"] for one in first["items"]] == [1, 2]
    assert "body" not in first["items"][0]
    assert client.get(f"{URL}/3", headers=world.as_labeler).json()["body"] == BODY
    assert client.get(f"{URL}/4", headers=world.as_labeler).status_code == 404


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": " "}, "/title"),
        ({"body": " \n"}, "/body"),
        ({"body": "## 1 A\n\n## 1 B"}, "/body"),
        ({"body": "![x](https://a.example/x.png)"}, "/body"),
        ({"change": "big"}, "/change"),
        ({"clauses_changed": ["9"]}, "/clauses_changed/0"),
        ({"clauses_changed": "1"}, "/clauses_changed"),
        ({"author": "me"}, "/author"),
    ],
)
def test_each_fault_is_refused_at_its_path(
    client: TestClient, world: World, changes: dict[str, object], path: str
) -> None:
    answer = client.post(URL, json=given(**changes), headers=world.as_trainer)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert client.get(URL, headers=world.as_trainer).json()["items"] == []


def test_only_trainers_publish(client: TestClient, world: World) -> None:
    for headers, status in ((world.as_engineer, 403), (world.as_labeler, 403), ({}, 401)):
        assert client.post(URL, json=given(), headers=headers).status_code == status


def test_who_does_not_see_the_project_sees_no_guideline(client: TestClient, world: World, app: FastAPI) -> None:
    client.post(URL, json=given(), headers=world.as_trainer)
    app.state.sees_project = lambda _session, person, _project: person.is_company
    for path in ("", "/1"):
        assert client.get(URL + path, headers=world.as_labeler).status_code == 404


def test_the_newest_version_is_a_number_or_none(database: Database, world: World, clock: FakeClock) -> None:
    with database.write() as session:
        assert queries.newest_version(session, world.project.id) is None
        actions.publish(
            session,
            project=world.project,
            title="P",
            body=BODY,
            change="new",
            clauses_changed=[],
            person=None,
            clock=clock,
        )
        assert queries.newest_version(session, world.project.id) == 1
        assert queries.find_version(session, world.project.id, 2) is None


def test_the_check_finds_lost_clauses_and_pictures(
    database: Database, world: World, clock: FakeClock, app: FastAPI
) -> None:
    store: Store = app.state.store
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    size = stream.tell()
    stream.seek(0)
    with database.write() as session:
        actions.publish(
            session,
            project=world.project,
            title="P",
            body=BODY,
            change="new",
            clauses_changed=[],
            person=None,
            clock=clock,
        )
        picture = actions.add_picture(
            session,
            store,
            project=world.project,
            name="x",
            stream=stream,
            byte_size=size,
            person=world.trainer,
            clock=clock,
        )
        assert list(find_faults(session, store)) == []
    assert list(checking.find_faults(database, store)) == []
    with database.write() as session:
        store.path(picture.sha256).unlink()
        session.execute(delete(Clause).where(Clause.clause_id == "2"))
        session.execute(update(GuidelineVersion).values(body=GuidelineVersion.body + "\nBeer is fine."))
        session.expire_all()
        assert len(list(find_faults(session, store))) == 3
