"""Changing what a queue is: its name, deadline, times, overlap, filter and whom it is open to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Invalid, Problem
from app.people import queries as people
from app.people.models import Organisation, Person
from app.queues import actions, making, overlap
from app.queues.models import Queue, QueueOrganisation
from app.queues.rules import check_filter, fault_of_deadline
from app.queues.wording import in_words

# Keys of a change that are columns of the queue, as they are called where a change is told.
PLAIN = {
    "name": "name", "priority": "priority", "due_at": "deadline", "claim_seconds": "seconds per task",
    "undo_seconds": "seconds for taking back", "overlap": "overlap", "filter": "filter",
    "fills_itself": "filling by itself", "escalates_to": "queue for escalations",
    "rework_seconds": "seconds for rework",
    "escalation_seconds": "seconds until an escalation is due",
}  # fmt: skip


def change(session: Session, queue: Queue, changes: Mapping[str, Any], *, person: Person, clock: Clock) -> None:
    """What is named in `changes` and differs. Raises `Invalid` before anything is written."""
    problems = _problems(session, queue, changes, clock())
    if problems:
        raise Invalid("The queue stays as it is.", problems=problems)
    for key, called in PLAIN.items():
        if key in changes and changes[key] != getattr(queue, key):
            _change_one(session, queue, key, called, changes[key], person=person, clock=clock)
    if changes.get("organisations") is not None:
        _open_to(session, queue, changes["organisations"], person=person, clock=clock)


def _problems(session: Session, queue: Queue, changes: Mapping[str, Any], now: datetime) -> list[Problem]:
    problems = list(check_filter(changes.get("filter") or {}))
    if changes.get("due_at") != queue.due_at:
        problems += fault_of_deadline(changes.get("due_at"), now)
    problems += _fault_of_sme_queue(session, queue, changes.get("escalates_to"))
    names = changes.get("organisations") or []
    known = people.organisations_by_name(session, list(names))
    return problems + [Problem("/organisations", f"{name} is not known") for name in names if name not in known]


def _fault_of_sme_queue(session: Session, queue: Queue, to: str | None) -> list[Problem]:
    if to is None or to == queue.escalates_to:
        return []
    target = session.scalar(select(Queue).where(Queue.id == to, Queue.project_id == queue.project_id))
    if target is None or target.id == queue.id or not target.is_for_smes:
        return [Problem("/escalates_to", "must be another queue of this project, for gold or adjudication")]
    return []


def _change_one(
    session: Session, queue: Queue, key: str, called: str, value: Any, *, person: Person, clock: Clock
) -> None:
    before, after = getattr(queue, key), value
    if key == "escalates_to":
        before, after = _name_of(session, before), _name_of(session, after)
    details = {"from": in_words(before), "to": in_words(after)}
    actions.note(session, person, f"queue {called} changed", queue, details, clock)
    setattr(queue, key, value)
    if key == "overlap":
        overlap.ask_to_follow(session, queue, clock=clock)
    if key in {"filter", "fills_itself"}:
        queue.filled_at_change = -1  # ads that did not match may match now
    if key in {"filter", "fills_itself", "escalates_to"}:
        making.ask_to_fill(session, queue.project_id, clock=clock)
    session.flush()


def _name_of(session: Session, queue_id: str | None) -> str | None:
    return session.scalar(select(Queue.name).where(Queue.id == queue_id))


def _open_to(session: Session, queue: Queue, names: Sequence[str], *, person: Person, clock: Clock) -> None:
    """Who holds a task goes on; the next one is handed out as the queue is open then."""
    wanted = people.organisations_by_name(session, list(names))
    here = select(QueueOrganisation).where(QueueOrganisation.queue_id == queue.id)
    open_to = {row.organisation_id for row in session.scalars(here)}
    ids = {one.id for one in wanted.values()}
    if ids == open_to:
        return
    before = session.scalars(select(Organisation.name).where(Organisation.id.in_(open_to)).order_by(Organisation.name))
    details = {"from": ", ".join(before) or "all", "to": ", ".join(sorted(wanted)) or "all"}
    actions.note(session, person, "queue organisations changed", queue, details, clock)
    session.execute(delete(QueueOrganisation).where(QueueOrganisation.queue_id == queue.id))
    actions.open_to(session, queue, sorted(ids), clock=clock)
