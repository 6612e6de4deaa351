"""Reading suggestions."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.db.reading import columns, read
from app.suggestions.models import ShownSuggestion, Suggestion
from app.suggestions.rules import Found, Seen, newest_per_model


def of_project(project_id: str) -> Select[Suggestion]:
    return select(Suggestion).where(Suggestion.project_id == project_id)


def find(session: Session, project_id: str, suggestion_id: str) -> Suggestion | None:
    return session.scalar(of_project(project_id).where(Suggestion.id == suggestion_id))


def find_same(session: Session, project_id: str, content_hash: str) -> Suggestion | None:
    return session.scalar(of_project(project_id).where(Suggestion.content_hash == content_hash))


def find_asset(session: Session, project_id: str, id_or_external_id: str) -> Asset | None:
    """The project's ad of this id; else of this external id."""
    found = session.scalars(
        select(Asset).where(
            Asset.project_id == project_id,
            or_(Asset.id == id_or_external_id, Asset.external_id == id_or_external_id),
        )
    ).all()
    return min(found, key=lambda asset: asset.id != id_or_external_id, default=None)


# Asked with each claim and submit, so put together once.
_OF_WORK = ShownSuggestion.task_id == bindparam("task"), ShownSuggestion.person_id == bindparam("person")
_shown = columns(ShownSuggestion)
OF_ASSET = select(columns(Suggestion).seq).where(columns(Suggestion).asset_id == columns(Asset).id).correlate(Asset)
ANY_SHOWN = (
    select(_shown.seq).where(_shown.task_id == bindparam("task"), _shown.person_id == bindparam("person")).limit(1)
)
_SHOWN = (
    select(Suggestion)
    .join(ShownSuggestion, ShownSuggestion.suggestion_id == Suggestion.id)
    .where(*_OF_WORK)
    .order_by(Suggestion.seq)
)
_SEEN = _SHOWN.add_columns(ShownSuggestion.first_answers)


def newest_seq(session: Session, project_id: str) -> int:
    """The project's newest suggestion; -1 where it has none."""
    found = session.scalar(
        select(Suggestion.seq).where(Suggestion.project_id == project_id).order_by(Suggestion.seq.desc()).limit(1)
    )
    return -1 if found is None else found


def assets_since(project_id: str, seq: int) -> Select[str]:
    """Ids of ads that something was suggested for after this suggestion."""
    return select(Suggestion.asset_id).where(Suggestion.project_id == project_id, Suggestion.seq > seq)


def scores_of(session: Session, asset_ids: Collection[str]) -> dict[str, list[dict[str, Any] | None]]:
    """Of each ad the scores of each model's newest suggestion."""
    rows = session.execute(
        select(Suggestion.asset_id, Suggestion.model, Suggestion.scores)
        .where(Suggestion.asset_id.in_(asset_ids))
        .order_by(Suggestion.seq)
    )
    newest: dict[str, dict[str, dict[str, Any] | None]] = {}
    for asset_id, model, scores in rows:
        newest.setdefault(asset_id, {})[model] = scores
    return {asset_id: list(by_model.values()) for asset_id, by_model in newest.items()}


def for_task(session: Session, asset_id: str, *, schema_version: int, asset_revision: int) -> Sequence[Suggestion]:
    """What a task on this ad is given: the newest of each model, oldest first."""
    columns = (
        Suggestion.seq, Suggestion.id, Suggestion.model, Suggestion.schema_version, Suggestion.asset_revision,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Suggestion.asset_id == asset_id))
    chosen = newest_per_model(
        [Found(*row) for row in rows], schema_version=schema_version, asset_revision=asset_revision
    )
    return _by_ids(session, [one.id for one in chosen]) if chosen else []


def shown(
    session: Session, *, task_id: str, person_id: str, schema_version: int, asset_revision: int
) -> Sequence[Suggestion]:
    """The newest of each model of those that this person was shown on this task, under whichever claim; oldest first."""
    of_work = {"task": task_id, "person": person_id}
    if read(session, ANY_SHOWN, **of_work).first() is None:
        return []
    found = session.scalars(_SHOWN, of_work).all()
    chosen = newest_per_model(
        [Found(one.seq, one.id, one.model, one.schema_version, one.asset_revision) for one in found],
        schema_version=schema_version, asset_revision=asset_revision,
    )  # fmt: skip
    kept = {one.id for one in chosen}
    return [one for one in found if one.id in kept]


def seen(session: Session, *, task_id: str, person_id: str) -> list[Seen]:
    """All that this person was ever shown on this task."""
    of_work = {"task": task_id, "person": person_id}
    if read(session, ANY_SHOWN, **of_work).first() is None:
        return []
    rows = session.execute(_SEEN, of_work)
    return [Seen(one.id, one.model, one.model_version, one.answers, after_own=first is not None) for one, first in rows]


def _by_ids(session: Session, ids: Collection[str]) -> Sequence[Suggestion]:
    return session.scalars(select(Suggestion).where(Suggestion.id.in_(ids)).order_by(Suggestion.seq)).all()
