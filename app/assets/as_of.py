"""An ad as one revision of it was, read in as few statements as there can be: with each claim and submit it is asked.

Plain values, no rows: nothing here can be changed.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.assets.models import Asset, AssetRevision, Media, Part, Rendition
from app.assets.rules import Modality


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


_ASSET = select(Asset.external_id, Asset.revision, Asset.meta).where(Asset.id == bindparam("asset"))
_META = select(AssetRevision.meta).where(
    AssetRevision.asset_id == bindparam("asset"), AssetRevision.number == bindparam("revision")
)
_PARTS = (
    select(
        Part.name, Part.modality, Part.sha256, Part.text, Part.facts, Media.id, Media.sha256.label("file"),
        Media.content_type, Media.byte_size, Media.facts.label("probed"),
    )
    .outerjoin(Media, Media.id == Part.media_id)
    .where(Part.asset_id == bindparam("asset"), Part.since_revision <= bindparam("revision"))
    .order_by(Part.seq)
)  # fmt: skip
_RENDITIONS = (
    select(Rendition.media_id, Rendition.kind, Rendition.sha256, Rendition.content_type)
    .join(Part, Part.media_id == Rendition.media_id)
    .where(Part.asset_id == bindparam("asset"))
    .order_by(Rendition.seq)
)


def read(session: Session, asset_id: str, revision: int) -> AssetAsOf:
    """Of an ad that a task or a label names: those are never removed."""
    asked = {"asset": asset_id, "revision": revision}
    asset = session.execute(_ASSET, {"asset": asset_id}).one()
    metadata = asset.meta if asset.revision == revision else session.scalars(_META, asked).one()
    rows = session.execute(_PARTS, asked).all()
    made: dict[str, dict[str, RenditionAsOf]] = {}
    if any(row.id is not None for row in rows):
        for media_id, *one in session.execute(_RENDITIONS, {"asset": asset_id}):
            made.setdefault(media_id, {})[one[0]] = RenditionAsOf(*one)
    parts = tuple(
        PartAsOf(
            row.name, row.modality, row.sha256, row.text, row.facts,
            None if row.id is None else MediaAsOf(
                row.file, row.content_type, row.byte_size, row.probed, tuple(made.get(row.id, {}).values())
            ),
        )
        for row in rows
    )  # fmt: skip
    return AssetAsOf(asset_id, asset.external_id, metadata, parts)
