"""What people put aside and why, as managers read it: a list for programs, the queue's page, and "Why?" of a task."""

import pytest
from alembic import command
from sqlalchemy import select, text

from app.db.migrate import configuration, migrate, migrating
from app.people.rules import Role
from app.queues.models import Outcome
from tests import making
from tests.queues.conftest import Work

TELLING = [
    ("skip", "I know the advertiser"),
    ("cannot_judge", "The end is cut off."),
    ("flag", None),
    ("escalate", "wine?"),
]


def put_aside(work: Work, queue: str) -> None:
    """By Ada, a task each, and between them one that was not good for her."""
    ada = work.worker("Ada")
    for outcome, note in [*TELLING[:2], ("wellbeing", None), *TELLING[2:]]:
        assert ada.end(ada.take(queue), outcome, note).status_code == 201
        work.clock.forward(minutes=1)


def test_programs_read_who_put_what_aside_and_why_but_not_what_was_not_good_for_somebody(work: Work) -> None:
    site, grace = work.site(ads=6), work.colleague(Role.MANAGER)
    put_aside(work, site.queue.id)
    path = f"/queues/{site.queue.id}/outcomes"
    told = grace.ask("GET", path).json()
    assert told["next"] is None
    assert [(one["outcome"], one["note"]) for one in told["items"]] == TELLING[::-1]
    assert [one["external_id"] for one in told["items"]] == ["ad-5", "ad-4", "ad-2", "ad-1"]
    newest = told["items"][0]
    assert set(newest) == {"id", "task", "external_id", "person", "outcome", "note", "at"}
    assert newest["person"]["name"] == "Ada"
    assert newest["at"] == "2026-11-02T09:04:00.000000Z"
    assert "wellbeing" not in str(told)
    first = grace.ask("GET", f"{path}?limit=3").json()
    rest = grace.ask("GET", f"{path}?limit=3&after={first['next']}").json()
    assert (first["items"] + rest["items"], rest["next"]) == (told["items"], None)
    assert grace.ask("GET", f"{path}?after=nothing").status_code == 422


@pytest.mark.parametrize("organisation", ["Nordlys", "Atlantico"])
def test_only_the_companys_people_read_it_as_they_watch_the_queue(work: Work, organisation: str) -> None:
    site = work.site()
    with work.database.write() as session:
        lead = making.make_person(
            session, clock=work.clock, name="Lead", roles=[Role.VENDOR_LEAD], organisation=organisation
        )
    headers = making.bearer(work.database, lead, clock=work.clock)
    for what in ("watch", "outcomes"):
        path = f"/queues/{site.queue.id}/{what}"
        assert work.client.get(f"/api/v1{path}", headers=headers).status_code == 404
        assert work.worker(organisation=organisation).ask("GET", path).status_code == 404
        assert work.colleague(Role.AUDITOR).ask("GET", path).status_code == 200
    assert work.client.get(f"/api/v1/queues/{site.queue.id}/outcomes").status_code == 401


def test_an_outcome_is_of_the_queue_it_was_claimed_in_and_found_by_index(work: Work) -> None:
    site = work.site(ads=6)
    put_aside(work, site.queue.id)
    with work.database.read() as session:
        assert set(session.scalars(select(Outcome.queue_id))) == {site.queue.id}
        if work.database.is_sqlite:
            newest = "SELECT id FROM outcomes WHERE queue_id = 'q' AND kind <> 'wellbeing' ORDER BY seq DESC LIMIT 11"
            plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {newest}")).all())
            assert "ix_outcomes_queue_id_seq" in plan
            assert "TEMP B-TREE" not in plan


def test_outcomes_of_before_have_their_queue_after_migrating(work: Work) -> None:
    site = work.site(ads=6)
    put_aside(work, site.queue.id)
    with migrating(work.database) as connection:
        command.downgrade(configuration(connection), "0017")
    migrate(work.database)
    with work.database.read() as session:
        assert list(session.scalars(select(Outcome.queue_id))) == [site.queue.id] * (len(TELLING) + 1)


def test_pages_tell_why_and_of_what_was_not_good_for_somebody_only_that_it_came_back(work: Work) -> None:
    site = work.site(ads=6)
    queue = f"/queues/{site.queue.id}"
    with work.database.write() as session:
        grace = making.make_colleague(session, Role.MANAGER, clock=work.clock)
    making.sign_in(work.client, work.database, grace, clock=work.clock)
    assert "Put aside lately" not in work.client.get(queue).text
    bo = work.worker("Bo")
    bo.client.cookies.clear()
    put_aside(work, site.queue.id)
    held = bo.take(site.queue.id)
    assert bo.on(held, "DELETE", "").status_code == 204
    ad = held["task"]["asset"]["external_id"]
    making.sign_in(work.client, work.database, grace, clock=work.clock)
    shown = work.client.get(queue).text
    assert "Put aside lately" in shown
    for told in ("I know the advertiser", "Not to be judged", "no reason given", f"{queue}/why?ad=ad-2"):
        assert told in shown
    for kept in ("wellbeing", f"{queue}/why?ad=ad-3"):
        assert kept not in shown
    why = work.client.get(f"{queue}/why?ad=ad-2").text
    assert "Not to be judged by <bdi>Ada</bdi>: <q>The end is cut off.</q>" in why
    back = work.client.get(f"{queue}/why?ad=ad-3").text
    assert "Given back" in back
    assert "<bdi>Ada</bdi>" not in back
    other = work.client.get(f"{queue}/why?ad={ad}").text
    assert "Given back" in other, "so that it does not tell which of the two it was"
    assert "<bdi>Bo</bdi>" not in other
