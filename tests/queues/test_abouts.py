"""The page of background work says of each job of queues which queue or person it is about."""

import re

from sqlalchemy import select

from app.assets.models import Asset
from app.people import actions as people
from app.people.rules import Role
from tests.making import sign_in
from tests.queues.conftest import Work


def test_jobs_of_queues_say_which_queue_or_person_they_are_about(work: Work) -> None:
    site, ada, manager = work.site(ads=1), work.worker("Ada Gone"), work.colleague(Role.MANAGER)
    path = f"/queues/{site.queue.id}"
    assert manager.ask("PATCH", path, {"overlap": 2}).status_code == 200
    assert manager.ask("PATCH", path, {"order": {"by": "random"}}).status_code == 200
    assert manager.ask("POST", f"{path}/fillings", {"external_ids": ["ad-1"]}).status_code == 202
    with work.database.write() as session:
        gone = session.merge(ada.person)
        people.disable(session, person=gone, actor=session.merge(manager.person), clock=work.clock)
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    for page in (waiting_page(work), ended_page(work)):
        for title in ("Changing how many people answer each ad", "Ordering queues", "Adding tasks to a queue"):
            assert f"{title}: <a href={path}>First pass</a>" in page
        assert "Giving back the tasks of somebody who left: Ada Gone" in page


def test_an_ordering_after_metadata_changed_says_which_ad_it_is_about(work: Work) -> None:
    site, manager = work.site(ads=1), work.colleague(Role.MANAGER)
    with work.database.read() as session:
        ad = session.scalars(select(Asset.id).where(Asset.project_id == site.project.id)).one()
    assert manager.ask("PATCH", f"/assets/{ad}", {"metadata": {"due": "2026-12-03"}}).status_code == 200
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    for page in (waiting_page(work), ended_page(work)):
        assert f"Ordering queues: <a href=/assets/{ad}>ad-1</a>" in page


def waiting_page(work: Work) -> str:
    return re.sub(r'"|http://\w+|</?bdi>', "", work.client.get("/background").text)


def ended_page(work: Work) -> str:
    work.run_due()
    page = waiting_page(work)
    assert "Nothing waits" in page
    return page
