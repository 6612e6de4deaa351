"""Schemas, queues and labels without the work that leads to them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.assets.queries import facts
from app.assets.store import Store
from app.clock import Clock
from app.db.base import new_id
from app.labels import actions
from app.labels.around import Around
from app.labels.models import Label, Revision
from app.labels.rules import Answered, Origin, Timed
from app.labels.timing import Slice
from app.people.models import Person
from app.projects.models import Project
from app.queues.models import Queue
from app.queues.rules import QueueKind
from app.schemas import actions as schemas
from app.schemas.models import SchemaVersion

BODY: dict[str, Any] = {
    "name": "Alcohol in ads",
    "parts": [{"name": "creative", "modality": "text"}],
    "fields": [
        {
            "name": "verdict", "kind": "choice", "required": True, "title": {"en": "Verdict", "nb": "Avgjørelse"},
            "choices": [
                {"value": "allow", "title": {"en": "Allow", "nb": "Tillat"}},
                {"value": "reject", "title": {"en": "Reject", "nb": "Avvis"}, "clause": "3.2"},
            ],
        },
        {"name": "reasons", "kind": "choices", "choices": [{"value": "minors"}, {"value": "health"}]},
        {"name": "note", "kind": "text"},
        {"name": "claims", "kind": "spans", "overlapping": True, "choices": [{"value": "price"}, {"value": "urgency"}]},
    ],
}  # fmt: skip


def make_schema(
    session: Session, project: Project, *, clock: Clock, body: Mapping[str, Any] | None = None
) -> SchemaVersion:
    version, _ = schemas.publish(session, project=project, body=dict(body or BODY), person=None, clock=clock)
    return version


def make_queue_row(session: Session, project: Project, *, clock: Clock, name: str = "First pass") -> Queue:
    """A queue without tasks."""
    queue = Queue(
        project_id=project.id, name=name, kind=QueueKind.PRODUCTION, schema_version=1, state_at=clock(),
        created_at=clock(),
    )  # fmt: skip
    session.add(queue)
    session.flush()
    return queue


def make_label(
    session: Session,
    store: Store,
    *,
    project: Project,
    person: Person,
    schema: SchemaVersion,
    asset: Asset,
    queue: Queue,
    clock: Clock,
    answers: Mapping[str, Any] | None = None,
    marks_timing: Mapping[str, Mapping[str, int]] | None = None,
) -> Label:
    """Claimed a minute ago, half of it active."""
    submission = _submission(session, store, person, schema, asset, answers or {"verdict": "allow"}, marks_timing)
    origin = Origin(
        project_id=project.id, queue_id=queue.id, queue_kind=str(queue.kind), task_id=new_id(), claim_id=new_id(),
        asset_id=asset.id, asset_revision=asset.revision, guideline_version=1,
        claimed_at=clock() - timedelta(minutes=1),
    )  # fmt: skip
    nothing = Around.of([False] * 5)
    label, _ = actions.record(session, submission, origin, nothing, clock=clock)
    session.flush()
    return label


def make_revision(
    session: Session,
    store: Store,
    label: Label,
    *,
    person: Person,
    schema: SchemaVersion,
    asset: Asset,
    clock: Clock,
    answers: Mapping[str, Any],
) -> Revision:
    """Its author's next revision."""
    submission = _submission(session, store, person, schema, asset, answers, None)
    return actions.revise(session, label, submission, if_match=None, clock=clock)


def _submission(
    session: Session,
    store: Store,
    person: Person,
    schema: SchemaVersion,
    asset: Asset,
    answers: Mapping[str, Any],
    marks_timing: Mapping[str, Mapping[str, int]] | None,
) -> actions.Submission:
    slices = (Slice("page", 0, "active", 0, 30_000), Slice("page", 1, "reading", 30_000, 12_000))
    timed = Timed(slices, first_decision_ms=4_200, marks=marks_timing or {})
    found = facts(session, store, asset, frames=True)
    given = actions.Submission(person, Answered(answers, evidence=[]), timed, schema, found)
    return actions.Submission(person, actions.check(given), timed, schema, found)
