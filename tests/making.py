"""Plain functions that make rows for tests. Features add theirs in `making_<feature>.py`."""

from collections.abc import Collection

from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.clock import Clock
from app.db.session import Database
from app.people import actions, queries, sign_ins
from app.people.models import Person
from app.people.rules import Role, SignInWay
from app.projects.actions import create_project
from app.projects.models import Project
from app.web import csrf
from app.web.cookies import SIGN_IN_COOKIE

COMPANY = "Fasit AS"


def make_person(
    session: Session,
    *,
    clock: Clock,
    name: str = "Ada",
    roles: Collection[Role] = (Role.LABELER,),
    organisation: str = "Nordlys",
    password: str | None = None,
) -> Person:
    """A person of a vendor, or of the company. The company is made first, so that a vendor becomes one."""
    if queries.organisation_by_name(session, COMPANY) is None:
        actions.add_organisation(session, name=COMPANY, actor=None, clock=clock)
    email = f"{name.lower().replace(' ', '.')}@example.org"
    return actions.add_person(
        session, email=email, name=name, roles=roles, organisation=organisation, password=password, clock=clock
    )


def make_colleague(session: Session, *roles: Role, clock: Clock, name: str = "Grace") -> Person:
    """A person of the company."""
    return make_person(session, clock=clock, name=name, roles=roles, organisation=COMPANY)


def make_project(
    session: Session,
    *,
    clock: Clock,
    slug: str = "alcohol",
    person: Person | None = None,
    organisations: Collection[str] = (),
) -> Project:
    return create_project(
        session,
        name=slug.capitalize(),
        slug=slug,
        languages=["en", "nb"],
        markets=["NO"],
        organisations=list(organisations),
        person=person,
        clock=clock,
    )


def bearer(database: Database, person: Person, *, clock: Clock) -> dict[str, str]:
    """The header of a new token of theirs."""
    with database.write() as session:
        token = actions.add_token(session, person=person, name="test", clock=clock)
    return {"Authorization": f"Bearer {token}"}


def sign_in(client: TestClient, database: Database, person: Person, *, clock: Clock) -> str:
    """Signs the client in as this person, without a form. Gives the CSRF token for its forms."""
    with database.write() as session:
        secret = sign_ins.begin(session, person=person, way=SignInWay.LINK, browser="test", clock=clock)
    client.cookies.set(SIGN_IN_COOKIE, secret)
    application = client.app
    assert isinstance(application, FastAPI)
    return csrf.digest_of(application.state.secret_key, secret)
