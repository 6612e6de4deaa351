"""The JSON API of people."""

from typing import Any

from fastapi import APIRouter

from app.people.asking import SignedIn
from app.people.rules import in_order

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
