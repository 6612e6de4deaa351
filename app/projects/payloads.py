"""JSON of projects, in and out."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.projects.models import Project
from app.web.filters import iso

Code = Annotated[str, Field(max_length=40)]


class NewProject(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=500)]
    slug: Annotated[str, Field(max_length=500)]
    languages: Annotated[list[Code], Field(max_length=100)] = []
    markets: Annotated[list[Code], Field(max_length=300)] = []
    organisations: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=1000)] = []


def project_json(project: Project, organisations: Sequence[str] | None) -> dict[str, Any]:
    """`organisations` None: for those who may not know of other organisations."""
    shown = {
        "id": project.id,
        "name": project.name,
        "slug": project.slug,
        "languages": project.languages,
        "markets": project.markets,
        "created_at": iso(project.created_at),
    }
    return shown if organisations is None else shown | {"organisations": list(organisations)}
