"""What a claim is on: the facts of its task that it pins, its schema, its guideline. Read with each claim, so by values."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.db.reading import columns, read
from app.guidelines import queries as guidelines
from app.labels import drafts
from app.queues.models import Claim, Queue, Task
from app.schemas import queries as schemas
from app.schemas.models import SchemaVersion
from app.schemas.rules import ShowSuggestions
from app.suggestions import queries as suggestions

_task, _asset, _queue = columns(Task), columns(Asset), columns(Queue)
_HANDED_OUT = (
    select(_task.project_id, _task.asset_id, _task.origin, _task.schema_version, _asset.revision, _asset.withdrawn_at)
    .add_columns(suggestions.OF_ASSET.exists().label("is_suggested"), drafts.OPEN.exists().label("has_draft"))
    .add_columns(suggestions.ANY_SHOWN.exists().label("was_shown"), _queue.suggestions)
    .join(Asset.__table__, _asset.id == _task.asset_id)
    .join(Queue.__table__, _queue.id == _task.queue_id)
    .where(_task.id == bindparam("task"))
)
_BESIDE = select(
    drafts.OPEN.exists().label("has_draft"), suggestions.ANY_SHOWN.exists().label("was_shown"), _queue.suggestions
).where(_queue.id == bindparam("queue"))
# In `session.info`: of whose ads tasks are and why they exist, which never changes; and what there is beside a new claim.
_TASKS, _BESIDE_NEW = "tasks", "beside"


@dataclass(frozen=True)
class HandedOut:
    """What a new claim pins of a task and its ad."""

    project_id: str
    asset_id: str
    schema_version: int
    asset_revision: int
    is_withdrawn: bool
    is_suggested: bool  # whether models said something about the ad


@dataclass(frozen=True)
class Beside:
    """What there is beside a claim. `ruling`: when its queue lets suggestions be seen."""

    has_draft: bool
    was_shown: bool
    ruling: ShowSuggestions


def handed_out(session: Session, task_id: str, person_id: str) -> HandedOut:
    row = read(session, _HANDED_OUT, task=task_id, person=person_id).one()
    session.info.setdefault(_TASKS, {})[task_id] = row.project_id, row.asset_id, row.origin
    withdrawn, suggested = row.withdrawn_at is not None, bool(row.is_suggested)
    if not suggested:  # else the claim itself may cause some to be shown
        session.info[_BESIDE_NEW] = task_id, person_id, _read_beside(row)
    return HandedOut(row.project_id, row.asset_id, row.schema_version, row.revision, withdrawn, suggested)


def of_claim(session: Session, claim: Claim) -> tuple[str, SchemaVersion, str]:
    """The claim's ad, its schema, and the title of its guideline."""
    project_id, asset_id, _ = _task_of(session, claim)
    schema = schemas.pinned(session, project_id, claim.schema_version)
    return asset_id, schema, guidelines.title_of(session, project_id, claim.guideline_version)


def origin_of(session: Session, claim: Claim) -> str:
    """Why the claim's task exists. For what is shown to be chosen by it; vendors are never told the word itself."""
    return _task_of(session, claim)[2]


def _task_of(session: Session, claim: Claim) -> tuple[str, str, str]:
    if claim.task_id not in session.info.get(_TASKS, {}):
        handed_out(session, claim.task_id, claim.person_id)
    found: tuple[str, str, str] = session.info[_TASKS][claim.task_id]
    return found


def beside(session: Session, claim: Claim) -> Beside:
    """What was read with the task that is handed out just now is asked for once more the next time."""
    *known, found = session.info.pop(_BESIDE_NEW, (None,))
    if known == [claim.task_id, claim.person_id]:
        return cast("Beside", found)
    return _read_beside(read(session, _BESIDE, task=claim.task_id, person=claim.person_id, queue=claim.queue_id).one())


def _read_beside(row: Any) -> Beside:
    return Beside(bool(row.has_draft), bool(row.was_shown), row.suggestions)
