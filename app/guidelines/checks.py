"""What `fasit check` verifies of guidelines."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.assets.store import Store
from app.guidelines import markdown
from app.guidelines.models import GuidelinePicture, GuidelineVersion
from app.guidelines.rules import content_hash, number_clauses


def find_faults(session: Session, store: Store) -> Iterator[str]:
    """The clauses of every version are those of its body, and every picture is whole."""
    versions = select(GuidelineVersion).options(selectinload(GuidelineVersion.clauses)).order_by(GuidelineVersion.seq)
    for version in session.scalars(versions):
        written = [(clause.number, clause.title) for clause in number_clauses(markdown.headings(version.body))]
        if content_hash(version.title, version.body) != version.content_hash:
            yield f"guideline version {version.version} of project {version.project_id}: its text is not what was published"
        if written != [(row.number, row.title) for row in version.clauses]:
            yield f"guideline version {version.version} of project {version.project_id}: its clauses are not those of its body"
    for picture in session.scalars(select(GuidelinePicture).order_by(GuidelinePicture.seq)):
        if not _is_whole(store, picture.sha256):
            yield f"guideline picture {picture.id} of project {picture.project_id}: its file is missing or damaged"


def _is_whole(store: Store, sha256: str) -> bool:
    try:
        with store.path(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
