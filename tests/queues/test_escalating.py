"""Escalated tasks: a row with its own clock, a task for the SMEs, and who answered."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from app.people.rules import Role
from app.projects.models import Project
from app.queues import checks, escalations
from app.queues.escalations import Escalation
from app.queues.models import Outcome, Task
from app.queues.payloads import ClaimOut
from app.queues.rules import QueueKind
from tests.making import sign_in
from tests.making_queues import make_queue
from tests.queues.conftest import Work, Worker


def set_up(work: Work, **queue: Any) -> tuple[str, str, Worker]:
    """A queue that escalates to an SME queue, within two hours."""
    site, manager = work.site(ads=3, **queue), work.colleague(Role.MANAGER)
    with work.database.write() as session:
        sme = make_queue(
            session, site.project, clock=work.clock, name="Hard ones", kind=QueueKind.ADJUDICATION, fills_itself=False,
            organisations=["Fasit AS"],
        ).id  # fmt: skip
    changed = manager.ask("PATCH", f"/queues/{site.queue.id}", {"escalates_to": sme, "escalation_seconds": 7200})
    assert changed.status_code == 200, changed.text
    return site.queue.id, sme, manager


def one(work: Work) -> Escalation:
    with work.database.read() as session:
        return session.scalars(select(Escalation)).one()


def one_of(work: Work, claim: dict[str, Any]) -> Escalation:
    with work.database.read() as session:
        return session.scalars(select(Escalation).where(Escalation.task_id == claim["task"]["id"])).one()


def state_of(work: Work, task: str) -> str:
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []
        return str(session.scalars(select(Task.state).where(Task.id == task)).one())


def test_an_escalated_task_waits_with_its_own_clock_and_is_answered_by_an_sme(work: Work) -> None:
    queue, sme, manager = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    got = ada.take(queue)
    ada.end(got, "escalate", "is this wine?")
    raised = one(work)
    assert (raised.raised_by, raised.task_id, raised.answered_at) == (ada.person.id, got["task"]["id"], None)
    assert (raised.due_at - raised.created_at).total_seconds() == 7200
    waiting = manager.ask("GET", f"/queues/{queue}/watch").json()["waiting"]
    assert [(row["state"], row["due_at"], row["with_sme"]) for row in waiting] == [
        ("escalated", "2026-11-02T11:00:00.000000Z", True)
    ]
    assert [row["overdue"] for row in waiting] == [False]
    work.clock.forward(hours=2, minutes=1)
    waiting = manager.ask("GET", f"/queues/{queue}/watch").json()["waiting"]
    assert [row["overdue"] for row in waiting] == [True]
    asked = expert.take(sme)
    assert asked["task"]["asset"]["id"] == got["task"]["asset"]["id"]
    label = expert.submit(asked).json()["id"]
    answered = one(work)
    assert (answered.answered_by, answered.decision) == (expert.person.id, "answered")
    assert state_of(work, got["task"]["id"]) == "withdrawn"
    back = expert.ask("POST", f"/labels/{label}/withdrawal", {}).json()
    assert (one(work).answered_at, state_of(work, got["task"]["id"])) == (None, "escalated")
    assert expert.submit(back).status_code == 201
    assert state_of(work, got["task"]["id"]) == "withdrawn"


def test_a_manager_who_decides_has_answered_and_the_smes_are_not_asked_any_more(work: Work) -> None:
    queue, sme, manager = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    task = ada.take(queue)
    ada.end(task, "escalate", "?")
    assert manager.ask("POST", f"/tasks/{task['task']['id']}/return").status_code == 201
    assert (one(work).answered_by, one(work).decision) == (manager.person.id, "returned")
    assert expert.claim(sme).status_code == 204
    assert state_of(work, task["task"]["id"]) == "open"
    assert work.worker("Bo").take(queue)["task"]["id"] == task["task"]["id"]


def test_many_escalated_tasks_are_decided_at_once(work: Work) -> None:
    queue, sme, manager = set_up(work)
    ada = work.worker("Ada")
    for _ in range(2):
        ada.end(ada.take(queue), "escalate", "?")
    wanted = {"deed": "withdraw", "states": ["escalated"]}
    shown = manager.ask("POST", f"/queues/{queue}/bulk/preview", wanted).json()
    assert manager.ask("POST", f"/queues/{queue}/bulk", {**wanted, "token": shown["token"]}).status_code == 201
    with work.database.read() as session:
        rows = session.scalars(select(Escalation)).all()
        assert list(checks.find_faults(session)) == []
    assert [(row.decision, row.answered_by) for row in rows] == [("withdrawn", manager.person.id)] * 2
    assert work.colleague(Role.SME, name="Siv").claim(sme).status_code == 204


def test_without_an_sme_queue_a_manager_decides(work: Work) -> None:
    site, ada = work.site(), work.worker()
    ada.end(ada.take(site.queue.id), "escalate", "?")
    raised = one(work)
    assert (raised.sme_task_id, (raised.due_at - raised.created_at).total_seconds()) == (None, 86_400)


def test_what_was_escalated_while_the_sme_queue_was_closed_is_asked_once_it_is_opened(work: Work) -> None:
    queue, sme, manager = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    assert manager.ask("PATCH", f"/queues/{sme}", {"state": "closed"}).status_code == 200
    first = ada.take(queue)
    ada.end(first, "escalate", "?")
    second = ada.take(queue)
    ada.end(second, "escalate", "?")
    work.run_due()
    assert one_of(work, first).sme_task_id is None
    assert manager.ask("POST", f"/tasks/{second['task']['id']}/return").status_code == 201
    assert manager.ask("PATCH", f"/queues/{sme}", {"state": "open"}).status_code == 200
    work.run_due()
    assert one_of(work, second).sme_task_id is None, "a manager has decided"
    asked = expert.take(sme)
    assert asked["task"]["asset"]["id"] == first["task"]["asset"]["id"]
    work.run_due()
    assert work.colleague(Role.SME, name="Tor").claim(sme).status_code == 204, "it is asked once"
    expert.submit(asked)
    assert (one_of(work, first).decision, state_of(work, first["task"]["id"])) == ("answered", "withdrawn")


def test_what_was_escalated_before_an_sme_queue_was_named_is_asked_in_it(work: Work) -> None:
    queue, sme, manager = set_up(work)
    assert manager.ask("PATCH", f"/queues/{queue}", {"escalates_to": None}).status_code == 200
    ada = work.worker("Ada")
    got = ada.take(queue)
    ada.end(got, "escalate", "?")
    work.run_due()
    expert = work.colleague(Role.SME, name="Siv")
    assert expert.claim(sme).status_code == 204
    assert manager.ask("PATCH", f"/queues/{queue}", {"escalates_to": sme}).status_code == 200
    work.run_due()
    assert expert.take(sme)["task"]["asset"]["id"] == got["task"]["asset"]["id"]


def test_smes_are_asked_once_and_not_about_what_was_decided_meanwhile(work: Work) -> None:
    """Several jobs may come to the same escalation, and a manager before them."""
    queue, sme, manager = set_up(work)
    assert manager.ask("PATCH", f"/queues/{sme}", {"state": "closed"}).status_code == 200
    ada = work.worker("Ada")
    first = ada.take(queue)
    ada.end(first, "escalate", "?")
    second = ada.take(queue)
    ada.end(second, "escalate", "?")
    work.run_due()
    waiting = [one_of(work, first).id, one_of(work, second).id]
    assert manager.ask("POST", f"/tasks/{second['task']['id']}/return").status_code == 201
    assert manager.ask("PATCH", f"/queues/{sme}", {"state": "open"}).status_code == 200
    with work.database.write() as session:
        for escalation in [*waiting, *waiting]:
            escalations.ask(session, escalation, clock=work.clock)
    with work.database.read() as session:
        asked = session.scalars(select(Task.id).where(Task.queue_id == sme)).all()
    assert asked == [one_of(work, first).sme_task_id]


def test_of_two_who_hold_a_task_and_escalate_it_the_first_one_asked(work: Work) -> None:
    queue, _, _ = set_up(work, overlap=2)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    first, second = ada.take(queue), bo.take(queue)
    assert first["task"]["id"] == second["task"]["id"]
    assert ada.end(first, "escalate", "wine?").status_code == 201
    assert bo.end(second, "escalate", "beer?").status_code == 201
    assert one(work).raised_by == ada.person.id
    with work.database.read() as session:
        outcomes = session.scalars(select(Outcome).order_by(Outcome.seq)).all()
    assert [(one.person_id, one.note) for one in outcomes] == [(ada.person.id, "wine?"), (bo.person.id, "beer?")]
    assert state_of(work, first["task"]["id"]) == "escalated"


def test_who_escalated_a_task_is_not_asked_to_answer_it(work: Work) -> None:
    queue, sme, manager = set_up(work)
    grace = work.colleague(Role.SME, name="Siv")
    grace.end(grace.take(queue), "escalate", "?")
    assert grace.claim(sme).status_code == 204
    told = manager.ask("GET", f"/tasks/{one(work).sme_task_id}/why?person={grace.person.id}").json()
    assert (told["choice"], [reason["why"] for reason in told["reasons"]]) == ("not_handed_out", ["had"])
    assert work.colleague(Role.SME, name="Tor").claim(sme).status_code == 201


def test_only_a_queue_for_smes_of_the_same_project_answers(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    for wrong in (site.queue.id, "none"):
        refused = manager.ask("PATCH", f"/queues/{site.queue.id}", {"escalates_to": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "/escalates_to")


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("wrong", ["", " ", "0" * 32, "elsewhere", "\0"])
def test_what_is_no_queue_is_not_named_to_escalate_to(work: Work, wrong: str, named: bool) -> None:
    queue, sme, manager = set_up(work)
    if not named:
        assert manager.ask("PATCH", f"/queues/{queue}", {"escalates_to": None}).status_code == 200
    if wrong == "elsewhere":
        site = work.site(slug="tobacco")
        with work.database.write() as session:
            wrong = make_queue(session, site.project, clock=work.clock, kind=QueueKind.GOLD).id
    refused = manager.ask("PATCH", f"/queues/{queue}", {"escalates_to": wrong})
    assert (refused.status_code, [one["path"] for one in refused.json()["errors"]]) == (422, ["/escalates_to"])
    assert manager.ask("GET", f"/queues/{queue}").json()["escalates_to"] == (sme if named else None)


def test_a_closed_sme_queue_stays_named_when_other_settings_are_saved(work: Work) -> None:
    queue, sme, manager = set_up(work)
    with work.database.write() as session:
        project = session.scalars(select(Project)).one()
        for _ in range(2):
            make_queue(session, project, clock=work.clock, name="Gold", kind=QueueKind.GOLD, fills_itself=False)
            work.clock.forward(minutes=1)
    assert manager.ask("PATCH", f"/queues/{sme}", {"state": "closed"}).status_code == 200
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    page = work.client.get(f"/queues/{queue}/settings").text
    choices = page.split('name="escalates_to"')[1].split("</select>")[0]
    assert re.findall(r"<option[^>]*>([^<]*)<", choices) == [
        "A manager decides", "Gold, made 2026-11-02 09:00 UTC", "Gold, made 2026-11-02 09:01 UTC", "Hard ones (closed)",
    ]  # fmt: skip
    assert re.search(r"<option[^>]* selected[^>]*>Hard ones", choices)


def region_of(work: Work, person: Worker, queue: str) -> str:
    """The page's region of the task at hand, as the person who works sees it."""
    token = sign_in(work.client, work.database, person.person, clock=work.clock)
    answer = work.client.post(f"/queues/{queue}/work/claims", headers={"X-CSRF-Token": token})
    assert answer.status_code == 200, answer.text
    return " ".join(answer.text.split())


def test_whoever_answers_is_told_what_was_asked_and_until_when_but_not_by_whom(work: Work) -> None:
    queue, sme, _ = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    got = ada.take(queue)
    assert "escalation" not in got["task"]
    ada.end(got, "escalate", "is <this> wine?")
    work.clock.forward(minutes=15)
    asked = expert.take(sme)
    ClaimOut.model_validate(asked)
    assert asked["task"]["escalation"] == {
        "note": "is <this> wine?", "raised_at": "2026-11-02T09:00:00.000000Z", "due_at": "2026-11-02T11:00:00.000000Z",
    }  # fmt: skip
    page = region_of(work, expert, sme)
    for words in (
        "is &lt;this&gt; wine?",
        "2026-11-02 09:00 UTC",
        "<strong>in 105 minutes</strong>, 2026-11-02 11:00 UTC",
    ):
        assert words in page
    assert "Ada" not in page + str(asked)
    assert ada.person.id not in page + str(asked)
    label = expert.submit(asked).json()["id"]
    token = sign_in(work.client, work.database, expert.person, clock=work.clock)
    revised = work.client.post(f"/labels/{label}/revise/task", headers={"X-CSRF-Token": token}).text
    assert ("is &lt;this&gt; wine?" in revised, "in 105 minutes" in revised) == (True, False)


def test_a_vendor_who_answers_is_told_the_question_and_no_name_nor_why_the_task_exists(work: Work) -> None:
    queue, sme, manager = set_up(work)
    ada, rui = work.worker("Ada"), work.worker("Rui", organisation="Atlantico")
    assert manager.ask("PATCH", f"/queues/{sme}", {"organisations": ["Atlantico"]}).status_code == 200
    got = ada.take(queue)
    ada.end(got, "escalate", "is this wine?")
    asked = rui.take(sme)
    assert asked["task"]["escalation"]["note"] == "is this wine?"
    told = region_of(work, rui, sme) + str(asked)
    for hidden in ("Ada", ada.person.id, "Nordlys", got["task"]["id"]):
        assert hidden not in told
    assert "origin" not in asked["task"]


def test_other_tasks_of_an_sme_queue_and_escalations_without_a_note_read_as_they_are(work: Work) -> None:
    queue, sme, manager = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    assert manager.ask("POST", f"/queues/{sme}/fillings", {"external_ids": ["ad-3"]}).status_code == 202
    work.run_due()
    plain = expert.take(sme)
    assert "escalation" not in plain["task"]
    assert "Escalated, for you to answer" not in region_of(work, expert, sme)
    assert expert.submit(plain).status_code == 201
    ada.end(ada.take(queue), "escalate")
    work.clock.forward(minutes=3 * 60)
    assert expert.take(sme)["task"]["escalation"]["note"] is None
    page = region_of(work, expert, sme)
    assert ("No note came with it." in page, "<strong>60 minutes ago</strong>" in page) == (True, True)


@pytest.mark.parametrize("kind", ["plain", "escalated"])
def test_claiming_an_ordinary_task_asks_nothing_about_escalations(work: Work, kind: str) -> None:
    queue, sme, _ = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    ada.end(ada.take(queue), "escalate", "?")
    asked: list[str] = []
    with counting(work, asked):
        assert (ada.claim(queue) if kind == "plain" else expert.claim(sme)).status_code == 201
    assert sum("escalations" in statement for statement in asked) == (0 if kind == "plain" else 1)


@contextmanager
def counting(work: Work, asked: list[str]) -> Iterator[None]:
    """Every statement that the database is sent meanwhile is in the list."""

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", note)
