"""What does not move in a queue, and why: read for those who run it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, text
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.people import qualifications
from app.people.models import Person, PersonRole
from app.people.rules import OrganisationKind, Role
from app.projects.models import ProjectOrganisation
from app.queues import admission, choosing, limits
from app.queues.models import Claim, Queue, QueueOrganisation, Slot, Task
from app.queues.rules import ClaimState, SlotState, TaskState

EXPIRED_OFTEN = 3
MOST_SHOWN = 20
LOOKED_AT = 200  # slots of each state, the next to be handed out first

EXPIRED = literal(str(ClaimState.EXPIRED), literal_execute=True)
_HAD = text("claims.state IN ('live', 'submitted', 'skipped')")  # word for word as the index says it


class Reason(StrEnum):
    NOBODY = "nobody"
    NOBODY_QUALIFIED = "nobody qualified"
    OUTSIDE_HOURS = "outside hours"
    ALL_AT_LIMITS = "all at limits"
    HAD_BY_ALL = "had by all"
    EXPIRES = "expires"
    PREPARING = "preparing"
    NO_MATCH = "nothing matches"
    NOT_ADDED = "nothing added"


@dataclass(frozen=True)
class Stuck:
    """Why something stands still, how many tasks or ads that are, and some of them by their ads' external ids. `what`: the
    words it turns on, such as the certificate that nobody has.
    """

    reason: Reason
    count: int
    examples: tuple[str, ...] = ()
    what: tuple[str, ...] = ()


def oldest_open(session: Session, queue: Queue) -> datetime | None:
    """When the open task was made that waits longest.

    Put so that only the index of a queue's tasks by state has them in this order: PostgreSQL would else walk through all
    tasks by `seq`, thinking that an open one must come soon, where those done lie first.
    """
    return session.scalar(
        select(Task.created_at)
        .where(Task.queue_id == queue.id, Task.state.between(TaskState.OPEN, TaskState.OPEN))
        .order_by(Task.state, Task.seq)
        .limit(1)
    )


def workers(queue: Queue) -> Select[str]:
    """Ids of those who may be handed its tasks: enabled labelers of organisations that queue and project are open to, and
    SMEs where it is for them.
    """
    of_queue = select(QueueOrganisation.organisation_id).where(QueueOrganisation.queue_id == queue.id)
    of_project = select(ProjectOrganisation.organisation_id).where(ProjectOrganisation.project_id == queue.project_id)
    return (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            PersonRole.role.in_([Role.LABELER, Role.SME] if queue.is_for_smes else [Role.LABELER]),
            Person.disabled_at.is_(None),
            _listed_or(~of_queue.exists() & _IN_COMPANY if queue.is_for_smes else ~of_queue.exists(), of_queue),
            _listed_or(~of_project.exists(), of_project),
        )
        .distinct()
    )


_IN_COMPANY = Person.organisation.has(kind=OrganisationKind.COMPANY)


def _listed_or(to_all: ColumnElement[bool], listed: Select[str]) -> ColumnElement[bool]:
    return or_(to_all, Person.organisation_id.in_(listed))


def held_back(session: Session, queue: Queue, now: datetime) -> list[Stuck]:
    """Everything that would stand still though the queue is open."""
    found = [_expired_often(session, queue), *_kept_from_all(session, queue, _waiting_tasks(session, queue), now)]
    return [one for one in found if one.count]


def _kept_from_all(session: Session, queue: Queue, waiting: Mapping[str, str], now: datetime) -> Iterator[Stuck]:
    """What waits because nobody may be handed it, by the rules that hand out. `waiting`: roots by task."""
    if not waiting:
        return
    opens_at = admission.opens_at(queue, now)
    if opens_at is not None:
        yield Stuck(Reason.OUTSIDE_HOURS, len(waiting), what=(opens_at,))
    people = session.scalars(workers(queue)).all()
    able, missing = _qualified(session, queue, people, now)
    if not people:
        yield Stuck(Reason.NOBODY, len(waiting))
    elif not able:
        yield Stuck(Reason.NOBODY_QUALIFIED, len(waiting), what=missing)
    elif not limits.lets_any(session, queue, able, now):
        yield Stuck(Reason.ALL_AT_LIMITS, len(waiting))
    else:
        yield _had_by_all(session, waiting, able)


def _qualified(
    session: Session, queue: Queue, people: Sequence[str], now: datetime
) -> tuple[Sequence[str], tuple[str, ...]]:
    """Those of these people who have what the queue asks for; where it is nobody, what the one lacks who lacks least."""
    if not queue.requires:
        return people, ()
    held = qualifications.held_by_each(session, now)
    lacking = {person: tuple(choosing.lacking(queue.requires, held.get(person, ()))) for person in people}
    return [person for person in people if not lacking[person]], min(lacking.values(), key=len, default=())


def _expired_often(session: Session, queue: Queue) -> Stuck:
    """Open tasks whose claims ran out again and again."""
    times = func.count()
    often = (
        select(Claim.task_id, times.label("times"))
        .where(Claim.queue_id == queue.id, Claim.state == EXPIRED)
        .group_by(Claim.task_id)
        .having(times >= EXPIRED_OFTEN)
        .order_by(times.desc())
        .limit(5 * LOOKED_AT)  # of which some are done; without, PostgreSQL expects so many that it reads all tasks
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


def _waiting_tasks(session: Session, queue: Queue) -> dict[str, str]:
    """Tasks of the slots that would be handed out next, with the roots that they stem from."""
    found: dict[str, str] = {}
    for state in (SlotState.RETURNED, SlotState.FREE):
        rows = select(Slot.task_id, Slot.root_id).where(
            Slot.queue_id == queue.id, Slot.state == literal(str(state), literal_execute=True)
        )
        found |= {
            row.task_id: row.root_id for row in session.execute(rows.order_by(Slot.sort_key, Slot.seq).limit(LOOKED_AT))
        }
    return found


def _had_by_all(session: Session, waiting: Mapping[str, str], people: Sequence[str]) -> Stuck:
    """Waiting tasks that every one of these people had, or one that it stems from or that stems from it."""
    had = (
        select(Claim.root_id)
        .where(Claim.root_id.in_(set(waiting.values())), _HAD, Claim.person_id.in_(people))
        .group_by(Claim.root_id)
        .having(func.count(Claim.person_id.distinct()) >= len(people))
    )
    roots = set(session.scalars(had))
    tasks = [task for task, root in waiting.items() if root in roots]
    rows: Sequence[str] = session.scalars(
        select(Asset.external_id).join(Task, Task.asset_id == Asset.id).where(Task.id.in_(tasks)).order_by(Task.seq)
    ).all()
    return Stuck(Reason.HAD_BY_ALL, len(rows), tuple(rows[:MOST_SHOWN]))
