"""Signed addresses of the media that the pages of labels show."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.assets.models import Asset, Media, Part
from app.assets.signing import Signer
from app.assets.views import urls_of
from app.labels.browsing import Card
from app.labels.canonical import Entry
from app.people.models import Person

Addresses = Mapping[tuple[str, str], Mapping[str, str]]  # (asset id, part name) -> rendition -> address


def of_cards(request: Request, session: Session, cards: Sequence[Card], person: Person) -> Addresses:
    return of_entries(request, session, [card.entry for card in cards], person)


def of_entries(request: Request, session: Session, entries: Sequence[Entry], person: Person) -> Addresses:
    """For this person and a while: two queries more than the labels took, however many."""
    state = request.app.state
    signer = Signer(key=state.secret_key, person_id=person.id, now=state.clock())
    loading = selectinload(Asset.parts).options(joinedload(Part.media).selectinload(Media.renditions))
    query = select(Asset).where(Asset.id.in_({entry.asset.id for entry in entries})).options(loading)
    assets = session.scalars(query.execution_options(populate_existing=True))
    return {(asset.id, part.name): urls_of(part, signer) for asset in assets for part in asset.parts}
