"""Requests that write to SQLite: what waits at a time is one transaction, so that the disk is waited for once.

Each request stands or falls by itself, in a savepoint; its answer leaves when all are committed. Measured with 32 clients:
448 pairs of claim and submit a second, 257 with a commit for each.
"""

import logging
from collections.abc import Callable, Coroutine, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Transaction
from sqlalchemy.orm import Session

from app.db.answering import answering
from app.db.kept import KEPT
from app.db.line import Asked, Gate, Line

log = logging.getLogger("fasit.db")

WRITERS_CACHE = -65_536  # kB: pages that the writers' connection keeps in memory, where SQLite would keep 2 MB

T = TypeVar("T")
Work = Callable[[Session], Any]


class Together:
    """The writer of requests, which is the only one while it holds the gate."""

    def __init__(self, engine: Engine, gate: Gate, info: dict[str, Any], alone: Callable[[Work], Any]) -> None:
        """`info`: of its sessions. `alone` does a piece in a transaction of its own."""
        self._engine = engine
        self._gate = gate
        self._info = info
        self._alone = alone
        self._line = Line(self._do_all)
        self._connection: Connection | None = None

    def do(self, work: Callable[[Session], T]) -> Coroutine[Any, Any, T]:
        """What it gives or raises, once that is committed or undone."""
        return self._line.do(work)

    def close(self) -> None:
        with self._gate:
            self._drop()

    def _do_all(self, asked: Iterator[Asked]) -> None:
        """Where the transaction as a whole is lost, each piece is done again alone."""
        begun: list[Asked] = []
        with self._gate:
            try:
                with self._held().begin() as transaction:
                    for one in asked:
                        begun.append(one)
                        self._do_in_savepoint(transaction, one)
            except Exception:  # what a piece itself raises is its answer, and does not come here
                log.info("a transaction of %s requests was lost; each is done again alone", len(begun), exc_info=True)
                self._drop()
                self._info[KEPT].clear()  # something may have been read that is not there now
            else:
                return
        for one in begun or islice(asked, 1):
            one.do(self._alone)

    def _do_in_savepoint(self, transaction: Transaction, asked: Asked) -> None:
        driver: Any = transaction.connection.connection.dbapi_connection
        driver.execute("SAVEPOINT request")
        # `rollback_only`: the session leaves the transaction alone, unless something of it fails to be written.
        session = Session(
            transaction.connection, expire_on_commit=False, info=self._info, join_transaction_mode="rollback_only"
        )

        def do(work: Callable[[Session], T]) -> T:
            with answering():
                done = work(session)
                session.commit()
            return done

        asked.do(do)
        session.expunge_all()  # a rollback would empty what the page of a refusal is drawn from
        session.close()
        if not transaction.is_active or not driver.in_transaction:
            raise RuntimeError("The transaction was ended from within.") from asked.failure
        if asked.failure is not None:
            driver.execute("ROLLBACK TO request")
        driver.execute("RELEASE request")

    def _held(self) -> Connection:
        """The connection that requests write by, kept while all goes well: what it has read stays in its memory."""
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.exec_driver_sql(f"PRAGMA cache_size={WRITERS_CACHE}")
            self._connection.rollback()
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
