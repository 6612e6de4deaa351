"""Routes that run whole in one thread: whatever a request asks of the database, from who is asking to the commit.

FastAPI runs each plain function by itself in a thread: a request that finds a person, a queue and a claim goes to and
fro five times, and with many at once each way waits for all the others. Routes of this class keep their plain functions
and their order, and make one way of it. They may wait for nothing but the request's body, which is read before.
"""

import functools
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.db.session import Database, is_apart
from app.web.transaction import SAFE_METHODS, open_session

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OneThread(APIRoute):
    """Give it to a router as `route_class`; `install` sees to what its routes depend on."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, _in_place(endpoint), **more)

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def whole(request: Request) -> Response:
            database: Database = request.app.state.database
            safe = request.method in SAFE_METHODS
            if request.headers.get("content-type", "").startswith("multipart/form-data"):  # files wait for the disk
                async with database.read_for_request() if safe else database.write_for_request() as session:
                    request.state.session = session
                    return await handler(request)
            if not safe:
                await _read_body(request)

            def work(session: Session) -> Response:
                request.state.session = session
                return _run(handler(request))

            return await database.in_one_thread(work, writes=not safe)

        return whole


def install(app: FastAPI) -> None:
    """Once all routers are included."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, OneThread):
            _rewire(context.dependant)


def _rewire(dependant: Dependant, solved: set[object] | None = None) -> None:
    """What is met again has its answer by then: FastAPI would solve all below it once more, only to throw that away."""
    solved = set() if solved is None else solved
    for below in dependant.dependencies:
        if below.call is open_session:
            below.call, below.scope = _session_of, None
        elif below.call is not None:
            below.call = _in_place(below.call)
        if below.call in solved and _cannot_fail(below):
            below.dependencies = []
        _rewire(below, solved)
        solved.add(below.call)


def _cannot_fail(dependant: Dependant) -> bool:
    """Whether it and all below take nothing from the request that might not fit: then it was solved when met before."""
    own = dependant.path_params, dependant.query_params, dependant.header_params, dependant.cookie_params
    return not any(own) and not dependant.body_params and all(map(_cannot_fail, dependant.dependencies))


async def _read_body(request: Request) -> None:
    """It is kept with the request for whoever asks for it next."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        await request.form()
    else:
        await request.body()


async def _session_of(request: Request) -> Session:
    session: Session = request.state.session
    return session


@functools.cache
def _in_place(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same, called where the request is: in its own thread; else, which is rare, in a thread of the pool."""
    if _is_async(call):
        return call

    @functools.wraps(call)
    async def in_place(*given: Any, **named: Any) -> Any:
        if is_apart():
            return call(*given, **named)
        return await run_in_threadpool(call, *given, **named)

    return in_place


def _is_async(call: Callable[..., Any]) -> bool:
    return any(_flags(one) & _WAITS for one in (call, getattr(call, "__call__", None)))  # noqa: B004  # objects that are called


_WAITS = 0x80 | 0x100 | 0x200 | 0x20  # a coroutine's function, or a generator's


def _flags(call: Any) -> int:
    code = getattr(getattr(call, "__func__", call), "__code__", None)
    return 0 if code is None else int(code.co_flags)


def _run(coroutine: Coroutine[Any, Any, Response]) -> Response:
    """To its end, in this thread."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        answer: Response = done.value
        return answer
    coroutine.close()
    raise RuntimeError("A route that runs in one thread waited for something.")
