"""The character NUL is refused wherever text comes in: PostgreSQL cannot keep it, and no person meant to type it."""

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import Request

from app.errors import Invalid, NotFound, Problem
from app.web.transaction import SAFE_METHODS

NUL = "\0"
FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
ESCAPED = b"\\u0000"
SENTENCE = "The character NUL cannot be kept, so nothing was changed."


async def check(request: Request) -> None:
    """404 for an address with NUL, 422 for a body with it, at its path."""
    if NUL in request.scope["path"] or b"%00" in request.scope.get("query_string", b""):
        raise NotFound
    if request.method in SAFE_METHODS:
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in FORMS:  # read as a form: its body is gone once the route has read it so
        texts = {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}
        problems = [one for name, value in texts.items() for one in _in_field(name, value)]
    else:
        problems = list(in_json(await request.body()))
    if problems:
        raise Invalid(SENTENCE, problems=problems)


def _in_field(name: str, value: str) -> Iterator[Problem]:
    if NUL in value:
        yield Problem(f"/{name}", "holds NUL")
    else:
        yield from in_json(value.encode())


def in_json(body: bytes) -> Iterator[Problem]:
    """Every text in this JSON that holds NUL."""
    if ESCAPED not in body:
        return  # a bare NUL is no JSON, and is refused as such
    try:
        yield from _walk(orjson.loads(body), "")
    except orjson.JSONDecodeError:
        return  # refused by the route, with its own words


def _walk(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, str) and NUL in value:
        yield Problem(path, "holds NUL")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _walk(one, f"{path}/{index}")
    elif isinstance(value, dict):
        for key, one in value.items():
            if NUL in key:
                yield Problem(path, "has a key that holds NUL")
            yield from _walk(one, f"{path}/{key}")
