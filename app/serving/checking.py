"""`fasit check`: every feature looks over what it stores."""

from collections.abc import Iterator

from app.assets import checks as assets
from app.assets.store import Store
from app.db.session import Database
from app.guidelines import checks as guidelines
from app.guidelines import queries as guideline_queries
from app.labels import checks as labels
from app.queues import checks as queues
from app.schemas import checks as schemas
from app.suggestions import checks as suggestions


def find_faults(database: Database, store: Store) -> Iterator[str]:
    """One sentence a fault."""
    with database.read() as session:
        yield from assets.find_faults(session, store)
        yield from schemas.find_faults(session)
        yield from guidelines.find_faults(session, store)
        yield from suggestions.find_faults(session)
        yield from labels.find_faults(session, store)
        yield from queues.find_faults(session)


def files_of_nobody(database: Database, store: Store) -> Iterator[str]:
    """Hashes of files that nothing refers to. Nothing is wrong with them: an import that was killed may leave some."""
    with database.read() as session:
        pictures = guideline_queries.picture_hashes(session)
        yield from assets.files_of_nobody(session, store, kept_by_others=pictures)
