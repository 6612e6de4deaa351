"""JSON of guidelines, in and out."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.guidelines.models import GuidelineVersion
from app.guidelines.rules import BODY_AT_MOST, TITLE_AT_MOST, Change
from app.web.filters import iso


class NewGuideline(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=TITLE_AT_MOST)]
    body: Annotated[str, Field(max_length=BODY_AT_MOST)]
    change: Change
    clauses_changed: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=10_000)] = []


def version_json(version: GuidelineVersion) -> dict[str, Any]:
    """A version without its words, as lists show it."""
    return {
        "id": version.id,
        "version": version.version,
        "title": version.title,
        "change": version.change,
        "clauses_changed": version.clauses_changed,
        "clauses": [{"id": row.clause_id, "number": row.number, "title": row.title} for row in version.clauses],
        "published_at": iso(version.created_at),
    }


def whole_json(version: GuidelineVersion) -> dict[str, Any]:
    return version_json(version) | {"body": version.body}
