"""A page that closes gives its task back soon, but not to anybody while it is only loaded anew."""

from typing import Any

import pytest
from sqlalchemy import select

from app.people.rules import Role
from app.queues import checks
from app.queues.models import Claim
from tests.making_queues import TIMING
from tests.queues.conftest import Work, Worker

DRAFT = {"answers": {"alcohol": "yes"}, "timing": TIMING, "seq": 1}


def leave(worker: Worker, claim: dict[str, Any], *, known: str | None = None) -> Any:
    """As its page does when it closes. `known`: the end of the lease that it knows."""
    return worker.on(claim, "PUT", "lease", {"closing": known or claim["claim"]["expires_at"]})


def states(work: Work) -> list[str]:
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []
        return [str(state) for state in session.scalars(select(Claim.state).order_by(Claim.seq))]


def test_a_task_whose_page_was_closed_goes_back_soon_with_its_draft_kept(work: Work) -> None:
    site = work.site(ads=1)
    ada, bo = work.worker("Ada", holder="page-1"), work.worker("Bo")
    got = ada.take(site.queue.id)
    assert ada.on(got, "PUT", "draft", DRAFT).status_code == 204
    left = leave(ada, got)
    assert (left.status_code, left.json()) == (200, {"expires_at": "2026-11-02T09:00:30.000000Z"})
    work.clock.forward(seconds=29)
    assert bo.claim(site.queue.id).status_code == 204
    work.clock.forward(seconds=1)
    assert bo.take(site.queue.id)["task"]["id"] == got["task"]["id"]
    assert states(work) == ["released", "live"], "its time did not run out"
    kept = ada.ask("GET", "/me/drafts").json()["items"]
    assert [draft["answers"] for draft in kept] == [{"alcohol": "yes"}]
    late = ada.submit(got)
    assert (late.status_code, "closed at 09:00 UTC" in late.json()["detail"]) == (409, True)


@pytest.mark.parametrize("holder", ["page-1", "page-2"])
def test_a_page_that_is_opened_again_in_time_goes_on_with_its_task(work: Work, holder: str) -> None:
    site = work.site(ads=2)
    ada = work.worker("Ada", holder="page-1")
    got = ada.take(site.queue.id)
    work.clock.forward(minutes=10)
    leave(ada, got)
    work.clock.forward(seconds=20)
    ada.holder = holder
    again = ada.take(site.queue.id)
    assert (again["claim"]["id"], again["claim"]["token"]) == (got["claim"]["id"], got["claim"]["token"])
    assert again["claim"]["expires_at"] == "2026-11-02T09:25:20.000000Z"
    work.clock.forward(minutes=14)
    assert ada.submit(again).status_code == 201


def test_word_of_closing_that_comes_after_the_page_was_opened_again_changes_nothing(work: Work) -> None:
    site = work.site(ads=1)
    ada = work.worker("Ada", holder="page-1")
    got = ada.take(site.queue.id)
    work.clock.forward(seconds=5)
    again = ada.take(site.queue.id)
    assert leave(ada, got).json() == {"expires_at": again["claim"]["expires_at"]}
    work.clock.forward(minutes=5)
    assert ada.submit(again).status_code == 201


def test_a_page_that_the_browser_kept_goes_on_with_its_next_renewal(work: Work) -> None:
    site = work.site(ads=1)
    ada = work.worker("Ada", holder="page-1")
    got = ada.take(site.queue.id)
    leave(ada, got)
    work.clock.forward(seconds=20)
    assert ada.on(got, "PUT", "lease").json() == {"expires_at": "2026-11-02T09:15:20.000000Z"}
    work.clock.forward(minutes=20)
    assert work.worker("Bo").claim(site.queue.id).status_code == 201
    assert states(work) == ["expired", "live"]


def test_who_comes_back_later_goes_on_with_what_they_began_not_with_what_was_reserved(work: Work) -> None:
    site = work.site(ads=3)
    ada = work.worker("Ada", holder="page-1")
    first, after = ada.take(site.queue.id), ada.reserve(site.queue.id)
    assert ada.on(after, "DELETE", "").status_code == 204
    leave(ada, first)
    work.clock.forward(minutes=1)
    assert ada.take(site.queue.id)["task"]["id"] == first["task"]["id"]
    assert ada.reserve(site.queue.id)["task"]["id"] == after["task"]["id"]


def test_only_its_page_says_that_it_closes(work: Work) -> None:
    site = work.site(ads=2)
    ada, bo = work.worker("Ada", holder="page-1"), work.worker("Bo")
    got = ada.take(site.queue.id)
    assert leave(bo, got).status_code == 404
    taken = ada.on(got, "POST", "takeover").json()
    assert leave(ada, got, known=taken["claim"]["expires_at"]).status_code == 409
    assert ada.on(got, "PUT", "lease", {"closing": "soon"}).status_code == 422
    assert states(work) == ["live"]


def test_what_was_sent_while_the_page_closed_is_recorded(work: Work) -> None:
    site = work.site(ads=1)
    ada = work.worker("Ada", holder="page-1")
    got = ada.take(site.queue.id)
    leave(ada, got)
    assert ada.submit(got).status_code == 201
    assert leave(ada, got).status_code == 409
    assert states(work) == ["submitted"]


def test_tasks_whose_pages_were_closed_are_not_told_as_stuck(work: Work) -> None:
    site, manager = work.site(ads=1), work.colleague(Role.MANAGER)
    ada = work.worker("Ada", holder="page-1")
    for _ in range(4):
        leave(ada, ada.take(site.queue.id))
        work.clock.forward(minutes=1)
    ada.take(site.queue.id)
    stuck = manager.ask("GET", f"/queues/{site.queue.id}/watch").json()["stuck"]
    assert "expires" not in [one["reason"] for one in stuck]
    assert states(work) == ["released"] * 4 + ["live"]
