"""What people put aside and why, for those who run the queue. Who found something not good for them is told to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.labels.canonical import moment
from app.people.models import Person
from app.queues import queries
from app.queues.models import Claim, Outcome, Queue, Task
from app.queues.rules import ClaimState, OutcomeKind, Seat
from app.web.pagination import Page, PageRequest, fetch_page

LATELY = PageRequest(limit=10, after=None)
WORDS = {
    OutcomeKind.SKIP: "Skipped",
    OutcomeKind.FLAG: "Flagged",
    OutcomeKind.ESCALATE: "Escalated",
    OutcomeKind.CANNOT_JUDGE: "Not to be judged",
}
GIVEN_BACK = "Given back"


@dataclass(frozen=True)
class PutAside:
    """An outcome of a queue, with its ad."""

    outcome: Outcome
    external_id: str
    person: str

    @property
    def words(self) -> str:
        return WORDS[OutcomeKind(self.outcome.kind)]

    def as_json(self) -> dict[str, Any]:
        one = self.outcome
        return {
            "id": one.id, "task": one.task_id, "external_id": self.external_id,
            "person": {"id": one.person_id, "name": self.person}, "outcome": one.kind, "note": one.note,
            "at": moment(one.created_at),
        }  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """How a claim on a task ended without a label. Without a person where it was given back."""

    at: datetime
    words: str
    person: str | None = None
    note: str | None = None


def newest_in(session: Session, queue: Queue, paging: PageRequest) -> Page[Outcome]:
    found = select(Outcome).where(Outcome.queue_id == queue.id, Outcome.kind != OutcomeKind.WELLBEING)
    return fetch_page(session, found, Outcome, paging, newest_first=True)


def lately(session: Session, queue: Queue) -> list[PutAside]:
    return shown(session, newest_in(session, queue, LATELY).items)


def shown(session: Session, outcomes: Sequence[Outcome]) -> list[PutAside]:
    ads = session.execute(
        select(Task.id, Asset.external_id)
        .join(Asset, Asset.id == Task.asset_id)
        .where(Task.id.in_({one.task_id for one in outcomes}))
    )
    external_ids = {row.id: row.external_id for row in ads}
    names = queries.names_of_people(session, {one.person_id for one in outcomes})
    return [PutAside(one, external_ids[one.task_id], names[one.person_id]) for one in outcomes]


def endings(session: Session, task: Task) -> list[Ending]:
    """Of the claims on a task, the newest first. What was not good for somebody reads as a task that they gave back: when,
    and not by whom.
    """
    rows = session.execute(
        select(Outcome, Person.name).join(Person, Person.id == Outcome.person_id).where(Outcome.task_id == task.id)
    ).all()
    found = [_ending(outcome, name) for outcome, name in rows] + _given_back(session, task)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _ending(outcome: Outcome, name: str) -> Ending:
    if outcome.kind == OutcomeKind.WELLBEING:
        return Ending(outcome.created_at, GIVEN_BACK)
    return Ending(outcome.created_at, WORDS[OutcomeKind(outcome.kind)], name, outcome.note)


def _given_back(session: Session, task: Task) -> list[Ending]:
    """By their people, after they had begun; what was only reserved is not told."""
    ended = session.scalars(
        select(Claim.ended_at).where(
            Claim.task_id == task.id, Claim.state == ClaimState.RELEASED, Claim.seat == Seat.AT_HAND,
            Claim.ended_by.is_(None), Claim.ended_at.is_not(None),
        )
    )  # fmt: skip
    return [Ending(at, GIVEN_BACK) for at in ended if at is not None]
