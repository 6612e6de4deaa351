"""THE transaction: one a request, one a job step, committed here and nowhere else.

SQLite has one writer. Threads that meet at its lock wait in a sleep-and-retry loop that starves some of them for a
second, so within a process writers queue at a gate first (measured p99 0.9 s without, 0.1 s with).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import anyio
import anyio.to_thread
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.db.answering import answering
from app.db.kept import KEPT
from app.db.line import Crew, Gate
from app.db.together import Together
from app.db.undoing import HOPES, Overtaken
from app.errors import Unavailable

T = TypeVar("T")

NEVER = 2**31  # times that a statement has to be run until the driver prepares it unasked
DEADLOCK = "40P01"  # PostgreSQL, Appendix A, error codes
PLANS_S = 10.0  # a connection plans anew after so long


class Database:
    """An engine for reading and one for writing (the same database), and the gate in front of the writers."""

    def __init__(self, url: str, *, pool_size: int = 40, engine: Engine | None = None) -> None:
        """`engine`: one that another database of this kind had, with the statements that it has compiled."""
        self.url = make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            _make_folder(Path(self.url.database).parent)
        self.engine = engine or self._make_engine(pool_size)
        self._gate = Gate()
        self._crews: WeakKeyDictionary[asyncio.AbstractEventLoop, Crew] = WeakKeyDictionary()
        self._line: anyio.Lock | None = None
        # Of its connections one half is for whole requests, and one for those that go to and fro.
        self._seats = pool_size // 2
        self._seating: anyio.CapacityLimiter | None = None
        self._writing = self.engine.execution_options(fasit_write=True)
        self._reading = self.engine.execution_options(postgresql_readonly=True)
        self._kept: dict[str, Any] = {KEPT: {}}
        self._together = Together(self._writing, self._gate, self._kept, partial(self._whole, writes=True))

    def _make_engine(self, pool_size: int) -> Engine:
        engine = create_engine(self.url, pool_size=pool_size, max_overflow=20, pool_timeout=30, pool_use_lifo=True)
        if self.is_sqlite:
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            event.listen(engine, "connect", _prepare_postgresql)
            event.listen(engine, "checkout", partial(_plan_anew, engine.dialect.loaded_dbapi.Error))
        return engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session whose transaction is never committed."""
        with answering(), self._session(self._reading) as session:
            yield session
            self._end_reading(session)

    def _end_reading(self, session: Session) -> None:
        """By a commit: nothing was written, and at a rollback psycopg throws away all that a connection has prepared,
        in case tables were undone with it. Every statement would be parsed and planned anew, ten times, after each page.
        """
        if not self.is_sqlite:
            session.expunge_all()  # so that nothing is found to write
            session.commit()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises."""
        with answering(), self._turn(), self._session(self._writing) as session, session.begin():
            yield session

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, info=self._kept)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._gate:
            yield

    @asynccontextmanager
    async def read_for_request(self) -> AsyncIterator[Session]:
        """A session of the event loop's that may not write."""
        with answering():
            async with self._seat():
                session = self._session(self._reading)
                leave: Callable[[Session], None] = self._leave
                try:
                    yield session
                except BaseException:
                    leave = Session.close
                    raise
                finally:
                    with anyio.CancelScope(shield=True):
                        await anyio.to_thread.run_sync(leave, session)

    def _leave(self, session: Session) -> None:
        with session:
            self._end_reading(session)

    @asynccontextmanager
    async def _seat(self) -> AsyncIterator[None]:
        """Requests wait for a connection here, in the loop: threads that waited at the pool would be missing to the
        requests that hold its connections, and all would stand still until the pool gives up.
        """
        if self._seating is None:
            self._seating = anyio.CapacityLimiter(self._seats)
        seat = object()
        await self._seating.acquire_on_behalf_of(seat)
        try:
            yield
        finally:
            self._seating.release_on_behalf_of(seat)

    @asynccontextmanager
    async def write_for_request(self) -> AsyncIterator[Session]:
        """As `write`, from the event loop.

        Requests line up in the loop, not in the thread pool: were forty threads to wait at the gate, the one inside
        could not get a thread to finish in.
        """
        if self._line is None:
            self._line = anyio.Lock()
        with answering():
            if not self.is_sqlite:
                async with self._seat(), self._session_in_thread() as session:
                    yield session
                return
            async with self._line:
                await anyio.to_thread.run_sync(self._gate.acquire)
                try:
                    async with self._session_in_thread() as session:
                        yield session
                finally:
                    self._gate.release()

    async def in_one_thread(self, work: Callable[[Session], T], *, writes: bool) -> T:
        """All of a request in one thread, from its first statement to its commit; those that write behind each other where
        there is one writer.
        """
        if writes and self.is_sqlite:
            return await self._together.do(work)
        loop = asyncio.get_running_loop()
        crew = self._crews.get(loop)
        if crew is None:
            crew = self._crews[loop] = Crew(self._seats)
        return await crew.do(partial(self._whole, work, writes))

    def _whole(self, work: Callable[[Session], T], writes: bool) -> T:
        if not writes or self.is_sqlite:
            return self._once(work, writes)
        try:
            return self._once(work, writes, hopes=True)
        except Overtaken:
            return self._once(work, writes)

    def _once(self, work: Callable[[Session], T], writes: bool, *, hopes: bool = False) -> T:
        turn = self._turn() if writes else nullcontext()
        with answering(), turn, self._session(self._writing if writes else self._reading) as session:
            session.info[HOPES] = hopes
            try:
                done = work(session)
                if writes:
                    session.commit()
                else:
                    self._end_reading(session)
            except BaseException as failure:
                session.expunge_all()  # as below
                session.rollback()  # a commit that failed leaves its transaction open
                if hopes and _is_deadlock(failure):
                    raise Overtaken from failure
                raise
            return done

    @asynccontextmanager
    async def _session_in_thread(self) -> AsyncIterator[Session]:
        session = self._session(self._writing)
        try:
            yield session
            await anyio.to_thread.run_sync(session.commit)
        except BaseException:
            # The page of the refusal still shows who is signed in: a rollback would empty the rows it is drawn from.
            session.expunge_all()
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(session.rollback)
            raise
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(session.close)

    def close(self) -> None:
        self._together.close()
        self.engine.dispose()


def _is_deadlock(failure: BaseException) -> bool:
    """Of two who wait for each other PostgreSQL undoes one, who may come again."""
    return getattr(getattr(failure, "orig", None), "sqlstate", None) == DEADLOCK


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise Unavailable(f"The folder {folder} of the database cannot be made: {failure.strerror}.") from failure


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling begins too late and never IMMEDIATE; `_begin_sqlite` says BEGIN itself.
    raw: Any = connection
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        "wal_autocheckpoint=4000",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Compiling a page's statements to machine code takes 50 ms and more, running them less; that is meant for reports.
    raw: Any = connection
    raw.execute("SET SESSION jit = off")
    raw.commit()
    # By itself the driver prepares what was run five times, and PostgreSQL then plans that without looking at its values:
    # a page that counts what is rare or common took 350 ms instead of 70. The hot statements ask for it (`prepared`).
    raw.prepare_threshold = NEVER


def _plan_anew(lost: type[Exception], connection: DBAPIConnection, entry: ConnectionPoolEntry, _lent: object) -> None:
    """What was planned while a table was empty reads it from end to end, ever longer as it fills: PostgreSQL keeps a prepared
    statement's plan until the table is analyzed, which may be a minute of thousands of claims later.
    """
    raw: Any = connection
    now = time.monotonic()
    if now - entry.info.setdefault("planned_at", now) > PLANS_S:
        try:
            raw.execute("DISCARD PLANS")
            raw.commit()
        except lost as failure:
            raise DisconnectionError from failure  # the pool makes another one instead
        entry.info["planned_at"] = now


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("fasit_write", False)
    known = connection.connection.info  # of the driver's connection, as long as it lives
    if known.get("writing") is not writing:
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
        known["writing"] = writing
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
