"""What `fasit check` looks over: every file against its hash, everything made from it, and files nobody refers to."""

import hashlib
from collections.abc import Collection, Iterator

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.assets.catalog import checks as catalogue
from app.assets.models import Asset, AssetRevision, Media, Part, Rendition
from app.assets.rules import AssetState, MediaState, Modality, content_hash
from app.assets.store import Store

BATCH = 500

# What every ready medium of a modality must have been made into.
NEEDED = {
    Modality.IMAGE: frozenset({"thumbnail"}),
    Modality.AUDIO: frozenset({"thumbnail", "display", "peaks"}),
    Modality.VIDEO: frozenset({"thumbnail", "poster", "frames"}),
}

# Beside that, of media of which this fact is known: pictures with several frames, pictures shown in tiles.
NEEDED_WITH = {"frame_count": frozenset({"frames", "stills"}), "tile_size": frozenset({"tiles"})}


def find_faults(session: Session, store: Store) -> Iterator[str]:
    """One sentence a fault."""
    known: set[str] = set()
    for sha256, size, what in _expected(session):
        if sha256 not in known:
            known.add(sha256)
            yield from _file_faults(store, sha256, size, what)
    yield from _rendition_faults(session)
    yield from _asset_faults(session)
    yield from _content_faults(session)
    yield from _text_faults(session)
    yield from catalogue.find_faults(session)


def files_of_nobody(session: Session, store: Store, *, kept_by_others: Collection[str] = ()) -> Iterator[str]:
    """Hashes of files that nothing refers to. `kept_by_others`: those that other features keep in the store."""
    kept = list(store.hashes())  # before the rows are read, so that what comes in meanwhile is none of them
    known = {sha256 for sha256, _, _ in _expected(session)}
    yield from (sha256 for sha256 in kept if sha256 not in known and sha256 not in kept_by_others)


def _expected(session: Session) -> Iterator[tuple[str, int, str]]:
    for sha256, size, media_id in session.execute(select(Media.sha256, Media.byte_size, Media.id)):
        yield sha256, size, f"the medium {media_id}"
    for sha256, size, kind, media_id in session.execute(
        select(Rendition.sha256, Rendition.byte_size, Rendition.kind, Rendition.media_id)
    ):
        yield sha256, size, f"the {kind} of the medium {media_id}"


def _file_faults(store: Store, sha256: str, size: int, what: str) -> Iterator[str]:
    try:
        with store.path(sha256).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            length = file.tell()
    except FileNotFoundError:
        yield f"The file {sha256} of {what} is missing."
        return
    except OSError as failure:
        yield f"The file {sha256} of {what} cannot be read: {failure.strerror}."
        return
    if found != sha256:
        yield f"The file {sha256} of {what} holds other bytes than it was stored with (its hash is {found})."
    elif length != size:
        yield f"The file {sha256} of {what} has {length} bytes, its row says {size}."


def _rendition_faults(session: Session) -> Iterator[str]:
    made: dict[str, set[str]] = {}
    for media_id, kind in session.execute(select(Rendition.media_id, Rendition.kind)):
        made.setdefault(media_id, set()).add(kind)
    ready = select(Media.id, Media.modality, Media.facts).where(Media.state == MediaState.READY)
    for media_id, modality, facts in session.execute(ready):
        needed = NEEDED[Modality(modality)]
        if modality == Modality.IMAGE:
            needed = needed.union(*(more for fact, more in NEEDED_WITH.items() if fact in facts))
        for kind in sorted(needed - made.get(media_id, set())):
            yield f"The medium {media_id} is ready but has no {kind}."


def _asset_faults(session: Session) -> Iterator[str]:
    unready = (
        select(Asset.external_id, Part.name)
        .join(Part, Part.asset_id == Asset.id)
        .join(Media, Media.id == Part.media_id)
        .where(Asset.state == AssetState.READY, Media.state != MediaState.READY)
    )
    for external_id, name in session.execute(unready):
        yield f"The asset {external_id} is ready but its part {name} is not."
    newest = select(AssetRevision.asset_id, func.max(AssetRevision.number).label("number")).group_by(
        AssetRevision.asset_id
    )
    held = newest.subquery()
    behind = (
        select(Asset.external_id, Asset.revision, held.c.number)
        .outerjoin(held, held.c.asset_id == Asset.id)
        .where(func.coalesce(held.c.number, 0) != Asset.revision)
    )
    for external_id, revision, number in session.execute(behind):
        yield f"The asset {external_id} is at revision {revision}, but its history ends at {number or 0}."


def _content_faults(session: Session) -> Iterator[str]:
    after = 0
    while found := session.scalars(_next_assets(after)).all():
        for asset in found:
            newest = session.scalar(
                select(AssetRevision).where(AssetRevision.asset_id == asset.id, AssetRevision.number == asset.revision)
            )
            parts = [(part.name, str(part.modality), part.sha256) for part in asset.parts]
            if content_hash(asset.meta, parts) != asset.content_hash or (newest and newest.meta != asset.meta):
                yield f"The metadata or the parts of the asset {asset.external_id} are not what was stored."
        after = found[-1].seq
        session.expunge_all()


def _next_assets(after: int) -> Select[Asset]:
    return select(Asset).where(Asset.seq > after).options(selectinload(Asset.parts)).order_by(Asset.seq).limit(BATCH)


def _text_faults(session: Session) -> Iterator[str]:
    texts = select(Part.text, Part.sha256, Part.name, Asset.external_id).join(Asset, Asset.id == Part.asset_id)
    for text, sha256, name, external_id in session.execute(texts.where(Part.media_id.is_(None))):
        if text is None or hashlib.sha256(text.encode()).hexdigest() != sha256:
            yield f"The text {name} of the asset {external_id} is not the text that was stored."
