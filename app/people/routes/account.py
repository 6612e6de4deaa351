"""One's own account: name and language, password, sign-ins, tokens, and what is recorded."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.routing import NoMatchFound

from app.db.finding import by_id
from app.errors import NotFound
from app.people import actions, qualifications, queries, rules, sign_ins, signing_in, views
from app.people.asking import SignedIn
from app.people.forms import AccountForm, PasswordForm, TokenForm, WishesForm
from app.people.models import Token
from app.web import pages
from app.web.cookies import SIGN_IN_COOKIE
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/account")

NOTICES = {
    "saved": "Saved.",
    "wishes": "Saved. From now on you are given no such ads; nobody else sees this.",
    "no-wishes": "Saved. You are given every kind of ad that your queues have.",
    "choose-password": "Welcome. Choose a password below, so that you can come back by yourself.",
    "password": "Your password is changed, and you are signed out everywhere else.",
    "ended": "That sign-in has ended.",
    "others-ended": "You are signed out everywhere else.",
    "token-revoked": "That token does not work any more.",
}


@router.get("", name="people.account")
def account(request: Request, person: SignedIn, session: DbSession, clock: AppClock, notice: str = "") -> Response:
    secret = request.cookies.get(SIGN_IN_COOKIE)
    return pages.render(
        request,
        "people/account.html",
        said=NOTICES.get(notice, ""),
        languages=rules.LANGUAGES.items(),
        themes=rules.THEMES.items(),
        roles=rules.in_order(person.roles),
        sign_ins=views.sign_in_lines(queries.live_sign_ins(session, person, clock()), secret),
        tokens=queries.live_tokens(session, person),
        asks_old_password=not sign_ins.may_set_password_freely(session, person=person, secret=secret),
        labels_url=_labels_url(request),
        qualifications=qualifications.of_person(session, person.id),
        qualification_kinds=views.QUALIFICATION_KINDS,
        now=clock(),
        wishes=rules.wishes_as_written(person.preferences.get("not_for_me", {})),
    )


@router.post("", name="people.change_account")
def change_account(
    request: Request, form: Annotated[AccountForm, Form()], person: SignedIn, session: DbSession
) -> Response:
    actions.change_own_account(
        session, person=person, name=form.name, language=form.language, theme=form.theme,
        single_keys=form.single_keys == "on",
    )  # fmt: skip
    answer = pages.see_other(request, "people.account", query={"notice": "saved"})
    signing_in.set_theme(answer, form.theme)
    return answer


@router.post("/wishes", name="people.change_wishes")
def change_wishes(
    request: Request, form: Annotated[WishesForm, Form()], person: SignedIn, session: DbSession
) -> Response:
    wishes = actions.change_wishes(session, person=person, written=form.not_for_me.replace("\0", ""))
    return pages.see_other(request, "people.account", query={"notice": "wishes" if wishes else "no-wishes"})


@router.post("/password", name="people.change_password")
def change_password(
    request: Request, form: Annotated[PasswordForm, Form()], person: SignedIn, session: DbSession, clock: AppClock
) -> Response:
    kept = request.cookies.get(SIGN_IN_COOKIE)
    sign_ins.change_password(session, person=person, old=form.old, new=form.new, kept=kept, clock=clock)
    return pages.see_other(request, "people.account", query={"notice": "password"})


@router.post("/sign-ins/revocation", name="people.end_other_sign_ins")
def end_other_sign_ins(request: Request, person: SignedIn, session: DbSession, clock: AppClock) -> Response:
    sign_ins.end_others(session, person=person, kept=request.cookies.get(SIGN_IN_COOKIE), clock=clock)
    return pages.see_other(request, "people.account", query={"notice": "others-ended"})


@router.post("/sign-ins/{sign_in}/revocation", name="people.end_sign_in")
def end_sign_in(request: Request, sign_in: str, person: SignedIn, session: DbSession, clock: AppClock) -> Response:
    sign_ins.end_one(session, person=person, sign_in_id=sign_in, clock=clock)
    return pages.see_other(request, "people.account", query={"notice": "ended"})


@router.post("/tokens", name="people.add_token")
def add_token(
    request: Request, form: Annotated[TokenForm, Form()], person: SignedIn, session: DbSession, clock: AppClock
) -> Response:
    """Shows the token in its own answer, since it is never to be had again."""
    secret = actions.add_token(session, person=person, name=form.name, clock=clock)
    return pages.render(request, "people/secret.html", status=201, kind="token", secret=secret, about=form.name)


@router.post("/tokens/{token}/revocation", name="people.revoke_token")
def revoke_token(request: Request, token: str, person: SignedIn, session: DbSession, clock: AppClock) -> Response:
    row = by_id(session, Token, token)
    if row is None or row.person_id != person.id:
        raise NotFound
    actions.revoke_token(session, token=row, person=person, clock=clock)
    return pages.see_other(request, "people.account", query={"notice": "token-revoked"})


def _labels_url(request: Request) -> str | None:
    """The page of one's own labels, which a feature above supplies."""
    try:
        return str(request.app.url_path_for("labels.mine"))
    except NoMatchFound:
        return None
