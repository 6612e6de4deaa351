"""Jobs: left in a transaction, taken once, tried again later, never lost."""

import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from app.db.session import Database
from app.errors import Invalid
from app.jobs import actions
from app.jobs.models import Job
from app.jobs.rules import LEASE, LONGEST_WAIT, MOST_ATTEMPTS, RETRY_AFTER, GiveUp, LeaseLost, delay_after
from app.jobs.runs import Kind, Run
from app.jobs.worker import Worker
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
    worker = Worker(database, clock, {"count": Kind("", lambda payload, _: seen.append(payload))})
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    assert seen == [{"n": 1}]
    assert jobs(database)[0].state == "done"


def test_a_job_rolled_back_with_its_data_never_runs(database: Database, clock: FakeClock) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        actions.enqueue(session, "count", {}, clock=clock)
        raise RuntimeError
    assert Worker(database, clock, {"count": Kind("", lambda *_: None)}).run_due() == 0


def test_a_failing_job_is_tried_again_later_and_later_and_then_fails_with_its_reason(
    database: Database, clock: FakeClock
) -> None:
    tries: list[int] = []

    def broken(_payload: Mapping[str, Any], _run: Run) -> None:
        tries.append(1)
        raise ValueError("the disk is on fire")

    leave(database, clock)
    worker = Worker(database, clock, {"count": Kind("", broken)}, chance=lambda: 1.0)
    assert all(later > sooner for sooner, later in pairwise(RETRY_AFTER))
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
    def refuse(_payload: Mapping[str, Any], _run: Run) -> None:
        raise refusal

    leave(database, clock)
    Worker(database, clock, {"count": Kind("", refuse)}).run_due()
    assert (jobs(database)[0].state, jobs(database)[0].error) == ("failed", "no use")


def take(database: Database, clock: FakeClock) -> Job | None:
    with database.write() as session:
        return actions.take(session, "count", clock())


def run_of(database: Database, clock: FakeClock) -> Run:
    job = take(database, clock)
    assert job is not None
    return Run(database, clock, job, lease=LEASE)


def test_a_job_whose_worker_died_is_taken_again_and_the_dead_one_can_write_no_more(
    database: Database, clock: FakeClock
) -> None:
    leave(database, clock)
    dead = run_of(database, clock)
    assert take(database, clock) is None
    clock.forward(seconds=61)
    second = run_of(database, clock)
    with pytest.raises(LeaseLost), dead.write() as session:
        actions.enqueue(session, "count", {"from": "the dead"}, clock=clock)
    assert not dead.beat()
    with second.write() as session:
        actions.enqueue(session, "count", {"from": "the living"}, clock=clock)
    assert [job.payload for job in jobs(database)] == [{}, {"from": "the living"}]


def test_a_run_that_lost_its_job_says_nothing_of_how_it_went(database: Database, clock: FakeClock) -> None:
    leave(database, clock)

    def lose(_payload: Mapping[str, Any], _run: Run) -> None:
        clock.forward(seconds=61)
        assert take(database, clock) is not None

    Worker(database, clock, {"count": Kind("", lose)}).run_due(limit=1)
    assert (jobs(database)[0].state, jobs(database)[0].attempts) == ("running", 2)


def test_a_lease_that_is_renewed_is_not_taken(database: Database, clock: FakeClock) -> None:
    leave(database, clock)
    run = run_of(database, clock)
    clock.forward(seconds=50)
    run.update(3, 10)
    clock.forward(seconds=50)
    assert take(database, clock) is None
    assert (jobs(database)[0].done, jobs(database)[0].total) == (3, 10)


def test_a_job_that_always_ends_its_worker_fails_and_whoever_waits_is_told(
    database: Database, clock: FakeClock
) -> None:
    told: list[Mapping[str, Any]] = []
    leave(database, clock, n=1)
    for _ in range(MOST_ATTEMPTS):
        assert take(database, clock) is not None
        clock.forward(seconds=61)
    kind = Kind("", lambda *_: pytest.fail("it was tried often enough"), on_failure=lambda _, given: told.append(given))
    assert Worker(database, clock, {"count": kind}).run_due() == 0
    assert (jobs(database)[0].state, told) == ("failed", [{"n": 1}])
    assert "ended 5 times" in (jobs(database)[0].error or "")


def test_a_job_that_came_forward_has_all_its_tries_again_and_goes_on_where_it_stopped(
    database: Database, clock: FakeClock
) -> None:
    reached: list[Any] = []
    leave(database, clock)

    def step(_payload: Mapping[str, Any], run: Run) -> None:
        place = run.checkpoint.get("place", 0)
        reached.append(place)
        if place < 8:
            with run.write() as session:
                run.note_checkpoint(session, {"place": place + 1}, done=place + 1, total=8)
            raise ValueError("and again")

    worker = Worker(database, clock, {"count": Kind("", step)}, chance=lambda: 1.0)
    while worker.run_due():
        clock.forward(seconds=5)
    assert (reached, jobs(database)[0].state, jobs(database)[0].done) == (list(range(9)), "done", 8)


def test_delays_grow_and_are_drawn_by_chance() -> None:
    longest = [delay_after(attempts, lambda: 1.0) for attempts in range(1, MOST_ATTEMPTS + 1)]
    assert longest == [*RETRY_AFTER, None]
    assert delay_after(2, lambda: 0.5) == RETRY_AFTER[1] / 2
    assert delay_after(4, lambda: 0.0) == timedelta()


@pytest.mark.parametrize("running", [False, True])
def test_a_cancelled_job_neither_runs_nor_writes(database: Database, clock: FakeClock, running: bool) -> None:
    leave(database, clock)
    run = run_of(database, clock) if running else None
    with database.write() as session:
        assert actions.cancel(session, jobs(database)[0].id, clock())
    with database.write() as session:
        assert not actions.cancel(session, jobs(database)[0].id, clock())
    if run is not None:
        with pytest.raises(LeaseLost):
            run.update(1, 1)
    clock.forward(hours=1)
    assert take(database, clock) is None
    assert jobs(database)[0].state == "cancelled"


def test_what_failed_is_tried_again_on_request_or_dropped(database: Database, clock: FakeClock) -> None:
    tried: list[Mapping[str, Any]] = []

    def refuse(payload: Mapping[str, Any], _run: Run) -> None:
        tried.append(payload)
        raise GiveUp("no use")

    leave(database, clock)
    worker = Worker(database, clock, {"count": Kind("", refuse)})
    job_id = jobs(database)[0].id
    with database.write() as session:
        assert not actions.retry(session, job_id, clock())
        assert not actions.drop(session, job_id)
    worker.run_due()
    with database.write() as session:
        assert actions.retry(session, job_id, clock())
    worker.run_due()
    assert len(tried) == 2
    with database.write() as session:
        assert actions.drop(session, job_id)
        assert not actions.retry(session, job_id, clock())
    assert jobs(database)[0].state == "dropped"


def test_a_clock_set_back_strands_neither_waiting_nor_running_jobs(database: Database, clock: FakeClock) -> None:
    leave(database, clock, n=1)
    assert take(database, clock) is not None
    leave(database, clock, n=2)
    clock.forward(hours=-3)
    seen: list[int] = []
    Worker(database, clock, {"count": Kind("", lambda payload, _: seen.append(payload["n"]))}).run_due()
    assert sorted(seen) == [1, 2]


def test_a_clock_set_back_a_little_delays_no_longer_than_the_longest_wait(database: Database, clock: FakeClock) -> None:
    leave(database, clock)
    clock.now -= LONGEST_WAIT
    assert take(database, clock) is None
    clock.now += LONGEST_WAIT
    assert take(database, clock) is not None


def test_a_clock_set_forward_takes_the_job_from_its_run_which_changes_nothing_more(
    database: Database, clock: FakeClock
) -> None:
    leave(database, clock)
    first = run_of(database, clock)
    clock.forward(days=400)
    second = run_of(database, clock)
    with pytest.raises(LeaseLost), first.write():
        pytest.fail("it had the job no more")
    with second.write():
        pass


def test_what_was_done_long_ago_is_forgotten_and_nothing_else(database: Database, clock: FakeClock) -> None:
    def refuse(payload: Mapping[str, Any], _run: Run) -> None:
        if payload["n"]:
            raise GiveUp("no use")

    for number in range(2):
        leave(database, clock, n=number)
    Worker(database, clock, {"count": Kind("", refuse)}).run_due()
    clock.forward(days=13)
    with database.write() as session:
        assert actions.forget_done(session, clock()) == 0
    clock.forward(days=2)
    with database.write() as session:
        assert actions.forget_done(session, clock()) == 1
    assert [job.state for job in jobs(database)] == ["failed"]


def test_competing_workers_take_each_job_once(database: Database, clock: FakeClock) -> None:
    seen: list[int] = []
    for number in range(40):
        leave(database, clock, n=number)
    others = [Database(database.url.render_as_string(hide_password=False)) for _ in range(4)]
    workers = [
        Worker(other, clock, {"count": Kind("", lambda payload, _: seen.append(payload["n"]))}) for other in others
    ]
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
    worker = Worker(database, clock, {"count": Kind("", lambda *_: ran.set())})
    worker.start()
    try:
        leave(database, clock)
        assert ran.wait(5)
    finally:
        worker.stop()


def test_a_long_job_keeps_those_of_other_kinds_from_nothing(database: Database, clock: FakeClock) -> None:
    release, others, longs = threading.Event(), threading.Barrier(3, timeout=10), []

    def long(_payload: Mapping[str, Any], _run: Run) -> None:
        longs.append(1)
        release.wait(10)

    kinds = {
        "long": Kind("", long),
        "count": Kind("", lambda *_: others.wait() and None, at_once=2),
    }
    with database.write() as session:
        for kind in ("long", "long", "count", "count"):
            actions.enqueue(session, kind, {}, clock=clock)
    worker = Worker(database, clock, kinds)
    worker.start()
    try:
        others.wait()  # both short ones run at once, while a long one does
        assert longs == [1]
        release.set()
    finally:
        release.set()
        worker.stop()


def test_a_worker_that_is_stopped_gives_back_what_can_be_interrupted(database: Database, clock: FakeClock) -> None:
    begun = threading.Event()

    def long(_payload: Mapping[str, Any], run: Run) -> None:
        begun.set()
        while True:
            run.rest()
            time.sleep(0.01)

    leave(database, clock)
    worker = Worker(database, clock, {"count": Kind("", long)})
    worker.start()
    assert begun.wait(5)
    worker.stop()
    assert (jobs(database)[0].state, jobs(database)[0].attempts) == ("queued", 0)
    assert take(database, clock) is not None


def test_only_a_kind_that_may_wait_is_left_for_a_time_far_ahead(database: Database, clock: FakeClock) -> None:
    far = clock() + 100 * LONGEST_WAIT
    with database.write() as session:
        for kind in ("wait", "count"):
            actions.enqueue(session, kind, {}, clock=clock, run_after=far)
    worker = Worker(
        database, clock, {"wait": Kind("", lambda *_: None, may_wait=True), "count": Kind("", lambda *_: None)}
    )
    assert worker.run_due() == 1
    assert [job.state for job in jobs(database)] == ["queued", "done"], "no clock is thought to have been set back"
    clock.forward(seconds=100 * LONGEST_WAIT.total_seconds() - 1)
    assert worker.run_due() == 0
    clock.forward(seconds=1)
    assert worker.run_due() == 1
