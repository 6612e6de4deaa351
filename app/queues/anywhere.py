"""The next task for somebody of whichever of their queues has one."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Conflict
from app.people.models import Person
from app.queues import handing, queries
from app.queues.models import Claim, Queue


@dataclass(frozen=True)
class Handed:
    claim: Claim
    queue: Queue


def claim_next(session: Session, *, person: Person, holder: str | None, clock: Clock) -> Handed | None:
    """The task they hold already, else the next one of the first of their queues that has one for them; None where none
    has. Each queue is asked as if it had been asked alone, so what it hands out it hands out once.
    """
    outrun: handing.Outrun | None = None
    for queue in in_turn(session, person, clock=clock):
        try:
            claim = handing.claim_next(session, queue, person=person, holder=holder, clock=clock)
        except handing.Outrun as refused:
            outrun = refused  # it has tasks: unless another has one too, they are asked to ask again
        except Conflict:
            continue  # paused at this moment, without a guideline yet, or outside of its hours: the next may have one
        else:
            if claim is not None:
                return Handed(claim, queue)
    if outrun is not None:
        raise outrun
    return None


def in_turn(session: Session, person: Person, *, clock: Clock) -> list[Queue]:
    """The queues that somebody may work in, the first to ask first: what they hold already is theirs to finish."""
    now = clock()
    held_in = queries.queues_held_in(session, person, now)
    return sorted(queries.working_queues(session, person, now), key=lambda queue: queue.id not in held_in)
