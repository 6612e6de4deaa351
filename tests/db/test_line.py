"""Turns come in the order they were asked for, and one that fails, takes long or is given up holds up nobody."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from app.db.line import AT_ONCE, LONG_S, TOGETHER, Asked, Crew, Gate, Line

MOST = 20


def each(asked: Iterator[Asked]) -> None:
    for one in asked:
        one.do(lambda work: work())


def in_a_loop(ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """In a thread without a loop: that of the tests has one where a browser was started in it before."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def test_turns_at_the_gate_come_in_the_order_they_were_asked_for() -> None:
    gate, order = Gate(), []

    def pass_through(number: int) -> None:
        with gate:
            order.append(number)

    gate.acquire()
    threads = []
    for number in range(8):
        thread = threading.Thread(target=pass_through, args=(number,))
        thread.start()
        threads.append(thread)
        while len(gate._waiting) <= number:  # it has taken its place
            time.sleep(0.001)
    gate.release()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_only_one_is_inside_the_gate() -> None:
    gate, inside, most = Gate(), [], []

    def pass_through() -> None:
        for _ in range(50):
            with gate:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=pass_through) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}
    assert len(most) == 300


def test_work_is_done_in_one_thread_in_the_order_it_was_asked_for() -> None:
    done: list[int] = []
    line = Line(each)

    async def ask() -> list[str]:
        def work(number: int) -> str:
            done.append(number)
            return threading.current_thread().name

        return await asyncio.gather(*(line.do(lambda number=number: work(number)) for number in range(20)))

    assert set(in_a_loop(ask)) == {"fasit-writer"}
    assert done == list(range(20))


def test_what_fails_is_told_to_who_asked_and_the_next_is_done() -> None:
    line = Line(each)

    def fail() -> None:
        raise KeyError("no such thing")

    async def ask() -> str:
        with pytest.raises(KeyError):
            await line.do(fail)
        return await line.do(lambda: "done")

    assert in_a_loop(ask) == "done"


def test_what_is_given_up_while_it_waits_is_not_begun() -> None:
    line, begun, hold = Line(each), [], threading.Event()

    async def ask() -> None:
        first = asyncio.create_task(line.do(lambda: hold.wait(10)))
        second = asyncio.create_task(line.do(lambda: begun.append("second")))
        third = asyncio.create_task(line.do(lambda: begun.append("third")))
        await asyncio.sleep(0)
        second.cancel()
        hold.set()
        assert await first is True
        await third
        with pytest.raises(asyncio.CancelledError):
            await second

    in_a_loop(ask)
    assert begun == ["third"]


def test_what_waits_is_done_together_up_to_a_bound_and_told_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.line.TOGETHER_S", 60)
    sizes: list[int] = []

    def together(asked: Iterator[Asked]) -> None:
        before = len(done)
        each(asked)
        sizes.append(len(done) - before)

    done: list[int] = []
    hold, line = threading.Event(), Line(together)

    async def ask() -> None:
        first = asyncio.create_task(line.do(lambda: hold.wait(10)))
        others = [asyncio.create_task(line.do(lambda number=number: done.append(number))) for number in range(40)]
        await asyncio.sleep(0.01)
        hold.set()
        await asyncio.gather(first, *others)

    in_a_loop(ask)
    assert done == list(range(40))
    assert max(sizes) == TOGETHER


def test_where_all_is_lost_all_are_told() -> None:
    def together(asked: Iterator[Asked]) -> None:
        each(asked)
        raise KeyError("lost")

    line = Line(together)

    async def ask() -> list[Any]:
        return await asyncio.gather(*(line.do(lambda: "done") for _ in range(3)), return_exceptions=True)

    assert [type(one) for one in in_a_loop(ask)] == [KeyError] * 3


def test_a_line_that_rested_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.line.REST_S", 0.01)
    line = Line(each)

    async def ask() -> str:
        await line.do(lambda: None)
        await asyncio.sleep(0.2)
        assert not line._is_working
        return await line.do(lambda: "again")

    assert in_a_loop(ask) == "again"


def test_of_a_crew_a_few_work_at_a_time_and_all_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.line.LONG_S", 60)
    crew, inside, most, lock = Crew(MOST), set[int](), list[int](), threading.Lock()
    meet = threading.Barrier(AT_ONCE)

    def work(number: int) -> int:
        with lock:
            inside.add(number)
            most.append(len(inside))
        meet.wait(10)  # for as many as may work at a time
        with lock:
            inside.remove(number)
        return number

    async def ask() -> list[int]:
        return await asyncio.gather(*(crew.do(partial(work, number)) for number in range(10 * AT_ONCE)))

    assert in_a_loop(ask) == list(range(10 * AT_ONCE))
    assert max(most) == AT_ONCE


def test_nobody_waits_for_long_for_those_of_a_crew_who_take_long() -> None:
    crew, end, threads = Crew(MOST), threading.Event(), list[int]()

    async def ask() -> float:
        slow = [asyncio.create_task(crew.do(lambda: end.wait(10))) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        begun = time.monotonic()
        await crew.do(lambda: None)
        waited = time.monotonic() - begun
        threads.append(crew._threads)
        end.set()
        await asyncio.gather(*slow)
        return waited

    assert LONG_S / 2 < in_a_loop(ask) < 20 * LONG_S
    assert threads == [AT_ONCE + 1]
    until("those who were added have gone", lambda: crew._threads <= AT_ONCE)


def test_a_crew_grows_no_larger_than_it_may() -> None:
    crew, end, begun = Crew(AT_ONCE + 2), threading.Event(), list[int]()

    def wait(number: int) -> int:
        begun.append(number)
        end.wait(10)
        return number

    async def ask() -> list[int]:
        tasks = [asyncio.create_task(crew.do(partial(wait, number))) for number in range(AT_ONCE + 5)]
        await asyncio.to_thread(until, "as many as may have begun", lambda: len(begun) >= AT_ONCE + 2)
        await asyncio.sleep(3 * LONG_S)
        assert len(begun) == AT_ONCE + 2
        end.set()
        return await asyncio.gather(*tasks)

    assert in_a_loop(ask) == list(range(AT_ONCE + 5))


def test_a_crew_tells_what_failed_and_does_not_begin_what_was_given_up() -> None:
    crew, begun, end = Crew(MOST), list[str](), threading.Event()

    def fail() -> None:
        raise KeyError("no such thing")

    async def ask() -> None:
        with pytest.raises(KeyError):
            await crew.do(fail)
        first = [asyncio.create_task(crew.do(lambda: end.wait(10))) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        gives_up, waits = (asyncio.create_task(crew.do(partial(begun.append, name))) for name in ("a", "b"))
        await asyncio.sleep(0)
        gives_up.cancel()
        end.set()
        await asyncio.gather(*first, waits)
        with pytest.raises(asyncio.CancelledError):
            await gives_up

    in_a_loop(ask)
    assert begun == ["b"]


def test_a_crew_that_rested_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.line.REST_S", 0.01)
    crew = Crew(MOST)

    async def ask() -> str:
        await crew.do(lambda: None)
        await asyncio.to_thread(until, "it has no threads", lambda: crew._threads == 0)
        return await crew.do(lambda: "again")

    assert in_a_loop(ask) == "again"


def until(what: str, is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError(f"not within ten seconds: {what}")
