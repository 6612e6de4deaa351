"""Taking turns at what only one may do at a time: writing to SQLite."""

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

TOGETHER, TOGETHER_S = 16, 0.05  # so much is done together, and so long nobody is told while more is taken on
AT_ONCE, LONG_S = 8, 0.1  # threads that work for requests at a time; what takes longer waits for something
REST_S = 10.0  # a thread that has nothing to do for so long ends; the next request begins another

T = TypeVar("T")


class Gate:
    """A lock whose turns come in the order they were asked for: Python's own lets whoever just had it have it again."""

    def __init__(self) -> None:
        self._inside = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def acquire(self) -> None:
        with self._inside:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        with self._inside:
            if self._waiting:
                self._waiting.popleft().release()  # it stays taken, so that nobody comes in between
            else:
                self._taken = False

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Turns:
    """A few at a time: threads that are all busy in Python only take the interpreter from each other. Whoever takes long,
    which is waiting for the database then, is not counted any more, so that nobody waits for it.
    """

    def __init__(self) -> None:
        self._free = AT_ONCE
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Of one event loop."""
        loop = asyncio.get_running_loop()
        is_counted = True

        def count_no_more() -> None:
            nonlocal is_counted
            is_counted = False
            self._next()

        if self._free > 0:
            self._free -= 1
        else:
            turn = loop.create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._next()
                raise
        late = loop.call_later(LONG_S, count_no_more)
        try:
            yield
        finally:
            late.cancel()
            if is_counted:
                self._next()

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


@dataclass
class Asked:
    """A piece of work, where it was asked for, who waits for it, and what came of it when it was done last."""

    work: Callable[..., Any]
    context: contextvars.Context
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Any]"
    done: Any = None
    failure: BaseException | None = None

    def do(self, run: Callable[[Callable[..., Any]], Any]) -> None:
        """Has it run, which may be more than once: only what came of it last is told."""
        self.done = self.failure = None
        try:
            self.done = self.context.run(run, self.work)
        except BaseException as raised:  # noqa: BLE001  # it is raised where the work was asked for
            self.failure = raised

    def tell(self) -> None:
        try:
            self.loop.call_soon_threadsafe(self._tell)
        except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
            return

    def _tell(self) -> None:
        if self.answer.cancelled():
            return
        if self.failure is None:
            self.answer.set_result(self.done)
        else:
            self.answer.set_exception(self.failure)


class Line:
    """Work of requests, done one after another in one thread, and told when all that was done together is finished.

    With a thread of the pool for each, the next would begin only when the event loop has come round to see that the
    one before has ended; here it begins at once, and that one's answer goes out meanwhile.
    """

    def __init__(self, together: Callable[[Iterator[Asked]], None]) -> None:
        """`together` does all that it is given; what comes in while it is at it is given as well, up to a bound."""
        self._together = together
        self._asked: SimpleQueue[Asked] = SimpleQueue()
        self._lock = threading.Lock()
        self._is_working = False

    async def do(self, work: Callable[..., T]) -> T:
        """What `work` gives or raises, when all that was asked for before is done. Given up while it waits, it is not
        begun.
        """
        loop = asyncio.get_running_loop()
        asked = Asked(work, contextvars.copy_context(), loop, loop.create_future())
        with self._lock:
            self._asked.put(asked)
            if not self._is_working:
                self._is_working = True
                threading.Thread(target=self._go_on, name="fasit-writer", daemon=True).start()
        done: T = await asked.answer
        return done

    def _go_on(self) -> None:
        while True:
            try:
                first = self._asked.get(timeout=REST_S)
            except Empty:
                with self._lock:
                    if self._asked.empty():
                        self._is_working = False
                        return
                continue
            begun: list[Asked] = []
            try:
                self._together(self._waiting(first, begun))
            except BaseException as failure:  # noqa: BLE001  # it is raised where the work was asked for
                for one in begun:
                    one.failure = failure
            for one in begun:
                one.tell()

    def _waiting(self, first: Asked, begun: list[Asked]) -> Iterator[Asked]:
        until = time.monotonic() + TOGETHER_S
        asked = first
        while True:
            if not asked.answer.cancelled():
                begun.append(asked)
                yield asked
            if len(begun) >= TOGETHER or time.monotonic() > until:
                return
            try:
                asked = self._asked.get_nowait()
            except Empty:
                return
