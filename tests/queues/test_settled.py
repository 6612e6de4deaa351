"""Questions about escalated tasks that are open, settled or open again, whatever becomes of the SME's task meanwhile."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.people.rules import Role
from app.queues import checks, tallies
from app.queues.escalations import Escalation
from app.queues.models import Queue, Task
from app.queues.rules import QueueKind, TaskState
from tests.queues.conftest import Work, Worker
from tests.queues.test_escalating import one, one_of, set_up, state_of

DECIDED = "What this task asks was decided already, so the task stays out of the queue."


def escalate(worker: Worker, queue: str) -> str:
    """The task that they were handed, and escalated."""
    got = worker.take(queue)
    assert worker.end(got, "escalate", "?").status_code == 201
    return str(got["task"]["id"])


def decisions(work: Work) -> list[str | None]:
    with work.database.read() as session:
        return list(session.scalars(select(Escalation.decision).order_by(Escalation.seq)))


def with_sme(manager: Worker, queue: str) -> list[bool]:
    return [one["with_sme"] for one in manager.ask("GET", f"/queues/{queue}/watch").json()["waiting"]]


def take_back(worker: Worker, label: str) -> dict[str, Any]:
    answer = worker.ask("POST", f"/labels/{label}/withdrawal", {})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def decide(manager: Worker, task: str, deed: str) -> Any:
    return manager.ask("POST", f"/tasks/{task}/{deed}", {"reason": "x"} if deed == "withdrawal" else None)


def decide_many(manager: Worker, queue: str, deed: str) -> dict[str, Any]:
    """All tasks of the queue, and what was shown before."""
    shown: dict[str, Any] = manager.ask("POST", f"/queues/{queue}/bulk/preview", {"deed": deed}).json()
    made = manager.ask("POST", f"/queues/{queue}/bulk", {"deed": deed, "token": shown["token"]})
    assert made.status_code == 201, made.text
    return shown


@pytest.mark.parametrize("again", ["before", "answered", "after"])
def test_what_a_manager_decided_after_the_answer_is_not_opened_again(work: Work, again: str) -> None:
    """The task is escalated a second time before the SME takes the label back, and perhaps answered, or after that."""
    queue, sme, manager = set_up(work)
    bo, expert, other = work.worker("Bo"), work.colleague(Role.SME, name="Siv"), work.colleague(Role.SME, name="Tor")
    task = escalate(work.worker("Ada"), queue)
    label = expert.label_next(sme)
    assert decide(manager, task, "return").status_code == 201
    if again != "after":
        assert escalate(bo, queue) == task
    if again == "answered":
        other.label_next(sme)
    back = take_back(expert, label)
    assert state_of(work, task) == {"before": "escalated", "answered": "withdrawn", "after": "open"}[again]
    if again == "after":
        assert escalate(bo, queue) == task
    assert decisions(work) == ["answered", "answered" if again == "answered" else None]
    # Nobody else is asked what was settled.
    assert expert.on(back, "DELETE", "").status_code == 204
    assert other.claim(sme).status_code == (204 if again == "answered" else 201)
    assert state_of(work, task) == ("withdrawn" if again == "answered" else "escalated")


def test_an_answer_that_came_after_a_manager_decided_and_is_taken_back_asks_nobody_else(work: Work) -> None:
    queue, sme, manager = set_up(work)
    expert, other = work.colleague(Role.SME, name="Siv"), work.colleague(Role.SME, name="Tor")
    task = escalate(work.worker("Ada"), queue)
    asked = expert.take(sme)
    assert decide(manager, task, "return").status_code == 201
    back = take_back(expert, expert.submit(asked).json()["id"])
    back = take_back(expert, expert.submit(back).json()["id"])  # who holds it may finish, as often as they like
    assert expert.on(back, "DELETE", "").status_code == 204
    assert (decisions(work), state_of(work, task)) == (["returned"], "open")
    assert other.claim(sme).status_code == 204


@pytest.mark.parametrize("deed", ["withdrawal", "flag", "escalate"])
def test_what_no_sme_can_answer_waits_for_a_manager_until_their_task_is_put_back(work: Work, deed: str) -> None:
    queue, sme, manager = set_up(work)
    expert = work.colleague(Role.SME, name="Siv")
    task = escalate(work.worker("Ada"), queue)
    sme_task = str(one(work).sme_task_id)
    assert with_sme(manager, queue) == [True]
    if deed == "withdrawal":
        assert decide(manager, sme_task, deed).status_code == 201
    else:
        assert expert.end(expert.take(sme), deed, "?").status_code == 201
    assert with_sme(manager, queue) == [False]
    assert decide(manager, sme_task, "return").status_code == 201
    assert with_sme(manager, queue) == [True]
    work.colleague(Role.SME, name="Tor").label_next(sme)
    assert (state_of(work, task), one_of(work, {"task": {"id": task}}).decision) == ("withdrawn", "answered")


def test_what_was_settled_is_not_put_back_for_smes(work: Work) -> None:
    queue, sme, manager = set_up(work)
    task = escalate(work.worker("Ada"), queue)
    sme_task = str(one(work).sme_task_id)
    assert decide(manager, sme_task, "withdrawal").status_code == 201
    assert decide(manager, task, "return").status_code == 201
    refused = decide(manager, sme_task, "return")
    assert (refused.status_code, refused.json()["detail"]) == (409, DECIDED)
    shown = decide_many(manager, sme, "return")
    left = {"what it asks was decided already": {"count": 1, "examples": ["ad-1"]}}
    assert (shown["count"], shown["left"]) == (0, left)
    assert state_of(work, sme_task) == "withdrawn"
    assert work.colleague(Role.SME, name="Siv").claim(sme).status_code == 204


def test_what_is_still_open_is_put_back_for_smes_among_many(work: Work) -> None:
    queue, sme, manager = set_up(work)
    escalate(work.worker("Ada"), queue)
    decide_many(manager, sme, "withdraw")
    assert with_sme(manager, queue) == [False]
    decide_many(manager, sme, "return")
    assert with_sme(manager, queue) == [True]


def test_a_decision_settles_what_smes_ask_others_in_turn(work: Work) -> None:
    queue, sme, manager = set_up(work)
    with work.database.write() as session:
        project = session.scalars(select(Queue).where(Queue.id == sme)).one().project_id
    made = manager.ask(
        "POST", f"/projects/{project}/queues", {"name": "Last", "kind": QueueKind.GOLD, "fills_itself": False}
    )
    assert manager.ask("PATCH", f"/queues/{sme}", {"escalates_to": made.json()["id"]}).status_code == 200
    task = escalate(work.worker("Ada"), queue)
    escalate(work.colleague(Role.SME, name="Siv"), sme)
    assert decide(manager, task, "return").status_code == 201
    assert (decisions(work), state_of(work, task)) == (["returned", "withdrawn"], "open")
    assert work.colleague(Role.SME, name="Tor").claim(made.json()["id"]).status_code == 204


def test_an_escalated_task_with_all_its_labels_waits_for_its_answer_all_the_same(work: Work) -> None:
    queue, _, manager = set_up(work, overlap=2)
    bo = work.worker("Bo")
    held = bo.take(queue)
    task = escalate(work.worker("Ada"), queue)
    assert manager.ask("PATCH", f"/queues/{queue}", {"overlap": 1}).status_code == 200
    work.run_due()
    assert bo.submit(held).status_code == 201
    assert (state_of(work, task), with_sme(manager, queue)) == ("escalated", [True])
    assert decide(manager, task, "return").status_code == 201
    assert state_of(work, task) == "done"


def test_a_check_finds_a_question_that_is_open_about_a_task_that_does_not_wait(work: Work) -> None:
    queue, _, _ = set_up(work)
    task = escalate(work.worker("Ada"), queue)
    with work.database.write() as session:
        session.execute(update(Task).where(Task.id == task).values(state="open"))
        tallies.note(session, queue, by=None, at=work.clock(), tasks={TaskState.OPEN: 1, TaskState.ESCALATED: -1})
    with work.database.read() as session:
        assert f"Task {task} is open, but its escalation is open." in list(checks.find_faults(session))
