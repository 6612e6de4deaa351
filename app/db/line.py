"""Taking turns: at what only one may do at a time, which is writing to SQLite, and at what a few may."""

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

TOGETHER, TOGETHER_S = 16, 0.05  # so much is done together, and so long nobody is told while more is taken on
AT_ONCE, LONG_S = 8, 0.1  # threads of a crew that work at a time; what takes longer waits for something
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


class Crew:
    """A few threads that do what requests ask for, in turn: threads that are all busy in Python only take the interpreter
    from each other. Whoever takes long, which is waiting for the database then, is not counted any more and another
    thread begins, so that nobody waits for it.

    For one event loop, which does less for each request than with a pool for any purpose.
    """

    def __init__(self, most: int) -> None:
        """`most`: threads in all, also where many take long."""
        self._most = most
        self._asked: SimpleQueue[Asked] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = self._idle = self._open = 0  # `_open`: asked for, and taken on by no thread yet
        self._begun: dict[int, float] = {}  # by thread, when it took on what it is at
        self._is_watched = False

    async def do(self, work: Callable[[], T]) -> T:
        """What `work` gives or raises. Given up while it waits, it is not begun."""
        loop = asyncio.get_running_loop()
        asked = Asked(work, contextvars.copy_context(), loop, loop.create_future())
        with self._lock:
            self._open += 1
            self._begin_threads(AT_ONCE)
            if self._open > self._idle and not self._is_watched:
                self._is_watched = True
                loop.call_later(LONG_S, self._watch, loop)
        self._asked.put(asked)
        done: T = await asked.answer
        return done

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """As long as anything waits, for those who take long."""
        with self._lock:
            self._begin_threads(AT_ONCE + self._late())
            self._is_watched = self._open > 0
            if self._is_watched:
                loop.call_later(LONG_S, self._watch, loop)

    def _late(self) -> int:
        before = time.monotonic() - LONG_S
        return sum(begun < before for begun in self._begun.values())

    def _begin_threads(self, most: int) -> None:
        while self._open > self._idle and self._threads < min(most, self._most):
            self._threads += 1
            self._idle += 1
            threading.Thread(target=self._go_on, name="fasit-crew", daemon=True).start()

    def _go_on(self) -> None:
        me = threading.get_ident()
        while True:
            try:
                asked = self._asked.get(timeout=REST_S)
            except Empty:
                with self._lock:
                    if self._open < self._idle:
                        self._idle -= 1
                        self._threads -= 1
                        return
                continue
            with self._lock:
                self._idle -= 1
                self._open -= 1
                self._begun[me] = time.monotonic()
            if not asked.answer.cancelled():
                asked.do(_call)
                asked.tell()
            del asked
            with self._lock:
                del self._begun[me]
                if self._threads > AT_ONCE + self._late():  # others took long and are back
                    self._threads -= 1
                    return
                self._idle += 1


def _call(work: Callable[[], T]) -> T:
    return work()
