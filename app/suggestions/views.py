"""Suggestions as a task carries them."""

from typing import Any

from sqlalchemy.orm import Session

from app.assets import queries as assets
from app.assets.models import Asset
from app.assets.store import Store
from app.schemas import answers as schema_answers
from app.schemas.models import SchemaVersion
from app.suggestions.fitting import readable
from app.suggestions.models import Suggestion


def task_json(
    session: Session, store: Store, suggestion: Suggestion, *, schema: SchemaVersion, asset_revision: int
) -> dict[str, Any]:
    """With the answers that fit this schema version and asset revision. What does not fit stands under `unreadable`."""
    shown: dict[str, Any] = {
        "id": suggestion.id, "model": suggestion.model, "model_version": suggestion.model_version,
        "answers": suggestion.answers,
    }  # fmt: skip
    if suggestion.scores is not None:
        shown["scores"] = suggestion.scores
    if (suggestion.schema_version, suggestion.asset_revision) == (schema.version, asset_revision):
        return shown
    asset = assets.find_asset(session, suggestion.asset_id)
    assert asset is not None, "assets are never removed"
    kept, pieces = readable(schema.body, suggestion.answers, _facts(session, store, asset, schema, asset_revision))
    made_for = {"schema_version": suggestion.schema_version, "asset_revision": suggestion.asset_revision}
    unreadable = {"unreadable": [piece.as_json() for piece in pieces]} if pieces else {}
    return shown | {"answers": kept, "made_for": made_for} | unreadable


def _facts(session: Session, store: Store, asset: Asset, schema: SchemaVersion, revision: int) -> Any:
    return assets.facts(session, store, asset, revision=revision, frames=schema_answers.needs_frames(schema.body))
