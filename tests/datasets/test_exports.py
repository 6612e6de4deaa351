"""Exports by the command line's function, by the job, and by their pages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.assets.store import Store
from app.datasets import actions, queries
from app.datasets.jobs import export_kind
from app.datasets.rules import EXPORT_JOB
from app.db.session import Database
from app.errors import Invalid
from app.jobs.worker import Worker
from app.labels.rules import LabelStatus
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person, make_project, sign_in
from tests.making_assets import make_asset
from tests.making_labels import make_label, make_queue_row, make_schema

QUIET: Callable[..., None] = lambda *_: None  # noqa: E731


@dataclass
class Scene:
    project: Project
    engineer: Person
    labeler: Person


@pytest.fixture
def scene(database: Database, clock: FakeClock, tmp_path: Path) -> Scene:
    """Three labels, one of them accepted."""
    store = Store(tmp_path / "media")
    with database.write() as session:
        engineer = make_colleague(session, Role.ENGINEER, clock=clock)
        labeler = make_person(session, clock=clock)
        project = make_project(session, clock=clock)
        schema = make_schema(session, project, clock=clock)
        queue = make_queue_row(session, project, clock=clock)
        for number in range(3):
            asset = make_asset(session, store, project=project, clock=clock, external_id=f"ad-{number}")
            label = make_label(
                session, store, project=project, person=labeler, schema=schema, asset=asset, queue=queue, clock=clock,
                answers={"verdict": "reject", "note": "=1+1"},
            )  # fmt: skip
            if number == 0:
                label.status = LabelStatus.ACCEPTED
    return Scene(project, engineer, labeler)


def run_jobs(database: Database, app: FastAPI, clock: FakeClock) -> int:
    kind = export_kind(database, app.state.exports_folder, clock)
    return Worker(database, clock, {EXPORT_JOB: kind}).run_due()


def test_an_export_holds_every_label_once(database: Database, scene: Scene, tmp_path: Path) -> None:
    path = actions.export_to(
        database, project=scene.project, format_name="jsonl", out=tmp_path / "out", selection={}, progress=QUIET
    )
    labels = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    assert path.name == "alcohol-labels.jsonl"
    assert [label["asset"]["external_id"] for label in labels] == ["ad-0", "ad-1", "ad-2"]
    assert {label["labeler"]["organisation"] for label in labels} == {"Nordlys"}


def test_an_export_is_narrowed_by_status(database: Database, scene: Scene, tmp_path: Path) -> None:
    selection = {"status": ["accepted"]}
    path = actions.export_to(
        database, project=scene.project, format_name="csv", out=tmp_path, selection=selection, progress=QUIET
    )
    head, row = path.read_text().splitlines()
    assert "answers.verdict" in head
    assert "ad-0" in row
    assert "'=1+1" in row


@pytest.mark.parametrize(("format_name", "selection"), [("xml", {}), ("csv", {"status": ["happy"]})])
def test_what_there_is_not_is_refused_by_name(
    database: Database, scene: Scene, tmp_path: Path, format_name: str, selection: dict
) -> None:
    with pytest.raises(Invalid, match=r"There is no (format xml|status happy), so nothing was exported"):
        actions.export_to(
            database, project=scene.project, format_name=format_name, out=tmp_path, selection=selection, progress=QUIET
        )


def test_the_page_orders_an_export_and_hands_out_its_file(
    client: TestClient, app: FastAPI, database: Database, scene: Scene, clock: FakeClock
) -> None:
    token = sign_in(client, database, scene.engineer, clock=clock)
    form = {"csrf_token": token, "format": "jsonl", "status": "submitted", "queue": "", "schema_version": "1"}
    answer = client.post("/projects/alcohol/exports", data=form)
    assert answer.status_code == 303
    waiting = client.get(answer.headers["location"]).text
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="every 1s"' in waiting

    assert run_jobs(database, app, clock) == 1
    done = client.get(answer.headers["location"]).text
    assert "2 labels" in done
    assert "hx-trigger" not in done
    with database.read() as session:
        [export] = session.scalars(queries.exports_of(scene.project.id))
    file = client.get(f"/projects/alcohol/exports/{export.id}/file")
    assert file.headers["content-disposition"] == 'attachment; filename="alcohol-labels.jsonl"'
    assert len(file.content.splitlines()) == 2


@pytest.mark.parametrize("version", ["9" * 30, "0", "-1", "two"])
def test_an_export_of_a_version_that_cannot_be_is_refused_where_it_is_ordered(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock, version: str
) -> None:
    token = sign_in(client, database, scene.engineer, clock=clock)
    form = {"csrf_token": token, "format": "jsonl", "schema_version": version}
    assert client.post("/projects/alcohol/exports", data=form).status_code == 422
    with database.read() as session:
        assert list(session.scalars(queries.exports_of(scene.project.id))) == []


def test_an_export_that_cannot_be_written_says_why(
    client: TestClient, app: FastAPI, database: Database, scene: Scene, clock: FakeClock
) -> None:
    token = sign_in(client, database, scene.engineer, clock=clock)
    app.state.exports_folder.parent.mkdir(parents=True, exist_ok=True)
    app.state.exports_folder.write_text("a file where the folder should be")
    client.post("/projects/alcohol/exports", data={"csrf_token": token, "format": "csv"})
    run_jobs(database, app, clock)
    assert "cannot be written to" in client.get("/projects/alcohol/exports").text


def test_nonsense_is_refused_and_orders_nothing(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock
) -> None:
    token = sign_in(client, database, scene.engineer, clock=clock)
    answer = client.post("/projects/alcohol/exports", data={"csrf_token": token, "format": "xml"})
    assert answer.status_code == 422
    with database.read() as session:
        assert list(session.scalars(queries.exports_of(scene.project.id))) == []


def test_exports_do_not_exist_for_others(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock
) -> None:
    with database.write() as session:
        auditor = make_colleague(session, Role.AUDITOR, clock=clock, name="Alan")
    for person in (scene.labeler, auditor):
        token = sign_in(client, database, person, clock=clock)
        assert client.get("/projects/alcohol/exports").status_code == 404
        refused = client.post("/projects/alcohol/exports", data={"csrf_token": token, "format": "csv"})
        assert refused.status_code == 404
        assert client.get(f"/projects/alcohol/exports/{'0' * 32}/file").status_code == 404
