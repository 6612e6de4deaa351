"""Taking turns at what only one may do at a time: writing to SQLite."""

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

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


@dataclass(frozen=True)
class _Asked:
    """A piece of work, where it was asked for, and who waits for it."""

    work: Callable[[], Any]
    context: contextvars.Context
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Any]"

    def do(self) -> None:
        if self.answer.cancelled():
            return
        try:
            done, failure = self.context.run(self.work), None
        except BaseException as raised:  # noqa: BLE001  # it is raised where the work was asked for
            done, failure = None, raised
        try:
            self.loop.call_soon_threadsafe(self._tell, done, failure)
        except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
            return

    def _tell(self, done: Any, failure: BaseException | None) -> None:
        if self.answer.cancelled():
            return
        if failure is None:
            self.answer.set_result(done)
        else:
            self.answer.set_exception(failure)


class Line:
    """Work of requests, done one after another in one thread.

    With a thread of the pool for each, the next would begin only when the event loop has come round to see that the
    one before has ended; here it begins at once, and that one's answer goes out meanwhile.
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[_Asked] = SimpleQueue()
        self._lock = threading.Lock()
        self._is_working = False

    async def do(self, work: Callable[[], T]) -> T:
        """What `work` gives or raises, when all that was asked for before is done. Given up while it waits, it is not
        begun.
        """
        loop = asyncio.get_running_loop()
        asked = _Asked(work, contextvars.copy_context(), loop, loop.create_future())
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
                asked = self._asked.get(timeout=REST_S)
            except Empty:
                with self._lock:
                    if self._asked.empty():
                        self._is_working = False
                        return
                continue
            asked.do()
