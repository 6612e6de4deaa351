"""Jobs: left in a transaction, taken once, tried again later, never lost."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from app.db.session import Database
from app.errors import Invalid
from app.jobs import actions
from app.jobs.models import Job
from app.jobs.rules import MOST_ATTEMPTS, RETRY_AFTER, GiveUp
from app.jobs.worker import Progress, Worker
from tests.conftest import FakeClock

KINDS = frozenset({"count"})


def leave(database: Database, clock: FakeClock, **payload: Any) -> str:
    with database.write() as session:
        return actions.enqueue(session, "count", payload, clock=clock).id or ""


def jobs(database: Database) -> list[Job]:
    with database.read() as session:
        return list(session.scalars(select(Job).order_by(Job.seq)))


def test_a_job_runs_once_with_its_payload(database: Database, clock: FakeClock) -> None:
    seen: list[Mapping[str, Any]] = []
    leave(database, clock, n=1)
    worker = Worker(database, clock, {"count": lambda payload, _: seen.append(payload)})
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    assert seen == [{"n": 1}]
    assert jobs(database)[0].state == "done"


def test_a_job_rolled_back_with_its_data_never_runs(database: Database, clock: FakeClock) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        actions.enqueue(session, "count", {}, clock=clock)
        raise RuntimeError
    assert Worker(database, clock, {"count": lambda *_: None}).run_due() == 0


def test_a_failing_job_is_tried_again_later_and_later_and_then_fails_with_its_reason(
    database: Database, clock: FakeClock
) -> None:
    tries: list[int] = []

    def broken(_payload: Mapping[str, Any], _progress: Progress) -> None:
        tries.append(1)
        raise ValueError("the disk is on fire")

    leave(database, clock)
    worker = Worker(database, clock, {"count": broken})
    for delay in RETRY_AFTER:
        assert worker.run_due() == 1
        assert jobs(database)[0].state == "queued"
        clock.forward(seconds=delay.total_seconds() - 1)
        assert worker.run_due() == 0
        clock.forward(seconds=1)
    assert worker.run_due() == 1
    job = jobs(database)[0]
    assert (job.state, job.error, len(tries)) == ("failed", "ValueError: the disk is on fire", MOST_ATTEMPTS)


@pytest.mark.parametrize("refusal", [GiveUp("no use"), Invalid("no use")])
def test_a_refusal_is_not_tried_again(database: Database, clock: FakeClock, refusal: Exception) -> None:
    def refuse(_payload: Mapping[str, Any], _progress: Progress) -> None:
        raise refusal

    leave(database, clock)
    Worker(database, clock, {"count": refuse}).run_due()
    assert (jobs(database)[0].state, jobs(database)[0].error) == ("failed", "no use")


def test_a_job_whose_worker_died_is_taken_again_and_the_dead_one_can_say_no_more(
    database: Database, clock: FakeClock
) -> None:
    leave(database, clock)
    with database.write() as session:
        dead = actions.take(session, KINDS, clock())
    assert dead is not None
    with database.write() as session:
        assert actions.take(session, KINDS, clock()) is None
    clock.forward(seconds=61)
    with database.write() as session:
        second = actions.take(session, KINDS, clock())
        assert second is not None
        assert second.attempts == 2
    with database.write() as session:
        dead.attempts = 1
        session.expunge_all()
        assert not actions.finish(session, dead, clock())
        assert actions.finish(session, second, clock())


def test_a_lock_that_is_renewed_is_not_taken(database: Database, clock: FakeClock) -> None:
    leave(database, clock)
    with database.write() as session:
        job = actions.take(session, KINDS, clock())
        assert job is not None
    clock.forward(seconds=50)
    Progress(database, clock, job).update(3, 10)
    clock.forward(seconds=50)
    with database.write() as session:
        assert actions.take(session, KINDS, clock()) is None
    assert (jobs(database)[0].done, jobs(database)[0].total) == (3, 10)


def test_competing_workers_take_each_job_once(database: Database, clock: FakeClock) -> None:
    seen: list[int] = []
    for number in range(40):
        leave(database, clock, n=number)
    others = [Database(database.url.render_as_string(hide_password=False)) for _ in range(4)]
    workers = [Worker(other, clock, {"count": lambda payload, _: seen.append(payload["n"])}) for other in others]
    threads = [threading.Thread(target=worker.run_due) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert sorted(seen) == list(range(40))


def test_a_started_worker_wakes_when_a_job_is_committed(database: Database, clock: FakeClock) -> None:
    ran = threading.Event()
    worker = Worker(database, clock, {"count": lambda *_: ran.set()})
    worker.start()
    try:
        leave(database, clock)
        assert ran.wait(5)
    finally:
        worker.stop()
