"""Imports left to the background: over the API and the page, gone on with where they stopped, never written twice."""

import io
import json
import zipfile
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.assets.models import Asset, AssetRevision, Part
from app.db.session import Database
from app.imports import reading
from app.imports.models import Import
from app.jobs.models import Job
from app.jobs.worker import Worker
from app.people.rules import Role
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_person, make_project, sign_in
from tests.making_assets import picture


@pytest.fixture
def engineer(client: TestClient, database: Database, clock: FakeClock) -> dict[str, str]:
    """The headers of an engineer, who is signed in to the pages too."""
    with database.write() as session:
        make_project(session, clock=clock)
        person = make_colleague(session, Role.ENGINEER, clock=clock)
    client.headers["x-csrf-token"] = sign_in(client, database, person, clock=clock)
    return bearer(database, person, clock=clock)


def line(number: int, **more: Any) -> dict[str, Any]:
    parts = [{"name": "caption", "modality": "text", "text": f"Ad {number}"}]
    return {"external_id": f"ad-{number}", "metadata": {"number": number}, "parts": parts, **more}


def jsonl(*rows: Any) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def post(client: TestClient, headers: dict[str, str], name: str, content: bytes, **form: str) -> Any:
    files = {"file": (name, content)}
    return client.post("/api/v1/projects/alcohol/imports", headers=headers, files=files, data=form)


def count(database: Database, table: type[Any]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_import_is_accepted_done_in_the_background_and_told(
    client: TestClient, app: FastAPI, database: Database, engineer: dict[str, str]
) -> None:
    content = jsonl(line(1), "{nonsense", line(2), line(1), {**line(2), "metadata": {"other": 1}}, line(3, parts=[]))
    once = engineer | {"idempotency-key": "one"}
    answer = post(client, once, "ads.jsonl", content)
    assert answer.status_code == 202
    assert post(client, once, "ads.jsonl", content).json() == answer.json()
    address = f"/api/v1/imports/{answer.json()['id']}"
    assert client.get(address, headers=engineer).json()["state"] == "queued"
    app.state.worker.run_due()
    told = client.get(address, headers=engineer).json()
    assert {name: told[name] for name in ("state", "total", "done", "added", "same", "failed")} == {
        "state": "done", "total": 6, "done": 6, "added": 2, "same": 1, "failed": 3,
    }  # fmt: skip
    assert [error["row"] for error in told["errors"]] == [2, 5, 6]
    assert "other content" in told["errors"][1]["message"]
    assert client.get(f"{address}/errors", params={"limit": 2}, headers=engineer).json()["items"] == told["errors"][:2]
    assert not list(app.state.imports_folder.glob(f"{answer.json()['id']}*")), "its file is not needed any more"


def test_an_archive_brings_its_media(
    client: TestClient, app: FastAPI, database: Database, engineer: dict[str, str]
) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        part = {"name": "creative", "modality": "image", "path": "pictures/beer.png"}
        archive.writestr("ads/manifest.jsonl", jsonl(line(1, parts=[part]), line(2)))
        archive.writestr("ads/pictures/beer.png", picture())
    answer = post(client, engineer, "ads.zip", content.getvalue())
    app.state.worker.run_due()
    told = client.get(f"/api/v1/imports/{answer.json()['id']}", headers=engineer).json()
    assert (told["state"], told["added"], told["errors"]) == ("done", 2, [])
    with database.read() as session:
        assert {asset.state for asset in session.scalars(select(Asset))} == {"ready"}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("ads.pdf", b"%PDF", "cannot be told from its name"),
        ("ads.zip", b"PK nothing", "no ZIP archive"),
        ("ads.xlsx", b"PK nothing", "XLSX workbook"),
        ("ads.csv", b"a,b\n1,2\n", "no column external_id"),
        ("ads.jsonl", b"\n", "There is no ad in ads.jsonl"),
    ],
)
def test_what_cannot_be_read_fails_at_once_with_its_reason(
    client: TestClient, app: FastAPI, engineer: dict[str, str], name: str, content: bytes, reason: str
) -> None:
    answer = post(client, engineer, name, content)
    app.state.worker.run_due()
    told = client.get(f"/api/v1/imports/{answer.json()['id']}", headers=engineer).json()
    assert told["state"] == "failed"
    assert reason in told["reason"]
    page = client.get(f"/projects/alcohol/imports/{answer.json()['id']}").text
    assert reason in page
    assert "Try it again" in page


def test_a_refused_request_leaves_nothing(
    client: TestClient, app: FastAPI, database: Database, engineer: dict[str, str]
) -> None:
    assert post(client, engineer, "ads.jsonl", b"", format="yaml").status_code == 422
    without = client.post("/api/v1/projects/alcohol/imports", headers=engineer, files={"other": ("a", b"b")})
    assert without.status_code == 422
    assert client.post("/api/v1/projects/alcohol/imports", headers=engineer, json={}).status_code == 415
    assert (count(database, Import), count(database, Job)) == (0, 0)


def test_the_pages_take_a_file_and_show_how_far_it_is(
    client: TestClient, app: FastAPI, database: Database, engineer: dict[str, str]
) -> None:
    assert "Nothing imported here yet" in client.get("/projects/alcohol/imports").text
    sent = client.post(
        "/projects/alcohol/imports", files={"file": ("ads.csv", b"external_id,caption:text\n1,Hei\n,Uten\n")}
    )
    assert sent.status_code == 303
    waiting = client.get(sent.headers["location"]).text
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    app.state.worker.run_due()
    done = client.get(sent.headers["location"]).text
    assert "1 added" in done
    assert "row 3" in done
    assert "hx-trigger" not in done
    assert "ads.csv" in client.get("/projects/alcohol/imports").text


def test_a_cancelled_import_stops_and_what_it_wrote_stays(
    client: TestClient, app: FastAPI, database: Database, engineer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS_A_BATCH", 2)
    sent = client.post("/projects/alcohol/imports", files={"file": ("ads.jsonl", jsonl(*(line(n) for n in range(6))))})
    take, batches = reading.take, []

    def take_and_cancel(*given: Any) -> Any:
        batches.append(1)
        if len(batches) == 2:
            assert client.post(f"{sent.headers['location']}/cancellation").status_code == 303
        return take(*given)

    monkeypatch.setattr(reading, "take", take_and_cancel)
    app.state.worker.run_due()
    assert count(database, Asset) == 2
    assert "Cancelled" in client.get(sent.headers["location"]).text


class Killed(BaseException):
    """As if the process were gone: nothing that a handler or a worker catches."""


def test_a_killed_import_goes_on_with_the_row_after_the_last_one_written(
    client: TestClient, app: FastAPI, database: Database, engineer: dict[str, str], clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(reading, "ROWS_A_BATCH", 3)
    rows = [line(n) if n % 4 else "{nonsense" for n in range(20)]
    answer = post(client, engineer, "ads.jsonl", jsonl(*rows))
    take = reading.take
    seen: list[int] = []

    def take_some(database: Any, store: Any, into: Any, rows: Any, pool: Any) -> Any:
        if len(seen) in {2, 4, 5}:
            seen.append(0)
            raise Killed
        seen.append(len(rows))
        return take(database, store, into, rows, pool)

    monkeypatch.setattr(reading, "take", take_some)
    kinds = app.state.job_kinds
    for _ in range(3):
        with pytest.raises(Killed):
            Worker(database, clock, kinds).run_due()
        clock.forward(seconds=61)
    Worker(database, clock, kinds).run_due()
    told = client.get(f"/api/v1/imports/{answer.json()['id']}", headers=engineer).json()
    assert (told["state"], told["done"], told["added"], told["same"], told["failed"]) == ("done", 20, 15, 0, 5)
    assert [error["row"] for error in told["errors"]] == [1, 5, 9, 13, 17]
    assert sum(seen) == 20, "no row was looked at twice"
    assert count(database, Asset) == count(database, AssetRevision) == count(database, Part) == 15


def test_of_two_runs_of_one_import_only_the_one_that_holds_it_writes(
    client: TestClient, app: FastAPI, database: Database, engineer: dict[str, str], clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    answer = post(client, engineer, "ads.jsonl", jsonl(*(line(n) for n in range(5)), "{nonsense"))
    take, turns = reading.take, []

    def stall(*given: Any) -> Any:
        turns.append(1)
        if len(turns) == 1:  # the first run stands still until another has done it all
            clock.forward(seconds=61)
            Worker(database, clock, app.state.job_kinds).run_due(limit=1)
        return take(*given)

    monkeypatch.setattr(reading, "take", stall)
    app.state.worker.run_due()
    told = client.get(f"/api/v1/imports/{answer.json()['id']}", headers=engineer).json()
    assert (told["state"], told["added"], told["same"], told["failed"]) == ("done", 5, 0, 1)
    assert len(told["errors"]) == 1


def test_imports_do_not_exist_for_others(
    client: TestClient, database: Database, engineer: dict[str, str], clock: FakeClock
) -> None:
    answer = post(client, engineer, "ads.jsonl", jsonl(line(1)))
    with database.write() as session:
        people = [make_person(session, clock=clock), make_colleague(session, Role.AUDITOR, clock=clock, name="Al")]
    for person in people:
        headers = bearer(database, person, clock=clock)
        assert client.get(f"/api/v1/imports/{answer.json()['id']}", headers=headers).status_code == 404
        assert post(client, headers, "ads.jsonl", b"{}").status_code in {403, 404}
    assert count(database, Import) == 1
