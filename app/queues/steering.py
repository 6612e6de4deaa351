"""What a change of a queue means, key by key, and who may make it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import NotAllowed
from app.people.models import Person
from app.queues import actions, arranging, boundaries, describing, revisions
from app.queues.models import Queue
from app.queues.ordering import Arrangement
from app.queues.rules import QueueKind, QueueState, may_make


def require_kind(person: Person, kind: QueueKind) -> None:
    if not may_make(frozenset(person.roles), kind):
        raise NotAllowed(f"Queues of the kind {kind} are made by others. Ask a manager.")


def change_queue(
    session: Session,
    queue: Queue,
    changes: Mapping[str, Any],
    *,
    made_from: int | None,
    person: Person,
    clock: Clock,
) -> None:
    """Does what is named in `changes`; all or nothing. `made_from`: the revision that the manager saw."""
    revisions.begin_change(session, queue, made_from=made_from)
    describing.change(session, queue, changes, person=person, clock=clock)
    if changes.get("schema_version") is not None:
        actions.change_schema(session, queue, changes["schema_version"], person=person, clock=clock)
    if "guideline_version" in changes:
        actions.change_guideline(session, queue, changes["guideline_version"], person=person, clock=clock)
    if changes.get("suggestions") is not None:
        actions.change_suggestions(session, queue, changes["suggestions"], person=person, clock=clock)
    if changes.get("muted") is not None:
        actions.change_muted(session, queue, muted=changes["muted"], person=person, clock=clock)
    if changes.get("requires") is not None:
        boundaries.change_requires(session, queue, changes["requires"], person=person, clock=clock)
    if changes.get("order") is not None or changes.get("spread") is not None:
        now = arranging.arrangement_of(queue)
        asked = changes.get("order") or {}
        order = Arrangement(**asked, spread=now.spread) if asked else now
        order = replace(order, spread=changes.get("spread") or now.spread)
        actions.change_order(session, queue, order, person=person, clock=clock)
    if changes.get("limits") is not None:
        boundaries.change_limits(session, queue, changes["limits"], person=person, clock=clock)
    if changes.get("hours") is not None:
        boundaries.change_hours(session, queue, changes["hours"], person=person, clock=clock)
    if changes.get("state") is not None:
        actions.change_state(session, queue, QueueState(changes["state"]), person=person, clock=clock)
