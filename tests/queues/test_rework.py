"""Labels returned for rework: to their authors first, to others after the queue's time, and nothing lost."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from app.labels.models import Label
from app.labels.rework import Rework
from app.people.rules import Role
from app.queues import checks
from app.queues.models import Slot, Task
from tests.making import sign_in
from tests.making_queues import ANSWER
from tests.queues.conftest import Work, Worker
from tests.queues.test_escalating import set_up, state_of
from tests.queues.test_settled import decide, decisions, escalate, with_sme

PAGE = {"Accept": "text/html"}
AGAIN: dict[str, Any] = {**ANSWER, "answers": {"verdict": "reject"}}


def rework_of(work: Work) -> Rework:
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []
        return session.scalars(select(Rework)).one()


def test_a_returned_label_goes_to_its_author_who_revises_it(work: Work) -> None:
    site, ada, bo = work.site(ads=1), work.worker("Ada"), work.worker("Bo")
    auditor = work.colleague(Role.AUDITOR)
    label = ada.label_next(site.queue.id)
    sent = auditor.ask("POST", f"/labels/{label}/return", {"reason": "look at the bottle"})
    assert (sent.status_code, sent.json()["reason"]) == (201, "look at the bottle")
    assert auditor.ask("POST", f"/labels/{label}/return", {"reason": "x"}).status_code == 409
    assert [one["label"] for one in ada.ask("GET", "/me/reworks").json()["items"]] == [label]
    assert bo.ask("GET", "/me/reworks").json()["items"] == []
    assert bo.claim(site.queue.id).status_code == 204
    assert ada.ask("GET", f"/labels/{label}").json()["status"] == "returned"
    sign_in(work.client, work.database, ada.person, clock=work.clock)
    home = work.client.get("/", headers=PAGE).text
    for words in ("Returned to you", "look at the bottle", f"/labels/{label}/revise"):
        assert words in home
    assert "Returned for rework" in work.client.get(f"/labels/{label}", headers=PAGE).text
    work.client.cookies.clear()
    revised = ada.ask("POST", f"/labels/{label}/revisions", AGAIN, If_Match="1")
    assert (revised.status_code, revised.json()["status"]) == (201, "submitted")
    kept = rework_of(work)
    assert (kept.ending, kept.returned_by, kept.author_id) == ("revised", auditor.person.id, ada.person.id)
    assert ada.ask("GET", "/me/reworks").json()["items"] == []
    work.clock.forward(days=2)
    assert bo.claim(site.queue.id).status_code == 204  # it was reworked


def test_after_the_queues_time_the_task_goes_to_somebody_else(work: Work) -> None:
    site, ada, bo = work.site(ads=1), work.worker("Ada"), work.worker("Bo")
    manager = work.colleague(Role.MANAGER)
    manager.ask("PATCH", f"/queues/{site.queue.id}", {"rework_seconds": 3600})
    label = ada.label_next(site.queue.id)
    manager.ask("POST", f"/labels/{label}/return", {"reason": "x"})
    work.clock.forward(minutes=59)
    work.run_due()
    assert bo.claim(site.queue.id).status_code == 204
    work.clock.forward(minutes=1)
    assert ada.claim(site.queue.id).status_code == 204  # never to them again
    got = bo.take(site.queue.id)
    assert rework_of(work).ending == "passed on"
    late = ada.ask("POST", f"/labels/{label}/revisions", AGAIN, If_Match="1")
    assert late.status_code == 409
    assert bo.submit(got).status_code == 201
    with work.database.read() as session:
        labels = session.scalars(select(Label).order_by(Label.seq)).all()
        assert session.scalars(select(Task.state)).one() == "done"
        assert list(checks.find_faults(session)) == []
    assert [(one.person_id, one.withdrawn_at is None) for one in labels] == [
        (ada.person.id, False), (bo.person.id, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 201), (Role.ENGINEER, 403), (Role.SME, 403)])
def test_who_returns_labels(work: Work, role: Role, status: int) -> None:
    site, ada = work.site(), work.worker()
    label = ada.label_next(site.queue.id)
    assert work.colleague(role).ask("POST", f"/labels/{label}/return", {"reason": "x"}).status_code == status
    assert work.worker("Bo").ask("POST", f"/labels/{label}/return", {"reason": "x"}).status_code == 404


def test_nobody_returns_their_own_label_and_none_that_was_taken_back(work: Work) -> None:
    site, ada = work.site(), work.worker()
    grace = work.colleague(Role.AUDITOR, Role.LABELER)
    own = grace.label_next(site.queue.id)
    assert grace.ask("POST", f"/labels/{own}/return", {"reason": "x"}).status_code == 403
    taken_back = ada.label_next(site.queue.id)
    ada.ask("POST", f"/labels/{taken_back}/withdrawal", {})
    assert grace.ask("POST", f"/labels/{taken_back}/return", {"reason": "x"}).status_code == 409


def test_an_auditor_returns_a_label_on_its_page(work: Work) -> None:
    site, ada, auditor = work.site(), work.worker(), work.colleague(Role.AUDITOR)
    label = ada.label_next(site.queue.id)
    token = sign_in(work.client, work.database, auditor.person, clock=work.clock)
    assert "Return it to its author" in work.client.get(f"/labels/{label}", headers=PAGE).text
    form = {"csrf_token": token, "reason": "look again"}
    assert work.client.post(f"/labels/{label}/return", data=form, headers=PAGE).status_code == 303
    page = work.client.get(f"/labels/{label}", headers=PAGE).text
    assert "look again" in page
    assert "Return it to its author" not in page


def test_why_tells_whose_a_returned_label_is_to_revise_and_until_when(work: Work) -> None:
    site, ada, bo = work.site(ads=1), work.worker("Ada"), work.worker("Bo")
    manager = work.colleague(Role.MANAGER)
    label = ada.label_next(site.queue.id)
    manager.ask("POST", f"/labels/{label}/return", {"reason": "look at the bottle"})
    until = f"{rework_of(work).until:%Y-%m-%d %H:%M} UTC"

    def why(person: str) -> list[tuple[str, str]]:
        told = manager.ask("GET", f"/tasks/{rework_of(work).task_id}/why?person={person}").json()
        assert told["choice"] == "not_handed_out"
        return [(one["why"], one["what"]) for one in told["reasons"]]

    assert why(ada.person.email)[0] == ("theirs_to_rework", until)
    assert why(bo.person.email) == [("others_to_rework", until), ("task_state", "done")]
    ada.ask("POST", f"/labels/{label}/revisions", AGAIN, If_Match="1")
    assert why(ada.person.email) == [("task_state", "done"), ("had", "")]


def passed_on(work: Work, manager: Worker, label: str) -> None:
    assert manager.ask("POST", f"/labels/{label}/return", {"reason": "look again"}).status_code == 201
    work.clock.forward(days=2)


def test_an_answer_that_is_passed_on_after_its_rework_is_open_again(work: Work) -> None:
    queue, sme, manager = set_up(work)
    expert, other = work.colleague(Role.SME, name="Siv"), work.colleague(Role.SME, name="Tor")
    tasks = [escalate(work.worker(name), queue) for name in ("Ada", "Bo")]
    labels = [expert.label_next(sme) for _ in tasks]
    for label in labels:
        passed_on(work, manager, label)
    asked = other.take(sme)
    assert [state_of(work, task) for task in tasks] == ["escalated", "escalated"]
    assert (decisions(work), with_sme(manager, queue)) == ([None, None], [True, True])
    assert other.submit(asked).status_code == 201
    assert sorted(state_of(work, task) for task in tasks) == ["escalated", "withdrawn"]


def test_what_a_manager_decided_meanwhile_is_not_passed_on(work: Work) -> None:
    queue, sme, manager = set_up(work)
    task = escalate(work.worker("Ada"), queue)
    label = work.colleague(Role.SME, name="Siv").label_next(sme)
    assert decide(manager, task, "return").status_code == 201
    passed_on(work, manager, label)
    assert work.colleague(Role.SME, name="Tor").claim(sme).status_code == 204
    assert (decisions(work), state_of(work, task)) == (["answered"], "open")


def test_what_is_passed_on_is_left_for_others_though_nobody_asked_for_a_task(work: Work) -> None:
    site, ada, bo = work.site(ads=1), work.worker("Ada"), work.worker("Bo")
    queue, manager = site.queue.id, work.colleague(Role.MANAGER)
    manager.ask("PATCH", f"/queues/{queue}", {"rework_seconds": 60})
    label = ada.label_next(queue)
    manager.ask("POST", f"/labels/{label}/return", {"reason": "look at the bottle"})

    def home_of(worker: Worker) -> str:
        sign_in(work.client, work.database, worker.person, clock=work.clock)
        page = str(work.client.get("/", headers=PAGE).text)
        work.client.cookies.clear()
        return page

    work.clock.forward(seconds=59)
    work.run_due()
    assert rework_of(work).ended_at is None
    assert "look at the bottle" in home_of(ada)
    work.clock.forward(seconds=2)
    assert "look at the bottle" not in home_of(ada), "its time is over, though nothing has passed it on yet"
    assert ada.ask("GET", "/me/reworks").json()["items"] == []
    work.run_due()
    assert rework_of(work).ending == "passed on"
    assert [one.ask("GET", f"/queues/{queue}").json()["left"] for one in (ada, bo)] == [0, 1]
    assert f"/queues/{queue}/work" in home_of(bo)
    assert f"/queues/{queue}/work" not in home_of(ada)
    told = manager.ask("GET", f"/queues/{queue}/watch").json()
    assert (told["tasks"]["open"], told["tasks"]["done"], told["labels_left"]) == (1, 0, 1)
    why = manager.ask("GET", f"/tasks/{rework_of(work).task_id}/why?person={bo.person.email}").json()
    assert why["choice"] == "next"
    bo.label_next(queue)


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_what_somebody_is_just_changing_is_passed_on_when_they_are_done(work: Work) -> None:
    site, ada = work.site(ads=1), work.worker("Ada")
    label = ada.label_next(site.queue.id)
    work.colleague(Role.MANAGER).ask("POST", f"/labels/{label}/return", {"reason": "x"})
    work.clock.forward(days=90)
    job = threading.Thread(target=work.run_due)
    with work.database.write() as session:
        session.execute(select(Slot).with_for_update()).all()
        job.start()
        job.join(0.3)
        assert job.is_alive()
    job.join(20)
    assert rework_of(work).ending == "passed on"


def test_a_manager_sees_how_many_labels_are_with_their_authors_again(work: Work) -> None:
    site, ada, manager = work.site(ads=1), work.worker("Ada"), work.colleague(Role.MANAGER)
    queue = site.queue.id
    label = ada.label_next(queue)

    def watched() -> tuple[int, bool]:
        sign_in(work.client, work.database, manager.person, clock=work.clock)
        page = work.client.get(f"/queues/{queue}", headers=PAGE).text
        work.client.cookies.clear()
        told = manager.ask("GET", f"/queues/{queue}/watch").json()
        return told["labels_in_rework"], "Returned for rework" in page and "nothing is left but rework" in page

    assert watched() == (0, False)
    manager.ask("POST", f"/labels/{label}/return", {"reason": "x"})
    assert watched() == (1, True)
    ada.ask("POST", f"/labels/{label}/revisions", AGAIN, If_Match="1")
    assert watched() == (0, False)


@pytest.mark.parametrize("way", ["revised", "passed on", "withdrawn"])
def test_a_draining_queue_waits_for_what_is_out_for_rework(work: Work, way: str) -> None:
    site, manager = work.site(ads=1, overlap=2), work.colleague(Role.MANAGER)
    queue, ada, bo, cleo = site.queue.id, work.worker("Ada"), work.worker("Bo"), work.worker("Cleo")
    label = ada.label_next(queue)
    held = bo.take(queue)
    manager.ask("PATCH", f"/queues/{queue}", {"rework_seconds": 60})
    manager.ask("PATCH", f"/queues/{queue}", {"state": "draining"})
    manager.ask("POST", f"/labels/{label}/return", {"reason": "x"})
    if way == "withdrawn":
        assert bo.end(held, "skip").status_code == 201
        withdrawn = manager.ask("POST", f"/tasks/{rework_of(work).task_id}/withdrawal", {"reason": "x"})
        assert withdrawn.status_code == 201, withdrawn.text
    else:
        assert bo.submit(held).status_code == 201
    assert cleo.claim(queue).status_code == 204

    def state() -> str:
        return str(manager.ask("GET", f"/queues/{queue}").json()["state"])

    assert state() == "draining"
    if way == "revised":
        ada.ask("POST", f"/labels/{label}/revisions", AGAIN, If_Match="1")
    else:
        work.clock.forward(seconds=60)
    work.run_due()
    assert rework_of(work).ending == ("revised" if way == "revised" else "passed on")
    if way == "passed on":
        assert state() == "draining"
        cleo.label_next(queue)
    assert state() == "paused"


def test_who_watches_background_work_reads_when_a_label_is_passed_on(work: Work) -> None:
    site, ada, manager = work.site(ads=1), work.worker("Ada"), work.colleague(Role.MANAGER)
    label = ada.label_next(site.queue.id)
    manager.ask("POST", f"/labels/{label}/return", {"reason": "x"})
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    page = work.client.get("/background", headers=PAGE).text
    assert "Passing on what was not reworked in time" in page
    assert f"Begins at {rework_of(work).until:%Y-%m-%d %H:%M} UTC." in page
