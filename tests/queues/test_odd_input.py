"""What no database keeps, typed into the forms of queues: refused where it is read, with its path, and nothing is changed."""

from typing import Any

import pytest
from sqlalchemy import select

from app.people.rules import Role
from app.queues.models import Queue
from tests.making import sign_in
from tests.making_queues import ANSWER
from tests.queues.conftest import Work

PAGE = {"Accept": "text/html"}
NEW = {"name": "Odd", "schema_version": "1"}
SETTINGS = {"revision": "1", "name": "Odd", "overlap": "1", "claim_minutes": "15", "undo_minutes": "5", "priority": "0"}
HUGE = "9" * 30


@pytest.mark.parametrize("if_match", ["9" * 10, HUGE, "9" * 5000, "-1", "1.0", "x", '"1", "2"', ""])
def test_what_is_no_revision_is_refused_for_queues_and_labels(work: Work, if_match: str) -> None:
    site, ada, manager = work.site(ads=1), work.worker(), work.colleague(Role.MANAGER)
    label = ada.label_next(site.queue.id)
    changed = manager.ask("PATCH", f"/queues/{site.queue.id}", {"priority": 1}, If_Match=if_match)
    revised = ada.ask("POST", f"/labels/{label}/revisions", dict(ANSWER), If_Match=if_match)
    assert (changed.status_code, revised.status_code) == (422, 422)
    assert "number of a revision" in changed.text
    with work.database.read() as session:
        assert session.scalars(select(Queue.revision)).one() == 1


@pytest.mark.parametrize(
    ("form", "odd", "path"),
    [
        ("new", {"schema_version": HUGE}, "/schema_version"),
        ("new", {"schema_version": "9" * 5000}, "/schema_version"),
        ("new", {"schema_version": "-1"}, "/schema_version"),
        ("new", {"guideline_version": "newest"}, "/guideline_version"),
        ("new", {"due": "0001-01-01T00:00+12:00"}, "/due_at"),
        ("settings", {"schema_version": HUGE}, "/schema_version"),
        ("settings", {"guideline_version": HUGE}, "/guideline_version"),
        ("settings", {"revision": HUGE}, "/revision"),
        ("state", {"state": "paused", "revision": HUGE}, "/revision"),
        ("handing-out", {"order_by": "oldest", "person": HUGE}, "/person/"),
        ("handing-out", {"order_by": "oldest", "due_at": "9999-12-31T23:59-12:00"}, "/due_at"),
        ("handing-out", {"order_by": "oldest", "organisations": f"Nordlys = {HUGE}"}, "/organisations"),
        ("handing-out", {"order_by": "oldest", "organisations": "Nordlys = 101 %"}, "/organisations"),
    ],
)
def test_what_cannot_be_kept_is_refused_where_it_is_read(work: Work, form: str, odd: dict[str, Any], path: str) -> None:
    site, manager = work.site(ads=1), work.colleague(Role.MANAGER)
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    address = f"/projects/{site.project.slug}/queues" if form == "new" else f"/queues/{site.queue.id}/{form}"
    fields = {"new": NEW, "settings": SETTINGS}.get(form, {}) | odd | {"csrf_token": token}
    answer = work.client.post(address, data=fields, headers=PAGE)
    assert answer.status_code == 422, answer.text
    assert path in answer.text
    with work.database.read() as session:
        queue = session.scalars(select(Queue)).one()
        assert (queue.name, queue.state, queue.revision) == ("First pass", "open", 1)


def test_a_deadline_with_a_zone_is_kept_as_the_moment_it_names(work: Work) -> None:
    site, manager = work.site(ads=1), work.colleague(Role.MANAGER)
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    form = SETTINGS | {"csrf_token": token, "schema_version": "1", "due": "2026-12-24T17:00+05:00"}
    assert work.client.post(f"/queues/{site.queue.id}/settings", data=form, headers=PAGE).status_code == 303
    with work.database.read() as session:
        due_at = session.scalars(select(Queue.due_at)).one()
    assert f"{due_at:%Y-%m-%d %H:%M}" == "2026-12-24 12:00"


def test_a_page_of_a_revision_that_never_was_is_told_to_load_again(work: Work) -> None:
    site, manager = work.site(ads=1), work.colleague(Role.MANAGER)
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    form = {"csrf_token": token, "state": "paused", "revision": "7"}
    answer = work.client.post(f"/queues/{site.queue.id}/state", data=form, headers=PAGE)
    assert answer.status_code == 412
    assert "nothing of this was saved. Load the page again." in answer.text


def test_a_text_that_is_too_long_is_told_in_characters(work: Work) -> None:
    site, ada = work.site(ads=1), work.worker()
    refused = ada.end(ada.take(site.queue.id), "skip", "x" * 4001)
    assert refused.status_code == 422
    told = {"path": "/note", "message": "String should have at most 4000 characters"}
    assert refused.json()["errors"] == [told]
