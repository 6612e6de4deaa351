"""People and organisations: an admin's to change, a manager's to read, a vendor lead's as far as their own organisation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from app.errors import NotFound
from app.people import actions, queries, sign_ins, views
from app.people.asking import ADMINS, Admin, PeopleReader
from app.people.forms import NewPersonForm, OrganisationForm, PersonForm
from app.people.models import Person
from app.people.rules import Role
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter()

NOTICES = {
    "changed": "Saved.",
    "disabled": "Disabled. They are signed out everywhere, and their tokens have ended.",
    "enabled": "Enabled. They may sign in again.",
    "signed-out": "They are signed out everywhere.",
    "organisation": "The organisation is added.",
}


def _wanted(session: DbSession, person: str, _admin: Annotated[Person, Depends(ADMINS)]) -> Person:
    found = queries.person_by_id(session, person)
    if found is None:
        raise NotFound
    return found


WantedPerson = Annotated[Person, Depends(_wanted)]


@router.get("/people", name="people.index")
def index(request: Request, reader: PeopleReader, session: DbSession, notice: str = "") -> Response:
    own = None if reader.is_company else reader.organisation_id
    return pages.render(
        request,
        "people/index.html",
        groups=queries.people_by_organisation(session, own),
        may_change=Role.ADMIN in reader.roles,
        all_roles=list(Role),
        said=NOTICES.get(notice, ""),
    )


@router.get("/people/new", name="people.new", dependencies=[Depends(ADMINS)])
def new(request: Request, session: DbSession) -> Response:
    return pages.render(
        request, "people/new.html", organisations=queries.organisations(session), all_roles=list(Role), work=views.WORK
    )


@router.post("/people", name="people.add")
def add(
    request: Request, form: Annotated[NewPersonForm, Form()], admin: Admin, session: DbSession, clock: AppClock
) -> Response:
    """Shows the new person's sign-in link in its own answer, since it is never to be had again."""
    person, link = actions.invite(
        session,
        email=form.email,
        name=form.name,
        roles=form.roles,
        organisation=form.organisation,
        actor=admin,
        clock=clock,
    )
    return _show_link(request, person, link)


@router.get("/people/{person}", name="people.person")
def one(request: Request, wanted: WantedPerson, session: DbSession, clock: AppClock, notice: str = "") -> Response:
    return pages.render(
        request,
        "people/person.html",
        wanted=wanted,
        all_roles=list(Role),
        work=views.WORK,
        sign_ins=queries.live_sign_ins(session, wanted, clock()),
        tokens=queries.live_tokens(session, wanted),
        said=NOTICES.get(notice, ""),
    )


@router.post("/people/{person}", name="people.change")
def change(
    request: Request, form: Annotated[PersonForm, Form()], wanted: WantedPerson, admin: Admin, session: DbSession,
    clock: AppClock,
) -> Response:  # fmt: skip
    actions.change_person(session, person=wanted, name=form.name, roles=form.roles, actor=admin, clock=clock)
    return _back_to(request, wanted, "changed")


@router.post("/people/{person}/disablement", name="people.disable")
def disable(request: Request, wanted: WantedPerson, admin: Admin, session: DbSession, clock: AppClock) -> Response:
    actions.disable(session, person=wanted, actor=admin, clock=clock)
    return _back_to(request, wanted, "disabled")


@router.post("/people/{person}/enablement", name="people.enable")
def enable(request: Request, wanted: WantedPerson, admin: Admin, session: DbSession, clock: AppClock) -> Response:
    actions.enable(session, person=wanted, actor=admin, clock=clock)
    return _back_to(request, wanted, "enabled")


@router.post("/people/{person}/sign-ins/revocation", name="people.end_all_sign_ins")
def end_all(request: Request, wanted: WantedPerson, admin: Admin, session: DbSession, clock: AppClock) -> Response:
    sign_ins.end_all_of(session, person=wanted, actor=admin, clock=clock)
    return _back_to(request, wanted, "signed-out")


@router.post("/people/{person}/sign-in-links", name="people.make_link")
def make_link(request: Request, wanted: WantedPerson, admin: Admin, session: DbSession, clock: AppClock) -> Response:
    link = actions.make_sign_in_link(session, person=wanted, actor=admin, clock=clock)
    return _show_link(request, wanted, link)


@router.post("/organisations", name="people.add_organisation")
def add_organisation(
    request: Request, form: Annotated[OrganisationForm, Form()], admin: Admin, session: DbSession, clock: AppClock
) -> Response:
    actions.add_organisation(session, name=form.name, actor=admin, clock=clock)
    return pages.see_other(request, "people.index", query={"notice": "organisation"})


def _back_to(request: Request, person: Person, notice: str) -> Response:
    return pages.see_other(request, "people.person", person=person.id, query={"notice": notice})


def _show_link(request: Request, person: Person, link: str) -> Response:
    path = str(request.app.url_path_for("people.link_page", link=link))
    root = request.app.state.settings.base_url or str(request.base_url).rstrip("/")
    return pages.render(request, "people/secret.html", status=201, kind="link", secret=root + path, about=person.name)
