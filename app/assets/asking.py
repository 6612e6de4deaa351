"""Finding the asset of a path as the person who asks may see it; and the gates that main hands in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.assets import queries
from app.assets.catalog.counting import Facet
from app.assets.catalog.finding import Asked, Condition, Selection
from app.assets.models import Asset
from app.assets.signing import Signer
from app.assets.store import Store
from app.errors import NotFound
from app.people import asking
from app.people.models import Person
from app.web.asking import Audience, require_asker
from app.web.transaction import DbSession

# Handed in by main: a vendor's people see an asset only through their claims, and queues lie above.
AssetGate = Callable[[Session, Person, str], bool]
ClaimGate = Callable[[Session, str, str, datetime], bool]


class QueueStates(Protocol):
    """What the queues tell the catalogue; handed in by main likewise."""

    def InStates(self, project_id: str, states: Sequence[str]) -> Condition: ...  # noqa: N802  # a class of theirs

    def makes_queues(self, person: Person) -> bool: ...

    def facet(self, session: Session, selection: Selection, asked: Asked) -> Facet: ...


@dataclass(frozen=True)
class AssetFor:
    """404 unless the person sees the asset; 403 unless the audience admits them."""

    audience: Audience

    def __call__(
        self, request: Request, asset: str, session: DbSession, person: Annotated[Person, Depends(require_asker)]
    ) -> Asset:
        found = queries.find_asset(session, asset)
        if found is None or not sees(request, session, person, found.id):
            raise NotFound
        self.audience.require(person)
        return found


def sees(request: Request, session: Session, person: Person, asset_id: str) -> bool:
    gate: AssetGate = request.app.state.sees_asset
    return person.is_company or gate(session, person, asset_id)


# They see the ad, so they are told that they may not change it.
IMPORTERS = Audience(asking.IMPORTERS.name, asking.IMPORTERS.roles, company=asking.IMPORTERS.company, seen=True)

SeenAsset = Annotated[Asset, Depends(AssetFor(asking.SIGNED_IN))]
CompanyAsset = Annotated[Asset, Depends(AssetFor(asking.COMPANY))]
ImportersAsset = Annotated[Asset, Depends(AssetFor(IMPORTERS))]


async def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


async def signer_of(request: Request, person: Annotated[Person, Depends(require_asker)]) -> Signer:
    """Addresses for whoever asks, that live an hour or two."""
    return Signer(request.app.state.secret_key, person.id, request.app.state.clock())


async def queue_states_of(request: Request) -> QueueStates:
    states: QueueStates = request.app.state.queue_states
    return states


AppQueueStates = Annotated[QueueStates, Depends(queue_states_of)]
AppStore = Annotated[Store, Depends(store_of)]
OwnSigner = Annotated[Signer, Depends(signer_of)]
