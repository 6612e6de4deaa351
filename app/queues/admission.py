"""Whether somebody is handed anything in a queue: the facts, read for the rules of `choosing`."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.people import qualifications
from app.people.models import Person
from app.queues import choosing, queries
from app.queues.choosing import Applicant, Reason
from app.queues.models import Queue


def refusals(session: Session, queue: Queue, person: Person, now: datetime) -> list[Reason]:
    """Why this person is handed nothing new here; empty where they are."""
    return choosing.refusals(
        Applicant(
            is_open_to_them=queries.may_work_in(session, person, queue),
            requires=queue.requires,
            held=qualifications.held_by(session, person.id, now) if queue.requires else (),
        )
    )


def told(session: Session, queue: Queue, person: Person, now: datetime) -> str:
    """The same in words for themselves; empty where nothing keeps them."""
    return choosing.told(refusals(session, queue, person, now))
