"""JSON of schemas, out."""

from typing import Any

from app.schemas.models import SchemaVersion
from app.web.filters import iso


def version_json(version: SchemaVersion) -> dict[str, Any]:
    """The schema as it was published, with its number."""
    return {
        "id": version.id,
        "version": version.version,
        **version.body,
        "content_hash": version.content_hash,
        "published_at": iso(version.created_at),
    }
