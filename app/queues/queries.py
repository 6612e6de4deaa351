"""Reading queues, tasks and claims, and who sees what through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.db.loading import all_of, held
from app.db.reading import columns, read
from app.guidelines import queries as guidelines
from app.people.models import Organisation, Person
from app.projects.models import Project, ProjectOrganisation
from app.queues.models import Claim, Outcome, Queue, QueueOrganisation, Slot, Task
from app.queues.ordering import BEFORE_ALL
from app.queues.rules import HANDS_OUT, SME_KINDS, ClaimState, QueueState, Seat, SlotState, TaskState, is_live, urgency

SEEN_THROUGH = (ClaimState.LIVE, ClaimState.SUBMITTED)

# Written into the statement, since a partial index is used only where its condition stands there word for word.
LIVE: ColumnElement[str] = literal_column(f"'{ClaimState.LIVE}'")
HELD: ColumnElement[str] = literal_column(f"'{SlotState.HELD}'")
AHEAD: ColumnElement[str] = literal_column(f"'{SlotState.AHEAD}'")


# Who sees what --------------------------------------------------------------------------------------------------


def open_to(person: Person) -> ColumnElement[bool]:
    """Queues without organisations are open to those of their project, and those without to everybody; what SMEs answer is
    open to vendors only where they are named, since its name and kind alone would tell them of the gold standard.
    """
    return _open_to(person.organisation_id, to_vendors=not person.is_company)


def _open_to(organisation: str | ColumnElement[str], *, to_vendors: bool) -> ColumnElement[bool]:
    of_queue = select(QueueOrganisation).where(QueueOrganisation.queue_id == Queue.id)
    of_project = select(ProjectOrganisation).where(ProjectOrganisation.project_id == Queue.project_id)
    to_all = ~of_queue.exists()
    if to_vendors:
        to_all &= and_(*(Queue.kind != kind for kind in sorted(SME_KINDS)))
    return or_(to_all, of_queue.where(QueueOrganisation.organisation_id == organisation).exists()) & or_(
        ~of_project.exists(), of_project.where(ProjectOrganisation.organisation_id == organisation).exists()
    )


def may_work_in(session: Session, person: Person, queue: Queue) -> bool:
    """Whether the queue, which they see, is open to them: the company's people also see what is for vendors alone."""
    if not person.is_company:
        return True
    listed = session.scalars(
        select(QueueOrganisation.organisation_id).where(QueueOrganisation.queue_id == queue.id)
    ).all()
    return not listed or person.organisation_id in listed


def queues_seen_by(person: Person) -> Select[Queue]:
    query = select(Queue)
    return query if person.is_company else query.where(open_to(person))


_ANY_QUEUE = select(*all_of(Queue)).where(Queue.id == bindparam("queue"))
_OPEN_QUEUE = _ANY_QUEUE.where(_open_to(bindparam("organisation"), to_vendors=True))


def queue_seen_by(session: Session, person: Person, queue_id: str) -> Queue | None:
    if person.is_company:
        row = read(session, _ANY_QUEUE, queue=queue_id).one_or_none()
    else:
        row = read(session, _OPEN_QUEUE, queue=queue_id, organisation=person.organisation_id).one_or_none()
    return None if row is None else held(session, Queue, row)


def sees_project(session: Session, person: Person, project: Project) -> bool:
    """The company's people see all projects; others through the queues that are open to them."""
    if person.is_company:
        return True
    return session.scalar(queues_seen_by(person).where(Queue.project_id == project.id).limit(1)) is not None


def sees_asset(session: Session, person: Person, asset_id: str) -> bool:
    """Through a claim they hold or submitted."""
    if person.is_company:
        return True
    return (
        session.scalar(
            select(Claim.seq)
            .join(Task, Task.id == Claim.task_id)
            .where(Task.asset_id == asset_id, Claim.person_id == person.id, Claim.state.in_(SEEN_THROUGH))
            .limit(1)
        )
        is not None
    )


def sees_schema(session: Session, person: Person, project_id: str, version: int) -> bool:
    if person.is_company:
        return True
    return (
        session.scalar(
            select(Claim.seq)
            .join(Queue, Queue.id == Claim.queue_id)
            .where(
                Queue.project_id == project_id,
                Claim.schema_version == version,
                Claim.person_id == person.id,
                Claim.state.in_(SEEN_THROUGH),
            )
            .limit(1)
        )
        is not None
    )


def claim_is_live(session: Session, claim_id: str, person_id: str, now: datetime) -> bool:
    claim = session.scalar(select(Claim).where(Claim.id == claim_id, Claim.person_id == person_id))
    return claim is not None and is_live(claim.state, claim.expires_at, now)


# Queues and what is in them -------------------------------------------------------------------------------------


def queues_of(session: Session, project: Project, person: Person) -> Sequence[Queue]:
    """Those the person sees, the most urgent first."""
    query = queues_seen_by(person).where(Queue.project_id == project.id)
    return session.scalars(query.order_by(Queue.priority.desc(), Queue.seq)).all()


def other_queues(session: Session, queue: Queue, *, named: str | None = None) -> Sequence[Queue]:
    """Queues of the same project that are not closed, by name, and the one that is `named`."""
    others = select(Queue).where(
        Queue.project_id == queue.project_id,
        Queue.id != queue.id,
        or_(Queue.state != QueueState.CLOSED, Queue.id == named),
    )
    return session.scalars(others.order_by(Queue.name, Queue.seq)).all()


def names_of(session: Session, queue_ids: Sequence[str]) -> dict[str, str]:
    rows = session.execute(select(Queue.id, Queue.name).where(Queue.id.in_(queue_ids)))
    return {row.id: row.name for row in rows}


def organisation_names(session: Session, queue: Queue) -> list[str]:
    """Those the queue is open to; empty where it is open to all of its project."""
    rows = (
        select(Organisation.name)
        .join(QueueOrganisation, QueueOrganisation.organisation_id == Organisation.id)
        .where(QueueOrganisation.queue_id == queue.id)
        .order_by(Organisation.name)
    )
    return list(session.scalars(rows))


def names_of_people(session: Session, ids: set[str]) -> dict[str, str]:
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def working_in(session: Session, person: Person, queue_ids: Sequence[str]) -> set[str]:
    """Those of these queues in which this person holds a claim."""
    live = select(Claim.queue_id).where(
        Claim.queue_id.in_(queue_ids), Claim.person_id == person.id, Claim.state == LIVE
    )
    return set(session.scalars(live))


def held_in(session: Session, queue: Queue, now: datetime) -> Sequence[tuple[Claim, str]]:
    """Claims at work in the queue with their ads' external ids, the longest held first."""
    slots = select(Slot.claim_id).where(
        Slot.queue_id == queue.id,
        Slot.state.in_([HELD, AHEAD]),
        Slot.state == HELD,  # the first names the index
    )
    rows = session.execute(
        select(Claim, Asset.external_id)
        .join(Task, Task.id == Claim.task_id)
        .join(Asset, Asset.id == Task.asset_id)
        .where(Claim.id.in_(slots), Claim.state == LIVE, Claim.expires_at > now)
        .order_by(Claim.seq)
    )
    return [(claim, external_id) for claim, external_id in rows]


def stopped_tasks(session: Session, queue: Queue, *, most: int = 100) -> Sequence[tuple[Task, Asset]]:
    """Tasks on hold or escalated, those that wait longest first."""
    rows = session.execute(
        select(Task, Asset)
        .join(Asset, Asset.id == Task.asset_id)
        .where(Task.queue_id == queue.id, Task.state.in_([TaskState.ON_HOLD, TaskState.ESCALATED]))
        .order_by(Task.state_at)
        .limit(most)
    )
    return [(task, asset) for task, asset in rows]


def outcomes_of(session: Session, task_ids: Sequence[str]) -> Sequence[Outcome]:
    """Of these tasks, in the order they came."""
    return session.scalars(select(Outcome).where(Outcome.task_id.in_(task_ids)).order_by(Outcome.seq)).all()


def find_task(session: Session, task_id: str) -> Task | None:
    return session.scalar(select(Task).where(Task.id == task_id))


# Claims ---------------------------------------------------------------------------------------------------------

# Asked with each claim and submit, so put together once.
_OF_CLAIM = Claim.id == bindparam("claim"), Claim.person_id == bindparam("person")
_CLAIMS, _SLOTS, _QUEUES = all_of(Claim), all_of(Slot), all_of(Queue)
_WHOLE_CLAIM = (
    select(*_CLAIMS, *_SLOTS, *_QUEUES)
    .select_from(Claim)
    .join(Slot, Slot.id == Claim.slot_id)
    .join(Queue, Queue.id == Claim.queue_id)
    .where(*_OF_CLAIM)
    .with_for_update(of=(Slot, Claim))
)
_OWN_CLAIM = select(*_CLAIMS).where(*_OF_CLAIM)
_SEATS = (
    select(Slot.state, *_CLAIMS)
    .select_from(Claim)
    .join(Slot, Slot.id == Claim.slot_id)
    .where(Claim.queue_id == bindparam("queue"), Claim.person_id == bindparam("person"), Claim.state == LIVE)
)
_claim = columns(Claim)
_REACHED = (
    select(_claim.reached, _claim.reached_under)
    .where(_claim.person_id == bindparam("person"), _claim.queue_id == bindparam("queue"))
    .order_by(_claim.seq.desc())
    .limit(1)
)


def claim_with_slot(session: Session, claim_id: str, person: Person) -> tuple[Claim, Slot, Queue] | None:
    """The claim, the slot that it is or was on, both locked until the transaction ends, and its queue."""
    row = read(session, _WHOLE_CLAIM, claim=claim_id, person=person.id).one_or_none()
    if row is None:
        return None
    of_slot = len(_CLAIMS)
    of_queue = of_slot + len(_SLOTS)
    return (
        held(session, Claim, row[:of_slot]), held(session, Slot, row[of_slot:of_queue]), held(session, Queue, row[of_queue:]),
    )  # fmt: skip


def own_claim(session: Session, claim_id: str, person: Person) -> Claim | None:
    row = read(session, _OWN_CLAIM, claim=claim_id, person=person.id).one_or_none()
    return None if row is None else held(session, Claim, row)


def live_claims_on(session: Session, person: Person, task_ids: set[str], now: datetime) -> dict[str, str]:
    """Ids of this person's claims that still take writes, by task."""
    rows = select(Claim).where(Claim.person_id == person.id, Claim.task_id.in_(task_ids), Claim.state == LIVE)
    return {one.task_id: one.id for one in session.scalars(rows) if is_live(one.state, one.expires_at, now)}


@dataclass(frozen=True)
class Seated:
    """A live claim, and whether it is only reserved: its time has not begun."""

    claim: Claim
    reserved: bool


def seats_of(session: Session, queue: Queue, person: Person) -> dict[Seat, Seated]:
    """This person's live claims in the queue."""
    rows = read(session, _SEATS, queue=queue.id, person=person.id)
    claims = ((held(session, Claim, row[1:]), row[0]) for row in rows)
    return {Seat(claim.seat): Seated(claim, state == SlotState.AHEAD) for claim, state in claims}


def claim_after(session: Session, queue: Queue, person_id: str) -> Claim | None:
    """The claim beside the one at hand."""
    return session.scalar(
        select(Claim).where(
            Claim.queue_id == queue.id, Claim.person_id == person_id, Claim.state == LIVE, Claim.seat == Seat.NEXT
        )
    )


def reached_by(session: Session, queue: Queue, person: Person, *, under: str) -> str:
    """The sort key that this person's search begins behind: before all, where their last one stood under something else."""
    found = read(session, _REACHED, queue=queue.id, person=person.id).one_or_none()
    return BEFORE_ALL if found is None or found.reached_under != under else str(found.reached)


def guideline_for(session: Session, queue: Queue) -> int | None:
    """The version that a claim made now is pinned to; None where the project has published none."""
    return queue.guideline_version or guidelines.newest_version(session, queue.project_id)


def last_submitted(session: Session, queue: Queue, person: Person) -> Claim | None:
    return session.scalar(
        select(Claim)
        .where(Claim.person_id == person.id, Claim.queue_id == queue.id, Claim.state == ClaimState.SUBMITTED)
        .order_by(Claim.seq.desc())
        .limit(1)
    )


# Names ----------------------------------------------------------------------------------------------------------


def working_queues(session: Session, person: Person, now: datetime) -> list[Queue]:
    """Queues open to this person's organisation that hand out, or in which they hold a task, which is theirs to finish;
    the most urgent first.
    """
    theirs = Queue.state.in_(HANDS_OUT) | Queue.id.in_(queues_held_in(session, person, now))
    found = session.scalars(select(Queue).where(open_to(person), theirs)).all()
    return sorted(
        found, key=lambda one: urgency(priority=one.priority, due_at=one.due_at, name=one.name, queue_id=one.id)
    )


def queues_held_in(session: Session, person: Person, now: datetime) -> set[str]:
    """Ids of the queues that this person holds a task in; one that is only reserved is not begun."""
    begun = (
        select(Claim.queue_id)
        .join(Slot, Slot.id == Claim.slot_id)
        .where(Claim.person_id == person.id, Claim.state == LIVE, Claim.expires_at > now, Slot.state == HELD)
    )
    return set(session.scalars(begun))


def unfinished_queues() -> Select[Queue]:
    return select(Queue).where(Queue.state != QueueState.CLOSED).order_by(Queue.priority.desc(), Queue.seq)


def tasks_with_queues(session: Session, task_ids: set[str]) -> dict[str, tuple[Queue, str]]:
    """Queue and ad of each task."""
    rows = session.execute(
        select(Task.id, Queue, Asset.external_id)
        .join(Queue, Queue.id == Task.queue_id)
        .join(Asset, Asset.id == Task.asset_id)
        .where(Task.id.in_(task_ids))
    )
    return {task_id: (queue, external_id) for task_id, queue, external_id in rows}


def queue_of_claim(session: Session, claim_id: str, person: Person) -> Queue | None:
    return session.scalar(
        select(Queue).join(Claim, Claim.queue_id == Queue.id).where(Claim.id == claim_id, Claim.person_id == person.id)
    )


def outcome_of_claim(session: Session, claim: Claim) -> Outcome | None:
    return session.scalar(select(Outcome).where(Outcome.task_id == claim.task_id, Outcome.claim_id == claim.id))


def find_in_project(session: Session, project: str, name_or_id: str) -> Queue | None:
    """The queue of this name or id in the project of this slug or id; of several with one name, the newest."""
    return session.scalar(
        select(Queue)
        .join(Project, Project.id == Queue.project_id)
        .where(
            or_(Project.id == project, Project.slug == project), or_(Queue.id == name_or_id, Queue.name == name_or_id)
        )
        .order_by(Queue.seq.desc())
        .limit(1)
    )
