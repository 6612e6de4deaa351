"""Acts on assets: adding, changing, withdrawing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.assets import intake, queries, rules
from app.assets.catalog import upkeep
from app.assets.catalog.entries import entry, shown_state, state_term
from app.assets.intake import FoundMedia, GivenPart, TakenPart
from app.assets.models import Asset, AssetRevision, Media, Part
from app.assets.rules import AssetState, MediaState, Modality
from app.assets.store import Store
from app.clock import Clock
from app.errors import Conflict, Invalid, Problem
from app.jobs import actions as jobs
from app.people import audit
from app.people.models import Person
from app.projects import actions as projects
from app.projects.models import Project

DERIVE = "assets.derive"
FILL = "queues.fill"
ARRANGE = "queues.arrange"  # queues may go by the metadata and the families of ads


def add_asset(
    session: Session,
    store: Store,
    *,
    project: Project,
    external_id: str,
    metadata: Mapping[str, Any],
    parts: Sequence[GivenPart | TakenPart],
    person: Person | None,
    clock: Clock,
) -> tuple[Asset, bool]:
    """The asset, and whether it is new. The same external id with the content of any revision gives the asset there is.

    Raises `Invalid` for what does not fit, `Conflict` for the same external id with other content.
    """
    taken = intake.take_all(store, external_id=external_id, metadata=metadata, parts=parts)
    hashed = content_hash(metadata, taken)
    there = queries.by_external_id(session, project.id, external_id)
    if there is not None:
        return _the_same(session, there, hashed), False
    media = _media_rows(session, taken, clock)
    asset = Asset(
        created_at=clock(), project_id=project.id, external_id=external_id, revision=1, meta=dict(metadata),
        content_hash=hashed, state=_state(media.values()),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(asset)
    except IntegrityError:  # somebody added it at the same moment
        there = queries.by_external_id(session, project.id, external_id)
        assert there is not None
        return _the_same(session, there, hashed), False
    added = _add_parts(session, asset, taken, media, clock)
    _add_revision(session, asset, person, clock)
    if asset.state == AssetState.READY:
        note_ready(session, project.id, clock)
    session.flush()
    upkeep.add(session, [entry(asset, added, [one.family_id for one in media.values()])])
    return asset, True


def refuse_conflict(
    session: Session,
    project_id: str,
    *,
    external_id: str,
    metadata: Mapping[str, Any],
    parts: Sequence[TakenPart],
) -> None:
    """Raises `Conflict` where there is an ad of this external id with other content."""
    there = queries.by_external_id(session, project_id, external_id)
    if there is not None:
        _the_same(session, there, content_hash(metadata, parts))


def refuse_replacing(asset: Asset, parts: Sequence[TakenPart]) -> None:
    """Raises `Conflict` where the ad has a part of one of these names with other content, or was withdrawn."""
    if asset.withdrawn_at is not None:
        raise Conflict("This ad was withdrawn, so it is not changed any more.")
    there = {part.name: part.sha256 for part in asset.parts}
    for part in parts:
        if there.get(part.name, part.sha256) != part.sha256:
            raise Conflict(f"The part {part.name} is there with other content. Parts are added, never replaced.")


def content_hash(metadata: Mapping[str, Any], parts: Sequence[TakenPart]) -> str:
    """Of an ad as its first revision is."""
    return rules.content_hash(metadata, [(part.name, part.modality, part.sha256) for part in parts])


def change_asset(
    session: Session,
    store: Store,
    asset: Asset,
    *,
    metadata: Mapping[str, Any] | None,
    parts: Sequence[GivenPart | TakenPart],
    person: Person,
    clock: Clock,
) -> Asset:
    """Changed metadata (a merge patch) and added parts make the next revision. Nothing new changes nothing."""
    asset = queries.locked(session, asset.id)
    refuse_replacing(asset, [])
    meta = rules.merged(asset.meta, metadata or {})
    there = {part.name: part for part in asset.parts}
    taken = _taken_beside(store, asset, meta, parts)
    added = [part for part in taken if part.name not in there]
    meta_changed = meta != asset.meta
    if not meta_changed and not added:
        return asset
    media = _media_rows(session, added, clock)
    before = entry(asset, there.values())
    asset.revision += 1
    asset.meta = meta
    everything = [(part.name, str(part.modality), part.sha256) for part in added]
    everything += [(part.name, str(part.modality), part.sha256) for part in there.values()]
    asset.content_hash = rules.content_hash(meta, everything)
    if asset.state == AssetState.READY:
        asset.state = _state(media.values())
    rows = _add_parts(session, asset, added, media, clock)
    _add_revision(session, asset, person, clock)
    if asset.state == AssetState.READY:
        note_ready(session, asset.project_id, clock)
    arrange_anew(session, asset, clock)
    session.flush()
    families = [one.family_id for one in media.values()]
    upkeep.change(session, before, entry(asset, [*there.values(), *rows], families))
    return asset


def withdraw_asset(session: Session, asset: Asset, *, reason: str, person: Person, clock: Clock) -> Asset:
    """Takes the ad out of work, with a reason; it stays readable. A second time changes nothing."""
    if not reason.strip():
        problem = Problem("/reason", "A reason is needed: others will ask why.")
        raise Invalid("Say why the ad is withdrawn.", problems=[problem])
    asset = queries.locked(session, asset.id)
    if asset.withdrawn_at is not None:
        return asset
    shown = shown_state(asset)
    asset.withdrawn_at, asset.withdrawn_by, asset.withdrawn_reason = clock(), person.id, reason.strip()
    audit.record(
        session, actor=person, verb="withdrew", subject_kind="asset", subject_id=asset.id,
        details={"external_id": asset.external_id, "reason": reason.strip()}, clock=clock,
    )  # fmt: skip
    note_ready(session, asset.project_id, clock)
    session.flush()
    leave, join = [state_term(shown)], [state_term(shown_state(asset))]
    upkeep.move(session, asset.project_id, [asset.seq], leave=leave, join=join)
    return asset


def note_ready(session: Session, project_id: str, clock: Clock) -> None:
    """Queues are to look again: there is an asset to hand out more, or one less."""
    projects.note_asset_change(session, project_id)
    jobs.enqueue_unless_waiting(session, FILL, {"project": project_id}, clock=clock, project_id=project_id)


def arrange_anew(session: Session, asset: Asset, clock: Clock) -> None:
    """Queues that have a task of the ad may go by what changed."""
    jobs.enqueue(session, ARRANGE, {"asset": asset.id}, clock=clock, project_id=asset.project_id)


def _taken_beside(
    store: Store,
    asset: Asset,
    meta: Mapping[str, Any],
    parts: Sequence[GivenPart | TakenPart],
) -> list[TakenPart]:
    faults = rules.find_faults(asset.external_id, meta, [("metadata", Modality.TEXT)])
    if faults:
        raise Invalid(faults[0].message, problems=faults)
    if not parts:
        return []
    return intake.take_all(
        store,
        external_id=asset.external_id,
        metadata=meta,
        parts=parts,
        admit=lambda taken: refuse_replacing(asset, taken),
    )


def _the_same(session: Session, asset: Asset, hashed: str) -> Asset:
    if asset.content_hash == hashed or hashed in queries.content_hashes(session, asset):
        return asset
    raise Conflict(
        f"There is an ad {asset.external_id} with other content already. Change that one, or use another external id."
    )


def _media_rows(session: Session, parts: Sequence[TakenPart], clock: Clock) -> dict[str, Media]:
    """The medium of every part by the part's name; new ones are left to be derived.

    Rows are locked, in one order for all, until the asset is committed: a medium that becomes ready meanwhile must find
    the assets that wait for it.
    """
    found = {}
    for part in sorted(parts, key=lambda part: (part.sha256, part.modality)):
        if part.media is not None:
            found[part.name] = _media_row(session, part.media, part.modality, clock)
    return found


def _media_row(session: Session, found: FoundMedia, modality: Modality, clock: Clock) -> Media:
    wanted = select(Media).where(Media.sha256 == found.sha256, Media.modality == modality).with_for_update()
    media = session.scalar(wanted)
    if media is None:
        media = Media(
            created_at=clock(), sha256=found.sha256, modality=modality, byte_size=found.byte_size,
            content_type=found.content_type, state=MediaState.PREPARING, facts=dict(found.facts),
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(media)
        except IntegrityError:  # the same file came in twice at the same moment
            return session.scalars(wanted).one()
        jobs.enqueue(session, DERIVE, {"media": media.id}, clock=clock)
    elif media.state == MediaState.FAILED:  # it may have been the machine's fault: once more
        media.state, media.failure = MediaState.PREPARING, None
        jobs.enqueue(session, DERIVE, {"media": media.id}, clock=clock)
    return media


def _state(media: Any) -> AssetState:
    return AssetState.READY if all(one.state == MediaState.READY for one in media) else AssetState.PREPARING


def _add_parts(
    session: Session, asset: Asset, parts: Sequence[TakenPart], media: Mapping[str, Media], clock: Clock
) -> list[Part]:
    rows = [
        Part(
            created_at=clock(), asset_id=asset.id, name=part.name, modality=part.modality, text=part.text,
            media_id=media[part.name].id if part.name in media else None, sha256=part.sha256,
            facts=dict(part.facts), since_revision=asset.revision,
        )
        for part in parts
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows


def _add_revision(session: Session, asset: Asset, person: Person | None, clock: Clock) -> None:
    session.add(
        AssetRevision(
            created_at=clock(), asset_id=asset.id, number=asset.revision, meta=asset.meta,
            made_by=person.id if person else None,
        )
    )  # fmt: skip
