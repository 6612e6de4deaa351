"""Adding many ads that are all text at once, by statements of many rows. What they become is what `add_asset` makes."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.assets import actions, queries
from app.assets.catalog import upkeep
from app.assets.catalog.terms import Ad
from app.assets.intake import TakenPart
from app.assets.models import Asset, AssetRevision, Part
from app.assets.rules import AssetState
from app.clock import Clock
from app.db.base import new_ids
from app.db.bulk import insert_rows, was_deadlock
from app.people.models import Person
from app.projects.models import Project


@dataclass(frozen=True, slots=True)
class TextAd:
    """An ad whose parts are all taken, and hold no medium."""

    external_id: str
    metadata: Mapping[str, Any]
    parts: Sequence[TakenPart]
    content_hash: str


def text_ad(external_id: str, metadata: Mapping[str, Any], parts: Sequence[TakenPart]) -> TextAd | None:
    """The ad as one of these, or None where it has a medium."""
    if any(part.media is not None for part in parts):
        return None
    return TextAd(external_id, metadata, parts, actions.content_hash(metadata, parts))


def add_text_ads(
    session: Session, ads: Sequence[TextAd], *, project: Project, person: Person | None, clock: Clock
) -> dict[str, str]:
    """Adds all whose external id is new to the project. Gives the content hash of those that are there already, by
    external id: nothing was done about them. No two of `ads` have one external id.
    """
    there = queries.hashes_by_external_id(session, project.id, [ad.external_id for ad in ads])
    new = [ad for ad in ads if ad.external_id not in there]
    if not new:
        return there
    # SQLite has one writer, so what was not there a moment ago is not there now; and a savepoint copies every page.
    savepoint = nullcontext() if session.get_bind().dialect.name == "sqlite" else session.begin_nested()
    try:
        with savepoint:
            _insert(session, new, project.id, person.id if person else None, clock())
    except IntegrityError:  # somebody added one of them at the same moment: from here on it is there
        now_there = queries.hashes_by_external_id(session, project.id, [ad.external_id for ad in ads])
        if now_there == there:
            raise
        return add_text_ads(session, ads, project=project, person=person, clock=clock)
    except OperationalError as failure:  # they add the same ads in another order; with our savepoint undone they go on
        if not was_deadlock(failure):
            raise
        return add_text_ads(session, ads, project=project, person=person, clock=clock)
    actions.note_ready(session, project.id, clock)
    return there


def _insert(session: Session, ads: Sequence[TextAd], project_id: str, person_id: str | None, now: datetime) -> None:
    ids = new_ids(len(ads))
    metadata = [ad.metadata for ad in ads]
    insert_rows(
        session, Asset,
        {
            "id": ids, "external_id": [ad.external_id for ad in ads], "meta": metadata,
            "content_hash": [ad.content_hash for ad in ads],
        },
        same={"created_at": now, "project_id": project_id, "revision": 1, "state": AssetState.READY},
    )  # fmt: skip
    insert_rows(
        session, AssetRevision, {"id": new_ids(len(ads)), "asset_id": ids, "meta": metadata},
        same={"created_at": now, "number": 1, "made_by": person_id},
    )  # fmt: skip
    owners = [asset_id for asset_id, ad in zip(ids, ads, strict=True) for _ in ad.parts]
    parts = [part for ad in ads for part in ad.parts]
    insert_rows(
        session, Part,
        {
            "id": new_ids(len(parts)), "asset_id": owners, "name": [part.name for part in parts],
            "modality": [part.modality for part in parts], "text": [part.text for part in parts],
            "sha256": [part.sha256 for part in parts], "facts": [part.facts for part in parts],
        },
        same={"created_at": now, "since_revision": 1},
    )  # fmt: skip
    seqs = queries.seqs_by_external_id(session, project_id, [ad.external_id for ad in ads])
    upkeep.add(session, [_entry(ad, seqs[ad.external_id], project_id) for ad in ads])


def _entry(ad: TextAd, seq: int, project_id: str) -> Ad:
    held = [(part.name, str(part.modality), part.text) for part in ad.parts]
    return Ad(seq, project_id, ad.external_id, ad.metadata, str(AssetState.READY), held)
