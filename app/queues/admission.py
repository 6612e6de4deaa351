"""Whether somebody is handed anything in a queue: the facts, read for the rules of `choosing`."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people import qualifications
from app.people.models import Person
from app.projects.models import Project
from app.queues import choosing, counting, hours, limits, passing, queries
from app.queues.choosing import PROJECT, Applicant, Limits, Reason, Why
from app.queues.models import Queue
from app.queues.ordering import AFTER_ALL
from app.queues.rules import HANDS_OUT, QueueState
from app.queues.zones import zone_of


def refusals(session: Session, queue: Queue, person: Person, now: datetime) -> list[Reason]:
    """Why this person is handed nothing new here; empty where they are."""
    return choosing.refusals(
        Applicant(
            is_open_to_them=queries.may_work_in(session, person, queue),
            requires=queue.requires,
            held=qualifications.held_by(session, person.id, now) if queue.requires else (),
            opens_at=opens_at(queue, now),
            limits=limits.of(session, queue, person, now) if queue.limits else Limits(),
            wishes_other_projects=_wishes_other_projects(session, queue, person),
        )
    )


def told(session: Session, queue: Queue, person: Person, now: datetime) -> str:
    """The same in words for themselves; empty where nothing keeps them."""
    if queue.state not in HANDS_OUT:
        return choosing.told([Reason(Why.QUEUE_STATE, queue.state)])
    return choosing.told(refusals(session, queue, person, now))


def opens_at(queue: Queue, now: datetime) -> str | None:
    """When the queue's working hours begin again; None within them."""
    zone = zone_of(queue.hours)
    return None if hours.is_within(queue.hours, now, zone) else hours.next_opening(queue.hours, now, zone)


def not_for_me(person: Person) -> Mapping[str, Sequence[Any]]:
    """What this person asked not to be given."""
    kept: Mapping[str, Sequence[Any]] = person.preferences.get("not_for_me", {})
    return kept


def search_of(queue: Queue, person: Person) -> str:
    """What a search for this person's next task stands under: it begins anew where the queue was arranged anew, or they
    wish for something else.
    """
    wishes = {key: values for key, values in not_for_me(person).items() if key != PROJECT}
    if not wishes:
        return str(queue.arrangement)
    return f"{queue.arrangement}:{hashlib.sha256(str(sorted(wishes.items())).encode()).hexdigest()[:16]}"


def left(session: Session, queue: Queue, person: Person, now: datetime) -> int:
    """Tasks that this person could still get, counted up to a bound."""
    under, unwanted = search_of(queue, person), not_for_me(person)
    if not unwanted:
        return counting.left_for(session, queue, person, under=under, now=now)
    drains = queue.state == QueueState.DRAINING
    return passing.left(
        session, queue_id=queue.id, person_id=person.id, unwanted=unwanted, now=now, most=counting.MOST_COUNTED,
        reached=AFTER_ALL if drains else queries.reached_by(session, queue, person, under=under),
    )  # fmt: skip


def _wishes_other_projects(session: Session, queue: Queue, person: Person) -> bool:
    unwanted = not_for_me(person).get(PROJECT)
    if not unwanted:
        return False
    slug = session.scalar(select(Project.slug).where(Project.id == queue.project_id))
    return slug in unwanted or queue.project_id in unwanted
