"""Changing many tasks: exactly what was shown is touched, nothing where something changed since, and counts stay right."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.assets.actions import ARRANGE
from app.assets.models import Asset
from app.jobs import actions as jobs
from app.people.models import AuditEvent
from app.people.rules import Role
from app.queues import checks
from app.queues.deciding import Deed, Stays, TaskFacts, stays, token, why_in_words
from app.queues.models import Queue, Slot, Task
from app.queues.rules import TaskState
from tests.conftest import NINE
from tests.making import sign_in
from tests.making_queues import make_ads, make_queue
from tests.queues.conftest import Work, Worker

FREE = TaskFacts("t1", "ad-1", TaskState.OPEN, NINE, held=False, answered=False, ad_withdrawn=False)
HELD = replace(FREE, held=True)
GONE = replace(FREE, state=TaskState.WITHDRAWN)


@pytest.mark.parametrize(
    ("task", "deed", "why"),
    [
        (FREE, "withdraw", None),
        (HELD, "withdraw", None),
        (replace(FREE, state=TaskState.ON_HOLD), "withdraw", None),
        (GONE, "withdraw", Stays.WITHDRAWN),
        (replace(FREE, state=TaskState.DONE), "withdraw", Stays.DONE),
        (FREE, "return", Stays.IN_QUEUE),
        (GONE, "return", None),
        (replace(FREE, state=TaskState.ESCALATED), "return", None),
        (replace(GONE, ad_withdrawn=True), "return", Stays.AD_WITHDRAWN),
        (replace(FREE, state=TaskState.DONE), "return", Stays.DONE),
        (FREE, "move", None),
        (HELD, "move", Stays.HELD),
        (replace(FREE, answered=True), "move", Stays.ANSWERED),
        (replace(FREE, fits=False), "move", Stays.UNFIT),
        (replace(FREE, is_there=True), "move", Stays.THERE),
        (GONE, "move", Stays.WITHDRAWN),
    ],
)
def test_which_task_is_touched_and_why_not(task: TaskFacts, deed: str, why: Stays | None) -> None:
    assert stays(task, Deed(deed)) == why


@pytest.mark.parametrize("why", list(Stays))
def test_why_several_stay_is_said_of_several(why: Stays) -> None:
    assert why_in_words(why, 1) == why
    said = why_in_words(why, 6)
    assert not set(said.split()) & {"its", "it", "lacks"}
    assert said == {Stays.UNFIT: "their ads lack what the other queue asks for", Stays.DONE: "done"}.get(why, said)


def test_the_token_differs_with_everything_that_was_shown() -> None:
    told = {"to": "", "reason": "x"}
    tokens = [
        token(Deed.WITHDRAW, told, [FREE]), token(Deed.MOVE, told, [FREE]), token(Deed.WITHDRAW, told, [HELD]),
        token(Deed.WITHDRAW, told, []), token(Deed.WITHDRAW, told, [FREE, FREE]),
        token(Deed.WITHDRAW, {"to": "", "reason": "y"}, [FREE]),
    ]  # fmt: skip
    assert len(set(tokens)) == len(tokens)
    assert token(Deed.WITHDRAW, dict(told), [replace(FREE)]) == tokens[0]


# Over HTTP ------------------------------------------------------------------------------------------------------


def look(manager: Worker, queue: str, **wanted: Any) -> dict[str, Any]:
    answer = manager.ask("POST", f"/queues/{queue}/bulk/preview", wanted)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def order(manager: Worker, queue: str, token: str, **wanted: Any) -> Any:
    return manager.ask("POST", f"/queues/{queue}/bulk", {**wanted, "token": token})


def ads(shown: dict[str, Any]) -> list[str]:
    return [task["external_id"] for task in shown["tasks"]]


def states(work: Work, queue: str) -> dict[str, str]:
    with work.database.read() as session:
        rows = session.execute(
            select(Asset.external_id, Task.state).join(Task, Task.asset_id == Asset.id).where(Task.queue_id == queue)
        )
        return {external_id: str(state) for external_id, state in rows}


def faults(work: Work) -> list[str]:
    with work.database.read() as session:
        return list(checks.find_faults(session))


def test_withdrawing_many_touches_what_was_shown_and_returning_puts_it_back(work: Work) -> None:
    site, manager = work.site(ads=5, overlap=2), work.colleague(Role.MANAGER)
    queue = site.queue.id
    ada, bo = work.worker("Ada"), work.worker("Bo")
    for worker in (ada, bo):
        worker.label_next(queue)  # ad-1 is done
    held = ada.take(queue)  # ad-2
    ada.reserve(queue)  # ad-3
    listed = ["ad-1", "ad-2", "ad-3", "ad-4", "none"]
    wanted = {"deed": "withdraw", "external_ids": listed, "reason": "wrong batch"}
    shown = look(manager, queue, **wanted)
    assert (ads(shown), shown["count"], shown["more"]) == (["ad-2", "ad-3", "ad-4"], 3, False)
    assert shown["left"] == {"done": {"count": 1, "examples": ["ad-1"]}}
    assert shown["unknown"] == ["none"]
    assert set(states(work, queue).values()) == {"open", "done"}
    done = order(manager, queue, shown["token"], **wanted)
    assert (done.status_code, done.json()["applied"]) == (201, True)
    assert states(work, queue) == {
        "ad-1": "done", "ad-2": "withdrawn", "ad-3": "withdrawn", "ad-4": "withdrawn", "ad-5": "open",
    }  # fmt: skip
    assert faults(work) == []
    assert ada.submit(held).status_code == 201  # who holds one may finish
    assert faults(work) == []
    back = {"deed": "return", "states": ["withdrawn"]}
    shown = look(manager, queue, **back)
    assert ads(shown) == ["ad-2", "ad-3", "ad-4"]
    assert order(manager, queue, shown["token"], **back).status_code == 201
    assert list(states(work, queue).values()).count("open") == 4
    assert faults(work) == []
    with work.database.read() as session:
        events = session.scalars(select(AuditEvent.verb).where(AuditEvent.subject_kind == "task")).all()
    assert (events.count("task withdraw"), events.count("task return")) == (3, 3)


def taken(work: Work, queue: str) -> None:
    work.worker("Bo").take(queue)


def filled(work: Work, queue: str) -> None:
    with work.database.write() as session:
        found = session.scalars(select(Queue).where(Queue.id == queue)).one()
        project = found.project_id
    manager = work.colleague(Role.MANAGER, name="Hal")
    body = {"external_ids": ["ad-3"]}
    assert manager.ask("POST", f"/queues/{queue}/fillings", body).status_code == 202, project
    work.run_due()


@pytest.mark.parametrize("happening", [taken, filled])
def test_nothing_is_done_where_something_changed_since_and_the_new_preview_comes_back(
    work: Work, happening: Callable[[Work, str], None]
) -> None:
    site, manager = work.site(ads=3, filter={"external_id": ["ad-1", "ad-2"]}), work.colleague(Role.MANAGER)
    queue = site.queue.id
    shown = look(manager, queue, deed="withdraw")
    happening(work, queue)
    refused = order(manager, queue, shown["token"], deed="withdraw")
    assert (refused.status_code, refused.json()["applied"]) == (409, False)
    assert "withdrawn" not in states(work, queue).values()
    assert order(manager, queue, refused.json()["token"], deed="withdraw").status_code == 201
    assert set(states(work, queue).values()) == {"withdrawn"}
    assert faults(work) == []


def test_an_order_of_something_else_than_was_shown_is_not_done(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    shown = look(manager, site.queue.id, deed="withdraw", external_ids=["ad-1"])
    assert order(manager, site.queue.id, shown["token"], deed="withdraw").status_code == 409
    assert set(states(work, site.queue.id).values()) == {"open"}


def test_moving_takes_what_nobody_holds_or_has_answered_and_says_the_rest(work: Work) -> None:
    site, manager = work.site(ads=6), work.colleague(Role.MANAGER)
    source = site.queue.id
    with work.database.write() as session:
        target = make_queue(
            session, site.project, clock=work.clock, name="Second", overlap=2, filter={"external_id": ["ad-6"]}
        ).id
    work.run_due()
    ada, bo = work.worker("Ada"), work.worker("Bo")
    ada.label_next(source)  # ad-1 is done
    bo.end(bo.take(source), "skip")  # ad-2
    lost = bo.take(source)  # ad-3
    bo.ask("DELETE", f"/claims/{lost['claim']['id']}", Claim_Token=lost["claim"]["token"])
    ada.take(source)  # ad-2 again, by another
    wanted = {"deed": "move", "to": target}
    shown = look(manager, source, **wanted)
    assert ads(shown) == ["ad-3", "ad-4", "ad-5"]
    assert {why: left["examples"] for why, left in shown["left"].items()} == {
        "done": ["ad-1"], "somebody holds it": ["ad-2"], "its ad has a task there already": ["ad-6"],
    }  # fmt: skip
    assert order(manager, source, shown["token"], **wanted).status_code == 201
    assert set(states(work, source)) == {"ad-1", "ad-2", "ad-6"}
    assert faults(work) == []
    work.run_due()
    assert faults(work) == []
    with work.database.read() as session:
        slots = session.scalars(select(Slot).where(Slot.queue_id == target)).all()
    assert (len(slots), {slot.state for slot in slots}) == (8, {"free"})
    assert bo.claim(source).json()["task"]["asset"]["external_id"] == "ad-6"  # not what was moved away
    assert [bo.label_next(target) and name for name in ("ad-6", "ad-3", "ad-4", "ad-5")]
    assert faults(work) == []


def test_a_queue_that_fills_itself_makes_no_second_task_of_what_was_moved_away(work: Work) -> None:
    site, manager = work.site(ads=3), work.colleague(Role.MANAGER)
    source = site.queue.id
    with work.database.write() as session:
        target = make_queue(session, site.project, clock=work.clock, name="Urgent", fills_itself=False).id

    def move(where: str, to: str, *ads: str) -> None:
        wanted = {"deed": "move", "to": to, "external_ids": list(ads)}
        assert order(manager, where, look(manager, where, **wanted)["token"], **wanted).status_code == 201

    def come(number: int) -> None:
        with work.database.write() as session:
            make_ads(session, work.store, site.project, clock=work.clock, count=1, first=number)
        work.run_due()

    move(source, target, "ad-1", "ad-2")
    come(4)
    assert (set(states(work, source)), set(states(work, target))) == ({"ad-3", "ad-4"}, {"ad-1", "ad-2"})
    move(target, source, "ad-1")
    come(5)
    assert (set(states(work, source)), set(states(work, target))) == ({"ad-1", "ad-3", "ad-4", "ad-5"}, {"ad-2"})
    asked = manager.ask("POST", f"/queues/{source}/fillings", {"external_ids": ["ad-2"]})
    assert asked.status_code == 202, "who lists the ad wants a task of it here too"
    work.run_due()
    assert "ad-2" in states(work, source)
    assert faults(work) == []


def test_moving_to_where_tasks_cannot_go_is_refused(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    path = f"/queues/{site.queue.id}/bulk/preview"
    assert manager.ask("POST", path, {"deed": "move", "to": "none"}).status_code == 404
    chosen_none = manager.ask("POST", path, {"deed": "move"})
    assert (chosen_none.status_code, "No queue is chosen" in chosen_none.text) == (422, True)
    assert manager.ask("POST", path, {"deed": "move", "to": site.queue.id}).status_code == 409
    assert manager.ask("POST", path, {"deed": "withdraw", "filter": {"market": ["NO"]}}).status_code == 422
    assert work.worker().ask("POST", path, {"deed": "withdraw"}).status_code == 403


def test_the_page_shows_what_it_touches_and_then_does_it(work: Work) -> None:
    site, manager = work.site(ads=2), work.colleague(Role.MANAGER)
    with work.database.write() as session:
        make_ads(session, work.store, site.project, clock=work.clock, count=1, first=7, metadata={"market": "SE"})
    work.run_due()
    csrf = sign_in(work.client, work.database, manager.person, clock=work.clock)
    page = f"/queues/{site.queue.id}/bulk"
    assert work.client.get(page).status_code == 200
    form = {"csrf_token": csrf, "deed": "withdraw", "metadata": "market = SE", "reason": "not ours", "state": ["open"]}
    shown = work.client.post(f"{page}/preview", data=form).text
    assert "1 task would be withdrawn" in shown
    assert "ad-7" in shown
    assert set(states(work, site.queue.id).values()) == {"open"}
    found = shown.split('name="token" value="')[1].split('"')[0]
    old = work.client.post(page, data={**form, "token": "old"})
    assert (old.status_code, "nothing was done" in old.text) == (409, True)
    done = work.client.post(page, data={**form, "token": found})
    assert (done.status_code, "1 task is withdrawn." in done.text) == (200, True)
    assert states(work, site.queue.id)["ad-7"] == "withdrawn"
    again = work.client.post(f"{page}/preview", data={"csrf_token": csrf, "deed": "return"}).text
    assert "<strong>2</strong> stay as they are, in their queue already: ad-1, ad-2" in again


def test_many_tasks_get_a_priority(work: Work) -> None:
    site, manager = work.site(ads=4), work.colleague(Role.MANAGER)
    wanted = {"deed": "prioritise", "external_ids": ["ad-3", "ad-4"], "priority": 5}
    shown = look(manager, site.queue.id, **wanted)
    assert order(manager, site.queue.id, shown["token"], **{**wanted, "priority": 6}).status_code == 409
    assert order(manager, site.queue.id, shown["token"], **wanted).status_code == 201
    ada = work.worker()
    assert [ada.take(site.queue.id)["task"]["asset"]["external_id"], ada.label_next(site.queue.id) and "ad-3"] == [
        "ad-3"
    ] * 2
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-4"
    assert faults(work) == []


def test_an_ordering_ends_though_what_it_was_for_was_moved_away_meanwhile(work: Work) -> None:
    """The priority that was given goes along."""
    site, manager = work.site(ads=2), work.colleague(Role.MANAGER)
    with work.database.write() as session:
        target = make_queue(session, site.project, clock=work.clock, name="Second", fills_itself=False).id
        tasks = list(session.scalars(select(Task.id).where(Task.queue_id == site.queue.id).order_by(Task.position)))
        late = {"queue": site.queue.id, "tasks": tasks[1:], "priority": 5}
        jobs.enqueue(session, ARRANGE, late, clock=work.clock, project_id=site.project.id)
    wanted = {"deed": "move", "to": target}
    assert order(manager, site.queue.id, look(manager, site.queue.id, **wanted)["token"], **wanted).status_code == 201
    work.run_due()
    assert work.worker().take(target)["task"]["id"] == tasks[1]
    assert faults(work) == []
