"""How much of a queue one person, and the people of one organisation, may take: read for the rules, and kept by the writes
that decide when several compete.

A person's claims in a limited queue are numbered, and a number is given once: of two that both counted before either was
there one fails, and counts again. An organisation's claims are counted up in one row by a write that holds the limit itself;
what was given back without a label is counted off from the claims.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, text, true, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.people.models import Person
from app.queues import tallies
from app.queues.choosing import Limits, most_for_organisation
from app.queues.hours import day_of, start_of_day
from app.queues.models import GIVEN_BACK, Claim, OrganisationLimit, Queue
from app.queues.rules import ClaimState
from app.queues.zones import zone_of

COUNTED = (ClaimState.LIVE, ClaimState.SUBMITTED)


class Raced(Exception):
    """Somebody else took the last that a limit allows, at this very moment."""


@dataclass(frozen=True)
class Counted:
    """What a claim in a limited queue carries for the count."""

    number: int = 0
    organisation_id: str | None = None


def of(session: Session, queue: Queue, person: Person, now: datetime) -> Limits:
    """What is allowed, and what is taken of it."""
    limit = _of_organisation(session, queue, person.organisation_id)
    taken, today = _taken_by(session, queue, person, now) if _limits_people(queue) else (0, 0)
    return Limits(
        person=queue.limits.get("person"),
        person_a_day=queue.limits.get("person_a_day"),
        organisation=_most(session, queue, limit),
        taken=taken,
        taken_today=today,
        taken_by_organisation=0 if limit is None else limit.handed - _given_back(session, limit),
    )


def lets_any(session: Session, queue: Queue, people: Sequence[str], now: datetime) -> bool:
    """Whether at least one of these people may be handed one more. Looks no further than the first."""
    if not queue.limits:
        return True
    theirs = select(Person.id).where(Person.id.in_(people), Person.organisation_id.not_in(_full(session, queue)))
    day = start_of_day(now, zone_of(queue.hours))
    for most, counted in (
        (queue.limits.get("person"), true()),
        (queue.limits.get("person_a_day"), Claim.created_at >= day),
    ):
        if most is not None:
            claims = select(func.count()).where(
                Claim.person_id == Person.id, Claim.queue_id == queue.id, _is_counted(now), counted
            )
            theirs = theirs.where(claims.correlate(Person).scalar_subquery() < most)
    return session.scalar(theirs.limit(1)) is not None


def _full(session: Session, queue: Queue) -> list[str]:
    """Organisations that have all that they may have."""
    limited = session.scalars(select(OrganisationLimit).where(OrganisationLimit.queue_id == queue.id)).all()
    most_of = ((limit, _most(session, queue, limit)) for limit in limited)
    return [
        limit.organisation_id
        for limit, most in most_of
        if most is not None and limit.handed - _given_back(session, limit) >= most
    ]


def count(session: Session, queue: Queue, person: Person, *, again: bool = False) -> Counted:
    """Counts a claim that is being made. `again`: it goes on with a task of theirs, so that no limit holds it up. Raises
    `Raced` where the limit was reached meanwhile.
    """
    number = _next_number(session, queue, person) if _limits_people(queue) else 0
    limit = _of_organisation(session, queue, person.organisation_id)
    if limit is None:
        return Counted(number)
    counting = update(OrganisationLimit).where(OrganisationLimit.seq == limit.seq)
    most = _most(session, queue, limit)
    if most is not None and not again:
        counting = counting.where(OrganisationLimit.handed - _given_back(session, limit) < most)
    counted = session.execute(
        counting.values(handed=OrganisationLimit.handed + 1)
        .returning(OrganisationLimit.seq)
        .execution_options(synchronize_session=False)
    )
    if counted.first() is None:
        raise Raced
    return Counted(number, person.organisation_id)


def keep(session: Session, queue: Queue, limits: Mapping[str, Mapping[str, Any]], *, clock: Clock) -> None:
    """The organisations' limits of the queue from now on, by id; what their people hold and did counts."""
    session.execute(delete(OrganisationLimit).where(OrganisationLimit.queue_id == queue.id))
    for organisation_id, limit in limits.items():
        theirs = (
            Claim.queue_id == queue.id, Claim.state.in_(COUNTED),
            Claim.person_id.in_(select(Person.id).where(Person.organisation_id == organisation_id)),
        )  # fmt: skip
        session.execute(
            update(Claim).where(*theirs).values(organisation_id=organisation_id)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        handed = session.scalar(
            select(func.count()).where(Claim.queue_id == queue.id, Claim.organisation_id == organisation_id)
        )
        session.add(
            OrganisationLimit(
                queue_id=queue.id, organisation_id=organisation_id, most=limit.get("most"), share=limit.get("share"),
                handed=handed or 0, created_at=clock(),
            )
        )  # fmt: skip
    session.flush()


def _limits_people(queue: Queue) -> bool:
    return "person" in queue.limits or "person_a_day" in queue.limits


def _most(session: Session, queue: Queue, limit: OrganisationLimit | None) -> int | None:
    """A share is of the places that there are now: tasks are moved away or withdrawn, and their overlap changes."""
    if limit is None:
        return None
    slots = 0 if limit.share is None else tallies.counts_of(session, [queue.id])[queue.id].wanted
    return most_for_organisation(most=limit.most, share=limit.share, slots=slots)


def _of_organisation(session: Session, queue: Queue, organisation_id: str) -> OrganisationLimit | None:
    if not queue.limits.get("organisations"):
        return None
    return session.scalar(
        select(OrganisationLimit)
        .where(OrganisationLimit.queue_id == queue.id, OrganisationLimit.organisation_id == organisation_id)
        .execution_options(populate_existing=True)
    )


def _given_back(session: Session, limit: OrganisationLimit) -> int:
    given_back = select(func.count()).where(
        Claim.queue_id == limit.queue_id, Claim.organisation_id == limit.organisation_id, text(GIVEN_BACK)
    )  # fmt: skip
    return int(session.scalar(given_back) or 0)


def _taken_by(session: Session, queue: Queue, person: Person, now: datetime) -> tuple[int, int]:
    """Tasks that this person holds or answered here: in all, and handed out today."""
    zone = zone_of(queue.hours)
    handed = session.scalars(
        select(Claim.created_at).where(Claim.person_id == person.id, Claim.queue_id == queue.id, _is_counted(now))
    ).all()
    return len(handed), sum(day_of(at, zone) == day_of(now, zone) for at in handed)


def _is_counted(now: datetime) -> ColumnElement[bool]:
    """Whether a claim counts against a person's limits: one whose time is up is theirs no more, whoever notes it."""
    return Claim.state.in_(COUNTED) & or_(Claim.state != ClaimState.LIVE, Claim.expires_at > now)


def _next_number(session: Session, queue: Queue, person: Person) -> int:
    newest = session.scalar(
        select(func.max(Claim.number)).where(Claim.person_id == person.id, Claim.queue_id == queue.id, Claim.number > 0)
    )
    return (newest or 0) + 1
