"""No body is longer than 32 MiB, but for uploads of files by somebody who shows a sign-in: those may have 4 GiB, and
have limits of their own where the files are read. Whose sign-in it is, and whether it lives, is not known here yet.
"""

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web import refusals
from app.web.cookies import SIGN_IN_COOKIE

LIMIT = 32 * 1024 * 1024
UPLOAD_LIMIT = 4 * 1024 * 1024 * 1024
UPLOAD_SENTENCE = "This upload is larger than the 4 GiB that one request may hold, so nothing was saved."
SENTENCE = "This is longer than the 32 MiB that one request may hold, so nothing was saved. Send it in pieces."


class BodyLimit:
    """Refuses by the declared length where there is one, else as soon as the limit is passed."""

    def __init__(self, app: ASGIApp, limit: int = LIMIT, upload_limit: int = UPLOAD_LIMIT) -> None:
        self._app = app
        self._limit = limit
        self._upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = _is_upload(Request(scope))
        limit, sentence = (self._upload_limit, UPLOAD_SENTENCE) if upload else (self._limit, SENTENCE)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            await refusals.answer(Request(scope), 413, sentence)(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit, sentence), send)


def _counted(receive: Receive, limit: int, sentence: str) -> Receive:
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            raise HTTPException(413, sentence)
        return message

    return counted


def _is_upload(request: Request) -> bool:
    is_form = request.headers.get("content-type", "").startswith("multipart/form-data")
    return is_form and ("authorization" in request.headers or SIGN_IN_COOKIE in request.cookies)
