"""The regions of the labeling page: a task to work on, one held in another page, one to revise, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Conflict, NotFound
from app.labels import drafts, revising
from app.labels import queries as labels
from app.labels.canonical import moment
from app.labels.models import Label
from app.labels.rules import may_revise
from app.people.models import Person
from app.queues import admission, family, handing, media, pinned, queries, submitting, suggesting, views, wording
from app.queues.ahead import Shown
from app.queues.models import Claim, Queue
from app.queues.rules import ClaimState, is_elsewhere
from app.schemas import one_key
from app.schemas import queries as schemas
from app.web import pages


def region_of_next(
    request: Request, session: Session, queue: Queue, *, person: Person, holder: str | None, clock: Clock
) -> Response:
    claim = handing.claim_next(session, queue, person=person, holder=holder, clock=clock)
    if claim is None:
        not_for_them = admission.told(session, queue, person, clock())
        return pages.render(request, "work/_nothing.html", queue=queue, closed=not_for_them or None)
    return region_of(request, session, queue, claim, person=person, holder=holder, now=clock())


def region_ahead(
    request: Request, session: Session, queue: Queue, *, person: Person, holder: str | None, clock: Clock
) -> Response:
    """The task after this one, for the page to have ready; nothing where there is none."""
    claim = handing.reserve_next(session, queue, person=person, holder=holder, clock=clock)
    if claim is None or is_elsewhere(claim.holder, holder):
        return Response(status_code=204)
    return region_of(request, session, queue, claim, person=person, holder=holder, now=clock())


def after(
    request: Request,
    session: Session,
    queue: Queue,
    shown: Shown | None,
    *,
    person: Person,
    holder: str | None,
    clock: Clock,
) -> Response:
    """Once something was submitted or put aside, which a queue paused meanwhile must not undo: the lease of the task that
    the page shows already, or the region of the next one.
    """
    try:
        claim = shown and submitting.go_on_with(session, shown, person=person, clock=clock)
        if claim:
            return JSONResponse({"expires_at": moment(claim.expires_at), "guideline": claim.guideline_version})
        return region_of_next(request, session, queue, person=person, holder=holder, clock=clock)
    except Conflict as refused:
        return pages.render(request, "work/_nothing.html", queue=queue, closed=refused.sentence)


def region_of(
    request: Request,
    session: Session,
    queue: Queue,
    claim: Claim,
    *,
    person: Person,
    holder: str | None,
    now: datetime,
) -> Response:
    here = not is_elsewhere(claim.holder, holder)
    data = views.claim_json(request, session, claim, holder=holder)
    return pages.render(
        request,
        "work/_task.html" if here else "work/_elsewhere.html",
        queue=queue,
        left=views.left_in_words(admission.left(session, queue, person, now)),
        data=data,
        escalated=_escalated(data, now),
        read_only=not here,
        submits_by_choice=here and one_key.submits_by_choice(data["task"]["schema"]),
    )


@dataclass(frozen=True)
class Escalated:
    """What the page tells of the escalation that its task answers. `due`: in words; empty once it was answered."""

    note: str | None
    raised_at: datetime
    due_at: datetime
    due: str


def _escalated(data: Mapping[str, Any], now: datetime | None) -> Escalated | None:
    asked = data["task"].get("escalation")
    if asked is None:
        return None
    raised_at, due_at = (datetime.fromisoformat(asked[key]) for key in ("raised_at", "due_at"))
    return Escalated(asked["note"], raised_at, due_at, wording.from_now(due_at, now) if now else "")


def marks_of_family(session: Session, claim_id: str, *, person: Person) -> Response:
    """For the page to copy: what this person marked on their last ad of the family; 204 where there is none."""
    claim = queries.own_claim(session, claim_id, person)
    if claim is None or claim.state != ClaimState.LIVE:
        raise NotFound
    relative = family.newest_relative(session, claim, person)
    _, schema, _ = pinned.of_claim(session, claim)
    found = None if relative is None else family.marks_json(relative, schema.body)
    return JSONResponse(found) if found and found["marks"] else Response(status_code=204)


def queue_of_own_label(session: Session, label: Label, person: Person) -> Queue:
    """Raises unless this person may revise the label now."""
    if label.person_id != person.id:
        raise NotFound
    if not may_revise(label.status, withdrawn=label.withdrawn_at is not None):
        raise Conflict("This label was reviewed or taken back, so it is not revised any more.")
    return session.scalars(select(Queue).where(Queue.id == label.queue_id)).one()


def region_of_label(request: Request, session: Session, label: Label, *, person: Person) -> Response:
    queue = queue_of_own_label(session, label, person)
    data = _data_of_label(request, session, label)
    return pages.render(
        request,
        "work/_task.html",
        queue=queue,
        left=None,
        data=data,
        escalated=_escalated(data, None),
        read_only=False,
        submits_by_choice=False,
    )


def _data_of_label(request: Request, session: Session, label: Label) -> dict[str, Any]:
    """As a claim's, with `revises` in its place: the label, and the revision that a change is made from."""
    newest = labels.revision(session, label)
    schema = schemas.pinned(session, label.project_id, newest.schema_version)
    return {
        "claim": {"id": label.id, "token": None, "expires_at": None},
        "revises": {"label": label.id, "revision": label.revision},
        "task": {
            "id": label.task_id,
            "asset": media.asset_json(
                request, session, label.asset_id, newest.asset_revision, person_id=label.person_id, claim_id=None
            ),
            "schema": {**schema.body, "version": schema.version},
            "guideline": {"version": newest.guideline_version, "title": ""},
            "draft": {"seq": 0, **drafts.content_of(revising.answered_before(newest), None)},
            **suggesting.of_label(request, session, label, schema, newest.asset_revision),
            **views.escalation_json(session, label.task_id),
        },
    }


def where_to_go(request: Request, label: Label) -> Response:
    """To the script: which page to open next."""
    return Response(status_code=204, headers={"Location": str(request.app.url_path_for("labels.show", label=label.id))})
