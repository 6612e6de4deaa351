"""The JSON API of people."""

from typing import Any

from fastapi import APIRouter

from app.people import actions
from app.people.asking import SignedIn
from app.people.rules import in_order
from app.web.transaction import DbSession

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
