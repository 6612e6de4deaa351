"""The JSON API of people."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from app.people import actions, qualifications
from app.people.asking import PeopleReader, PersonOfConcern, SignedIn
from app.people.models import Qualification
from app.people.payloads import QualificationIn
from app.people.rules import in_order
from app.web.idempotency import OnceOnly
from app.web.transaction import AppClock, DbSession

router = APIRouter(tags=["people"])


@router.get("/me", name="people.api.me")
def me(person: SignedIn) -> dict[str, Any]:
    """Who the token or cookie belongs to."""
    home = person.organisation
    return {
        "person": {"id": person.id, "email": person.email, "name": person.name, "language": person.language},
        "roles": in_order(person.roles),
        "organisation": {"id": home.id, "name": home.name, "kind": home.kind},
    }


@router.get("/me/preferences", name="people.api.preferences")
def preferences(person: SignedIn) -> dict[str, Any]:
    """What the person keeps about their pages: keys, views, the way of labeling."""
    return person.preferences


@router.patch("/me/preferences", name="people.api.change_preferences")
def change_preferences(changes: dict[str, Any], person: SignedIn, session: DbSession) -> dict[str, Any]:
    """Replaces the named preferences, leaves the others; null takes one away."""
    return actions.change_preferences(session, person=person, changes=changes)


# What people are qualified for -----------------------------------------------------------------------------------


@router.get("/me/qualifications", name="people.api.my_qualifications")
def my_qualifications(person: SignedIn, session: DbSession) -> dict[str, Any]:
    """The languages, markets and certificates that queues may ask of this person."""
    return {"items": [_qualification_json(one) for one in qualifications.of_person(session, person.id)]}


@router.get("/people/{person}/qualifications", name="people.api.qualifications")
def list_qualifications(person: PersonOfConcern, session: DbSession) -> dict[str, Any]:
    """The same of somebody one looks after; `{person}` is the id or the e-mail."""
    return {"items": [_qualification_json(one) for one in qualifications.of_person(session, person.id)]}


@router.post("/people/{person}/qualifications", name="people.api.qualify", status_code=201)
def qualify(
    person: PersonOfConcern, body: QualificationIn, giver: PeopleReader, session: DbSession, clock: AppClock,
    once: OnceOnly,
) -> Response:  # fmt: skip
    """Says that they know a language or market, or hold a certificate; given anew it replaces the one they hold."""

    def make() -> dict[str, Any]:
        given = qualifications.give(
            session, person=person, kind=body.kind, name=body.name, until=body.until, giver=giver, clock=clock
        )
        return _qualification_json(given)

    return once(make)


@router.post(
    "/people/{person}/qualifications/{qualification}/withdrawal", name="people.api.end_qualification", status_code=201
)
def end_qualification(
    person: PersonOfConcern, qualification: str, ender: PeopleReader, session: DbSession, clock: AppClock,
    once: OnceOnly,
) -> Response:  # fmt: skip
    """They do not hold it any more; tasks they have begun go on."""

    def make() -> dict[str, Any]:
        ended = qualifications.end(session, person=person, qualification_id=qualification, ender=ender, clock=clock)
        return _qualification_json(ended)

    return once(make)


def _qualification_json(held: Qualification) -> dict[str, Any]:
    return {
        "id": held.id, "kind": held.kind, "name": held.name, "until": _moment(held.until), "ended_at": _moment(held.ended_at),
    }  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
