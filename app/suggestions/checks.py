"""What `fasit check` verifies of suggestions: that they say what came, of an ad of their project, and who was shown them."""

from collections.abc import Iterator

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.schemas.models import SchemaVersion
from app.suggestions.actions import content_hash
from app.suggestions.models import ShownSuggestion, Suggestion

BATCH = 500


def find_faults(session: Session) -> Iterator[str]:
    """One sentence a fault."""
    for one in session.scalars(select(Suggestion).order_by(Suggestion.seq)).yield_per(BATCH):
        if content_hash(one) != one.content_hash:
            yield f"Suggestion {one.id} does not match its hash: something in it was changed after it came."
    of_project = and_(Asset.id == Suggestion.asset_id, Asset.project_id == Suggestion.project_id)
    for suggestion_id in session.scalars(select(Suggestion.id).outerjoin(Asset, of_project).where(Asset.id.is_(None))):
        yield f"Suggestion {suggestion_id} is of an ad of another project."
    published = and_(
        SchemaVersion.project_id == Suggestion.project_id, SchemaVersion.version == Suggestion.schema_version
    )
    for suggestion_id in session.scalars(
        select(Suggestion.id).outerjoin(SchemaVersion, published).where(SchemaVersion.seq.is_(None))
    ):
        yield f"Suggestion {suggestion_id} names a schema version that does not exist."
    there = Suggestion.id == ShownSuggestion.suggestion_id
    for suggestion_id in session.scalars(
        select(ShownSuggestion.suggestion_id).outerjoin(Suggestion, there).where(Suggestion.seq.is_(None))
    ):
        yield f"Suggestion {suggestion_id} was shown, but is not there."
