"""Assets and their parts as the API answers them and as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.assets import as_of, queries, saved
from app.assets.as_of import PartAsOf
from app.assets.asked import of_saved
from app.assets.models import Asset, Part
from app.assets.rules import SHOWN_TYPES, Modality, PartFacts
from app.assets.signing import Signer
from app.people.models import Person
from app.projects.models import Project
from app.web.filters import iso

Urls = Mapping[str, str]

MICROSECONDS = 1_000_000
MOST_RELATIVES = 12


def urls_of(part: Part | PartAsOf, signer: Signer) -> dict[str, str]:
    """Signed addresses of a loaded part's file and of what was made from it; none for a text."""
    if part.media is None:
        return {}
    media = part.media
    urls = {"original": signer.url(media.sha256, media.content_type, part.name)}
    for made in media.renditions:
        name = part.name if made.kind == "display" else f"{part.name}-{made.kind}"
        urls[made.kind] = signer.url(made.sha256, made.content_type, name)
    # Where nothing had to be made, a browser shows the original as it is.
    if media.renditions and "display" not in urls and media.content_type in SHOWN_TYPES:
        urls["display"] = urls["original"]
    return urls


def urls_for(session: Session, asset_id: str, signer: Signer) -> dict[str, dict[str, str]]:
    """Signed addresses by part name and kind."""
    asset = queries.find_asset(session, asset_id)
    return {} if asset is None else {part.name: urls_of(part, signer) for part in asset.parts}


def part_json(part: PartFacts, urls: Urls | None = None) -> dict[str, Any]:
    """A part as the labeling page and the claim's answer hold it."""
    shown: dict[str, Any] = {
        "name": part.name,
        "modality": str(part.modality),
        "sha256": part.sha256,
        "width": part.width,
        "height": part.height,
        "duration": part.duration,
        "fps": part.fps,
        "text": part.text,
        "sample_rate": part.sample_rate,
        "samples": part.samples,
        "frame_count": part.frame_count,
        "tile_size": part.tile_size,
        "channels": part.channels,
        "loudness": part.loudness,
        "peak_level": part.peak_level,
        "damage": part.damage,
    }
    if part.modality != Modality.TEXT:
        shown["urls"] = dict(urls or {})
    return shown


def task_asset_json(session: Session, asset_id: str, *, revision: int, signer: Signer) -> dict[str, Any]:
    """The `asset` of a claimed task, as the revision that the claim pins."""
    asset = as_of.read_asset(session, asset_id, revision)
    return {
        "id": asset.id,
        "revision": revision,
        "external_id": asset.external_id,
        "metadata": asset.metadata,
        "parts": [part_json(queries.part_facts(part), urls_of(part, signer)) for part in asset.parts],
    }


def asset_json(asset: Asset, signer: Signer) -> dict[str, Any]:
    """An asset loaded with parts, media and renditions, as the API answers it."""
    return {
        "id": asset.id,
        "project": asset.project_id,
        "external_id": asset.external_id,
        "revision": asset.revision,
        "metadata": asset.meta,
        "state": "withdrawn" if asset.withdrawn_at else str(asset.state),
        "failure": asset.failure,
        "created_at": iso(asset.created_at),
        "withdrawn": {"at": iso(asset.withdrawn_at), "by": asset.withdrawn_by, "reason": asset.withdrawn_reason}
        if asset.withdrawn_at
        else None,
        "parts": [_api_part(part, signer) for part in asset.parts],
    }


def _api_part(part: Part, signer: Signer) -> dict[str, Any]:
    facts = queries.part_facts(part)
    own = part.media.facts if part.media else part.facts
    told = {
        key: own[key]
        for key in ("format", "codec", "mode", "frames", "orientation", "rotation", "encoding")
        if key in own
    }
    return {
        **part_json(facts, urls_of(part, signer)),
        "byte_size": facts.byte_size,
        "since_revision": part.since_revision,
        "state": str(part.media.state) if part.media else "ready",
        "family": part.media.family_id if part.media else None,
        "probed": told,
    }


@dataclass(frozen=True)
class Tile:
    """One ad in the gallery."""

    asset: Asset
    part: PartFacts
    thumbnail: str | None
    modality: str  # of the whole ad: mixed when its parts differ
    state: str


def tile(asset: Asset, signer: Signer) -> Tile:
    """The part that shows best stands for the ad: video and image before audio before text."""
    order = [Modality.VIDEO, Modality.IMAGE, Modality.AUDIO, Modality.TEXT]
    best = min(asset.parts, key=lambda part: order.index(Modality(part.modality)))
    modalities = {str(part.modality) for part in asset.parts}
    return Tile(
        asset=asset,
        part=queries.part_facts(best),
        thumbnail=urls_of(best, signer).get("thumbnail"),
        modality=modalities.pop() if len(modalities) == 1 else "mixed",
        state="withdrawn" if asset.withdrawn_at else str(asset.state),
    )


def relatives(session: Session, asset: Asset, signer: Signer) -> list[Tile]:
    """Some other ads of the project whose pictures look like one of this ad's."""
    found = queries.of_families(session, asset, families_of(asset), limit=MOST_RELATIVES)
    return [tile(one, signer) for one in found]


def families_of(asset: Asset) -> set[str]:
    """Of an ad's loaded parts."""
    return {part.media.family_id for part in asset.parts if part.media and part.media.family_id}


@dataclass(frozen=True)
class Saved:
    """A saved filter as the gallery lists it."""

    id: str
    name: str
    author: str
    is_own: bool
    is_shared: bool
    address: str


def saved_filters(session: Session, project: Project, person: Person) -> list[Saved]:
    return [
        Saved(one.id, one.name, author, one.person_id == person.id, one.is_shared, of_saved(one.asked).address())
        for one, author in saved.seen_by(session, project, person)
    ]


@dataclass(frozen=True)
class Use:
    """A task of this ad; told by queues, which lie above."""

    queue: str
    queue_id: str
    schema_version: int
    state: str
    labels: int


@dataclass(frozen=True)
class ShownPart:
    """One part on the ad's own page."""

    facts: PartFacts
    urls: Urls
    rows: tuple[tuple[str, str], ...]
    failure: str | None


def shown_part(part: Part, signer: Signer) -> ShownPart:
    facts = queries.part_facts(part)
    failure = part.media.failure if part.media else None
    return ShownPart(facts, urls_of(part, signer), tuple(_rows(part, facts)), failure)


def _pace(facts: PartFacts) -> str:
    if facts.fps:
        return f"{facts.fps:.3f} a second on average"
    return f"{(facts.frame_end or 0) / MICROSECONDS:.2f} s in all"


def _rows(part: Part, facts: PartFacts) -> list[tuple[str, str]]:
    """Facts as (name, value) pairs, only those there are."""
    own = part.media.facts if part.media else part.facts
    size = f"{facts.width} × {facts.height} pixels" if facts.width else None
    channels = {1: "mono", 2: "stereo"}.get(facts.channels or 0, f"{facts.channels} channels")
    rate = f"{facts.sample_rate} Hz, {channels}, {facts.samples} samples" if facts.samples else None
    frames = f"{facts.frame_count}, {_pace(facts)}" if facts.frame_count else None
    pairs: list[tuple[str, object]] = [
        (
            "Format",
            " ".join(dict.fromkeys(str(own[key]) for key in ("format", "codec", "mode") if own.get(key))) or None,
        ),
        ("Size", size),
        ("Frames", frames),
        ("Shots", own.get("shots") if facts.modality == Modality.VIDEO else None),
        ("Duration", f"{facts.duration:.3f} s" if facts.duration else None),
        ("Sound", rate),
        ("Loudness", f"{facts.loudness:.1f} LUFS, peak {facts.peak_level:.1f} dB" if facts.loudness else None),
        ("Damage", facts.damage),
        ("Characters", len(facts.text) if facts.text is not None else None),
        ("Encoding of the file", own.get("encoding")),
        ("Bytes", facts.byte_size),
        ("SHA-256", facts.sha256),
        ("Since revision", part.since_revision if part.since_revision > 1 else None),
    ]
    return [(name, str(value)) for name, value in pairs if value is not None]
