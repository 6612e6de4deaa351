"""An ad as one revision of it was, read in as few statements as there can be: with each claim and submit it is asked.

Plain values, no rows: nothing here can be changed.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.assets.models import Asset, AssetRevision, Media, Part, Rendition
from app.assets.rules import Modality
from app.db.reading import columns, read


@dataclass(frozen=True)
class RenditionAsOf:
    kind: str
    sha256: str
    content_type: str


@dataclass(frozen=True)
class MediaAsOf:
    sha256: str
    content_type: str
    byte_size: int
    facts: dict[str, Any]
    renditions: tuple[RenditionAsOf, ...]


@dataclass(frozen=True)
class PartAsOf:
    name: str
    modality: Modality
    sha256: str
    text: str | None
    facts: dict[str, Any]
    media: MediaAsOf | None


@dataclass(frozen=True)
class AssetAsOf:
    id: str
    external_id: str
    metadata: dict[str, Any]
    parts: tuple[PartAsOf, ...]


_asset, _revision, _part = columns(Asset), columns(AssetRevision), columns(Part)
_media, _rendition = columns(Media), columns(Rendition)
_META = select(_revision.metadata).where(
    _revision.asset_id == bindparam("asset"), _revision.number == bindparam("revision")
)
_WHOLE = (  # a row for each part, or one without
    select(
        _asset.external_id, _asset.revision, _asset.metadata, _part.name, _part.modality, _part.sha256, _part.text,
        _part.facts, _media.id, _media.sha256.label("file"), _media.content_type, _media.byte_size,
        _media.facts.label("probed"),
    )
    .select_from(Asset.__table__)
    .outerjoin(Part, (_part.asset_id == _asset.id) & (_part.since_revision <= bindparam("revision")))
    .outerjoin(Media, _media.id == _part.media_id)
    .where(_asset.id == bindparam("asset"))
    .order_by(_part.seq)
)  # fmt: skip
_RENDITIONS = (
    select(_rendition.media_id, _rendition.kind, _rendition.sha256, _rendition.content_type)
    .join(Part, _part.media_id == _rendition.media_id)
    .where(_part.asset_id == bindparam("asset"))
    .order_by(_rendition.seq)
)


def read_asset(session: Session, asset_id: str, revision: int) -> AssetAsOf:
    """Of an ad that a task or a label names: those are never removed."""
    rows = read(session, _WHOLE, asset=asset_id, revision=revision)
    asset = rows[0]
    metadata = asset.metadata
    if asset.revision != revision:
        metadata = read(session, _META, asset=asset_id, revision=revision).scalar_one()
    made: dict[str, dict[str, RenditionAsOf]] = {}
    if any(row.id is not None for row in rows):
        for one in read(session, _RENDITIONS, asset=asset_id):
            made.setdefault(one.media_id, {})[one.kind] = RenditionAsOf(one.kind, one.sha256, one.content_type)
    parts = tuple(
        PartAsOf(
            row.name, row.modality, row.sha256, row.text, row.facts,
            None if row.id is None else MediaAsOf(
                row.file, row.content_type, row.byte_size, row.probed, tuple(made.get(row.id, {}).values())
            ),
        )
        for row in rows
        if row.name is not None
    )  # fmt: skip
    return AssetAsOf(asset_id, asset.external_id, metadata, parts)
