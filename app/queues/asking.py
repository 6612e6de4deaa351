"""Finding the queue, task or claim of a path as the person who asks may see it, and what the page that asks is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, Query
from sqlalchemy import select

from app.errors import NotAllowed, NotFound
from app.labels.asking import SeenLabel
from app.labels.models import Label
from app.labels.rules import may_return
from app.people import queries as people
from app.people.asking import SignedIn
from app.people.models import Person
from app.people.rules import Role
from app.projects.asking import ProjectFor
from app.projects.models import Project
from app.queues import fillings, holders, queries
from app.queues.ahead import Shown
from app.queues.fillings import Filling
from app.queues.models import Claim, Queue, Task
from app.queues.rules import KINDS_OF_ROLE, may_make
from app.web.asking import Audience, revision_named
from app.web.transaction import DbSession

LONGEST_SHOWN_MS = 7 * 24 * 60 * 60 * 1000

MAKERS = Audience(
    "managers, trainers, SMEs, auditors and admins",
    frozenset(Role(name) for name in KINDS_OF_ROLE),
    company=True,
    seen=True,
)


def seen_queue(queue: str, session: DbSession, person: SignedIn) -> Queue:
    found = queries.queue_seen_by(session, person, queue)
    if found is None:
        raise NotFound
    return found


SeenQueue = Annotated[Queue, Depends(seen_queue)]


def steered_queue(queue: SeenQueue, person: SignedIn) -> Queue:
    """403 for those who see the queue, but whose roles do not steer queues of its kind."""
    if not person.is_company or not may_make(frozenset(person.roles), queue.kind):
        raise NotAllowed("Queues of this kind are steered by others. Ask a manager.")
    return queue


def watched_queue(queue: SeenQueue, person: SignedIn) -> Queue:
    """Who works on what is for the company's people; others learn nothing of it."""
    if not person.is_company:
        raise NotFound
    return queue


SteeredQueue = Annotated[Queue, Depends(steered_queue)]
WatchedQueue = Annotated[Queue, Depends(watched_queue)]


@dataclass(frozen=True)
class SteeredTask:
    """A task whose queue the person steers."""

    task: Task
    queue: Queue


def steered_task(task: str, session: DbSession, person: SignedIn) -> SteeredTask:
    found = queries.find_task(session, task)
    if found is None or not person.is_company:
        raise NotFound
    queue = session.scalars(select(Queue).where(Queue.id == found.queue_id)).one()
    return SteeredTask(found, steered_queue(queue, person))


RECALLERS = Audience("managers, admins and vendor leads", frozenset({Role.MANAGER, Role.ADMIN, Role.VENDOR_LEAD}))


def recalled_claim(claim: str, session: DbSession, recaller: Annotated[Person, Depends(RECALLERS)]) -> Claim:
    found = holders.claim_to_recall(session, claim, recaller)
    if found is None:
        raise NotFound
    return found


Recaller = Annotated[Person, Depends(RECALLERS)]
RecalledClaim = Annotated[Claim, Depends(recalled_claim)]


def asked_person(session: DbSession, person: Annotated[str, Query(max_length=320)]) -> Person:
    """The person that a question of the company's people is about, by id or e-mail."""
    found = people.person_by_id(session, person) or people.person_by_email(session, person)
    if found is None:
        raise NotFound(f"There is nobody here with the id or e-mail {person}.")
    return found


AskedPerson = Annotated[Person, Depends(asked_person)]


def seen_filling(filling: str, session: DbSession, person: SignedIn) -> Filling:
    """Of a queue that the person steers."""
    found = fillings.find(session, filling)
    if found is None or not person.is_company:
        raise NotFound
    steered_queue(session.scalars(select(Queue).where(Queue.id == found.queue_id)).one(), person)
    return found


def returnable_label(label: SeenLabel, person: SignedIn) -> Label:
    """403 for those who see the label, but do not judge it."""
    if not may_return(frozenset(person.roles), is_company=person.is_company):
        raise NotAllowed("Labels are returned by managers and auditors.")
    return label


ReturnableLabel = Annotated[Label, Depends(returnable_label)]
SeenFilling = Annotated[Filling, Depends(seen_filling)]
DecidedTask = Annotated[SteeredTask, Depends(steered_task)]
QueueMakersProject = Annotated[Project, Depends(ProjectFor(MAKERS))]


async def revision_made_from(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """The queue's revision that a change was made from; None where the header is absent or `*`."""
    return None if if_match is None else revision_named(if_match)


MadeFrom = Annotated[int | None, Depends(revision_made_from)]
ClaimToken = Annotated[str, Header(max_length=200)]
ClaimHolder = Annotated[str | None, Header(min_length=1, max_length=64)]


def shown_ahead(
    next_claim: Annotated[str | None, Header(max_length=32)] = None,
    next_token: Annotated[str, Header(max_length=200)] = "",
    next_shown_ms: Annotated[int, Header(ge=0, le=LONGEST_SHOWN_MS)] = 0,
) -> Shown | None:
    """The reserved claim that the page went on with when it sent this. In headers, which may differ when it is sent
    again.
    """
    return Shown(next_claim, next_token, timedelta(milliseconds=next_shown_ms)) if next_claim else None


ShownAhead = Annotated[Shown | None, Depends(shown_ahead)]


def own_queue(claim: str, session: DbSession, person: SignedIn) -> Queue:
    """The queue of a claim of this person."""
    found = queries.queue_of_claim(session, claim, person)
    if found is None:
        raise NotFound
    return found


OwnQueue = Annotated[Queue, Depends(own_queue)]
