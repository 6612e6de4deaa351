"""Making, steering and filling queues."""

from typing import Any

import pytest
from sqlalchemy import select

from app.assets.models import Asset
from app.people.rules import Role
from app.projects.actions import note_asset_change
from app.projects.models import Project
from app.queues import making
from app.queues.models import Queue, Slot, Task
from tests.making_labels import BODY, make_schema
from tests.making_queues import make_ads
from tests.queues.conftest import Work


def given(**more: Any) -> dict[str, Any]:
    return {"name": "First pass", "kind": "production", **more}


def test_a_queue_is_made_and_its_tasks_follow_in_the_background(work: Work) -> None:
    site, manager = work.site(ads=3), work.colleague(Role.MANAGER)
    body = given(overlap=2, requires={"languages": ["nb"]}, due_at="2026-12-24T17:00:00+01:00", priority=3)
    made = manager.ask("POST", f"/projects/{site.project.id}/queues", body)
    assert made.status_code == 201, made.text
    queue = made.json()
    assert (queue["schema_version"], queue["guideline_version"], queue["overlap"]) == (1, None, 2)
    assert (queue["requires"], queue["due_at"]) == ({"languages": ["nb"]}, "2026-12-24T16:00:00.000000Z")
    work.run_due()
    assert manager.ask("GET", f"/queues/{queue['id']}").json()["tasks"]["open"] == 3
    with work.database.read() as session:
        slots = session.scalars(select(Slot).where(Slot.queue_id == queue["id"])).all()
    assert sorted(slot.position for slot in slots) == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        (Role.MANAGER, "production", 201),
        (Role.ADMIN, "calibration", 201),
        (Role.TRAINER, "practice", 201),
        (Role.TRAINER, "production", 403),
        (Role.SME, "gold", 201),
        (Role.AUDITOR, "audit", 201),
        (Role.ENGINEER, "production", 403),
    ],
)
def test_who_makes_which_kind(work: Work, role: Role, kind: str, status: int) -> None:
    site = work.site(ads=0)
    answer = work.colleague(role).ask("POST", f"/projects/{site.project.slug}/queues", given(kind=kind))
    assert answer.status_code == status


def test_a_labeler_makes_none_and_a_stranger_sees_nothing(work: Work) -> None:
    site = work.site(ads=0)
    path = f"/projects/{site.project.slug}/queues"
    assert work.worker().ask("POST", path, given()).status_code == 403
    assert work.client.post(f"/api/v1{path}", json=given()).status_code == 401
    assert work.colleague(Role.MANAGER).ask("POST", "/projects/none/queues", given()).status_code == 404


@pytest.mark.parametrize(
    ("more", "path"),
    [
        pytest.param({"name": ""}, "/name", id="no name"),
        pytest.param({"name": "   "}, "/name", id="a name of spaces"),
        pytest.param({"kind": "other"}, "/kind", id="no such kind"),
        pytest.param({"overlap": 0}, "/overlap", id="nobody"),
        pytest.param({"claim_seconds": 0}, "/claim_seconds", id="no time"),
        pytest.param({"schema_version": 9}, "/schema_version", id="no such schema"),
        pytest.param({"guideline_version": 9}, "/guideline_version", id="no such guideline"),
        pytest.param({"organisations": ["Nobody AS"]}, "/organisations", id="no such organisation"),
        pytest.param({"filter": {"market": ["NO"]}}, "/filter/market", id="no such filter"),
        pytest.param({"gold_rate": 1.5}, "/gold_rate", id="more than all"),
        pytest.param({"due_at": "2026-12-24T17:00:00"}, "/due_at", id="a time without a zone"),
        pytest.param({"name": "a\u0000b"}, "/name", id="a character that is not text"),
        pytest.param({"due_at": "9999-12-31T23:59:59-12:00"}, "/due_at", id="a time that no year holds in UTC"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(work: Work, more: dict[str, Any], path: str) -> None:
    site = work.site(ads=0)
    answer = work.colleague(Role.MANAGER).ask("POST", f"/projects/{site.project.slug}/queues", given(**more))
    assert answer.status_code == 422, answer.text
    assert path in [fault["path"] for fault in answer.json()["errors"]]
    with work.database.read() as session:
        assert len(session.scalars(select(Queue)).all()) == 1


def test_the_same_key_makes_one_queue(work: Work) -> None:
    site, manager = work.site(ads=0), work.colleague(Role.MANAGER)
    path = f"/projects/{site.project.slug}/queues"
    first = manager.ask("POST", path, given(), Idempotency_Key="q1")
    again = manager.ask("POST", path, given(), Idempotency_Key="q1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert manager.ask("POST", path, given(overlap=2), Idempotency_Key="q1").status_code == 409


def test_only_ads_that_match_and_fit_become_tasks_once(work: Work) -> None:
    site = work.site(ads=0, filter={"metadata.market": ["NO"]})
    with work.database.write() as session:
        make_ads(session, work.store, site.project, clock=work.clock, count=2, metadata={"market": "NO"})
        make_ads(session, work.store, site.project, clock=work.clock, count=2, first=3, metadata={"market": "SE"})
        asset = session.scalars(select(Asset).where(Asset.external_id == "ad-2")).one()
        asset.withdrawn_at = work.clock()
    for _ in range(2):
        with work.database.write() as session:
            note_asset_change(session, site.project.id)
            making.fill(session, session.scalars(select(Queue)).one(), clock=work.clock)
    with work.database.read() as session:
        found = session.execute(select(Asset.external_id, Task.position).join(Task, Task.asset_id == Asset.id)).all()
    assert [tuple(row) for row in found] == [("ad-1", 0)]


def test_an_ad_that_comes_while_a_queue_is_being_filled_is_looked_for_again(work: Work) -> None:
    """The last step may have looked before it came."""
    site = work.site(ads=1, filled=False)
    with work.database.write() as session:
        queue = session.scalars(select(Queue)).one()
        before = session.scalars(select(Project.asset_changes)).one()
        make_ads(session, work.store, site.project, clock=work.clock, count=1, first=2)
        assert making.fill_step(session, queue, after=-1, changes=before, clock=work.clock).after is None
        session.refresh(queue)
        assert making.needs_filling(session, queue)


def test_a_withdrawn_ad_takes_its_task_with_it(work: Work) -> None:
    site, ada = work.site(ads=2), work.worker()
    with work.database.write() as session:
        session.scalars(select(Asset).where(Asset.external_id == "ad-1")).one().withdrawn_at = work.clock()
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-2"
    with work.database.read() as session:
        assert session.scalars(select(Task.state).order_by(Task.seq)).all() == ["withdrawn", "open"]


def test_changing_the_schema_moves_only_tasks_that_nobody_began(work: Work) -> None:
    site, ada, manager = work.site(ads=3), work.worker(), work.colleague(Role.MANAGER)
    ada.label_next(site.queue.id)
    ada.take(site.queue.id)
    with work.database.write() as session:
        make_schema(session, site.project, clock=work.clock, body={**BODY, "name": "Alcohol, sharper"})
    changed = manager.ask("PATCH", f"/queues/{site.queue.id}", {"schema_version": 2})
    assert changed.json()["schema_version"] == 2
    with work.database.read() as session:
        assert session.scalars(select(Task.schema_version).order_by(Task.seq)).all() == [1, 1, 2]
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"schema_version": 7}).status_code == 422
    assert work.colleague(Role.ENGINEER, name="Eir").ask(
        "PATCH", f"/queues/{site.queue.id}", {"state": "closed"}
    ).status_code == 403  # fmt: skip
    assert ada.ask("PATCH", f"/queues/{site.queue.id}", {"state": "closed"}).status_code == 403
