"""What a claim is on: the facts of its task that it pins, its schema, its guideline. Read with each claim, so by values."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.db.reading import columns, read
from app.guidelines import queries as guidelines
from app.queues.models import Claim, Task
from app.schemas import queries as schemas
from app.schemas.models import SchemaVersion

_task, _asset = columns(Task), columns(Asset)
_HANDED_OUT = (
    select(_task.project_id, _task.asset_id, _task.schema_version, _asset.revision, _asset.withdrawn_at)
    .join(Asset.__table__, _asset.id == _task.asset_id)
    .where(_task.id == bindparam("task"))
)


@dataclass(frozen=True)
class HandedOut:
    """What a new claim pins of a task and its ad."""

    project_id: str
    asset_id: str
    schema_version: int
    asset_revision: int
    is_withdrawn: bool


def handed_out(session: Session, task_id: str) -> HandedOut:
    row = read(session, _HANDED_OUT, task=task_id).one()
    return HandedOut(row.project_id, row.asset_id, row.schema_version, row.revision, row.withdrawn_at is not None)


def of_claim(session: Session, claim: Claim) -> tuple[HandedOut, SchemaVersion, str]:
    """The claim's task, its schema, and the title of its guideline."""
    task = handed_out(session, claim.task_id)
    schema = schemas.pinned(session, task.project_id, claim.schema_version)
    return task, schema, guidelines.title_of(session, task.project_id, claim.guideline_version)
