"""JSON of schemas, out."""

from typing import Any

from app.schemas.comparing import Comparison
from app.schemas.differences import Difference
from app.schemas.models import SchemaVersion
from app.schemas.wording import tell
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


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """`from` is null where the version is its project's first."""
    return {
        "from": comparison.before.version if comparison.before else None,
        "to": comparison.after.version,
        "differences": [_difference_json(one) for one in comparison.differences],
    }


def _difference_json(difference: Difference) -> dict[str, Any]:
    return {
        "change": difference.change.value,
        "path": difference.path,
        "place": [{"is": step.noun, "name": step.name} for step in difference.place],
        "property": difference.property or None,
        "language": difference.language or None,
        "before": difference.before,
        "after": difference.after,
        "words": tell(difference).sentence,
    }
