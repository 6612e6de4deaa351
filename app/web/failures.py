"""What nobody expected: written to the log with its traceback, answered with one sentence."""

import logging

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web import refusals

log = logging.getLogger("fasit.web")

SENTENCE = "Something went wrong on our side, so nothing was saved. It has been written to the log; try again."


class Failures:
    """Answers 500 for any exception that no handler took. Plain ASGI: it must not buffer streamed media."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise  # the answer is half sent: only breaking the connection tells the reader
            await _answer(Request(scope))(scope, receive, send)


def _answer(request: Request) -> Response:
    try:
        return refusals.answer(request, 500, SENTENCE)
    except Exception:  # the page of the refusal itself
        log.exception("the answer to a failure failed")
        return PlainTextResponse(SENTENCE, 500)
