"""Background work on its page and over the API: watched, retried, dropped, cancelled by those who bring ads in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from app.assets.deriving import derive_kind
from app.assets.store import Store
from app.db.session import Database
from app.imports.jobs import import_kind
from app.jobs import actions
from app.jobs.models import Job
from app.jobs.rules import GiveUp, JobState
from app.jobs.runs import SHARE, Kind, Run
from app.jobs.worker import Worker
from app.people.models import AuditEvent
from app.people.rules import Role
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_person, make_project, sign_in


def refuse(payload: Mapping[str, Any], _run: Run) -> None:
    if payload.get("refused"):
        raise GiveUp("The <picture> cannot be read.")


KINDS = {
    "sort": Kind("Sorting", refuse, may_cancel=True, counts="cards"),
    "chain": Kind("Chaining", refuse),
    "shrink": Kind("Shrinking", refuse, counts=SHARE),
}


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    app.state.job_kinds = KINDS
    return app


def leave(database: Database, clock: FakeClock, kind: str, **payload: Any) -> str:
    with database.write() as session:
        job = actions.enqueue(session, kind, payload, clock=clock)
        session.flush()
        return job.id


def states(database: Database) -> list[str]:
    with database.read() as session:
        return [job.state for job in session.scalars(select(Job).order_by(Job.seq))]


def work(database: Database, clock: FakeClock) -> None:
    Worker(database, clock, KINDS).run_due()


@pytest.fixture
def manager(client: TestClient, database: Database, clock: FakeClock) -> dict[str, str]:
    """The headers of a manager, who is signed in to the pages too."""
    with database.write() as session:
        person = make_colleague(session, Role.MANAGER, clock=clock)
    client.headers["x-csrf-token"] = sign_in(client, database, person, clock=clock)
    return bearer(database, person, clock=clock)


def test_the_page_shows_what_waits_failed_and_ended(
    client: TestClient, database: Database, clock: FakeClock, manager: dict[str, str]
) -> None:
    assert "Nothing waits" in client.get("/background").text
    with database.write() as session:
        project = make_project(session, clock=clock)
        actions.enqueue(session, "sort", {"refused": True}, clock=clock, project_id=project.id)
    leave(database, clock, "chain")
    work(database, clock)
    waiting = leave(database, clock, "sort")
    with database.write() as session:
        running = actions.take(session, "sort", clock())
        assert running is not None
        actions.note_progress(session, running, done=3, total=8)
    leave(database, clock, "chain")
    page = client.get("/background").text
    assert "The &lt;picture&gt; cannot be read." in page
    assert project.name in page
    assert "3 of 8" in page
    assert "Waiting: Chaining 1." in page
    assert f"/background/{waiting}/cancellation" in page
    assert page.count("/cancellation") == 1, "only what may be cancelled has the button"
    assert "Ended lately" in page


def test_progress_says_what_it_counts_or_its_share_where_that_differs(
    client: TestClient, database: Database, clock: FakeClock, manager: dict[str, str]
) -> None:
    for kind, done, total in (("sort", 1, 1), ("chain", 4, 9), ("sort", 1300, 8000), ("shrink", 2_646_000, 7_938_000)):
        leave(database, clock, kind)
        with database.write() as session:
            running = actions.take(session, kind, clock())
            assert running is not None
            actions.note_progress(session, running, done=done, total=total)
    page = client.get("/background").text.replace("\u00a0", " ")
    for words in (
        "<span>1 of 1 card</span>",
        "<span>1 300 of 8 000 cards</span>",
        "<span>4 of 9</span>",
        "<span>33 %</span>",
    ):
        assert words in page
    with database.write() as session:
        for job in session.scalars(select(Job)):
            job.state, job.finished_at = JobState.DONE, clock()
    page = client.get("/background").text.replace("\u00a0", " ")
    cells = [cell.strip() for cell in re.findall(r'<td class="number">(.*?)</td>', page, re.DOTALL)]
    assert sorted(cells) == ["", "1 300 cards", "1 card", "4"]


def test_preparing_files_tells_its_share_and_imports_their_rows(
    database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    store = Store(tmp_path / "media")
    assert derive_kind(database, store, clock).counts == SHARE
    assert import_kind(database, store, tmp_path, clock).counts == "rows"


def test_what_failed_is_retried_or_dropped_and_the_trail_says_by_whom(
    client: TestClient, database: Database, clock: FakeClock, manager: dict[str, str]
) -> None:
    job = leave(database, clock, "sort", refused=True)
    work(database, clock)
    assert client.post(f"/background/{job}/retry").status_code == 303
    assert states(database) == ["queued"]
    assert client.post(f"/background/{job}/retry").status_code == 409
    assert client.post(f"/background/{job}/drop").status_code == 409
    work(database, clock)
    assert client.post(f"/background/{job}/drop").status_code == 303
    assert states(database) == ["dropped"]
    with database.read() as session:
        trail = session.scalars(
            select(AuditEvent).where(AuditEvent.subject_kind == "job").order_by(AuditEvent.seq)
        ).all()
    assert [(event.verb, event.subject_id) for event in trail] == [("retried", job), ("dropped", job)]
    assert trail[1].details["reason"] == "The <picture> cannot be read."


def test_all_of_a_kind_that_failed_are_retried_at_once(
    client: TestClient, database: Database, clock: FakeClock, manager: dict[str, str]
) -> None:
    for kind in ("sort", "chain", "sort"):
        leave(database, clock, kind, refused=True)
    work(database, clock)
    assert client.post("/background/retries", data={"kind": "sort"}).status_code == 303
    assert states(database) == ["queued", "failed", "queued"]


def test_only_what_nobody_waits_for_is_cancelled(
    client: TestClient, database: Database, clock: FakeClock, manager: dict[str, str]
) -> None:
    sort, chain = leave(database, clock, "sort"), leave(database, clock, "chain")
    assert client.post(f"/background/{chain}/cancellation").status_code == 409
    assert client.post(f"/background/{sort}/cancellation").status_code == 303
    assert client.post(f"/background/{sort}/cancellation").status_code == 409
    assert states(database) == ["cancelled", "queued"]


def test_the_api_lists_by_state_and_kind_and_acts_once_a_key(
    client: TestClient, database: Database, clock: FakeClock, manager: dict[str, str]
) -> None:
    job = leave(database, clock, "sort", refused=True)
    leave(database, clock, "chain")
    work(database, clock)
    [listed] = client.get("/api/v1/jobs", params={"state": "failed", "kind": "sort"}, headers=manager).json()["items"]
    assert listed == client.get(f"/api/v1/jobs/{job}", headers=manager).json()
    assert (listed["id"], listed["state"], listed["reason"]) == (job, "failed", "The <picture> cannot be read.")
    once = manager | {"idempotency-key": "again"}
    first = client.post(f"/api/v1/jobs/{job}/retry", headers=once)
    assert (first.status_code, first.json()["state"]) == (201, JobState.QUEUED)
    assert client.post(f"/api/v1/jobs/{job}/retry", headers=once).status_code == 200
    assert client.post(f"/api/v1/jobs/{job}/drop", headers=manager).status_code == 409
    cancelled = client.post(f"/api/v1/jobs/{job}/cancellation", headers=manager)
    assert (cancelled.status_code, cancelled.json()["state"]) == (201, "cancelled")
    assert client.get("/api/v1/jobs", params={"state": "sleeping"}, headers=manager).status_code == 422


def test_to_others_background_work_does_not_exist(client: TestClient, database: Database, clock: FakeClock) -> None:
    job = leave(database, clock, "sort")
    with database.write() as session:
        people = [make_person(session, clock=clock), make_colleague(session, Role.AUDITOR, clock=clock)]
    for person in people:
        headers = bearer(database, person, clock=clock)
        assert client.get("/api/v1/jobs", headers=headers).status_code == 404
        assert client.post(f"/api/v1/jobs/{job}/cancellation", headers=headers).status_code == 404
    assert states(database) == ["queued"]
