"""Every expected refusal becomes one answer here: problem+json for the API, a page or a region for the browser."""

import logging
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.errors import AppError, NotSignedIn, Problem, TooMany
from app.web.pages import render
from app.web.transaction import SAFE_METHODS

log = logging.getLogger("fasit.web")

TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 405: "Not possible here", 409: "Conflict",
    412: "Out of date", 413: "Too large", 415: "Unsupported media", 416: "Range not satisfiable", 422: "Does not fit",
    428: "Revision needed", 429: "Too many tries", 500: "Our fault", 503: "Not available",
}  # fmt: skip

# In place of what the framework says.
SENTENCES = {
    400: "The request could not be read, so nothing was done.",
    404: "There is nothing here.",
    405: "That cannot be done at this address.",
}


def refuse(request: Request, error: AppError) -> Response:
    """The answer to a refusal. A route that must keep what it wrote returns this instead of raising."""
    headers = dict(error.headers)
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return answer(request, error.status, _sentence(request, error), error.problems, headers)


def _sentence(request: Request, error: AppError) -> str:
    """The error's own, but for a database that does not answer: its words name hosts and files, and go to the log."""
    if not isinstance(error.__cause__, SQLAlchemyError):
        return error.sentence
    log.error("%s %s: %s", request.method, request.url.path, error.sentence)
    return "The database does not answer right now, so nothing was saved. Try again in a moment."


def problem_json(
    status: int, sentence: str, problems: tuple[Problem, ...] = (), headers: dict[str, str] | None = None
) -> Response:
    """RFC 9457."""
    content: dict[str, Any] = {"title": TITLES.get(status, "Refused"), "status": status, "detail": sentence}
    if problems:
        content["errors"] = [{"path": problem.path, "message": problem.message} for problem in problems]
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def wants_page(request: Request) -> bool:
    by_program = request.url.path.startswith("/api/") or "authorization" in request.headers
    return not by_program and "application/json" not in request.headers.get("accept", "")


def is_by_script(request: Request) -> bool:
    """Whether a script of our pages asks, which swaps a region rather than showing a page."""
    return "hx-request" in request.headers or "x-fasit" in request.headers


def answer(
    request: Request,
    status: int,
    sentence: str,
    problems: tuple[Problem, ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """One answer: problem+json, a region, a page, or the way to the sign-in page."""
    if not wants_page(request):
        return problem_json(status, sentence, problems, headers)
    by_script = is_by_script(request)
    if status == NotSignedIn.status and request.method in SAFE_METHODS and not by_script:
        back = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""), safe="/?=&")
        return RedirectResponse(f"/sign-in?next={quote(back, safe='/')}", 303)
    template = "refusals/_refusal.html" if by_script else "refusals/refusal.html"
    response = render(
        request,
        template,
        status=status,
        code=status,
        title=TITLES.get(status, "Refused"),
        sentence=sentence,
        problems=problems,
        back=_back(request),
    )
    response.headers.update(headers or {})
    return response


def _back(request: Request) -> str | None:
    """The page of ours that the person came from: that of a form may have the address that the form is sent to. None where
    that page was itself the answer to a form, since it cannot be asked for.
    """
    came_from = urlsplit(request.headers.get("referer", ""))
    is_itself = came_from.path == request.url.path and request.method in SAFE_METHODS
    if came_from.netloc != request.headers.get("host") or is_itself or not _can_be_read(request, came_from.path):
        return None
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _can_be_read(request: Request, path: str) -> bool:
    reading = {**request.scope, "path": path, "raw_path": path.encode(), "method": "GET"}
    return any(route.matches(reading)[0] is Match.FULL for route in request.app.routes)


def install(app: FastAPI) -> None:
    """Registers the handlers."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, AppError)
        return refuse(request, error)

    async def misshapen(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        if all(fault["loc"][:1] == ("path",) for fault in error.errors()):
            return answer(request, 404, SENTENCES[404])  # no such address
        problems = tuple(_problem(fault) for fault in error.errors())
        return answer(request, 422, "This does not fit what is expected here.", problems, {})

    async def other(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        # What cannot even be parsed does not fit either: programs are told 422 for all of it.
        status = 422 if error.status_code == 400 else error.status_code  # noqa: PLR2004  # HTTP's own numbers
        sentence = SENTENCES.get(error.status_code) or str(error.detail).rstrip(".") + "."
        return answer(request, status, sentence, (), dict(error.headers or {}))

    app.add_exception_handler(AppError, refused)
    app.add_exception_handler(RequestValidationError, misshapen)
    app.add_exception_handler(HTTPException, other)


def _problem(fault: Any) -> Problem:
    where = [str(step) for step in fault["loc"]]
    if where and where[0] in {"body", "query", "path", "header"}:
        where = where[1:]
    told = str(fault["msg"]).removeprefix("Value error, ")
    # Of a text that is looked through before it is measured, "items" are counted.
    if fault["type"] == "too_long" and isinstance(fault["input"], str):
        told = f"String should have at most {fault['ctx']['max_length']} characters"
    return Problem("/" + "/".join(where), told)
