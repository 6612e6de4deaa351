"""Routes that run whole in one thread: whatever a request asks of the database, from who is asking to the commit.

FastAPI runs each plain function by itself in a thread: a request that finds a person, a queue and a claim goes to and
fro five times, and with many at once each way waits for all the others. It also looks for a request's fields in all that
it solves, again for each that depends on it. Routes of this class keep their plain functions, their fields and their
order, and make one way of it. They take and give JSON, and may wait for nothing but the request's body, which is read
before.
"""

import inspect
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
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
        id(context.original_route): _Whole(_steps(context.dependant), context.status_code or 200)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, OneThread)
    }


@dataclass(frozen=True)
class _Step:
    """A call, and what it is given: by steps before it, from the request's fields, from its body."""

    call: Callable[..., Any]
    key: int  # of the call, whose own hash may take long
    waits: bool
    before: Sequence[tuple[str | None, int]]
    fields: Sequence[tuple[Callable[[Request], Mapping[str, Any]], Sequence[Any]]]
    body: Sequence[Any]
    request_name: str | None


def _steps(dependant: Dependant) -> list[_Step]:
    """Each call once, whoever depends on it, the route's own last. What asks nothing of the request's own fields, such as
    who is asking, comes before all that may not fit.
    """
    steps: dict[int, _Step] = {}
    asking = {step.key for step in _walk(dependant, steps)}
    return sorted(steps.values(), key=lambda step: step.key in asking)


def _walk(dependant: Dependant, steps: dict[int, _Step]) -> list[_Step]:
    """Those that ask for fields, themselves or by what they depend on."""
    below = [_walk(one, steps) for one in dependant.dependencies]
    step = _step(dependant)
    if step.call is open_session:
        return []
    steps.setdefault(step.key, step)
    asking = list(chain.from_iterable(below))
    return [*asking, step] if step.fields or step.body or asking else []


def _step(dependant: Dependant) -> _Step:
    call = dependant.call
    assert call is not None
    assert call is open_session or not _flags(call) & _YIELDS, f"{call} yields"
    assert not any(getattr(dependant, name) for name in NOT_GIVEN), f"{call} asks for what is not given here"
    return _Step(
        call,
        id(call),
        bool(_flags(call) & inspect.CO_COROUTINE),
        tuple((below.name, id(below.call)) for below in dependant.dependencies),
        tuple((given, fields) for name, given in RECEIVED.items() if (fields := getattr(dependant, name))),
        tuple(dependant.body_params),
        dependant.request_param_name,
    )


@dataclass(frozen=True)
class _Whole:
    """A route: reads, solves, calls and answers."""

    steps: Sequence[_Step]
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
        known: dict[int, Any] = {id(open_session): session}
        faults: list[Any] = []
        for step in self.steps:
            if all(key in known for _, key in step.before):
                given = {name: known[key] for name, key in step.before if name is not None}
                own = _take_fields(step, request, given)
                if not own:
                    value = step.call(**given)
                    known[step.key] = _run(value) if step.waits else value
                faults += own
        if faults:
            raise RequestValidationError(faults)
        answer = known[self.steps[-1].key]
        return answer if isinstance(answer, Response) else JsonAnswer(answer, self.status)


def _take_fields(step: _Step, request: Request, given: dict[str, Any]) -> list[Any]:
    """What of them does not fit."""
    faults: list[Any] = []
    for received, fields in step.fields:
        values, unfit = request_params_to_args(fields, received(request))
        given.update(values)
        faults += unfit
    if step.body:
        values, unfit = _run(request_body_to_args(list(step.body), _body(request), embed_body_fields=False))
        given.update(values)
        faults += unfit
    if step.request_name is not None:
        given[step.request_name] = request
    return faults


def _body(request: Request) -> Any:
    """Parsed where it says that it is JSON; else as bytes, which fit nothing."""
    body = _run(request.body())
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
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
