"""What does not move in a queue, and why: read for those who run it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.people.models import Person, PersonRole
from app.people.rules import Role
from app.projects.models import ProjectOrganisation
from app.queues.models import Claim, Queue, QueueOrganisation, Slot, Task
from app.queues.rules import ClaimState, SlotState, TaskState

EXPIRED_OFTEN = 3
MOST_SHOWN = 20
LOOKED_AT = 200  # slots of each state, the next to be handed out first

EXPIRED = literal(str(ClaimState.EXPIRED), literal_execute=True)
_HAD = (ClaimState.LIVE, ClaimState.SUBMITTED, ClaimState.SKIPPED)


class Reason(StrEnum):
    NOBODY = "nobody"
    HAD_BY_ALL = "had by all"
    EXPIRES = "expires"
    PREPARING = "preparing"
    NO_MATCH = "nothing matches"


@dataclass(frozen=True)
class Stuck:
    """Why something stands still, how many tasks or ads that are, and some of them by their ads' external ids."""

    reason: Reason
    count: int
    examples: tuple[str, ...] = ()


def oldest_open(session: Session, queue: Queue) -> datetime | None:
    """When the open task was made that waits longest."""
    return session.scalar(
        select(Task.created_at)
        .where(Task.queue_id == queue.id, Task.state == TaskState.OPEN)
        .order_by(Task.seq)
        .limit(1)
    )


def workers(queue: Queue) -> Select[str]:
    """Ids of those who may be handed its tasks: enabled labelers of organisations that queue and project are open to."""
    of_queue = select(QueueOrganisation.organisation_id).where(QueueOrganisation.queue_id == queue.id)
    of_project = select(ProjectOrganisation.organisation_id).where(ProjectOrganisation.project_id == queue.project_id)
    return (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            PersonRole.role == Role.LABELER, Person.disabled_at.is_(None), _listed_or_all(of_queue), _listed_or_all(of_project)
        )
    )  # fmt: skip


def _listed_or_all(listed: Select[str]) -> ColumnElement[bool]:
    return or_(~listed.exists(), Person.organisation_id.in_(listed))


def held_back(session: Session, queue: Queue) -> list[Stuck]:
    """Everything that would stand still though the queue is open."""
    found = [_expired_often(session, queue)]
    count = session.scalar(select(func.count()).select_from(workers(queue).subquery())) or 0
    waiting = _waiting_tasks(session, queue)
    if waiting and count == 0:
        found.append(Stuck(Reason.NOBODY, len(waiting)))
    elif waiting:
        found.append(_had_by_all(session, queue, waiting, count))
    return [one for one in found if one.count]


def _expired_often(session: Session, queue: Queue) -> Stuck:
    """Open tasks whose claims ran out again and again."""
    times = func.count()
    often = (
        select(Claim.task_id, times.label("times"))
        .where(Claim.queue_id == queue.id, Claim.state == EXPIRED)
        .group_by(Claim.task_id)
        .having(times >= EXPIRED_OFTEN)
        .subquery()
    )
    rows = session.execute(
        select(Asset.external_id, often.c.times)
        .join(Task, Task.id == often.c.task_id)
        .join(Asset, Asset.id == Task.asset_id)
        .where(Task.state == TaskState.OPEN)
        .order_by(often.c.times.desc(), Task.seq)
        .limit(LOOKED_AT)
    ).all()
    examples = tuple(f"{external_id} ({times} times)" for external_id, times in rows[:MOST_SHOWN])
    return Stuck(Reason.EXPIRES, len(rows), examples)


def _waiting_tasks(session: Session, queue: Queue) -> set[str]:
    """Tasks of the slots that would be handed out next."""
    found: set[str] = set()
    for state in (SlotState.RETURNED, SlotState.FREE):
        rows = select(Slot.task_id).where(
            Slot.queue_id == queue.id, Slot.state == literal(str(state), literal_execute=True)
        )
        found |= set(session.scalars(rows.order_by(Slot.sort_key, Slot.seq).limit(LOOKED_AT)))
    return found


def _had_by_all(session: Session, queue: Queue, waiting: set[str], count: int) -> Stuck:
    """Waiting tasks that every one of these people had."""
    had = (
        select(Claim.task_id)
        .where(Claim.task_id.in_(waiting), Claim.state.in_(_HAD), Claim.person_id.in_(workers(queue)))
        .group_by(Claim.task_id)
        .having(func.count(Claim.person_id.distinct()) >= count)
    )
    rows: Sequence[str] = session.scalars(
        select(Asset.external_id).join(Task, Task.asset_id == Asset.id).where(Task.id.in_(had)).order_by(Task.seq)
    ).all()
    return Stuck(Reason.HAD_BY_ALL, len(rows), tuple(rows[:MOST_SHOWN]))
