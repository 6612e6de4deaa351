"""Reading ads that could become tasks, with what a filter asks of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.assets.models import Asset, Part
from app.queues.models import Moved, Queue, Task
from app.queues.rules import AdFacts


def assets_without_task(session: Session, queue: Queue, *, after: int, limit: int) -> list[tuple[int, str, AdFacts]]:
    """Ready ads beyond `after` that this queue has no task of, nor had one that was moved to another queue: seq, id and
    what a filter asks.
    """
    known = select(Task.seq).where(Task.queue_id == queue.id, Task.asset_id == Asset.id, Task.origin == "fill")
    moved = select(Moved.seq).where(Moved.queue_id == queue.id, Moved.asset_id == Asset.id)
    ads = _ready_ads(queue.project_id, after, limit).where(~known.exists(), ~moved.exists())
    return _with_parts(session, ads)


def ready_ads(session: Session, project_id: str, *, after: int, limit: int) -> list[tuple[int, str, AdFacts]]:
    """As `assets_without_task`, whatever there are tasks of."""
    return _with_parts(session, _ready_ads(project_id, after, limit))


def _ready_ads(project_id: str, after: int, limit: int) -> Select[int, str, str, dict[str, Any]]:
    return (
        select(Asset.seq, Asset.id, Asset.external_id, Asset.meta)
        .where(
            Asset.project_id == project_id, Asset.state == "ready", Asset.withdrawn_at.is_(None), Asset.seq > after
        )
        .order_by(Asset.seq)
        .limit(limit)
    )  # fmt: skip


def _with_parts(session: Session, ads: Select[int, str, str, dict[str, Any]]) -> list[tuple[int, str, AdFacts]]:
    rows = session.execute(ads).all()
    parts = parts_of(session, [row.id for row in rows])
    return [(row.seq, row.id, AdFacts(row.external_id, row.meta, parts[row.id])) for row in rows]


def parts_of(session: Session, asset_ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Names and modalities of each ad's parts."""
    parts: dict[str, list[tuple[str, str]]] = {asset_id: [] for asset_id in asset_ids}
    for part in session.execute(select(Part.asset_id, Part.name, Part.modality).where(Part.asset_id.in_(parts))):
        parts[part.asset_id].append((part.name, str(part.modality)))
    return parts
