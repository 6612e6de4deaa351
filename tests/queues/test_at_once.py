"""PostgreSQL, where many write at once: nobody waits for somebody who waits for them, and nothing falls between two."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.assets.models import Asset
from app.labels import rework
from app.labels.models import Draft, Label, LabelEvent, Revision
from app.labels.rework import Ending
from app.people.models import Person
from app.people.rules import Role
from app.queues import checks, handing, returned, stopping, submitting
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.rules import OutcomeKind, SlotState
from app.queues.tallies import Tally
from tests.databases import WAITING_FOR_US
from tests.queues.conftest import Work, Worker
from tests.queues.test_escalating import set_up

pytestmark = [pytest.mark.postgresql, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]


def beside(
    work: Work, first: Callable[[Session], Any], other: Callable[[], Any], then: Callable[[Session], Any]
) -> Any:
    """What `other` is answered, which comes between the two: it waits for them, or is through before the second."""
    with ThreadPoolExecutor(1) as thread:
        with work.database.write() as session:
            first(session)
            sent = thread.submit(other)
            while not session.scalar(WAITING_FOR_US) and not sent.done():
                pass
            then(session)
        return sent.result()


def lock(session: Session, row: type[Task] | type[Slot], *where: Any) -> None:
    """As a statement does of somebody who works."""
    assert session.scalars(select(row.seq).where(*where).with_for_update(key_share=True)).all()


def known(session: Session, worker: Worker) -> Person:
    found = select(Person).where(Person.id == worker.person.id).options(joinedload(Person.organisation))
    return session.scalars(found).one()


def withdraw(work: Work, manager: Worker, task: str) -> Callable[[Session], None]:
    def then(session: Session) -> None:
        person = known(session, manager)
        found = session.scalars(select(Task).where(Task.id == task)).one()
        stopping.withdraw_task(session, found, person=person, reason="a double", clock=work.clock)

    return then


def faults(work: Work) -> list[str]:
    with work.database.read() as session:
        return list(checks.find_faults(session))


def test_a_late_label_does_not_wait_for_who_withdraws_its_task(work: Work) -> None:
    site, ada, manager = work.site(ads=1), work.worker(), work.colleague(Role.MANAGER)
    got = ada.take(site.queue.id)
    work.clock.forward(hours=5)
    bo = work.worker("Bo")
    assert bo.on(bo.take(site.queue.id), "DELETE", "").status_code == 204
    task = got["task"]["id"]
    answer = beside(
        work,
        lambda session: lock(session, Task, Task.id == task),
        lambda: ada.submit(got),
        withdraw(work, manager, task),
    )
    assert answer.status_code == 409
    with work.database.read() as session:
        assert session.scalars(select(Draft)).one().late
    assert faults(work) == []


def test_who_is_handed_a_task_of_a_withdrawn_ad_and_who_withdraws_that_task_both_get_through(work: Work) -> None:
    manager = work.colleague(Role.MANAGER)
    work.site(ads=1)
    with work.database.write() as session:
        session.scalars(select(Asset)).one().withdrawn_at = work.clock()
        task = session.scalars(select(Task.id)).one()

    def other() -> Any:
        with work.database.write() as session:
            withdraw(work, manager, task)(session)

    def taken(session: Session) -> None:
        lock(session, Slot, Slot.task_id == task)

    def pass_over(session: Session) -> None:
        lock(session, Task, Task.id == task)  # as `slots.give_back` does

    beside(work, taken, other, pass_over)
    assert faults(work) == []


def test_who_flags_a_task_waits_for_a_manager_who_changes_its_other_slots(work: Work) -> None:
    site, ada = work.site(ads=1, overlap=2), work.worker()
    got = ada.take(site.queue.id)
    task = got["task"]["id"]
    answer = beside(
        work,
        lambda session: lock(session, Slot, Slot.task_id == task, Slot.state == "free"),
        lambda: ada.end(got, "flag", "odd"),
        lambda session: lock(session, Task, Task.id == task),
    )
    assert answer.status_code == 201
    assert faults(work) == []


@pytest.mark.parametrize("many", [False, True])
def test_an_answer_of_an_sme_waits_for_a_manager_who_decides(work: Work, many: bool) -> None:
    queue, sme, manager = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    got = ada.take(queue)
    ada.end(got, "escalate", "?")
    asked = expert.take(sme)
    wanted = {"deed": "withdraw", "states": ["escalated"]}
    shown = manager.ask("POST", f"/queues/{queue}/bulk/preview", wanted).json()

    def decide() -> Any:
        if many:
            return manager.ask("POST", f"/queues/{queue}/bulk", {**wanted, "token": shown["token"]})
        return manager.ask("POST", f"/tasks/{got['task']['id']}/return")

    answer = beside(
        work,
        lambda session: lock(session, Task, Task.id == asked["task"]["id"]),
        decide,
        lambda session: lock(session, Task, Task.id == got["task"]["id"]),
    )
    assert answer.status_code == 201
    assert expert.submit(asked).status_code == 201
    assert faults(work) == []


def test_what_smes_are_asked_is_put_back_before_or_not_at_all_when_its_question_is_decided(work: Work) -> None:
    queue, sme, manager = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    got = ada.take(queue)
    ada.end(got, "escalate", "?")
    with work.database.read() as session:
        asked = session.scalars(select(Task).where(Task.queue_id == sme)).one()
    assert manager.ask("POST", f"/tasks/{asked.id}/withdrawal", {"reason": "x"}).status_code == 201
    answer = beside(
        work,
        lambda session: lock(session, Task, Task.id == asked.id),
        lambda: manager.ask("POST", f"/tasks/{got['task']['id']}/return"),
        lambda session: stopping.return_task(session, asked, person=known(session, manager), clock=work.clock),
    )
    assert answer.status_code == 201
    assert expert.claim(sme).status_code == 204
    assert manager.ask("POST", f"/tasks/{asked.id}/return").status_code == 409
    assert faults(work) == []


@pytest.mark.parametrize(("before", "change"), [("closed", "opened"), ("", "named")])
def test_what_is_escalated_while_its_sme_queue_is_opened_or_named_is_asked(
    work: Work, before: str, change: str
) -> None:
    queue, sme, manager = set_up(work)
    ada, expert = work.worker("Ada"), work.colleague(Role.SME, name="Siv")
    got = ada.take(queue)
    patch = lambda which, **to: manager.ask("PATCH", f"/queues/{which}", to).status_code  # noqa: E731  # one line
    assert (patch(sme, state=before) if before else patch(queue, escalates_to=None)) == 200
    work.run_due()

    def escalate(session: Session) -> None:
        submitting.end_with_outcome(
            session, got["claim"]["id"], person=known(session, ada), token=got["claim"]["token"],
            kind=OutcomeKind.ESCALATE, note="?", clock=work.clock,
        )  # fmt: skip

    def then_do() -> int:
        done = patch(sme, state="open") if change == "opened" else patch(queue, escalates_to=sme)
        work.run_due()
        return done

    assert beside(work, escalate, then_do, lambda _session: None) == 200
    work.run_due()
    assert expert.take(sme)["task"]["asset"]["id"] == got["task"]["asset"]["id"]
    assert faults(work) == []


def test_a_reserved_task_is_not_begun_by_its_holder_who_is_just_losing_it(work: Work) -> None:
    site, ada, bo = work.site(ads=2), work.worker(), work.worker("Bo")
    at_hand, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    assert ada.submit(at_hand).status_code == 201

    def take_it(session: Session) -> None:
        queue = session.scalars(select(Queue)).one()
        claim = handing.claim_next(session, queue, person=known(session, bo), holder=None, clock=work.clock)
        assert claim is not None
        assert claim.task_id == ahead["task"]["id"]

    answer = beside(work, take_it, lambda: ada.claim(site.queue.id), lambda _session: None)
    assert answer.status_code == 204
    assert faults(work) == []
    assert bo.submit(bo.take(site.queue.id)).status_code == 201


def test_a_label_that_is_reworked_at_this_moment_goes_to_nobody_else(work: Work) -> None:
    site, ada, bo, manager = work.site(ads=1), work.worker(), work.worker("Bo"), work.colleague(Role.MANAGER)
    label = ada.label_next(site.queue.id)
    assert manager.ask("POST", f"/labels/{label}/return", {"reason": "look"}).status_code == 201
    work.clock.forward(days=2)

    def revise(session: Session) -> None:
        found = session.scalars(select(Label).where(Label.id == label).with_for_update()).one()
        rework.end(session, found, Ending.REVISED, clock=work.clock)

    answer = beside(work, revise, lambda: bo.claim(site.queue.id), lambda _session: None)
    assert answer.status_code == 204
    assert faults(work) == []


def test_two_who_pass_over_a_withdrawn_ad_at_once_get_the_next_one(work: Work) -> None:
    site, ada = work.site(ads=2, overlap=2), work.worker()
    with work.database.write() as session:
        session.scalars(select(Asset).where(Asset.external_id == "ad-1")).one().withdrawn_at = work.clock()
        first, second = session.scalars(select(Slot).order_by(Slot.sort_key).limit(2)).all()
    assert first.task_id == second.task_id
    answer = beside(
        work,
        lambda session: lock(session, Slot, Slot.id == first.id),
        lambda: ada.claim(site.queue.id),
        lambda session: lock(session, Task, Task.id == first.task_id),
    )
    assert (answer.status_code, answer.json()["task"]["id"] != first.task_id) == (201, True)


def test_a_task_that_another_withdrew_meanwhile_is_passed_over(work: Work) -> None:
    site, ada, manager = work.site(ads=2), work.worker(), work.colleague(Role.MANAGER)
    with work.database.write() as session:
        session.scalars(select(Asset).where(Asset.external_id == "ad-1")).one().withdrawn_at = work.clock()
        slot = session.scalars(select(Slot).order_by(Slot.sort_key).limit(1)).one()
        withdraw(work, manager, slot.task_id)(session)
        slot.state = SlotState.FREE  # somebody was just taking it, and was then undone
    answer = ada.claim(site.queue.id)
    assert (answer.status_code, answer.json()["task"]["id"] != slot.task_id) == (201, True)
    assert faults(work) == []


def test_a_label_that_is_committed_after_the_history_was_linked_is_linked_soon(work: Work) -> None:
    site, ada = work.site(ads=2), work.worker()
    ada.label_next(site.queue.id)
    got = ada.take(site.queue.id)

    def link(_session: Session | None = None) -> None:
        work.clock.forward(seconds=3)
        work.run_due()

    answer = beside(
        work, lambda session: lock(session, Tally, Tally.noted_by == ada.person.id), lambda: ada.submit(got), link
    )
    assert answer.status_code == 201
    with work.database.read() as session:
        assert [one is None for one in session.scalars(select(Revision.history_hash).order_by(Revision.seq))] == [
            False,
            True,
        ]
    link()
    with work.database.read() as session:
        assert None not in session.scalars(select(Revision.history_hash)).all()


@pytest.mark.parametrize("what", ["reserve", "claim"])
def test_a_submit_is_taken_back_while_the_next_task_is_handed_out(work: Work, what: str) -> None:
    site, ada = work.site(ads=4), work.worker()
    label = ada.label_next(site.queue.id)
    if what == "reserve":
        ada.take(site.queue.id)

    def hand_out(session: Session) -> None:
        give = handing.reserve_next if what == "reserve" else handing.claim_next
        queue = session.scalars(select(Queue)).one()
        assert give(session, queue, person=known(session, ada), holder=None, clock=work.clock) is not None

    answer = beside(work, hand_out, lambda: ada.ask("POST", f"/labels/{label}/withdrawal", {}), lambda _session: None)
    assert answer.status_code == 201
    with work.database.read() as session:
        held = select(Claim.id, Claim.seat).where(Claim.state == "live").order_by(Claim.seat)
        seats = {row.seat: row.id for row in session.execute(held)}
    assert seats.pop(0) == answer.json()["claim"]["id"]
    assert list(seats) == [1]
    assert faults(work) == []


def test_a_label_that_is_returned_at_this_moment_is_not_taken_back(work: Work) -> None:
    site, ada, manager = work.site(ads=2), work.worker(), work.colleague(Role.MANAGER)
    label = ada.label_next(site.queue.id)

    def give_back(session: Session) -> None:
        found = session.scalars(select(Label).where(Label.id == label)).one()
        returned.return_label(session, found, reason="look", person=known(session, manager), clock=work.clock)

    answer = beside(
        work,
        give_back,
        lambda: ada.ask("POST", f"/labels/{label}/withdrawal", {}),
        lambda _session: None,
    )
    assert (answer.status_code, "reviewed, so it stands" in answer.text) == (409, True)
    assert faults(work) == []


def test_a_label_is_taken_back_once(work: Work) -> None:
    site, ada = work.site(ads=2), work.worker()
    label = ada.label_next(site.queue.id)
    ada.take(site.queue.id)

    def take_back(session: Session) -> None:
        found = session.scalars(select(Label).where(Label.id == label)).one()
        submitting.take_back(session, found, person=known(session, ada), holder=None, clock=work.clock)

    answer = beside(work, take_back, lambda: ada.ask("POST", f"/labels/{label}/withdrawal", {}), lambda _session: None)
    assert (answer.status_code, "taken back already" in answer.text) == (409, True)
    with work.database.read() as session:
        assert len(session.scalars(select(LabelEvent)).all()) == 1
    assert faults(work) == []


def test_taking_back_leaves_a_reserved_task_to_who_is_just_given_it(work: Work) -> None:
    site, ada, bo = work.site(ads=3), work.worker(), work.worker("Bo")
    label = ada.label_next(site.queue.id)
    ada.take(site.queue.id)
    ahead = ada.reserve(site.queue.id)

    def take_it(session: Session) -> None:
        queue = session.scalars(select(Queue)).one()
        claim = handing.claim_next(session, queue, person=known(session, bo), holder=None, clock=work.clock)
        assert claim is not None
        assert claim.task_id == ahead["task"]["id"]

    answer = beside(work, take_it, lambda: ada.ask("POST", f"/labels/{label}/withdrawal", {}), lambda _session: None)
    assert answer.status_code == 201
    assert faults(work) == []
    assert bo.submit(bo.take(site.queue.id)).status_code == 201
    assert faults(work) == []


def test_taking_back_changes_two_tasks_in_the_order_in_which_many_are_changed(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker()
    label = ada.label_next(site.queue.id)
    ada.take(site.queue.id)
    ahead = ada.reserve(site.queue.id)
    answer = beside(
        work,
        lambda session: lock(session, Task, Task.state == "done"),
        lambda: ada.ask("POST", f"/labels/{label}/withdrawal", {}),
        lambda session: lock(session, Task, Task.id == ahead["task"]["id"]),
    )
    assert answer.status_code == 201
    assert faults(work) == []
