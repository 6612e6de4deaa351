"""Reading assets, their parts, and what was made from their media."""

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.assets import rules
from app.assets.as_of import PartAsOf, RenditionAsOf
from app.assets.models import Asset, AssetRevision, Media, Part, Rendition
from app.assets.rules import AssetFacts, AssetState, PartFacts
from app.assets.store import Store
from app.errors import NotFound

_KNOWN = frozenset(
    {
        "width",
        "height",
        "duration",
        "fps",
        "sample_rate",
        "samples",
        "channels",
        "frame_count",
        "frame_end",
        "tile_size",
        "loudness",
        "peak_level",
        "damage",
    }
)
_WITH_PARTS = selectinload(Asset.parts).options(joinedload(Part.media))
_WITH_RENDITIONS = selectinload(Asset.parts).options(joinedload(Part.media).selectinload(Media.renditions))


def by_external_id(session: Session, project_id: str, external_id: str) -> Asset | None:
    return session.scalar(select(Asset).where(Asset.project_id == project_id, Asset.external_id == external_id))


def hashes_by_external_id(session: Session, project_id: str, external_ids: Collection[str]) -> dict[str, str]:
    """The content hash of those that are there."""
    there = select(Asset.external_id, Asset.content_hash).where(
        Asset.project_id == project_id, Asset.external_id.in_(external_ids)
    )
    return {row.external_id: row.content_hash for row in session.execute(there)}


def seqs_by_external_id(session: Session, project_id: str, external_ids: Collection[str]) -> dict[str, int]:
    there = select(Asset.external_id, Asset.seq).where(
        Asset.project_id == project_id, Asset.external_id.in_(external_ids)
    )
    return {row.external_id: row.seq for row in session.execute(there)}


def find_asset(session: Session, asset_id: str) -> Asset | None:
    """The asset with its parts, their media and renditions."""
    query = select(Asset).where(Asset.id == asset_id).options(_WITH_RENDITIONS)
    return session.scalar(query.execution_options(populate_existing=True))


def locked(session: Session, asset_id: str) -> Asset:
    """The asset with its parts, for one writer at a time."""
    query = select(Asset).where(Asset.id == asset_id).options(_WITH_PARTS).with_for_update(of=Asset)
    asset = session.scalar(query.execution_options(populate_existing=True))
    if asset is None:
        raise NotFound
    return asset


def assets_of(project_id: str) -> Select[Asset]:
    """A project's assets with parts, media and renditions, for a page of them."""
    return select(Asset).where(Asset.project_id == project_id).options(_WITH_RENDITIONS)


def in_order(session: Session, seqs: Sequence[int]) -> list[Asset]:
    """These ads with parts, media and renditions."""
    found = session.scalars(select(Asset).where(Asset.seq.in_(seqs)).options(_WITH_RENDITIONS))
    by_seq = {asset.seq: asset for asset in found}
    return [by_seq[seq] for seq in seqs if seq in by_seq]


def of_families(session: Session, asset: Asset, families: Collection[str], *, limit: int) -> Sequence[Asset]:
    """Other ads of the asset's project with media of these families, the newest first."""
    if not families:
        return []
    using = select(Part.asset_id).join(Media, Media.id == Part.media_id).where(Media.family_id.in_(families))
    query = assets_of(asset.project_id).where(Asset.id.in_(using), Asset.id != asset.id)
    return session.scalars(query.order_by(Asset.seq.desc()).limit(limit)).all()


def families_of(session: Session, asset_ids: Collection[str]) -> dict[str, str]:
    """Which family each of these ads is of: that of its first part that looks like another ad's; none of others."""
    rows = session.execute(
        select(Part.asset_id, Media.family_id)
        .join(Media, Media.id == Part.media_id)
        .where(Part.asset_id.in_(asset_ids), Media.family_id.is_not(None))
        .order_by(Part.seq.desc())
    )
    return {row.asset_id: row.family_id for row in rows}


def using_family(session: Session, family: str) -> Sequence[str]:
    """Ids of the ads with media of this family, the oldest first."""
    using = select(Part.asset_id).join(Media, Media.id == Part.media_id).where(Media.family_id == family)
    return session.scalars(select(Asset.id).where(Asset.id.in_(using)).order_by(Asset.seq)).all()


def beginning_with(session: Session, words: str, *, at_most: int) -> Sequence[Asset]:
    """Ads of any project whose external id begins with these words."""
    query = select(Asset).where(Asset.external_id.startswith(words, autoescape=True))
    return session.scalars(query.order_by(Asset.external_id).limit(at_most)).all()


def revisions(session: Session, asset_id: str) -> Sequence[AssetRevision]:
    return session.scalars(
        select(AssetRevision).where(AssetRevision.asset_id == asset_id).order_by(AssetRevision.number)
    ).all()


def content_hashes(session: Session, asset: Asset) -> set[str]:
    """Of every revision there was."""
    parts = session.scalars(select(Part).where(Part.asset_id == asset.id)).all()
    return {
        rules.content_hash(
            row.meta, [(part.name, part.modality, part.sha256) for part in parts if part.since_revision <= row.number]
        )
        for row in revisions(session, asset.id)
    }


def facts(
    session: Session, store: Store, asset: Asset, *, revision: int | None = None, frames: bool = False
) -> AssetFacts:
    """The ad as of a revision (the newest when None), with frame tables where asked for."""
    loaded = find_asset(session, asset.id)
    assert loaded is not None
    number = loaded.revision if revision is None else revision
    metadata = metadata_at(session, loaded, number)
    parts = tuple(part_facts(part, store if frames else None) for part in parts_at(loaded, number))
    return AssetFacts(asset.id, number, loaded.external_id, metadata, parts)


def metadata_at(session: Session, asset: Asset, revision: int) -> dict[str, Any]:
    if revision == asset.revision:
        return asset.meta
    of_then = select(AssetRevision).where(AssetRevision.asset_id == asset.id, AssetRevision.number == revision)
    return session.scalars(of_then).one().meta


def parts_at(asset: Asset, revision: int) -> list[Part]:
    return [part for part in asset.parts if part.since_revision <= revision]


def part_facts(part: Part | PartAsOf, store: Store | None = None) -> PartFacts:
    """Of a loaded part; with its frame table when there is a store to read it from."""
    known = {**(part.media.facts if part.media else {}), **part.facts}
    shown: dict[str, Any] = {key: value for key, value in known.items() if key in _KNOWN}
    if store is not None and "frame_count" in known:
        shown |= _frames(part, store)
    size = part.media.byte_size if part.media else known.get("byte_size")
    return PartFacts(part.name, part.modality, part.sha256, text=part.text, byte_size=size, **shown)


def rendition(part: Part | PartAsOf, kind: str) -> Rendition | RenditionAsOf | None:
    if part.media is None:
        return None
    return next((made for made in part.media.renditions if made.kind == kind), None)


def _frames(part: Part | PartAsOf, store: Store) -> dict[str, Any]:
    made = rendition(part, "frames")
    if made is None:
        return {}
    with store.open(made.sha256) as file:
        table = orjson.loads(file.read())
    return {"frame_times": tuple(table["times"]), "frame_end": table["end"]}


# Written into the statement: the index of those few is used only where its condition stands there word for word.
PREPARING = literal(str(AssetState.PREPARING), literal_execute=True)


def being_prepared(session: Session, project_ids: Collection[str]) -> dict[str, int]:
    """How many ads of each project are not ready yet; projects without any are left out."""
    # Of all projects: asked for some, SQLite would go through all the ads of those.
    rows = session.execute(
        select(Asset.project_id, func.count()).where(Asset.state == PREPARING).group_by(Asset.project_id)
    )
    return {row[0]: row[1] for row in rows if row[0] in project_ids}
