"""Making the whole catalogue anew from the ads' own rows, for databases that are older than it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import column, select, table

from app.assets.catalog import upkeep
from app.assets.catalog.searching import Database
from app.assets.catalog.terms import Ad
from app.db.types import Json

STEP = 500

# Only the columns that ads always had, so that an old database may be brought here step by step.
_ASSETS = table(
    "assets", column("seq"), column("id"), column("project_id"), column("external_id"), column("metadata", Json()),
    column("state"), column("withdrawn_at"),
)  # fmt: skip
_PARTS = table("parts", column("asset_id"), column("name"), column("modality"), column("text"))


def remake(database: Database) -> None:
    upkeep.clear(database)
    for ads in in_steps(database):
        upkeep.add(database, ads)


def in_steps(database: Database) -> Iterator[list[Ad]]:
    """All ads as the catalogue takes them, but for their families."""
    after = 0
    while rows := database.execute(
        select(_ASSETS).where(_ASSETS.c.seq > after).order_by(_ASSETS.c.seq).limit(STEP)
    ).all():
        yield _ads(database, rows)
        after = rows[-1].seq


def _ads(database: Database, rows: Sequence[Any]) -> list[Ad]:
    parts: dict[str, list[tuple[str, str, str | None]]] = {row.id: [] for row in rows}
    for part in database.execute(select(_PARTS).where(_PARTS.c.asset_id.in_(parts))):
        parts[part.asset_id].append((part.name, part.modality, part.text))
    return [
        Ad(
            row.seq, row.project_id, row.external_id, row.metadata,
            "withdrawn" if row.withdrawn_at else row.state, parts[row.id],
        )
        for row in rows
    ]  # fmt: skip
