"""The sign-in cookie, and the one a guest's forms are tied to."""

from fastapi import Request, Response

SIGN_IN_COOKIE = "fasit_sign_in"
GUEST_COOKIE = "fasit_guest"


def set_cookie(request: Request, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    response.set_cookie(
        name, value, max_age=max_age, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    if name in request.cookies:
        response.delete_cookie(name, path="/")
