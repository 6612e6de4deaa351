"""Which suggestions the holder of a claim is shown, and when: as the schema and the queue say, whichever shows less."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.labels import drafts
from app.labels.models import Label
from app.queues.models import Claim, Queue, Task
from app.queues.pinned import Beside
from app.schemas import queries as schemas
from app.schemas.models import SchemaVersion
from app.schemas.rules import ShowSuggestions, stricter
from app.suggestions import actions as suggestions
from app.suggestions import queries, views

NOTHING: tuple[object, ...] = (None, "", [], {})


def note_shown(session: Session, queue: Queue, claim: Claim, *, now: datetime) -> None:
    """As a claim is made on an ad about which models said something: what it brings at once."""
    task = session.scalars(select(Task).where(Task.id == claim.task_id)).one()
    if _ruling(session, queue, claim, task) == ShowSuggestions.SHOWN:
        _note(session, claim, task, None, now=now)


def note_after_answer(session: Session, queue: Queue, claim: Claim, *, now: datetime) -> None:
    """Where suggestions wait for the person's own first answer: that there is one, and what it was. Refused before."""
    task = session.scalars(select(Task).where(Task.id == claim.task_id)).one()
    ruling = _ruling(session, queue, claim, task)
    if ruling == ShowSuggestions.HIDDEN:
        raise NotFound
    if ruling == ShowSuggestions.SHOWN:
        return
    draft = drafts.newest(session, task_id=task.id, person_id=claim.person_id)
    own = {} if draft is None else _answered(draft.content.get("answers", {}))
    if not own:
        raise Conflict("Answer first: what models suggest here is shown once an answer of your own is saved.")
    _note(session, claim, task, own, now=now)


def of_claim(request: Request, session: Session, claim: Claim, schema: SchemaVersion, beside: Beside) -> dict[str, Any]:
    """For the task of a claim: what is shown of suggestions; or that they follow, which is said of tasks without any too."""
    asked = (claim.task_id, claim.person_id, schema, claim.asset_revision)
    found = _json(request, session, *asked) if beside.was_shown else []
    follow = stricter(_asked(schema.body), beside.ruling) == ShowSuggestions.AFTER_FIRST_ANSWER
    return ({"suggestions": found} if found else {}) | ({"suggestions_follow": True} if follow and not found else {})


def of_label(
    request: Request, session: Session, label: Label, schema: SchemaVersion, asset_revision: int
) -> dict[str, Any]:
    """For a label that is revised: what its author was shown before."""
    found = _json(request, session, label.task_id, label.person_id, schema, asset_revision)
    return {"suggestions": found} if found else {}


def _json(
    request: Request, session: Session, task_id: str, person_id: str, schema: SchemaVersion, asset_revision: int
) -> list[dict[str, Any]]:
    return [
        views.task_json(session, request.app.state.store, one, schema=schema, asset_revision=asset_revision)
        for one in queries.shown(
            session, task_id=task_id, person_id=person_id, schema_version=schema.version, asset_revision=asset_revision
        )
    ]


def _ruling(session: Session, queue: Queue, claim: Claim, task: Task) -> ShowSuggestions:
    schema = schemas.pinned(session, task.project_id, claim.schema_version)
    return stricter(_asked(schema.body), queue.suggestions)


def _asked(body: Mapping[str, Any]) -> str:
    return str(body.get("suggestions", ShowSuggestions.SHOWN))


def _note(session: Session, claim: Claim, task: Task, own: Mapping[str, Any] | None, *, now: datetime) -> None:
    found = queries.for_task(
        session, task.asset_id, schema_version=claim.schema_version, asset_revision=claim.asset_revision
    )
    suggestions.note_shown(
        session, found, task_id=task.id, claim_id=claim.id, person_id=claim.person_id, first_answers=own, now=now
    )


def _answered(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer for name, answer in answers.items() if answer not in NOTHING}
