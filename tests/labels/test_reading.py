"""Reading many labels: each once, in order, without sorting the project."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from app.assets.store import Store
from app.db.session import Database
from app.labels import queries
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_person, make_project
from tests.making_assets import make_asset
from tests.making_labels import make_label, make_queue_row, make_revision, make_schema


@pytest.fixture
def project(database: Database, clock: FakeClock, tmp_path: Path) -> Project:
    """Five labels, ad-0 to ad-4; the second was revised after all were made."""
    store = Store(tmp_path / "media")
    with database.write() as session:
        labeler = make_person(session, clock=clock)
        project = make_project(session, clock=clock)
        schema = make_schema(session, project, clock=clock)
        queue = make_queue_row(session, project, clock=clock)
        assets = [
            make_asset(session, store, project=project, clock=clock, external_id=f"ad-{number}") for number in range(5)
        ]
        labels = [
            make_label(
                session, store, project=project, person=labeler, schema=schema, asset=asset, queue=queue, clock=clock
            )
            for asset in assets
        ]
        make_revision(
            session, store, labels[1], person=labeler, schema=schema, asset=assets[1], clock=clock,
            answers={"verdict": "reject"},
        )  # fmt: skip
    return project


@pytest.fixture
def auditor(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        return make_colleague(session, Role.AUDITOR, clock=clock)


NEWEST = [("ad-0", 1), ("ad-1", 2), ("ad-2", 1), ("ad-3", 1), ("ad-4", 1)]
ALL = [("ad-0", 1), ("ad-1", 1), ("ad-1", 2), ("ad-2", 1), ("ad-3", 1), ("ad-4", 1)]


@pytest.mark.parametrize(("selection", "expected"), [({}, NEWEST), ({"revisions": "all"}, ALL)])
@pytest.mark.parametrize("batch", [1, 2, 6, 500])
def test_a_stream_gives_each_label_once_in_order_whatever_its_batches(
    database: Database, project: Project, monkeypatch: pytest.MonkeyPatch, selection: dict, expected: list, batch: int
) -> None:
    monkeypatch.setattr(queries, "BATCH", batch)
    found = queries.stream(database, project.id, selection=selection)
    assert [(label["asset"]["external_id"], label["revision"]) for label in found] == expected


@pytest.mark.parametrize(("query", "expected"), [("", NEWEST), ("&revisions=all", ALL)])
def test_pages_of_the_api_follow_on_each_other(
    client: TestClient,
    database: Database,
    project: Project,
    auditor: Person,
    clock: FakeClock,
    query: str,
    expected: list,
) -> None:
    headers = bearer(database, auditor, clock=clock)
    found, after = [], ""
    while True:
        page = client.get(f"/api/v1/projects/alcohol/labels?limit=2{query}{after}", headers=headers).json()
        found += [(label["asset"]["external_id"], label["revision"]) for label in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == expected


@contextmanager
def statements_of(database: Database) -> Iterator[list[tuple[str, tuple]]]:
    seen: list[tuple[str, tuple]] = []

    def note(*arguments: object) -> None:
        seen.append((str(arguments[2]), arguments[3]))  # type: ignore[arg-type]  # sqlite3 takes a tuple

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_the_next_batch_is_found_by_an_index_and_not_by_sorting(
    sqlite_database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    with sqlite_database.write() as session:
        project_id = make_project(session, clock=clock).id
    with statements_of(sqlite_database) as seen:
        list(queries.stream(sqlite_database, project_id, selection={}))
    [(statement, values)] = [one for one in seen if "FROM revisions" in one[0]]
    with sqlite_database.engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert not any("TEMP B-TREE" in step for step in plan), plan
    assert any("ix_labels_project_id_seq" in step for step in plan), plan
