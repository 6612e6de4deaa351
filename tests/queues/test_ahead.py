"""The task after the one at hand, reserved ahead: when its time begins, and to whom it is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.people import actions as people
from app.people.models import Person
from app.people.rules import Role
from app.queues import checks
from app.queues.rules import begun_at, reserved_until
from tests.making import bearer
from tests.making_queues import TIMING
from tests.queues.conftest import Work, Worker

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DRAFT = {"answers": {"alcohol": "yes"}, "timing": TIMING, "seq": 1}


@pytest.mark.parametrize(
    ("shown_for", "begun"),
    [
        pytest.param(0 * SECOND, NOON, id="begun by the request itself"),
        pytest.param(3 * SECOND, NOON - 3 * SECOND, id="shown while the submit before it was on its way"),
        pytest.param(90 * SECOND, NOON - 60 * SECOND, id="never before it was reserved"),
        pytest.param(-5 * SECOND, NOON, id="never in the future"),
    ],
)
def test_the_time_of_a_reserved_claim_begins_when_it_is_shown(shown_for: timedelta, begun: object) -> None:
    assert begun_at(reserved_at=NOON - 60 * SECOND, shown_for=shown_for, now=NOON) == begun


def test_a_reservation_lives_half_as_long_as_a_claim() -> None:
    assert reserved_until(900, NOON) == NOON + 450 * SECOND


def test_one_more_is_reserved_and_asked_for_again_it_is_the_same(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker()
    at_hand = ada.take(site.queue.id)
    ahead = ada.reserve(site.queue.id)
    assert ahead["task"]["asset"]["external_id"] == "ad-2"
    assert ada.reserve(site.queue.id)["claim"] == ahead["claim"]
    assert ada.take(site.queue.id)["claim"] == at_hand["claim"]


def test_nobody_else_gets_what_is_reserved_while_there_is_something_else(work: Work) -> None:
    site, ada, bo = work.site(ads=3), work.worker("Ada"), work.worker("Bo")
    ada.take(site.queue.id)
    ada.reserve(site.queue.id)
    assert bo.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-3"
    assert bo.claim(site.queue.id, ahead=True).status_code == 204


def test_its_time_begins_at_its_first_lease(work: Work) -> None:
    site, ada = work.site(ads=2), work.worker()
    at_hand, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    work.clock.forward(seconds=100)
    assert ada.submit(at_hand).status_code == 201
    lease = ada.on(ahead, "PUT", "lease")
    assert lease.json() == {"expires_at": "2026-11-02T09:16:40.000000Z"}
    work.clock.forward(seconds=7)
    label = ada.submit(ahead).json()
    assert label["timing"]["wall_ms"] == 7000
    assert label["claimed_at"] == "2026-11-02T09:01:40.000000Z"


def test_a_claim_call_begins_what_was_reserved(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker()
    at_hand, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    ada.submit(at_hand)
    work.clock.forward(seconds=10)
    begun = ada.take(site.queue.id)
    assert begun["claim"]["id"] == ahead["claim"]["id"]
    assert begun["claim"]["expires_at"] == "2026-11-02T09:15:10.000000Z"
    assert ada.reserve(site.queue.id)["task"]["asset"]["external_id"] == "ad-3"


def test_a_reservation_lives_on_with_the_lease_at_hand_and_else_runs_out(work: Work) -> None:
    site, ada, bo = work.site(ads=2, claim_seconds=60), work.worker("Ada"), work.worker("Bo")
    at_hand, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    for _ in range(3):
        work.clock.forward(seconds=20)
        assert ada.on(at_hand, "PUT", "lease", {"active": True}).status_code == 200
    assert ada.reserve(site.queue.id)["claim"]["id"] == ahead["claim"]["id"]
    work.clock.forward(seconds=35)
    assert bo.take(site.queue.id)["task"]["id"] == ahead["task"]["id"]
    assert ada.on(ahead, "PUT", "lease").status_code == 409
    assert ada.take(site.queue.id)["claim"]["id"] == at_hand["claim"]["id"]


def test_a_lease_prolongs_what_is_reserved_by_half_of_it(work: Work) -> None:
    """So that a page that is gone keeps it from the others no longer than that."""
    site, ada, bo = work.site(ads=3, claim_seconds=60), work.worker("Ada"), work.worker("Bo")
    at_hand, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    work.clock.forward(seconds=20)
    assert ada.on(at_hand, "PUT", "lease", {"active": True}).status_code == 200
    work.clock.forward(seconds=31)
    assert bo.take(site.queue.id)["task"]["id"] == ahead["task"]["id"], "it came back, before what is fresh"
    assert ada.take(site.queue.id)["claim"]["id"] == at_hand["claim"]["id"]


def test_who_is_free_and_finds_nothing_else_takes_a_reservation(work: Work) -> None:
    site, ada, bo = work.site(ads=2), work.worker("Ada"), work.worker("Bo")
    at_hand, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    assert bo.take(site.queue.id)["task"]["id"] == ahead["task"]["id"]
    assert work.worker("Cy").claim(site.queue.id).status_code == 204
    assert ada.claim(site.queue.id, ahead=True).status_code == 204
    assert ada.on(ahead, "PUT", "lease").status_code == 409
    assert ada.submit(at_hand).status_code == 201
    assert ada.claim(site.queue.id).status_code == 204
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []


def test_a_reservation_that_has_begun_is_nobody_elses(work: Work) -> None:
    site, ada = work.site(ads=2), work.worker("Ada")
    ada.take(site.queue.id)
    ahead = ada.reserve(site.queue.id)
    assert ada.on(ahead, "PUT", "draft", {"seq": 1, "answers": {}}).status_code == 204
    assert work.worker("Bo").claim(site.queue.id).status_code == 204
    assert ada.submit(ahead).status_code == 201


def test_a_reservation_given_back_goes_to_others(work: Work) -> None:
    site, ada = work.site(ads=2), work.worker("Ada")
    ada.take(site.queue.id)
    ahead = ada.reserve(site.queue.id)
    assert ada.on(ahead, "DELETE", "").status_code == 204
    assert work.worker("Bo").take(site.queue.id)["task"]["id"] == ahead["task"]["id"]


def test_what_was_begun_and_lost_comes_before_what_is_reserved(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker("Ada")
    at_hand, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    ada.on(at_hand, "DELETE", "")
    assert ada.take(site.queue.id)["task"]["id"] == at_hand["task"]["id"]
    assert ada.reserve(site.queue.id)["claim"]["id"] == ahead["claim"]["id"]


@pytest.mark.parametrize("way", ["given back", "taken back", "disabled", "ran out"])
@pytest.mark.parametrize("last", ["begun", "reserved"])
def test_what_was_begun_comes_back_before_what_was_only_reserved(work: Work, way: str, last: str) -> None:
    site, ada, manager = work.site(ads=4), work.worker(), work.colleague(Role.MANAGER)
    begun = ada.take(site.queue.id)
    assert ada.on(begun, "PUT", "draft", DRAFT).status_code == 204
    reserved = ada.reserve(site.queue.id)
    for claim in (begun, reserved) if last == "reserved" else (reserved, begun):
        work.clock.forward(seconds=1)
        if way == "given back":
            assert ada.on(claim, "DELETE", "").status_code == 204
        elif way == "taken back":
            assert manager.ask("POST", f"/claims/{claim['claim']['id']}/recall").status_code == 204
    if way == "disabled":
        for change_person in (people.disable, people.enable):
            with work.database.write() as session:
                person = session.scalars(select(Person).where(Person.id == ada.person.id)).one()
                actor = session.scalars(select(Person).where(Person.id == manager.person.id)).one()
                change_person(session, person=person, actor=actor, clock=work.clock)
            work.run_due()
        ada = Worker(work.client, bearer(work.database, ada.person, clock=work.clock), ada.person)
    elif way == "ran out":
        work.clock.forward(hours=2)
    why = manager.ask("GET", f"/tasks/{begun['task']['id']}/why?person={ada.person.email}").json()
    assert why["choice"] == "next"
    assert "did not finish" in why["place"]
    why = manager.ask("GET", f"/tasks/{reserved['task']['id']}/why?person={ada.person.email}").json()
    assert "It was reserved for them already" in why["place"]
    again = ada.take(site.queue.id)
    assert again["task"]["id"] == begun["task"]["id"]
    assert again["task"]["draft"]["answers"] == DRAFT["answers"]
    ada.submit(again)
    assert ada.take(site.queue.id)["task"]["id"] == reserved["task"]["id"]


def test_a_reservation_that_began_comes_back_as_begun(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker()
    ada.take(site.queue.id)
    after = ada.reserve(site.queue.id)
    assert ada.on(after, "PUT", "draft", DRAFT).status_code == 204, "beside the one at hand"
    work.clock.forward(seconds=1)
    assert ada.on(after, "DELETE", "").status_code == 204
    third = ada.reserve(site.queue.id)
    assert third["task"]["id"] == after["task"]["id"], "it comes back to them"
    assert third["task"]["draft"]["answers"] == DRAFT["answers"]


def test_a_paused_queue_begins_no_reservation(work: Work) -> None:
    site, ada, manager = work.site(ads=2), work.worker("Ada"), work.colleague(Role.MANAGER)
    at_hand, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"state": "paused"}).status_code == 200
    assert ada.submit(at_hand).status_code == 201
    assert ada.on(ahead, "PUT", "lease").status_code == 409
    manager.ask("PATCH", f"/queues/{site.queue.id}", {"state": "open"})
    assert ada.on(ahead, "PUT", "lease").status_code == 200


def test_a_withdrawn_task_ends_its_reservation(work: Work) -> None:
    site, ada, manager = work.site(ads=2), work.worker("Ada"), work.colleague(Role.MANAGER)
    ada.take(site.queue.id)
    ahead = ada.reserve(site.queue.id)
    gone = manager.ask("POST", f"/tasks/{ahead['task']['id']}/withdrawal", {"reason": "a double"})
    assert gone.status_code == 201
    assert ada.on(ahead, "PUT", "lease").status_code == 409
    assert ada.claim(site.queue.id, ahead=True).status_code == 204
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []


def test_to_take_a_submit_back_keeps_the_one_at_hand_for_after(work: Work) -> None:
    site, ada = work.site(ads=4), work.worker("Ada")
    first, second = ada.take(site.queue.id), ada.reserve(site.queue.id)
    label = ada.submit(first).json()["id"]
    ada.on(second, "PUT", "lease")
    third = ada.reserve(site.queue.id)
    assert third["task"]["asset"]["external_id"] == "ad-3"
    again = ada.ask("POST", f"/labels/{label}/withdrawal").json()
    assert again["task"]["id"] == first["task"]["id"]
    assert ada.reserve(site.queue.id)["claim"]["id"] == second["claim"]["id"]
    assert ada.submit(again).status_code == 201
    assert ada.take(site.queue.id)["claim"]["id"] == second["claim"]["id"]
    assert work.worker("Bo").take(site.queue.id)["task"]["id"] == third["task"]["id"]


def test_what_is_reserved_goes_along_to_the_page_that_takes_over(work: Work) -> None:
    site, here = work.site(ads=2), work.worker(holder="page-1")
    there = type(here)(here.client, here.headers, here.person, "page-2")
    at_hand, ahead = here.take(site.queue.id), here.reserve(site.queue.id)
    assert "token" not in there.reserve(site.queue.id)["claim"]
    assert there.ask("POST", f"/claims/{at_hand['claim']['id']}/takeover").status_code == 200
    assert there.reserve(site.queue.id)["claim"]["token"] != ahead["claim"]["token"]
    assert here.on(ahead, "PUT", "lease").status_code == 409
