"""Somebody who was disabled holds nothing any more: what they worked on goes back at once, and their drafts are kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.session import Database
from app.jobs.models import Job
from app.jobs.runs import About, Kind, Run
from app.people.models import Person
from app.queues import claims, slots
from app.queues.models import Claim
from app.queues.rules import ClaimState


def job_kind(database: Database, clock: Clock) -> Kind:
    """Gives back what `payload["person"]` holds, unless they were enabled again meanwhile."""

    def give_back(payload: Mapping[str, Any], run: Run) -> None:
        with database.read() as session:
            held = session.scalars(
                select(Claim.id).where(Claim.person_id == payload["person"], Claim.state == ClaimState.LIVE)
            ).all()
        for number, claim_id in enumerate(held, start=1):
            _give_back(run, claim_id, clock)
            run.update(number, len(held))

    return Kind("Giving back the tasks of somebody who left", give_back, about=_about, counts="tasks")


def _about(session: Session, jobs: Sequence[Job]) -> dict[str, About]:
    """The person that each of these jobs takes tasks from. Their page is not for all who see background work."""
    ids = {str(job.payload["person"]) for job in jobs}
    names = {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    return {job.id: About(names[who]) for job in jobs if (who := str(job.payload["person"])) in names}


def _give_back(run: Run, claim_id: str, clock: Clock) -> None:
    with run.write() as session:
        slot_id, disabled_at = session.execute(
            select(Claim.slot_id, Person.disabled_at).join(Person, Person.id == Claim.person_id).where(Claim.id == claim_id)
        ).one()  # fmt: skip
        slot = slots.lock(session, slot_id)
        claim = session.scalars(
            select(Claim).where(Claim.id == claim_id).execution_options(populate_existing=True)
        ).one()
        if disabled_at is not None and slot.claim_id == claim.id and claim.state == ClaimState.LIVE:
            claims.end(session, slot, claim, ClaimState.RELEASED, clock=clock)
