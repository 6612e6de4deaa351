"""What somebody is qualified for: shown and changed by those who look after them."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.people import qualifications, queries
from app.people.asking import PeopleReader, PersonOfConcern
from app.people.forms import QualificationForm
from app.people.models import Person
from app.people.rules import QualificationKind, Role
from app.people.views import QUALIFICATION_KINDS
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/people/{person}/qualifications")

NOTICES = {"given": "Saved.", "ended": "They do not hold it any more. Tasks they have begun go on."}


@router.get("", name="people.qualifications")
def index(
    request: Request,
    person: PersonOfConcern,
    reader: PeopleReader,
    session: DbSession,
    clock: AppClock,
    notice: str = "",
) -> Response:
    held = qualifications.of_person(session, person.id)
    given_here = qualifications.kinds_given_by(reader, person)
    may_certify = QualificationKind.CERTIFICATE in given_here
    return pages.render(
        request,
        "people/qualifications.html",
        wanted=person,
        held=held,
        now=clock(),
        givers=queries.names_of(session, {one.given_by for one in held if one.given_by}),
        given_here=given_here,
        certificates=qualifications.certificates(session) if may_certify else [],
        kinds=QUALIFICATION_KINDS,
        may_administer=Role.ADMIN in reader.roles,
        said=NOTICES.get(notice, ""),
    )


@router.post("", name="people.qualify")
def give(
    request: Request, person: PersonOfConcern, form: Annotated[QualificationForm, Form()], giver: PeopleReader,
    session: DbSession, clock: AppClock,
) -> Response:  # fmt: skip
    qualifications.give(
        session, person=person, kind=form.kind, name=form.name, until=form.until, giver=giver, clock=clock
    )
    return _back(request, person, "given")


@router.post("/{qualification}/withdrawal", name="people.end_qualification")
def end(
    request: Request, person: PersonOfConcern, qualification: str, ender: PeopleReader, session: DbSession,
    clock: AppClock,
) -> Response:  # fmt: skip
    qualifications.end(session, person=person, qualification_id=qualification, ender=ender, clock=clock)
    return _back(request, person, "ended")


def _back(request: Request, person: Person, notice: str) -> Response:
    return pages.see_other(request, "people.qualifications", person=person.id, query={"notice": notice})
