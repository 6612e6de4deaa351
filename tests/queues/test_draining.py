"""A queue that drains hands out what is begun or came back, nothing fresh, and pauses by itself."""

import pytest
from sqlalchemy import select

from app.people.models import AuditEvent
from app.people.rules import Role
from app.queues import checks
from app.queues.models import Queue, Task
from tests.making import sign_in
from tests.queues.conftest import Work, Worker


def steer(manager: Worker, queue: str, state: str) -> str:
    answer = manager.ask("PATCH", f"/queues/{queue}", {"state": state})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["state"])


def state_of(work: Work, queue: str) -> str:
    with work.database.read() as session:
        return str(session.scalars(select(Queue.state).where(Queue.id == queue)).one())


def test_what_is_begun_is_finished_and_then_the_queue_pauses_by_itself(work: Work) -> None:
    site, manager = work.site(ads=6), work.colleague(Role.MANAGER)
    queue = site.queue.id
    ada, bo, cleo = work.worker("Ada"), work.worker("Bo"), work.worker("Cleo")
    held, returned = ada.take(queue), bo.take(queue)
    bo.end(returned, "skip")
    assert steer(manager, queue, "draining") == "draining"
    got = cleo.take(queue)
    assert got["task"]["id"] == returned["task"]["id"]
    assert bo.claim(queue).status_code == 204
    assert work.worker("Dan").claim(queue).status_code == 204
    in_page = {"X-Fasit": "1", "X-CSRF-Token": sign_in(work.client, work.database, bo.person, clock=work.clock)}
    nothing = work.client.post(f"/queues/{queue}/work/claims", headers=in_page).text
    assert "Only what comes back from others is handed out now." in nothing
    assert "as ads are added" not in nothing
    assert cleo.ask("GET", f"/queues/{queue}").json()["left"] == 0
    assert cleo.submit(got).status_code == 201
    assert state_of(work, queue) == "draining"
    assert ada.submit(held).status_code == 201
    assert state_of(work, queue) == "paused"
    with work.database.read() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert list(checks.find_faults(session)) == []
    assert last is not None
    assert (last.verb, last.actor_id, last.details["from"]) == ("queue paused", None, "draining")
    assert bo.claim(queue).status_code == 409
    assert steer(manager, queue, "open") == "open"
    assert bo.claim(queue).status_code == 201


def test_the_other_slots_of_a_begun_task_are_handed_out_while_it_drains(work: Work) -> None:
    site, manager = work.site(ads=3, overlap=2), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    ada.label_next(site.queue.id)
    steer(manager, site.queue.id, "draining")
    assert bo.ask("GET", f"/queues/{site.queue.id}").json()["left"] == 1
    bo.label_next(site.queue.id)
    assert state_of(work, site.queue.id) == "paused"


@pytest.mark.parametrize("wishes", [{}, {"not_for_me": {"topic": ["weapons"]}}])
def test_a_manager_is_told_what_a_draining_queue_still_hands_out(work: Work, wishes: dict) -> None:
    site, manager = work.site(ads=3), work.colleague(Role.MANAGER)
    ada, bo, cleo = work.worker("Ada"), work.worker("Bo"), work.worker("Cleo")
    assert cleo.ask("PATCH", "/me/preferences", wishes).status_code == 200
    held, back = ada.take(site.queue.id), bo.take(site.queue.id)
    steer(manager, site.queue.id, "draining")
    with work.database.read() as session:
        fresh = session.scalars(select(Task.id).where(Task.id.not_in([held["task"]["id"], back["task"]["id"]]))).one()

    def why(task: str) -> dict:
        told: dict = manager.ask("GET", f"/tasks/{task}/why?person={cleo.person.id}").json()
        return told

    told = why(fresh)
    assert (told["choice"], [one["why"] for one in told["reasons"]]) == ("not_handed_out", ["fresh"])
    assert told["reasons"][0]["sentence"] == "The queue is draining, so it hands out only what is begun or came back."
    bo.end(back, "skip")
    assert (why(back["task"]["id"])["choice"], why(fresh)["choice"]) == ("next", "not_handed_out")
    assert cleo.take(site.queue.id)["task"]["id"] == back["task"]["id"]


def test_places_that_go_with_a_lowered_overlap_are_not_waited_for(work: Work) -> None:
    site, manager = work.site(ads=3, overlap=2), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    ada.label_next(site.queue.id)
    held, _ = bo.take(site.queue.id), steer(manager, site.queue.id, "draining")
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"overlap": 1}).status_code == 200
    work.run_due()
    assert state_of(work, site.queue.id) == "draining"
    assert bo.on(held, "DELETE", "").status_code == 204
    assert state_of(work, site.queue.id) == "paused", "the place that Bo gave back is gone"


def test_a_lowered_overlap_ends_a_draining_that_waits_for_nobody(work: Work) -> None:
    site, manager = work.site(ads=3, overlap=2), work.colleague(Role.MANAGER)
    work.worker("Ada").label_next(site.queue.id)
    assert steer(manager, site.queue.id, "draining") == "draining"
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"overlap": 1}).status_code == 200
    work.run_due()
    assert state_of(work, site.queue.id) == "paused"
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []


def test_a_queue_with_nothing_begun_pauses_at_once(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    assert steer(manager, site.queue.id, "draining") == "paused"


def test_what_ran_out_is_handed_out_before_the_draining_ends(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    lost = ada.take(site.queue.id)
    steer(manager, site.queue.id, "draining")
    work.clock.forward(hours=1)
    got = bo.take(site.queue.id)
    assert got["task"]["id"] == lost["task"]["id"]
    bo.end(got, "flag", "which?")
    assert state_of(work, site.queue.id) == "paused"


def test_the_last_task_that_a_manager_withdraws_ends_the_draining(work: Work) -> None:
    site, manager, ada = work.site(), work.colleague(Role.MANAGER), work.worker()
    got = ada.take(site.queue.id)
    ada.ask("DELETE", f"/claims/{got['claim']['id']}", Claim_Token=got["claim"]["token"])
    assert steer(manager, site.queue.id, "draining") == "draining"
    manager.ask("POST", f"/tasks/{got['task']['id']}/withdrawal", {"reason": "x"})
    assert state_of(work, site.queue.id) == "paused"


def test_a_closed_queue_is_opened_again_and_does_not_drain(work: Work) -> None:
    site, manager, ada = work.site(), work.colleague(Role.MANAGER), work.worker()
    held = ada.take(site.queue.id)
    steer(manager, site.queue.id, "closed")
    assert ada.submit(held).status_code == 201
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"state": "draining"}).status_code == 409
    assert ada.claim(site.queue.id).status_code == 409
    steer(manager, site.queue.id, "open")
    assert ada.claim(site.queue.id).status_code == 201


def test_home_and_page_show_a_draining_queue(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    ada = work.worker()
    ada.take(site.queue.id)
    steer(manager, site.queue.id, "draining")
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    page = work.client.get(f"/queues/{site.queue.id}").text
    assert "Draining" in page
    assert "Hand out everything again" in page
    sign_in(work.client, work.database, ada.person, clock=work.clock)
    assert "Continue" in work.client.get("/").text
