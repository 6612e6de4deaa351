"""Typed ways to ask who is asking, and the audiences routes declare."""

from typing import Annotated

from fastapi import Depends

from app.errors import NotFound
from app.people import qualifications, queries
from app.people.models import Person
from app.people.rules import Role
from app.web.asking import Audience
from app.web.transaction import DbSession

SIGNED_IN = Audience("anyone signed in")
COMPANY = Audience("the company's people", company=True)
ENGINEERS = Audience("engineers and admins", frozenset({Role.ENGINEER, Role.ADMIN}), company=True)
TRAINERS = Audience("trainers and admins", frozenset({Role.TRAINER, Role.ADMIN}), company=True)
MANAGERS = Audience("managers and admins", frozenset({Role.MANAGER, Role.ADMIN}), company=True)
IMPORTERS = Audience(
    "engineers, managers and admins", frozenset({Role.ENGINEER, Role.MANAGER, Role.ADMIN}), company=True
)
ADMINS = Audience("admins", frozenset({Role.ADMIN}), company=True)
PEOPLE_READERS = Audience("admins, managers and vendor leads", frozenset({Role.ADMIN, Role.MANAGER, Role.VENDOR_LEAD}))
# The list of projects is everybody's to ask for, so who may not add to it is told so.
PROJECT_MAKERS = Audience(IMPORTERS.name, IMPORTERS.roles, company=True, seen=True)

SignedIn = Annotated[Person, Depends(SIGNED_IN)]
CompanyPerson = Annotated[Person, Depends(COMPANY)]
Engineer = Annotated[Person, Depends(ENGINEERS)]
Trainer = Annotated[Person, Depends(TRAINERS)]
Manager = Annotated[Person, Depends(MANAGERS)]
Importer = Annotated[Person, Depends(IMPORTERS)]
Admin = Annotated[Person, Depends(ADMINS)]
PeopleReader = Annotated[Person, Depends(PEOPLE_READERS)]
ProjectMaker = Annotated[Person, Depends(PROJECT_MAKERS)]


def person_of_concern(person: str, reader: PeopleReader, session: DbSession) -> Person:
    """The person of the path, by id or e-mail, as far as the reader looks after them."""
    found = queries.person_by_id(session, person) or queries.person_by_email(session, person)
    if found is None or not qualifications.is_of_concern(reader, found):
        raise NotFound
    return found


PersonOfConcern = Annotated[Person, Depends(person_of_concern)]
