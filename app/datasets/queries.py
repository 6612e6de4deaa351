"""Reading exports, and what they need to know of labels and schemas."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.datasets.models import Export
from app.jobs.models import Job
from app.labels import queries as labels
from app.schemas.models import SchemaVersion


def find_export(session: Session, export_id: str) -> Export | None:
    return session.scalar(select(Export).where(Export.id == export_id))


def exports_of(project_id: str) -> Select[Export]:
    return select(Export).where(Export.project_id == project_id)


def jobs_of(session: Session, exports: Sequence[Export]) -> dict[str, Job]:
    """The jobs of these exports by their id: they know how far the work is."""
    ids = [export.job_id for export in exports if export.job_id is not None]
    return {job.id: job for job in session.scalars(select(Job).where(Job.id.in_(ids)))}


def schema_bodies(session: Session, project_id: str) -> list[dict[str, Any]]:
    """Every published schema of the project, oldest first."""
    query = select(SchemaVersion.body).where(SchemaVersion.project_id == project_id)
    return list(session.scalars(query.order_by(SchemaVersion.version)))


def count_revisions(session: Session, project_id: str, selection: Mapping[str, Any]) -> int:
    chosen = labels.select_revisions(project_id, selection).subquery()
    return session.scalar(select(func.count()).select_from(chosen)) or 0


def schema_names(session: Session, project_id: str) -> list[tuple[int, str]]:
    """(version, name) of every published schema, the newest first."""
    query = select(SchemaVersion.version, SchemaVersion.name).where(SchemaVersion.project_id == project_id)
    return [(row.version, row.name) for row in session.execute(query.order_by(SchemaVersion.version.desc()))]
