"""Who holds what, for those who may take it back: managers from anybody, leads from their own people."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.people.models import Person
from app.queues.models import Claim, Queue, Task
from app.queues.queries import LIVE


def claim_to_recall(session: Session, claim_id: str, recaller: Person) -> Claim | None:
    """Any for the company's people; for others those of their own organisation's people."""
    found = select(Claim).join(Person, Person.id == Claim.person_id).where(Claim.id == claim_id)
    return session.scalar(
        found if recaller.is_company else found.where(Person.organisation_id == recaller.organisation_id)
    )


def held_by_colleagues(session: Session, queue: Queue, lead: Person, now: datetime) -> list[tuple[Claim, str, str]]:
    """Claims at work of the lead's own organisation: each with its person's name and its ad, the longest held first."""
    rows = session.execute(
        select(Claim, Person.name, Asset.external_id)
        .join(Person, Person.id == Claim.person_id)
        .join(Task, Task.id == Claim.task_id)
        .join(Asset, Asset.id == Task.asset_id)
        .where(
            Claim.queue_id == queue.id, Claim.state == LIVE, Claim.expires_at > now,
            Person.organisation_id == lead.organisation_id,
        )
        .order_by(Claim.seq)
    )  # fmt: skip
    return [(claim, name, external_id) for claim, name, external_id in rows]
