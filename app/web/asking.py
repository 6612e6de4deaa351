"""Who is asking, and whether a route is for them. `main` hands in the finder; this module knows no people.

Every route declares its audience: by taking a person through an `Audience`, or by depending on one. A test walks all
routes as every role and fails where there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request

from app.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from app.web.transaction import DbSession

LONGEST_REVISION = 9  # digits, which every database keeps


class Asker(Protocol):
    """What the shell needs to know of a person."""

    @property
    def id(self) -> str: ...
    @property
    def roles(self) -> frozenset[Any]: ...
    @property
    def is_company(self) -> bool: ...


PersonFinder = Callable[[Request, Any], Asker | None]


def find_asker(request: Request, session: DbSession) -> Asker | None:
    """The person of the bearer token or of the sign-in cookie, or None."""
    finder: PersonFinder = request.app.state.find_person
    asker = finder(request, session)
    request.state.person = asker
    return asker


FoundAsker = Annotated[Asker | None, Depends(find_asker)]


async def require_asker(asker: FoundAsker) -> Asker:
    if asker is None:
        raise NotSignedIn("Sign in to go on.")
    return asker


@dataclass(frozen=True)
class Audience:
    """Who a route is for: `roles`, or anyone signed in when None; `company` asks for a company role besides.

    Others get 404, as if the route did not exist; with `seen=True` 403, for acts on what the person does see.
    """

    name: str
    roles: frozenset[str] | None = None
    company: bool = False
    seen: bool = False

    def admits(self, asker: Asker) -> bool:
        if self.company and not asker.is_company:
            return False
        return self.roles is None or bool(self.roles & asker.roles)

    async def __call__(self, asker: Annotated[Asker, Depends(require_asker)]) -> Any:
        self.require(asker)
        return asker

    def require(self, asker: Asker) -> None:
        if not self.admits(asker):
            if self.seen:
                raise NotAllowed(f"This is for {self.name}.")
            raise NotFound


@dataclass(frozen=True)
class Anyone:
    """For everybody, signed in or not. Asks nothing of the database; a route that wants to know takes `FoundAsker`."""

    name: str = "anyone"

    async def __call__(self) -> None:
        return None


ANYONE = Anyone()


def revision_named(if_match: str) -> int | None:
    """The revision that the header `If-Match` names; None for `*`."""
    given = if_match.strip().removeprefix("W/").strip('"')
    if given == "*":
        return None
    if not given.isdecimal() or len(given) > LONGEST_REVISION:
        raise Invalid("If-Match holds the number of a revision, such as 1. Nothing was changed.")
    return int(given)
