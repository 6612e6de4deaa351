"""How much of a queue people and organisations may take, and when it hands out: as managers set it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Invalid, Problem
from app.people import audit
from app.people import queries as people
from app.people.models import Person
from app.queues import hours as working_hours
from app.queues import limits as kept_limits
from app.queues.models import Queue
from app.queues.zones import is_zone


def begin(
    session: Session,
    queue: Queue,
    *,
    limits: Mapping[str, Any],
    hours: Mapping[str, Any],
    person: Person | None,
    clock: Clock,
) -> None:
    """Those of a new queue."""
    change_limits(session, queue, limits, person=person, clock=clock)
    change_hours(session, queue, hours, person=person, clock=clock)


def change_limits(
    session: Session, queue: Queue, limits: Mapping[str, Any], *, person: Person | None, clock: Clock
) -> None:
    """From now on, with what is done counted in. `limits` names organisations; what says nothing is no limit."""
    named = {name: limit for name, limit in limits.get("organisations", {}).items() if _said(limit)}
    known = people.organisations_by_name(session, list(named))
    unknown = [Problem("/limits/organisations", f"{name} is not known") for name in named if name not in known]
    if unknown:
        raise Invalid("The queue keeps its limits.", problems=unknown)
    by_id = {known[name].id: _said(limit) for name, limit in named.items()}
    kept = {key: limits[key] for key in ("person", "person_a_day") if limits.get(key) is not None}
    kept |= {"organisations": by_id} if by_id else {}
    if queue.limits == kept:
        return
    _note(session, queue, "queue limits changed", {"from": str(queue.limits), "to": str(kept)}, person, clock)
    queue.limits = kept
    session.flush()
    kept_limits.keep(session, queue, by_id, clock=clock)


def change_hours(
    session: Session, queue: Queue, hours: Mapping[str, Any], *, person: Person | None, clock: Clock
) -> None:
    """When tasks are handed out; who holds one goes on whenever they like."""
    problems = working_hours.faults_of(hours, zone_is_known=is_zone(hours.get("zone", "")))
    if problems:
        raise Invalid("The queue keeps its hours.", problems=problems)
    kept = dict(hours) if hours.get("windows") else {}
    if queue.hours == kept:
        return
    _note(session, queue, "queue hours changed", {"from": str(queue.hours), "to": str(kept)}, person, clock)
    queue.hours = kept
    session.flush()


def _said(limit: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in limit.items() if value is not None}


def _note(
    session: Session, queue: Queue, verb: str, details: dict[str, Any], person: Person | None, clock: Clock
) -> None:
    audit.record(
        session,
        actor=person,
        verb=verb,
        subject_kind="queue",
        subject_id=queue.id,
        details={**details, "revision": queue.revision},
        clock=clock,
    )
