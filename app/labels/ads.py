"""The ads that many labels are about, as the revisions they saw were, in a few queries."""

from collections.abc import Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from app.assets.models import Asset, AssetRevision, Part
from app.assets.rules import AssetFacts, PartFacts

_SHOWN = frozenset({"width", "height", "duration", "fps", "sample_rate", "samples", "channels", "frame_count"})


def facts_of(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], AssetFacts]:
    """Facts by (asset id, revision), without frame tables."""
    pairs = set(wanted)
    loading = selectinload(Asset.parts).options(joinedload(Part.media))
    assets = {
        asset.id: asset
        for asset in session.scalars(
            select(Asset).where(Asset.id.in_({asset_id for asset_id, _ in pairs})).options(loading)
        )
    }
    older = {pair for pair in pairs if assets[pair[0]].revision != pair[1]}
    metadata = {
        (row.asset_id, row.number): row.meta
        for row in session.scalars(
            select(AssetRevision).where(tuple_(AssetRevision.asset_id, AssetRevision.number).in_(older))
        )
    } if older else {}  # fmt: skip
    return {pair: _facts(assets[pair[0]], pair[1], metadata.get(pair)) for pair in pairs}


def _facts(asset: Asset, revision: int, metadata: dict[str, object] | None) -> AssetFacts:
    parts = tuple(_part(part) for part in asset.parts if part.since_revision <= revision)
    return AssetFacts(asset.id, revision, asset.external_id, asset.meta if metadata is None else metadata, parts)


def _part(part: Part) -> PartFacts:
    known = {**(part.media.facts if part.media else {}), **part.facts}
    shown = {key: value for key, value in known.items() if key in _SHOWN}
    return PartFacts(name=part.name, modality=part.modality, sha256=part.sha256, text=part.text, **shown)
