"""Watching a queue: counts that are kept as it changes, what is stuck and why, and nothing sent while nothing changed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from app.people import actions as people
from app.people import qualifications
from app.people.rules import QualificationKind, Role
from app.queues import checks, making, tallies
from app.queues.models import Queue, Task
from app.queues.rules import TaskState
from app.queues.tallies import LONG_AGO, Tally
from tests.making import sign_in
from tests.making_queues import make_ads
from tests.queues.conftest import Work, Worker


def faults(work: Work) -> list[str]:
    with work.database.read() as session:
        return list(checks.find_faults(session))


def counts(work: Work, queue: str) -> tuple[dict[str, int], int, int]:
    with work.database.read() as session:
        found = tallies.counts_of(session, [queue])[queue]
    return {str(state): count for state, count in found.tasks.items() if count}, found.labels, found.wanted


def look(manager: Worker, queue: str) -> dict[str, Any]:
    found: dict[str, Any] = manager.ask("GET", f"/queues/{queue}/watch").json()
    return found


def test_counts_follow_everything_that_happens_to_tasks(work: Work) -> None:
    site = work.site(ads=5, overlap=2)
    queue = site.queue.id
    ada, bo, manager = work.worker("Ada"), work.worker("Bo"), work.colleague(Role.MANAGER)
    assert counts(work, queue) == ({"open": 5}, 0, 10)
    first = ada.label_next(queue)
    assert counts(work, queue) == ({"open": 5}, 1, 10)
    bo.label_next(queue)
    assert counts(work, queue) == ({"open": 4, "done": 1}, 2, 10)
    back = ada.ask("POST", f"/labels/{first}/withdrawal", {}).json()
    assert counts(work, queue) == ({"open": 5}, 1, 10)
    ada.submit(back)
    ada.end(ada.take(queue), "flag", "which?")
    bo.end(bo.take(queue), "skip")
    assert counts(work, queue) == ({"open": 3, "done": 1, "on_hold": 1}, 2, 10)
    with work.database.read() as session:
        held, other = (
            session.scalars(select(Task.id).where(Task.state == state).order_by(Task.seq)).first()
            for state in ("on_hold", "open")
        )
    manager.ask("POST", f"/tasks/{held}/withdrawal", {"reason": "not ours"})
    assert counts(work, queue) == ({"open": 3, "done": 1, "withdrawn": 1}, 2, 8)
    manager.ask("POST", f"/tasks/{held}/return")
    assert counts(work, queue) == ({"open": 4, "done": 1}, 2, 10)
    manager.ask("POST", f"/tasks/{other}/withdrawal", {"reason": "x"})
    assert counts(work, queue) == ({"open": 3, "done": 1, "withdrawn": 1}, 2, 8)
    assert faults(work) == []


def test_who_holds_a_withdrawn_task_may_finish_it_and_it_counts(work: Work) -> None:
    site, manager = work.site(ads=2, overlap=2), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    got, also = ada.take(site.queue.id), bo.take(site.queue.id)
    for claim in (got, also):
        manager.ask("POST", f"/tasks/{claim['task']['id']}/withdrawal", {"reason": "x"})
    for worker, claim in ((ada, got), (bo, also)):
        assert worker.submit(claim).status_code == 201
        assert faults(work) == []


def test_check_tells_counts_that_are_wrong(work: Work) -> None:
    site = work.site()
    with work.database.write() as session:
        session.execute(update(Tally).values(tasks_open=7, labels=1))
    found = faults(work)
    assert f"Queue {site.queue.name} counts 7 tasks open, but has 3." in found
    assert f"Queue {site.queue.name} counts 1 of 3 labels, but has 0 of 3." in found


def test_old_hours_of_a_person_become_one_row(work: Work) -> None:
    site, ada = work.site(ads=6), work.worker()
    for _ in range(3):
        ada.label_next(site.queue.id)
        work.clock.forward(hours=1)
    work.clock.forward(days=9)
    ada.label_next(site.queue.id)
    with work.database.read() as session:
        rows = session.scalars(select(Tally).where(Tally.noted_by == ada.person.id).order_by(Tally.hour)).all()
        labels = tallies.labels_by_hour(session, site.queue.id, work.clock.now - tallies.KEPT_BY_HOUR)
    assert [(row.hour == LONG_AGO, row.labels) for row in rows] == [(True, 3), (False, 1)]
    assert sum(labels.values()) == 1
    assert faults(work) == []


def test_a_look_tells_counts_pace_and_who_holds_what_since_when(work: Work) -> None:
    site, manager = work.site(ads=40), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    for _ in range(4):
        for _ in range(6):
            ada.label_next(site.queue.id)
        work.clock.forward(hours=1)
    bo.take(site.queue.id)
    shown = look(manager, site.queue.id)
    assert (shown["tasks"]["open"], shown["tasks"]["done"], shown["labels_left"]) == (16, 24, 16)
    assert (shown["labels_last_hour"], shown["labels_last_day"]) == (6, 24)
    assert [(held["person"], held["external_id"]) for held in shown["held"]] == [("Bo", "ad-25")]
    assert shown["held"][0]["since"].startswith("2026-11-02T13:00")
    assert shown["oldest_open_at"].startswith("2026-11-02T09:00")
    assert shown["finish"]["likely"].startswith("2026-11-02T15:40")
    assert shown["finish"]["against_deadline"] is None


@pytest.mark.parametrize("how", ["flag", "escalate"])
def test_who_stopped_a_task_and_their_note_stand_whatever_others_who_hold_it_do(work: Work, how: str) -> None:
    site, manager = work.site(ads=1, overlap=3), work.colleague(Role.MANAGER)
    ada, bo, cy = work.worker("Ada"), work.worker("Bo"), work.worker("Cy")
    skipped, stopped, later = ada.take(site.queue.id), bo.take(site.queue.id), cy.take(site.queue.id)
    ada.end(skipped, "skip", "not now")
    work.clock.forward(minutes=1)
    bo.end(stopped, how, "which country?")
    work.clock.forward(minutes=1)
    cy.end(later, "skip", "no time")
    (waiting,) = look(manager, site.queue.id)["waiting"]
    assert (waiting["by"], waiting["note"]) == ("Bo", "which country?")
    manager.ask("POST", f"/tasks/{stopped['task']['id']}/return")
    work.clock.forward(minutes=1)
    dee = work.worker("Dee")
    dee.end(dee.take(site.queue.id), how, "still unclear")
    (waiting,) = look(manager, site.queue.id)["waiting"]
    assert (waiting["by"], waiting["note"]) == ("Dee", "still unclear")


def test_a_passed_deadline_is_told_while_there_is_work_left_and_sent_to_pages_that_are_open(work: Work) -> None:
    site = work.site(ads=1, due_at=work.clock() + timedelta(hours=1))
    ada, manager, path = work.worker(), work.colleague(Role.MANAGER), f"/queues/{site.queue.id}/watch"
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    before = manager.ask("GET", path)
    assert before.json()["overdue"] is False
    assert "Passed" not in work.client.get(path).text
    work.clock.forward(hours=2)
    after = manager.ask("GET", path, If_None_Match=before.headers["etag"])
    assert (after.status_code, after.json()["overdue"]) == (200, True)
    assert "Passed" in work.client.get(path).text
    ada.label_next(site.queue.id)
    assert look(manager, site.queue.id)["overdue"] is False


def test_a_queue_that_is_filled_by_hand_says_that_nothing_was_added_yet(work: Work) -> None:
    site, manager = work.site(fills_itself=False), work.colleague(Role.MANAGER)
    assert [one["reason"] for one in look(manager, site.queue.id)["stuck"]] == ["nothing added"]
    work.worker()
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    assert "No ad was added yet" in work.client.get(f"/queues/{site.queue.id}").text
    assert manager.ask("POST", f"/queues/{site.queue.id}/fillings", {"external_ids": ["ad-1"]}).status_code == 202
    work.run_due()
    assert look(manager, site.queue.id)["stuck"] == []


def test_nothing_is_sent_while_nothing_changed(work: Work) -> None:
    site, ada, manager = work.site(), work.worker(), work.colleague(Role.MANAGER)
    path = f"/queues/{site.queue.id}/watch"
    first = manager.ask("GET", path)
    again = manager.ask("GET", path, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    page = work.client.get(f"/queues/{site.queue.id}").text
    version = first.headers["etag"].strip('"')
    assert f"{path}?version={version}" in page
    same = work.client.get(f"{path}?version={version}")
    assert (same.status_code, same.content) == (204, b"")
    ada.take(site.queue.id)
    changed = work.client.get(f"{path}?version={version}")
    assert (changed.status_code, "Ada" in changed.text) == (200, True)
    assert manager.ask("GET", path, If_None_Match=first.headers["etag"]).status_code == 200
    assert ada.ask("GET", path).status_code == 404


def stuck(manager: Worker, queue: str) -> dict[str, tuple[int, list[str]]]:
    return {one["reason"]: (one["count"], one["examples"]) for one in look(manager, queue)["stuck"]}


def test_what_expires_again_and_again_is_told(work: Work) -> None:
    site, manager = work.site(ads=2), work.colleague(Role.MANAGER)
    ada = work.worker("Ada")
    for _ in range(3):
        assert "expires" not in stuck(manager, site.queue.id)
        ada.take(site.queue.id)
        work.clock.forward(hours=1)
    work.worker("Bo").take(site.queue.id)  # who comes next ends what ran out
    assert stuck(manager, site.queue.id) == {"expires": (1, ["ad-1 (3 times)"])}


def test_what_everybody_had_and_what_nobody_may_have_is_told(work: Work) -> None:
    site, manager = work.site(ads=3, overlap=2), work.colleague(Role.MANAGER)
    assert stuck(manager, site.queue.id) == {"nobody": (3, [])}
    ada, bo = work.worker("Ada"), work.worker("Bo")
    assert stuck(manager, site.queue.id) == {}
    ada.label_next(site.queue.id)
    bo.end(bo.take(site.queue.id), "skip")
    assert stuck(manager, site.queue.id) == {"had by all": (1, ["ad-1"])}
    with work.database.write() as session:
        people.disable(session, person=session.merge(bo.person), actor=session.merge(manager.person), clock=work.clock)
    assert stuck(manager, site.queue.id) == {"had by all": (1, ["ad-1"])}


def test_queues_of_smes_wait_for_the_companys_unless_they_name_others(work: Work) -> None:
    site, manager = work.site(ads=2, kind="gold"), work.colleague(Role.MANAGER)
    ada = work.worker("Ada")
    assert stuck(manager, site.queue.id) == {"nobody": (2, [])}
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"organisations": ["Nordlys"]}).status_code == 200
    assert stuck(manager, site.queue.id) == {}
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"organisations": []}).status_code == 200
    assert ada.claim(site.queue.id).status_code == 404
    siv = work.colleague(Role.SME, name="Siv")
    assert stuck(manager, site.queue.id) == {}
    siv.label_next(site.queue.id)


def test_what_the_queue_asks_of_people_and_its_hours_is_told_as_it_is_handed_out(work: Work) -> None:
    site, manager = work.site(ads=2), work.colleague(Role.MANAGER)
    ada = work.worker("Ada")
    asks = {"requires": {"languages": ["nb"], "qualifications": ["alcohol"]}}
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", asks).status_code == 200
    with work.database.write() as session:
        giver, person = session.merge(manager.person), session.merge(ada.person)
        qualifications.give(
            session, person=person, kind=QualificationKind.LANGUAGE, name="nb", giver=giver, clock=work.clock
        )
    assert whats(manager, site.queue.id) == {"nobody qualified": ["certificate alcohol"]}
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"requires": {"languages": ["nb"]}}).status_code == 200
    assert whats(manager, site.queue.id) == {}
    sunday = {"hours": {"zone": "UTC", "windows": [{"days": ["sun"], "from": "08:00", "to": "16:00"}]}}
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", sunday).status_code == 200
    assert whats(manager, site.queue.id) == {"outside hours": ["Sunday 08:00 (UTC)"]}
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    assert "They begin again on Sunday 08:00 (UTC)." in work.client.get(f"/queues/{site.queue.id}").text


def whats(manager: Worker, queue: str) -> dict[str, list[str]]:
    return {one["reason"]: one["what"] for one in look(manager, queue)["stuck"]}


def test_a_look_reads_no_table_of_tasks_as_a_whole(work: Work) -> None:
    """Its statements are as many for three tasks as for thirty, and each finds its rows by an index."""
    site, manager = work.site(ads=3), work.colleague(Role.MANAGER)
    work.worker()
    asked: list[tuple[str, Any]] = []

    def look_at() -> int:
        asked.clear()
        note = lambda *told: asked.append((told[2], told[3]))  # noqa: E731  # one line, one use
        event.listen(work.database.engine, "before_cursor_execute", note)
        look(manager, site.queue.id)
        event.remove(work.database.engine, "before_cursor_execute", note)
        return len(asked)

    few = look_at()
    with work.database.write() as session:
        make_ads(session, work.store, site.project, clock=work.clock, count=30, first=10)
        making.fill(session, session.scalars(select(Queue)).one(), clock=work.clock)
    assert look_at() == few
    if work.database.is_sqlite:  # whose plans are the same however few rows there are
        steps = plans(work, asked)
        assert not [step for step in steps if re.match(r"SCAN (tasks|slots|claims|queue_tallies)", step)]
        for index in ("ix_assets_preparing", "uq_claims_root_id_person_id", "ix_claims_expired", "ix_slots_free"):
            assert any(index in step for step in steps), index


def plans(work: Work, asked: list[tuple[str, Any]]) -> list[str]:
    """How these statements are carried out, step by step."""
    with work.database.read() as session:
        connection = session.connection()
        return [
            row[3]
            for statement, values in asked
            if statement.lstrip().startswith(("SELECT", "WITH"))
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


@pytest.mark.parametrize("state", list(TaskState))
def test_every_state_of_a_task_has_its_count(state: TaskState) -> None:
    assert hasattr(Tally, f"tasks_{state}")


def test_that_limits_keep_everybody_is_told_until_somebody_is_within_them(work: Work) -> None:
    site, manager = work.site(ads=4), work.colleague(Role.MANAGER)
    queue, ada = site.queue.id, work.worker("Ada")

    def limited(limits: dict[str, Any]) -> dict[str, tuple[int, list[str]]]:
        assert manager.ask("PATCH", f"/queues/{queue}", {"limits": limits}).status_code == 200
        return stuck(manager, queue)

    assert limited({"person": 1}) == {}
    work.worker("Bo", organisation="Fjelltopp").label_next(queue)
    ada.label_next(queue)
    assert ada.claim(queue).status_code == 204
    assert stuck(manager, queue) == {"all at limits": (2, [])}
    assert limited({"person_a_day": 1}) == {"all at limits": (2, [])}
    assert limited({"organisations": {"Nordlys": {"most": 1}}}) == {}
    both = {"organisations": {"Nordlys": {"most": 1}, "Fjelltopp": {"share": 0.25}}}
    assert limited(both) == {"all at limits": (2, [])}
    sign_in(work.client, work.database, manager.person, clock=work.clock)
    assert "Raise the limits under What is handed out" in work.client.get(f"/queues/{queue}").text
    assert limited({"person_a_day": 1}) == {"all at limits": (2, [])}
    work.clock.forward(days=1)
    assert stuck(manager, queue) == {}
    ada.label_next(queue)


def test_a_queue_without_tasks_says_whether_some_are_being_made(work: Work) -> None:
    site, manager = work.site(ads=1, filled=False, filter={"modality": ["audio"]}), work.colleague(Role.MANAGER)
    sign_in(work.client, work.database, manager.person, clock=work.clock)

    def told() -> tuple[bool, bool, bool]:
        page = work.client.get(f"/queues/{site.queue.id}").text
        return "tasks are being made" in page, "no tasks yet" in page, "nothing is left" in page

    assert told() == (True, True, False), "the latter of the projected finish"
    work.run_due()
    page = work.client.get(f"/queues/{site.queue.id}").text
    assert page.count("no tasks yet") == 2
