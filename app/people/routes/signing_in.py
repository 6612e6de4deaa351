"""Signing in and out: by password, by a one-time link, in a demo by one click, and in place from a page at work."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.people import queries, sign_ins, signing_in, views
from app.people.asking import SIGNED_IN
from app.people.forms import DemoSignInForm
from app.people.models import Person
from app.people.rules import DEMO_DOMAIN, SignInWay, safe_way_back
from app.people.signing_in import Proof, Proven
from app.people.tokens import digest
from app.web import csrf, pages, refusals
from app.web.asking import ANYONE, FoundAsker
from app.web.cookies import GUEST_COOKIE, SIGN_IN_COOKIE, drop_cookie, set_cookie
from app.web.transaction import AppClock, DbSession

router = APIRouter()
GUEST = [Depends(ANYONE), Depends(csrf.check_guest)]

WRONG = "That e-mail and password do not belong together. Try again, or ask an admin for a sign-in link."


def _wants_json(request: Request) -> bool:
    return refusals.is_by_script(request) or not refusals.wants_page(request)


@router.get("/sign-in", name="people.sign_in_page", dependencies=[Depends(ANYONE)])
def sign_in_page(request: Request, session: DbSession, asker: FoundAsker, next: str = "/") -> Response:  # noqa: A002  # the word in addresses
    """For a page at work (X-Fasit, or asking for JSON): who is signed in now, and a fresh CSRF token."""
    if not _wants_json(request):
        return _page(request, session, email="", next=next)
    guest = csrf.welcome_guest(request)
    answer = JSONResponse({"csrf_token": csrf.token_for(request), "person": asker.id if asker else None})
    answer.headers["Cache-Control"] = "no-store"
    if guest is not None:
        set_cookie(request, answer, GUEST_COOKIE, guest)
    return answer


@router.post("/sign-in", name="people.sign_in", dependencies=GUEST)
def sign_in(request: Request, proof: Proven, session: DbSession, clock: AppClock) -> Response:
    if proof.person_id is None:
        return _refused(request, session, proof)
    person = queries.person_by_id(session, proof.person_id)
    return _enter(request, session, person, SignInWay.PASSWORD, clock, next=proof.form.next)


@router.post("/demo/sign-in", name="people.demo_sign_in", dependencies=GUEST)
def demo_sign_in(
    request: Request, form: Annotated[DemoSignInForm, Form()], session: DbSession, clock: AppClock
) -> Response:
    person = queries.person_by_id(session, form.person) if request.app.state.settings.demo else None
    known = person is not None and person.email.endswith(DEMO_DOMAIN)
    return _enter(request, session, person if known else None, SignInWay.DEMO, clock, next=form.next)


@router.get("/sign-in/{link}", name="people.link_page", dependencies=[Depends(ANYONE)])
def link_page(request: Request, link: str, session: DbSession, clock: AppClock) -> Response:
    """A page with a button: programs that look into mails must not use the link up."""
    guest_of_honour = queries.person_of_link(session, digest(link), clock())
    status = 200 if guest_of_honour else 404
    return pages.render_to_guest(request, "people/link.html", status=status, link=link, invited=guest_of_honour)


@router.post("/sign-in/{link}", name="people.use_link", dependencies=GUEST)
def use_link(request: Request, link: str, session: DbSession, clock: AppClock) -> Response:
    person = sign_ins.use_link(session, secret=link, clock=clock)
    back = str(request.app.url_path_for("people.account")) + "?notice=choose-password"
    return _enter(request, session, person, SignInWay.LINK, clock, next=back)


@router.post("/sign-out", name="people.sign_out", dependencies=[Depends(SIGNED_IN)])
def sign_out(request: Request, session: DbSession, clock: AppClock) -> Response:
    sign_ins.end(session, secret=request.cookies.get(SIGN_IN_COOKIE), clock=clock)
    answer = pages.see_other(request, "people.sign_in_page")
    drop_cookie(request, answer, SIGN_IN_COOKIE)
    return answer


def _enter(
    request: Request,
    session: Session,
    person: Person | None,
    way: SignInWay,
    clock: Any,
    *,
    next: str,  # noqa: A002
) -> Response:
    if person is None or person.disabled_at is not None:
        raise NotFound
    cookie = Response()
    csrf_token = signing_in.sign_in(request, session, cookie, person=person, way=way, clock=clock)
    answer: Response = RedirectResponse(safe_way_back(next), 303)
    if _wants_json(request):
        answer = JSONResponse({"csrf_token": csrf_token, "person": person.id}, headers={"Cache-Control": "no-store"})
    for value in cookie.headers.getlist("set-cookie"):
        answer.headers.append("set-cookie", value)
    return answer


def _refused(request: Request, session: Session, proof: Proof) -> Response:
    if _wants_json(request):
        return refusals.problem_json(401, WRONG)
    return _page(request, session, status=401, email=proof.form.email, next=proof.form.next, fault=WRONG)


def _page(request: Request, session: Session, *, status: int = 200, fault: str = "", **context: str) -> Response:
    groups = views.demo_groups(queries.demo_people(session)) if request.app.state.settings.demo else []
    return pages.render_to_guest(request, "people/sign_in.html", status=status, fault=fault, groups=groups, **context)
