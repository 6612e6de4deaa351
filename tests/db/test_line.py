"""Turns come in the order they were asked for, and one failing or given up holds up nobody."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.db.line import AT_ONCE, LONG_S, TOGETHER, Asked, Gate, Line, Turns


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


def test_what_waits_is_done_together_up_to_a_bound_and_told_at_its_end() -> None:
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


def test_a_few_work_at_a_time_and_each_gets_a_turn() -> None:
    turns, inside, most = Turns(), [], []

    async def work() -> None:
        async with turns.one():
            inside.append(1)
            most.append(len(inside))
            await asyncio.sleep(0)
            inside.pop()

    async def ask() -> None:
        await asyncio.gather(*(work() for _ in range(5 * AT_ONCE)))

    in_a_loop(ask)
    assert len(most) == 5 * AT_ONCE
    assert max(most) == AT_ONCE


def test_nobody_waits_for_long_for_those_who_take_long() -> None:
    turns = Turns()

    async def take_long(end: asyncio.Event) -> None:
        async with turns.one():
            await end.wait()

    async def ask() -> float:
        end, loop = asyncio.Event(), asyncio.get_running_loop()
        slow = [asyncio.create_task(take_long(end)) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        begun = loop.time()
        async with turns.one():
            waited = loop.time() - begun
        end.set()
        await asyncio.gather(*slow)
        return waited

    assert LONG_S / 2 < in_a_loop(ask) < 20 * LONG_S
    assert turns._free == AT_ONCE


def test_a_turn_that_is_given_up_goes_to_the_next() -> None:
    turns = Turns()

    async def take(end: asyncio.Event) -> None:
        async with turns.one():
            await end.wait()

    async def ask() -> None:
        end = asyncio.Event()
        first = [asyncio.create_task(take(end)) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        gives_up, waits = (asyncio.create_task(take(end)) for _ in range(2))
        await asyncio.sleep(0)
        gives_up.cancel()
        end.set()
        await asyncio.gather(*first, waits)

    in_a_loop(ask)
    assert turns._free == AT_ONCE
