"""`Idempotency-Key` of POST requests: the same key and body again gives the first answer with 200."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy import Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import writing
from app.db.base import Id, Row, new_id
from app.db.types import Json
from app.errors import Conflict, Invalid
from app.web.answers import JsonAnswer
from app.web.asking import Asker, require_asker
from app.web.transaction import DbSession

LONGEST_KEY = 200
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class IdempotencyKey(Row):
    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("person_id", "key"),)
    person_id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(Integer)
    answer: Mapped[Any] = mapped_column(Json, nullable=True)  # None: an answer without content


async def body_hash(request: Request) -> str:
    """SHA-256 of method, path and body; of a form's fields and files rather than its bytes, whose boundary varies."""
    digest = hashlib.sha256(f"{request.method} {request.scope['path']}\n".encode())
    if request.headers.get("content-type", "").startswith(FORMS):
        form = await request.form()
        for name, value in sorted(form.multi_items(), key=lambda item: item[0]):
            digest.update(f"\n{name}\n".encode())
            if isinstance(value, str):
                digest.update(value.encode())
                continue
            while chunk := await value.read(1 << 20):
                digest.update(chunk)
            await value.seek(0)
    else:
        digest.update(await request.body())
    return digest.hexdigest()


class Once:
    """Runs a creation once per (person, key). Without a key it just runs."""

    def __init__(self, session: Session, person: Asker, key: str | None, body: str, clock: Callable[[], Any]) -> None:
        self._session = session
        self._person = person
        self._key = key
        self._body = body
        self._clock = clock

    def __call__(self, create: Callable[[], Any], *, status: int = 201) -> Response:
        """`create` gives the JSON of the answer, or `(status, JSON)` where the status depends on what was found."""
        if self._key is None:
            return _answer(*_with_status(create(), status))
        if not self._take():
            return self._first_answer()
        code, content = _with_status(create(), status)
        row = self._row()
        row.status, row.answer = code, content
        return _answer(code, content)

    def _take(self) -> bool:
        # One conditional write: of two requests at once, the second waits here (PostgreSQL) or in line (SQLite).
        row = {
            "id": new_id(), "created_at": self._clock(), "person_id": self._person.id, "key": self._key,
            "body_hash": self._body, "answer": {},  # until it is made
        }  # fmt: skip
        return writing.take(self._session, IdempotencyKey, row, unique=("person_id", "key"))

    def _row(self) -> IdempotencyKey:
        return self._session.scalars(
            select(IdempotencyKey).where(IdempotencyKey.person_id == self._person.id, IdempotencyKey.key == self._key)
        ).one()

    def _first_answer(self) -> Response:
        row = self._row()
        if row.body_hash != self._body:
            raise Conflict("This Idempotency-Key was used before for another request. Nothing was changed.")
        return _answer(200, row.answer)


def _with_status(result: Any, status: int) -> tuple[int, Any]:
    if isinstance(result, tuple):
        code, content = result
        return code, content
    return status, result


def _answer(status: int, content: Any) -> Response:
    if content is None:
        return Response(status_code=204)
    return JsonAnswer(content, status_code=status)


def key_of(request: Request) -> str | None:
    """The request's `Idempotency-Key`, checked."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    return key


async def sent_key(request: Request) -> str | None:
    return key_of(request)


async def once(request: Request, session: DbSession, person: Annotated[Asker, Depends(require_asker)]) -> Once:
    return Once(session, person, key_of(request), await body_hash(request), request.app.state.clock)


OnceOnly = Annotated[Once, Depends(once)]
BodyHash = Annotated[str, Depends(body_hash)]
SentKey = Annotated[str | None, Depends(sent_key)]
