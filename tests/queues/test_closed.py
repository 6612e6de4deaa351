"""A queue that was closed or paused while people work in it: what they hold is theirs to finish, and is shown to them."""

import pytest
from sqlalchemy import select

from app.people.rules import Role
from app.queues.models import Queue
from tests.making import sign_in
from tests.queues.conftest import Work, Worker
from tests.queues.test_escalating import set_up

SHUT = pytest.mark.parametrize("state", ["paused", "closed"])


def shut(manager: Worker, queue: str, state: str) -> None:
    assert manager.ask("PATCH", f"/queues/{queue}", {"state": state}).status_code == 200


def home_of(work: Work, worker: Worker, path: str = "/") -> str:
    sign_in(work.client, work.database, worker.person, clock=work.clock)
    answer = work.client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return str(answer.text)


@SHUT
def test_what_somebody_holds_is_offered_to_them_until_its_time_is_over(work: Work, state: str) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    held = ada.take(site.queue.id)
    shut(manager, site.queue.id, state)
    assert "Continue First pass" in home_of(work, ada)
    assert ada.ask("POST", "/claims").json()["claim"]["id"] == held["claim"]["id"]
    assert "First pass" not in home_of(work, bo)
    assert bo.ask("POST", "/claims").status_code == 204
    work.clock.forward(hours=1)
    assert "First pass" not in home_of(work, ada)
    assert ada.ask("POST", "/claims").status_code == 204


@SHUT
def test_what_was_only_reserved_is_not_offered(work: Work, state: str) -> None:
    site, ada = work.site(), work.worker()
    at_hand = ada.take(site.queue.id)
    ada.reserve(site.queue.id)
    shut(work.colleague(Role.MANAGER), site.queue.id, state)
    assert ada.submit(at_hand).status_code == 201
    assert "First pass" not in home_of(work, ada)
    assert ada.ask("POST", "/claims").status_code == 204


@SHUT
def test_nothing_is_left_for_anybody_and_they_are_told_why(work: Work, state: str) -> None:
    site, ada = work.site(), work.worker()
    shut(work.colleague(Role.MANAGER), site.queue.id, state)
    told = ada.ask("GET", f"/queues/{site.queue.id}").json()
    assert told["left"] == 0
    assert state in told["kept_from"]
    page = home_of(work, ada, f"/queues/{site.queue.id}")
    assert told["kept_from"] in page
    assert "Start" not in page


@SHUT
def test_a_kept_draft_is_not_gone_on_with_until_the_queue_is_open_again(work: Work, state: str) -> None:
    site, ada, manager = work.site(), work.worker(), work.colleague(Role.MANAGER)
    held = ada.take(site.queue.id)
    ada.on(held, "PUT", "draft", {"seq": 1, "answers": {"note": "x"}})
    shut(manager, site.queue.id, state)
    work.clock.forward(hours=1)
    kept = home_of(work, ada)
    assert "Unfinished work that was kept" in kept
    assert f"The queue is {state}" in kept
    assert "Go on" not in kept
    shut(manager, site.queue.id, "open")
    assert "Go on" in home_of(work, ada)
    again = ada.take(site.queue.id)
    assert again["task"]["id"] == held["task"]["id"]
    assert again["task"]["draft"]["answers"] == {"note": "x"}


def test_a_closed_queue_of_smes_answers_nothing_so_a_manager_sees_that_it_is_theirs(work: Work) -> None:
    queue, sme, manager = set_up(work)
    ada = work.worker()
    ada.end(ada.take(queue), "escalate", "is this wine?")
    shown = []
    for state in ("closed", "open"):
        shut(manager, sme, state)
        (waiting,) = manager.ask("GET", f"/queues/{queue}/watch").json()["waiting"]
        shown.append((waiting["with_sme"], "with an SME" in home_of(work, manager, f"/queues/{queue}")))
    assert shown == [(False, False), (True, True)]


def test_an_escalated_task_that_is_moved_keeps_its_question_and_its_clock(work: Work) -> None:
    queue, _, manager = set_up(work)
    ada = work.worker()
    ada.end(ada.take(queue), "escalate", "is this wine?")
    asked = manager.ask("GET", f"/queues/{queue}/watch").json()["waiting"]
    with work.database.read() as session:
        project = session.scalars(select(Queue).where(Queue.id == queue)).one().project_id
    made = manager.ask(
        "POST", f"/projects/{project}/queues", {"name": "To", "kind": "production", "fills_itself": False}
    )
    wanted = {"deed": "move", "to": made.json()["id"], "states": ["escalated"]}
    seen = manager.ask("POST", f"/queues/{queue}/bulk/preview", wanted).json()
    assert manager.ask("POST", f"/queues/{queue}/bulk", {**wanted, "token": seen["token"]}).status_code == 201
    assert manager.ask("GET", f"/queues/{made.json()['id']}/watch").json()["waiting"] == asked
    assert asked[0]["with_sme"] is True
