"""What `fasit check` verifies of schemas."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.schemas.actions import content_hash
from app.schemas.models import SchemaVersion
from app.schemas.validation import check_schema


def find_faults(session: Session) -> Iterator[str]:
    """Every version still has the content that was published, and still is a valid schema."""
    for version in session.scalars(select(SchemaVersion).order_by(SchemaVersion.seq)):
        called = f"schema version {version.version} of project {version.project_id}"
        if content_hash(version.body) != version.content_hash:
            yield f"{called}: its content is not what was published"
        for problem in check_schema(version.body):
            yield f"{called}: {problem.path} {problem.message}"
