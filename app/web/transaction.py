"""One request, one transaction, committed before the answer leaves."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.session import Database

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def database_of(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def open_session(request: Request) -> AsyncIterator[Session]:
    """Read-only for safe methods; else commit if the route returned, roll back if it raised.

    Must be depended on with `scope="function"`: FastAPI otherwise commits after the answer has left, and a failed
    commit would still have shown the person a success.
    """
    database = request.app.state.database
    safe = request.method in SAFE_METHODS
    async with database.read_for_request() if safe else database.write_for_request() as session:
        yield session


DbSession = Annotated[Session, Depends(open_session, scope="function")]


async def clock_of(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


AppClock = Annotated[Clock, Depends(clock_of)]
AppDatabase = Annotated[Database, Depends(database_of)]
