"""The background side: making from each medium what pages show, and telling the assets that wait for it."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.assets import actions, families
from app.assets.catalog import upkeep
from app.assets.catalog.entries import shown_state, state_term
from app.assets.kinds import MEDIA_KINDS
from app.assets.models import Asset, Media, Part, Rendition
from app.assets.rules import RENDITION_TYPES, AssetState, MediaState
from app.assets.sandbox.calling import SANDBOX
from app.assets.store import Store, Stored
from app.clock import Clock
from app.db.session import Database
from app.errors import Invalid
from app.jobs import actions as jobs
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.jobs.runs import SHARE, Handler, Kind, Run
from app.jobs.worker import Worker

Made = dict[str, tuple[Stored, str]]


def derive_kind(database: Database, store: Store, clock: Clock) -> Kind:
    return Kind("Preparing a file", _handler(database, store, clock), on_failure=_fail_for_good, counts=SHARE)


def _handler(database: Database, store: Store, clock: Clock) -> Handler:
    """Runs `assets.derive`. A file that cannot be decoded fails its medium with the reason; it is not tried again."""

    def handle(payload: Mapping[str, Any], run: Run) -> None:
        with database.read() as session:
            media = session.scalar(select(Media).where(Media.id == str(payload["media"])))
        if media is None or media.state == MediaState.READY:
            return
        try:
            facts, made = _derive(store, media, run)
        except Invalid as refused:
            with run.write() as session:
                _fail(session, media.id, refused.sentence)
            return
        with run.write() as session:
            _make_ready(session, media.id, facts, made, clock)

    return handle


def derive_all_due(
    database: Database, store: Store, *, clock: Clock, progress: Callable[[int, int | None], None] | None = None
) -> int:
    """Runs every derivation that waits, here and now. Gives how many there were."""
    worker = Worker(database, clock, {actions.DERIVE: derive_kind(database, store, clock)})
    with database.read() as session:
        waiting = select(Job.seq).where(Job.kind == actions.DERIVE, Job.state == JobState.QUEUED)
        total = len(session.scalars(waiting).all())
    done = 0
    while worker.run_due(limit=1):
        done += 1
        if progress is not None:
            progress(done, max(done, total))
    return done


def _derive(store: Store, media: Media, run: Run) -> tuple[dict[str, Any], Made]:
    kind = MEDIA_KINDS[media.modality]
    with ExitStack() as stack:
        outputs = {name: stack.enter_context(store.incoming()) for name in kind.renditions}
        source = stack.enter_context(store.open(media.sha256))
        files = {name: incoming.file for name, incoming in outputs.items()}
        found = SANDBOX.run(
            kind.derive, source, media.facts, outputs=files, limits=kind.derive_limits, report=run.update
        )
        made = {
            name: (store.keep(outputs[name]), content_type)
            for name, content_type in found["renditions"].items()
            if content_type in RENDITION_TYPES
        }
    return found["facts"], made


def _make_ready(session: Session, media_id: str, facts: dict[str, Any], made: Made, clock: Clock) -> None:
    media = _locked(session, media_id)
    session.execute(delete(Rendition).where(Rendition.media_id == media_id))
    for name, (stored, content_type) in made.items():
        session.add(
            Rendition(
                created_at=clock(), media_id=media_id, kind=name, sha256=stored.sha256, byte_size=stored.byte_size,
                content_type=content_type,
            )
        )  # fmt: skip
    media.state, media.failure, media.facts = MediaState.READY, None, facts
    session.flush()
    joined = families.place(session, media)
    ready = [asset for asset in _waiting(session, media_id) if _all_ready(asset)]
    for asset in ready:
        _change_state(session, asset, AssetState.READY, None)
        if asset.revision > 1:  # it may be in queues already, and was added to
            actions.arrange_anew(session, asset, clock)
    for project_id in sorted({asset.project_id for asset in ready if asset.withdrawn_at is None}):
        actions.note_ready(session, project_id, clock)
    if joined is not None:
        if joined.is_new:  # so far its first medium had none, and its ads are in queues already
            jobs.enqueue(session, actions.ARRANGE, {"family": joined.family}, clock=clock)
        families.tell_catalogue(session, joined)


def _fail_for_good(session: Session, payload: Mapping[str, Any]) -> None:
    _fail(session, str(payload["media"]), "What browsers show of it could not be made. Bring the file again.")


def _fail(session: Session, media_id: str, reason: str) -> None:
    media = _locked(session, media_id)
    media.state, media.failure = MediaState.FAILED, reason
    for asset in _waiting(session, media_id):
        name = next(part.name for part in asset.parts if part.media_id == media_id)
        _change_state(session, asset, AssetState.FAILED, f"{name}: {reason}")


def _change_state(session: Session, asset: Asset, state: AssetState, failure: str | None) -> None:
    leave = [state_term(shown_state(asset))]
    asset.state, asset.failure = state, failure
    join = [state_term(shown_state(asset))]
    if leave != join:
        upkeep.move(session, asset.project_id, [asset.seq], leave=leave, join=join)


def _locked(session: Session, media_id: str) -> Media:
    return session.scalars(select(Media).where(Media.id == media_id).with_for_update()).one()


def _waiting(session: Session, media_id: str) -> list[Asset]:
    """Assets that are not ready and use this medium, one writer at a time."""
    using = select(Part.asset_id).where(Part.media_id == media_id)
    query = select(Asset).where(Asset.id.in_(using), Asset.state != AssetState.READY).order_by(Asset.seq)
    loading = selectinload(Asset.parts).options(joinedload(Part.media))
    return list(session.scalars(query.options(loading).with_for_update(of=Asset)))


def _all_ready(asset: Asset) -> bool:
    return all(part.media is None or part.media.state == MediaState.READY for part in asset.parts)
