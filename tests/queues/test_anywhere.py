"""The next task of whichever of somebody's queues has one. On both databases."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.people.models import Person
from app.queues import anywhere, checks
from app.queues.models import Claim, Queue
from app.queues.rules import QueueState, urgency
from tests.making import make_person, make_project, sign_in
from tests.making_labels import make_schema
from tests.making_queues import Site, make_ads, make_queue, make_site
from tests.queues.conftest import Work, Worker

JUNE, JULY = datetime(2027, 6, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)
Facts = tuple[int, datetime | None, str, str]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((5, None, "b", "2"), (0, JUNE, "a", "1")),
        ((0, JUNE, "b", "2"), (0, JULY, "a", "1")),
        ((0, JULY, "b", "2"), (0, None, "a", "1")),
        ((-1, None, "a", "2"), (-2, JUNE, "a", "1")),
        ((0, None, "alcohol", "2"), (0, None, "Beer", "1")),
        ((0, JUNE, "Beer", "1"), (0, JUNE, "beer", "2")),
    ],
)
def test_queues_come_by_priority_then_deadline_then_name(first: Facts, second: Facts) -> None:
    def place(facts: Facts) -> tuple[int, float, str, str]:
        priority, due_at, name, queue_id = facts
        return urgency(priority=priority, due_at=due_at, name=name, queue_id=queue_id)

    assert place(first) < place(second)


def add_queue(work: Work, site: Site, **options: object) -> str:
    """Another queue of the same ads."""
    with work.database.write() as session:
        return make_queue(session, site.project, clock=work.clock, **options).id


def names_handed(worker: Worker) -> list[str]:
    """Takes and submits until there is nothing left: the name of each task's queue."""
    names = []
    while (answer := worker.ask("POST", "/claims")).status_code == 201:
        names.append(answer.json()["queue"]["name"])
        assert worker.submit(answer.json()).status_code == 201
    assert answer.status_code == 204
    assert answer.content == b""
    return names


def test_all_of_the_most_urgent_queue_comes_before_the_next_one(work: Work) -> None:
    site = work.site(ads=2, name="Named last")
    add_queue(work, site, name="A name first")
    add_queue(work, site, name="Due in July", due_at=JULY)
    add_queue(work, site, name="Due in June", due_at=JUNE)
    add_queue(work, site, name="Wanted most", priority=9)
    assert names_handed(work.worker()) == [
        name for name in ("Wanted most", "Due in June", "Due in July", "A name first", "Named last") for _ in range(2)
    ]


def test_what_somebody_holds_already_is_answered_again_though_another_queue_is_more_urgent(work: Work) -> None:
    site = work.site(name="Begun")
    ada = work.worker()
    held = ada.take(site.queue.id)
    add_queue(work, site, name="Wanted most", priority=9)
    again = ada.ask("POST", "/claims").json()
    assert (again["claim"]["id"], again["queue"]) == (held["claim"]["id"], {"id": site.queue.id, "name": "Begun"})


def test_queues_that_are_not_for_somebody_now_are_passed_over(work: Work) -> None:
    site = work.site(ads=1, name="Open")
    work.worker("Kim", organisation="Fjelltopp")
    add_queue(work, site, name="Of others", priority=9, organisations=["Fjelltopp"])
    add_queue(work, site, name="Certified", priority=8, requires={"qualifications": ["alcohol"]})
    add_queue(work, site, name="Full", priority=7, limits={"person": 0})
    night = {"zone": "UTC", "windows": [{"days": ["mon"], "from": "00:00", "to": "00:01"}]}
    add_queue(work, site, name="Closed at this hour", priority=6, hours=night)
    paused = add_queue(work, site, name="Paused", priority=5)
    with work.database.write() as session:
        session.scalars(select(Queue).where(Queue.id == paused)).one().state = QueueState.PAUSED
    assert names_handed(work.worker()) == ["Open"]


def test_a_project_without_a_guideline_holds_up_no_other(work: Work) -> None:
    work.site(ads=1, name="Ready")
    with work.database.write() as session:
        other = make_project(session, clock=work.clock, slug="tobacco")
        make_schema(session, other, clock=work.clock)
        make_ads(session, work.store, other, clock=work.clock, count=1)
        make_queue(session, other, clock=work.clock, name="Not ready", priority=9)
    assert names_handed(work.worker()) == ["Ready"]


def test_a_repeated_request_is_given_the_same_task(work: Work) -> None:
    work.site()
    ada = work.worker()
    first, again = (ada.ask("POST", "/claims", Idempotency_Key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_the_page_leads_to_the_task_or_says_that_there_is_none(
    client: TestClient, work: Work, database: Database
) -> None:
    site = work.site(ads=1, name="First pass")
    add_queue(work, site, name="Certified", requires={"qualifications": ["alcohol"]})
    ada = work.worker()
    token = sign_in(client, database, ada.person, clock=work.clock)
    answer = client.post("/next-task", headers={"x-csrf-token": token}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/queues/{site.queue.id}/work")
    assert ada.submit(ada.take(site.queue.id)).status_code == 201
    answer = client.post("/next-task", headers={"x-csrf-token": token}, follow_redirects=True)
    assert answer.url.path == "/next-task"
    assert "No task for you now" in answer.text
    assert "certificate alcohol" in answer.text


def test_of_many_who_ask_at_once_each_is_given_a_task_of_their_own(database: Database, tmp_path: Path) -> None:
    """Two queues of five ads, and twelve people. The second queue has no tasks yet: one makes them while others wait."""
    with database.write() as session:
        site = make_site(session, Store(tmp_path / "media"), clock=system_clock, ads=5)
        make_queue(session, site.project, clock=system_clock, name="Second pass")
        people = [make_person(session, clock=system_clock, name=f"Person {number}") for number in range(12)]
    faults: list[BaseException] = []
    together = threading.Barrier(len(people))

    def work(person: Person) -> None:
        try:
            together.wait()
            with database.write() as session:
                anywhere.claim_next(session, person=person, holder=None, clock=system_clock)
        except BaseException as fault:  # noqa: BLE001  # shown by the test, which a thread's own trace is not
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with database.read() as session:
        assert list(checks.find_faults(session)) == []
        handed = session.execute(select(func.count(), func.count(Claim.slot_id.distinct()))).one()
    assert tuple(handed) == (10, 10)
