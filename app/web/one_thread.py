"""Routes that run whole in one thread: whatever a request asks of the database, from who is asking to the commit.

FastAPI runs each plain function by itself in a thread: a request that finds a person, a queue and a claim goes to and
fro five times, and with many at once each way waits for all the others. It also looks for a request's fields in all that
it solves, again for each that depends on it. Routes of this class keep their plain functions, their fields and their
order, and make one way of it. They take and give JSON, and may wait for nothing but the request's body, which is read
before.
"""

import inspect
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic_core import PydanticUndefined
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from app.db.session import Database
from app.web.answers import JsonAnswer
from app.web.transaction import SAFE_METHODS, open_session

RECEIVED = {
    "path_params": attrgetter("path_params"),
    "query_params": attrgetter("query_params"),
    "header_params": attrgetter("headers"),
    "cookie_params": attrgetter("cookies"),
}
NOT_GIVEN = (
    "websocket_param_name", "http_connection_param_name", "response_param_name", "background_tasks_param_name",
    "security_scopes_param_name",
)  # fmt: skip


class OneThread(APIRoute):
    """Give it to a router as `route_class`; `install` sees to what its routes need."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def handle(request: Request) -> Response:
            whole: _Whole = request.app.state.one_thread[id(self)]
            return await whole.answer(request)

        return handle


def install(app: FastAPI) -> None:
    """Once all routers are included: what each route depends on is known then."""
    app.state.one_thread = {
        id(context.original_route): _whole(context.dependant, context.status_code)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, OneThread)
    }


@dataclass(frozen=True)
class _Need:
    """A call, and what it is given: by those it depends on, from the request's fields, from its body."""

    call: Callable[..., Any]
    waits: bool
    below: Sequence[tuple[str | None, "_Need"]]
    fields: Sequence[tuple[Callable[[Request], Mapping[str, Any]], Sequence[Any]]]
    body: Sequence[Any]
    request_name: str | None

    @property
    def asks_fields(self) -> bool:
        return bool(self.fields or self.body) or any(below.asks_fields for _, below in self.below)


def _need(dependant: Dependant) -> _Need:
    call = dependant.call
    assert call is not None
    assert call is open_session or not _flags(call) & _YIELDS, f"{call} yields"
    assert not any(getattr(dependant, name) for name in NOT_GIVEN), f"{call} asks for what is not given here"
    return _Need(
        call,
        bool(_flags(call) & inspect.CO_COROUTINE),
        tuple((below.name, _need(below)) for below in dependant.dependencies),
        tuple((given, fields) for name, given in RECEIVED.items() if (fields := getattr(dependant, name))),
        tuple(dependant.body_params),
        dependant.request_param_name,
    )


def _without_fields(need: _Need) -> Iterator[_Need]:
    """What asks nothing of the request's own fields: who is asking, above all. It comes before all that may not fit."""
    for _, below in need.below:
        if below.asks_fields:
            yield from _without_fields(below)
        else:
            yield below


def _whole(dependant: Dependant, status: int | None) -> "_Whole":
    need = _need(dependant)
    return _Whole(need, list(_without_fields(need)), status or 200)


@dataclass(frozen=True)
class _Whole:
    """A route: reads, solves, calls and answers."""

    route: _Need
    first: Sequence[_Need]
    status: int

    async def answer(self, request: Request) -> Response:
        reads = request.method in SAFE_METHODS
        if not reads:
            if request.headers.get("content-type", "").startswith("multipart/form-data"):  # files wait for the disk
                raise HTTPException(415, "This takes JSON")
            await request.body()  # it is kept with the request
        database: Database = request.app.state.database
        return await database.in_one_thread(partial(self._answer, request), writes=not reads)

    def _answer(self, request: Request, session: Session) -> Response:
        solving = _Solving(request, {open_session: session}, [])
        for need in self.first:
            solving.value_of(need)
        answer = solving.value_of(self.route)
        if solving.faults:
            raise RequestValidationError(solving.faults)
        return answer if isinstance(answer, Response) else JsonAnswer(answer, self.status)


@dataclass(frozen=True)
class _Solving:
    """One request's way through what its route needs; each call is made once, whoever depends on it."""

    request: Request
    known: dict[Callable[..., Any], Any]
    faults: list[Any]

    def value_of(self, need: _Need) -> Any:
        """What the call gives; None where something does not fit, of which `faults` tell."""
        if need.call in self.known:
            return self.known[need.call]
        given: dict[str, Any] = {}
        before = len(self.faults)
        for name, below in need.below:
            value = self.value_of(below)
            if name is not None:
                given[name] = value
        for received, fields in need.fields:
            self._take(given, *request_params_to_args(fields, received(self.request)))
        if need.body:
            self._take(given, *_run(request_body_to_args(list(need.body), self._body(), embed_body_fields=False)))
        if len(self.faults) > before:
            return None
        if need.request_name is not None:
            given[need.request_name] = self.request
        value = need.call(**given)
        self.known[need.call] = value = _run(value) if need.waits else value
        return value

    def _take(self, given: dict[str, Any], values: dict[str, Any], faults: list[Any]) -> None:
        given.update(values)
        self.faults.extend(faults)

    def _body(self) -> Any:
        """Parsed where it says that it is JSON; else as bytes, which fit nothing."""
        body = _run(self.request.body())
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not body:
            return PydanticUndefined
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            return body
        try:
            return json.loads(body)  # keeps whole numbers of any size, to be refused for what they are
        except json.JSONDecodeError as failure:
            fault = {"type": "json_invalid", "loc": ("body", failure.pos), "msg": "JSON decode error", "input": {}}
            raise RequestValidationError([fault | {"ctx": {"error": failure.msg}}], body=failure.doc) from failure
        except (UnicodeDecodeError, RecursionError) as failure:
            raise HTTPException(400) from failure


_YIELDS = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


def _flags(call: Any) -> int:
    """Of the function, or of the object that is called like one."""
    for one in (call, type(call).__call__):
        code = getattr(getattr(one, "__func__", one), "__code__", None)
        if code is not None:
            return int(code.co_flags)
    return 0


def _run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """To its end, in this thread."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("A route that runs in one thread waited for something.")
