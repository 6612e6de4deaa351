"""THE transaction: one a request, one a job step, committed here and nowhere else.

SQLite has one writer. Threads that meet at its lock wait in a sleep-and-retry loop that starves some of them for a
second, so within a process writers queue at a gate first (measured p99 0.9 s without, 0.1 s with).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import anyio
import anyio.to_thread
from sqlalchemy import Connection, Engine, Transaction, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.db.kept import KEPT
from app.db.line import Asked, Gate, Line, Turns
from app.errors import Unavailable

# What SQLite calls operational but is a wrong statement of ours: not to be told as "the database does not answer".
OUR_FAULTS = ("no such", "near ", "table ", "ambiguous")

log = logging.getLogger("fasit.db")

WRITERS_CACHE = -65_536  # kB: pages that the writers' connection keeps in memory, where SQLite would keep 2 MB

FULL_DISK = ("disk is full", "No space left on device")
BROKEN_FILES = ("file is not a database", "database disk image is malformed")


T = TypeVar("T")


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
        self._writers = Line(self._do_together)
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()
        self._writer: Connection | None = None
        self._line: anyio.Lock | None = None
        self._seats = pool_size
        self._seating: anyio.CapacityLimiter | None = None
        self._writing = self.engine.execution_options(fasit_write=True)
        self._reading = self.engine.execution_options(postgresql_readonly=True)
        self._kept: dict[str, Any] = {KEPT: {}}

    def _make_engine(self, pool_size: int) -> Engine:
        engine = create_engine(self.url, pool_size=pool_size, max_overflow=20, pool_timeout=30)
        if self.is_sqlite:
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session whose transaction is never committed."""
        with answering(), self._session(self._reading) as session:
            yield session

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
                try:
                    yield session
                finally:
                    with anyio.CancelScope(shield=True):
                        await anyio.to_thread.run_sync(session.close)

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
        """All of a request in one thread, from its first statement to its commit. Lined up for a connection as above, or
        behind each other where there is one writer.
        """
        if writes and self.is_sqlite:
            return await self._writers.do(work)
        turns = self._turns.setdefault(asyncio.get_running_loop(), Turns())
        async with turns.one(), self._seat():
            return await anyio.to_thread.run_sync(self._whole, work, writes)

    def _whole(self, work: Callable[[Session], T], writes: bool) -> T:
        turn = self._turn() if writes else nullcontext()
        with answering(), turn, self._session(self._writing if writes else self._reading) as session:
            try:
                done = work(session)
                if writes:
                    session.commit()
            except BaseException:
                session.expunge_all()  # as below
                session.rollback()  # a commit that failed leaves its transaction open
                raise
            return done

    def _do_together(self, asked: Iterator[Asked]) -> None:
        """One transaction of what waits at a time, so that the disk is waited for once. Each piece stands or falls by
        itself; where the transaction as a whole is lost, each is done again alone.
        """
        begun: list[Asked] = []
        with self._gate:
            try:
                with self._held_writer().begin() as transaction:
                    for one in asked:
                        begun.append(one)
                        self._do_in_savepoint(transaction, one)
            except Exception:  # what a piece itself raises is its answer, and does not come here
                log.info("a transaction of %s requests was lost; each is done again alone", len(begun), exc_info=True)
                self._drop_writer()
                self._kept[KEPT].clear()  # something may have been read that is not there now
            else:
                return
        for one in begun or islice(asked, 1):
            one.do(partial(self._whole, writes=True))

    def _do_in_savepoint(self, transaction: Transaction, asked: Asked) -> None:
        driver: Any = transaction.connection.connection.dbapi_connection
        driver.execute("SAVEPOINT request")
        # `rollback_only`: the session leaves the transaction alone, unless something of it fails to be written.
        session = Session(
            transaction.connection, expire_on_commit=False, info=self._kept, join_transaction_mode="rollback_only"
        )

        def do(work: Callable[[Session], T]) -> T:
            with answering():
                done = work(session)
                session.commit()
            return done

        asked.do(do)
        session.expunge_all()  # as below
        session.close()
        if not transaction.is_active or not driver.in_transaction:
            raise RuntimeError("The transaction was ended from within.") from asked.failure
        if asked.failure is not None:
            driver.execute("ROLLBACK TO request")
        driver.execute("RELEASE request")

    def _held_writer(self) -> Connection:
        """The connection that requests write by, kept while all goes well: what it has read stays in its memory."""
        if self._writer is None:
            self._writer = self._writing.connect()
            self._writer.exec_driver_sql(f"PRAGMA cache_size={WRITERS_CACHE}")
            self._writer.rollback()
        return self._writer

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None

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
        with self._gate:
            self._drop_writer()
        self.engine.dispose()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise Unavailable(f"The folder {folder} of the database cannot be made: {failure.strerror}.") from failure


@contextmanager
def answering() -> Iterator[None]:
    """Turns a database that does not answer, or a full disk, into one sentence."""
    try:
        yield
    except (DatabaseError, PoolTimeout) as failure:
        reason = _first_line(failure)
        expected = isinstance(failure, OperationalError | PoolTimeout) or reason.startswith(BROKEN_FILES)
        if not expected or reason.startswith(OUR_FAULTS):
            raise
        if any(words in reason for words in FULL_DISK):  # nothing in it that only those who run Fasit may read
            full = "The disk of the database is full, so nothing was saved. Free some space and try again."
            raise Unavailable(full) from failure.__cause__
        raise Unavailable(f"The database could not do this, so nothing was saved: {reason}.") from failure


def _first_line(failure: SQLAlchemyError) -> str:
    return str(getattr(failure, "orig", failure)).strip().splitlines()[0].rstrip(".")


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


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("fasit_write", False)
    known = connection.connection.info  # of the driver's connection, as long as it lives
    if known.get("writing") is not writing:
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
        known["writing"] = writing
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
