"""Signing in over HTTP: who a request comes from, whether a password was right, and the cookie."""

from dataclasses import dataclass
from typing import Annotated

import anyio.to_thread
from fastapi import Depends, Form, Request, Response
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.session import Database
from app.people import passwords, queries, sign_ins, tokens
from app.people.forms import SignInForm
from app.people.limits import SignInLimits
from app.people.models import Person
from app.people.rules import SIGN_IN_LIFETIME, SignInWay, normal_email
from app.web import csrf
from app.web.cookies import GUEST_COOKIE, SIGN_IN_COOKIE, drop_cookie, set_cookie

THEME_COOKIE = "fasit_theme"  # also written by static/js/theme.js
A_YEAR_S = 31_536_000


def find_person(request: Request, session: Session) -> Person | None:
    """The person of the bearer token, else of the sign-in cookie. A dead token never falls back to the cookie: with
    that header the CSRF check was passed over.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return queries.person_of_token(session, tokens.digest(token.strip()))
    secret = request.cookies.get(SIGN_IN_COOKIE)
    if secret is None:
        return None
    clock: Clock = request.app.state.clock
    return queries.person_of_sign_in(session, tokens.digest(secret), clock())


@dataclass(frozen=True)
class Proof:
    """Who proved with their password to be whom, or None."""

    person_id: str | None
    form: SignInForm


async def prove(request: Request, form: Annotated[SignInForm, Form()]) -> Proof:
    """Checks the password before the request's transaction begins: nobody waits for argon2 at the writers' gate."""
    limits: SignInLimits = request.app.state.sign_in_limits
    email = normal_email(form.email)
    address = request.client.host if request.client else ""
    limits.admit(email, address)
    database: Database = request.app.state.database
    person_id = await anyio.to_thread.run_sync(_whose, database, email, form.password, limiter=limits.checking)
    if person_id is None:
        limits.note_slip(address)
    else:
        limits.forget(email)
    return Proof(person_id, form)


def _whose(database: Database, email: str, password: str) -> str | None:
    with database.read() as session:
        person = queries.person_by_email(session, email)
    usable = person is not None and person.disabled_at is None
    right = passwords.fits(password, person.password_hash if person is not None else None)
    return person.id if person is not None and usable and right else None


Proven = Annotated[Proof, Depends(prove)]


def sign_in(
    request: Request, session: Session, response: Response, *, person: Person, way: SignInWay, clock: Clock
) -> str:
    """Ends what this browser was signed in with, begins a sign-in, and sets its cookie. Gives the new CSRF token."""
    sign_ins.end(session, secret=request.cookies.get(SIGN_IN_COOKIE), clock=clock)
    browser = request.headers.get("user-agent", "")
    secret = sign_ins.begin(session, person=person, way=way, browser=browser, clock=clock)
    set_cookie(request, response, SIGN_IN_COOKIE, secret, max_age=int(SIGN_IN_LIFETIME.total_seconds()))
    drop_cookie(request, response, GUEST_COOKIE)
    if "theme" in person.preferences:  # else this browser keeps what was chosen in its menu
        set_theme(response, str(person.preferences["theme"]))
    return csrf.token_of(request, secret)


def set_theme(response: Response, theme: str) -> None:
    """The theme as a cookie, which the page's own script reads and writes, so that pages come in it at once."""
    if theme in {"light", "dark"}:
        response.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR_S, samesite="lax", path="/")
    else:
        response.delete_cookie(THEME_COOKIE, path="/")
