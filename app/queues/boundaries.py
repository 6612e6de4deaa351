"""Who may work in a queue, how much of it people and organisations may take, and when it hands out: as managers set it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Invalid, Problem
from app.people import audit
from app.people import queries as people
from app.people.models import Organisation, Person
from app.queues import choosing
from app.queues import hours as working_hours
from app.queues import limits as kept_limits
from app.queues.models import Queue
from app.queues.wording import in_words
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
    _note(
        session,
        queue,
        "queue limits changed",
        {"from": _limits_in_words(session, queue.limits), "to": _limits_in_words(session, kept)},
        person,
        clock,
    )
    queue.limits = kept
    session.flush()
    kept_limits.keep(session, queue, by_id, clock=clock)


def change_hours(
    session: Session, queue: Queue, hours: Mapping[str, Any], *, person: Person | None, clock: Clock
) -> None:
    """When tasks are handed out; who holds one goes on whenever they like."""
    hours = {"zone": "UTC", **hours}  # a change that names no zone means the one that is said for none
    problems = working_hours.faults_of(hours, zone_is_known=is_zone(hours["zone"]))
    if problems:
        raise Invalid("The queue keeps its hours.", problems=problems)
    zoned = {"zone": hours["zone"]} if hours["zone"] != "UTC" else {}  # of the days that limits count by
    kept = hours if hours.get("windows") else zoned
    if queue.hours == kept:
        return
    _note(
        session,
        queue,
        "queue hours changed",
        {"from": _hours_in_words(queue.hours), "to": _hours_in_words(kept)},
        person,
        clock,
    )
    queue.hours = kept
    session.flush()


def change_requires(
    session: Session, queue: Queue, requires: Mapping[str, Sequence[str]], *, person: Person, clock: Clock
) -> None:
    """What people must have to be handed tasks from now on; who holds one goes on."""
    kept = choosing.asked(requires)
    if queue.requires == kept:
        return
    _note(
        session,
        queue,
        "queue requirements changed",
        {"from": in_words(queue.requires), "to": in_words(kept)},
        person,
        clock,
    )
    queue.requires = kept
    session.flush()


def _limits_in_words(session: Session, limits: Mapping[str, Any]) -> Any:
    ids = limits.get("organisations", {})
    names = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    plain = {key.replace("_", " "): value for key, value in limits.items() if key != "organisations"}
    return in_words(plain | {row.name: ids[row.id] for row in names})


def _hours_in_words(hours: Mapping[str, Any]) -> Any:
    written = working_hours.in_words(hours)
    return in_words(f"{'; '.join(written)} ({hours['zone']})" if written else hours.get("zone"))


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
