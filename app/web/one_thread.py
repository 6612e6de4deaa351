"""Routes that run whole in one thread: whatever a request asks of the database, from who is asking to the commit.

FastAPI runs each plain function by itself in a thread: a request that finds a person, a queue and a claim goes to and
fro five times, and with many at once each way waits for all the others. Routes of this class keep their plain functions
and their order, and make one way of it. They may wait for nothing but the request's body, which is read before.
"""

import functools
import inspect
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.db.session import Database, is_apart
from app.web.transaction import SAFE_METHODS, open_session

SOLVED = "fasit_solved"  # in the scope of a request
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Solve = Callable[[Request], Coroutine[Any, Any, Any]]


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


def _rewire(route: Dependant) -> None:
    """What asks nothing of the request's own fields is solved here, once a request and before all else. FastAPI looks
    for such fields in all that it solves, again for each that depends on it: a fifth of a claim went into that.
    """
    first = First()
    _take_over(route, first)
    route.dependencies.insert(0, Dependant(call=first, request_param_name="request", path=route.path))


class First:
    """What a route depends on that asks no fields, in its order."""

    def __init__(self) -> None:
        self.calls: dict[Callable[..., Any], Solve] = {}

    async def __call__(self, request: Request) -> None:
        for solve in self.calls.values():
            await solve(request)

    def add(self, dependant: Dependant) -> Solve:
        for below in dependant.dependencies:
            self.add(below)
        assert dependant.call is not None
        return self.calls.setdefault(dependant.call, _solved_once(dependant))


def _take_over(dependant: Dependant, first: First) -> None:
    """Below it, only what has fields is left to FastAPI; of the others `dependant.call` gets the answers here."""
    left, own = [], []
    for below in dependant.dependencies:
        if _asks_no_fields(below):
            own.append((below.name, first.add(below)))
        else:
            below.call = None if below.call is None else _in_place(below.call)
            _take_over(below, first)
            left.append(below)
    dependant.dependencies = left
    if any(name for name, _ in own):
        given_name = dependant.request_param_name
        dependant.request_param_name = given_name or "request"
        dependant.call = _completed(dependant.call, own, dependant.request_param_name, passes_on=bool(given_name))


def _completed(call: Any, own: Sequence[tuple[str | None, Solve]], request_name: str, *, passes_on: bool) -> Any:
    """The same, given besides what `own` solves."""

    @functools.wraps(call)
    async def completed(**given: Any) -> Any:
        request = given[request_name] if passes_on else given.pop(request_name)
        for name, solve in own:
            if name is not None:
                given[name] = await solve(request)
        return await call(**given)

    return completed


def _asks_no_fields(dependant: Dependant) -> bool:
    fields = (
        dependant.path_params, dependant.query_params, dependant.header_params, dependant.cookie_params,
        dependant.body_params, dependant.websocket_param_name, dependant.http_connection_param_name,
        dependant.response_param_name, dependant.background_tasks_param_name, dependant.security_scopes_param_name,
    )  # fmt: skip
    by_itself = dependant.call is open_session or not _is_generator(dependant.call)
    return by_itself and not any(fields) and all(map(_asks_no_fields, dependant.dependencies))


def _solved_once(dependant: Dependant) -> Solve:
    """Gives what this dependency gives, asked once in a request, whoever depends on it."""
    if dependant.call is open_session:
        return _session_of
    assert dependant.call is not None
    return _solved(
        dependant.call,
        tuple((one.name or "", _solved_once(one)) for one in dependant.dependencies),
        dependant.request_param_name,
    )


@functools.cache
def _solved(call: Callable[..., Any], below: Sequence[tuple[str, Solve]], request_name: str | None) -> Solve:
    here = _in_place(call)

    async def solve(request: Request) -> Any:
        known: dict[Any, Any] = request.scope.setdefault(SOLVED, {})
        if call not in known:
            given = {name: await one(request) for name, one in below}
            if request_name is not None:
                given[request_name] = request
            known[call] = await here(**given)
        return known[call]

    return solve


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


def _is_generator(call: Any) -> bool:
    return any(_flags(one) & _YIELDS for one in (call, getattr(call, "__call__", None)))  # noqa: B004  # as below


def _is_async(call: Callable[..., Any]) -> bool:
    return any(_flags(one) & _WAITS for one in (call, getattr(call, "__call__", None)))  # noqa: B004  # objects that are called


_YIELDS = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
_WAITS = _YIELDS | inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE


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
