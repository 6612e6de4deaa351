"""Cross-site request forgery: every unsafe request that signs in by cookie carries a token and comes from our origin.

The token is an HMAC of the sign-in cookie (or, before signing in, of a cookie of its own), so the server keeps nothing.
A request without the sign-in cookie has no authority to abuse and passes `check`; routes that guests may post to
depend on `check_guest` besides, so that nobody is signed in as somebody else behind their back.
"""

import hashlib
import hmac
import secrets
from typing import ClassVar
from urllib.parse import urlsplit

from fastapi import Request

from app.errors import NotAllowed
from app.web.cookies import GUEST_COOKIE, SIGN_IN_COOKIE
from app.web.transaction import SAFE_METHODS

FIELD = "csrf_token"
HEADER = "x-csrf-token"


class StalePage(NotAllowed):
    """The page's token is not this browser's any more: somebody signed in again since. Scripts see it by the header."""

    headers: ClassVar[dict[str, str]] = {"X-Fasit-Refusal": "stale-page"}


def token_for(request: Request) -> str:
    """The token that this browser's forms carry."""
    return token_of(request, request.cookies.get(SIGN_IN_COOKIE) or _guest(request))


def token_of(request: Request, basis: str) -> str:
    key: bytes = request.app.state.secret_key
    return digest_of(key, basis)


def digest_of(key: bytes, basis: str) -> str:
    """The token that goes with this cookie."""
    return hmac.new(key, b"csrf:" + basis.encode(), hashlib.sha256).hexdigest()


def _guest(request: Request) -> str:
    return str(getattr(request.state, "guest", "") or request.cookies.get(GUEST_COOKIE, ""))


def welcome_guest(request: Request) -> str | None:
    """A new value for the guest cookie where this browser has nothing yet that a form could be tied to."""
    if request.cookies.get(SIGN_IN_COOKIE) or request.cookies.get(GUEST_COOKIE):
        return None
    request.state.guest = secrets.token_urlsafe(32)
    return str(request.state.guest)


async def check(request: Request) -> None:
    """Raises `NotAllowed` for an unsafe request by cookie without our token or from elsewhere. Bearer requests pass:
    no browser adds that header by itself, and the cookie is not looked at when it is there.
    """
    if request.method in SAFE_METHODS or request.headers.get("authorization", "").lower().startswith("bearer "):
        return
    if SIGN_IN_COOKIE in request.cookies:
        await _require_token(request)


async def check_guest(request: Request) -> None:
    """For what may be posted before signing in. A script of our own pages may come without a token: it proves itself
    by a header that no other site can send, and by its origin.
    """
    if SIGN_IN_COOKIE in request.cookies:
        return  # `check` has seen to it
    if "x-fasit" in request.headers and "origin" in request.headers and not _is_foreign(request):
        return
    await _require_token(request)


async def _require_token(request: Request) -> None:
    if _is_foreign(request):
        raise NotAllowed("This request came from another site, so nothing was done.")
    sent = request.headers.get(HEADER)
    if sent is None:
        sent = str((await request.form()).get(FIELD, ""))
    if not _guest(request) and SIGN_IN_COOKIE not in request.cookies:
        raise StalePage("Your browser sent no cookie, so nothing was done. Allow cookies for this site and try again.")
    if not hmac.compare_digest(sent.encode(), token_for(request).encode()):
        raise StalePage("This page is out of date, so nothing was done. Load it again and repeat what you did.")


def _is_foreign(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is None:
        return False
    ours = {request.headers.get("host", ""), urlsplit(request.app.state.settings.base_url).netloc} - {""}
    return urlsplit(origin).netloc not in ours
