"""Escalated tasks: since when, by whom, due when, and who answered. Where the queue names one, an SME queue gets a task, which
nobody who had the escalated one is handed.

An SME's label there answers the escalation, and the task leaves its queue: the answer is that label. Taken back, or passed on
after it was returned, the escalation is open again. Where a manager puts the task back or withdraws it, they have answered,
and what comes of the SME's task after that changes nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, String, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, aliased, mapped_column

from app.assets.actions import FILL
from app.clock import Clock
from app.db.base import Row, new_id, partial_index, refers_to
from app.db.types import UtcDateTime
from app.jobs import actions as jobs
from app.people import audit
from app.queues import arranging, slots, tallies
from app.queues.models import Outcome, Queue, Slot, Task
from app.queues.rules import STOPPED, QueueState, SlotState, TaskState

ORIGIN = "escalation"


class Decision(StrEnum):
    ANSWERED = "answered"  # by a label in the SME queue
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


OPEN = "answered_at IS NULL"


class Escalation(Row):
    """One question about one task. Open until `answered_at`; a task has at most one that is open."""

    __tablename__ = "escalations"
    __table_args__ = (
        partial_index("uq_escalations_open", "task_id", where=OPEN, unique=True),
        partial_index("ix_escalations_waiting", "queue_id", "due_at", where=OPEN),
        Index("ix_escalations_sme_task_id", "sme_task_id"),
    )
    task_id: Mapped[str] = refers_to("tasks.id")
    queue_id: Mapped[str] = refers_to("queues.id")
    outcome_id: Mapped[str] = refers_to("outcomes.id")
    raised_by: Mapped[str] = refers_to("people.id")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sme_task_id: Mapped[str | None] = refers_to("tasks.id", nullable=True)
    answered_by: Mapped[str | None] = refers_to("people.id", nullable=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[Decision | None] = mapped_column(String(20))


def raise_one(session: Session, task: Task, outcome: Outcome, queue: Queue, *, clock: Clock) -> Escalation:
    """The task, which the caller has locked and stopped, waits for an answer from now on."""
    now = clock()
    raised = Escalation(
        task_id=task.id, queue_id=queue.id, outcome_id=outcome.id, raised_by=outcome.person_id, sme_task_id=_ask(session, task, queue, now),
        due_at=now + timedelta(seconds=queue.escalation_seconds), created_at=now,
    )  # fmt: skip
    session.add(raised)
    session.flush()
    if raised.sme_task_id is None:  # who names or opens a queue for it at this moment may not see it yet
        project = task.project_id
        jobs.enqueue_unless_waiting(session, FILL, {"project": project}, clock=clock, project_id=project)
    return raised


def not_asked(session: Session, project_id: str) -> Sequence[str]:
    """Open escalations that no SME is asked about, though the queue names a queue for them that is not closed by now."""
    named = aliased(Queue)
    rows = (
        select(Escalation.id)
        .join(Queue, Queue.id == Escalation.queue_id)
        .join(named, named.id == Queue.escalates_to)
        .where(Escalation.answered_at.is_(None), Escalation.sme_task_id.is_(None))
        .where(named.project_id == project_id, named.state != QueueState.CLOSED)
    )
    return session.scalars(rows.order_by(Escalation.seq)).all()


def ask(session: Session, escalation_id: str, *, clock: Clock) -> None:
    """Asks SMEs after all, unless somebody decided meanwhile."""
    found = session.scalars(select(Escalation).where(Escalation.id == escalation_id)).one()
    task = slots.lock_task(session, found.task_id)
    session.refresh(found)
    if found.answered_at is None and found.sme_task_id is None:
        queue = session.scalars(select(Queue).where(Queue.id == found.queue_id)).one()
        found.sme_task_id = _ask(session, task, queue, clock())
        session.flush()


def _ask(session: Session, task: Task, queue: Queue, now: datetime) -> str | None:
    """Makes a task in the SME queue that the queue names. None where there is no such queue, or it is closed: once it is
    opened, it is asked (`not_asked`). Who makes or moves other tasks there is waited for.
    """
    if not queue.escalates_to:
        return None
    target = session.scalars(select(Queue).where(Queue.id == queue.escalates_to)).one()
    session.refresh(target, with_for_update={"key_share": True})
    return None if target.state == QueueState.CLOSED else _make_task(session, task, target, now)


def _make_task(session: Session, task: Task, target: Queue, now: datetime) -> str:
    made = Task(
        id=new_id(), created_at=now, project_id=task.project_id, queue_id=target.id, asset_id=task.asset_id,
        root_id=task.root_id, schema_version=task.schema_version, overlap=1, position=target.task_count, origin=ORIGIN, state=TaskState.OPEN,
        state_at=now,
    )  # fmt: skip
    session.add(made)
    target.task_count += 1
    session.flush()
    session.add(
        Slot(
            created_at=now, task_id=made.id, root_id=made.root_id, queue_id=target.id, position=made.position,
            state=SlotState.FREE,
        )
    )  # fmt: skip
    session.flush()
    arranging.rearrange(session, target, [made.id])
    tallies.note(session, target.id, by=None, at=now, wanted=1, tasks={TaskState.OPEN: 1})
    return made.id


def lock_asked(session: Session, task_ids: Sequence[str]) -> None:
    """What SMEs are asked about these tasks, before the tasks: an answer locks its own task first. Before that, what others
    are asked about it in turn.
    """
    rows = select(Escalation.sme_task_id).where(
        Escalation.task_id.in_(task_ids), Escalation.answered_at.is_(None), Escalation.sme_task_id.is_not(None)
    )
    asked = [str(one) for one in session.scalars(rows)]
    if asked:
        lock_asked(session, asked)
        slots.lock_tasks(session, asked)


def settle(session: Session, task_ids: Sequence[str], decision: Decision, *, by: str | None, clock: Clock) -> None:
    """A manager decided over these tasks, which the caller has locked; nobody need answer them any more."""
    settled = session.execute(
        update(Escalation)
        .where(Escalation.task_id.in_(task_ids), Escalation.answered_at.is_(None))
        .values(answered_by=by, answered_at=clock(), decision=decision)
        .returning(Escalation.sme_task_id)
        .execution_options(synchronize_session=False)
    ).all()
    for (sme_task_id,) in settled:
        if sme_task_id is not None:
            _call_off(session, sme_task_id, by=by, clock=clock)


def _call_off(session: Session, sme_task_id: str, *, by: str | None, clock: Clock) -> None:
    """The SME's task is not needed any more, nor what others are asked about it; who holds it may finish."""
    task = slots.lock_task(session, sme_task_id)
    if task.state not in {TaskState.OPEN, TaskState.ON_HOLD, TaskState.ESCALATED}:
        return
    changed = tallies.moved(task.state, TaskState.WITHDRAWN)
    task.state, task.state_by, task.state_at = TaskState.WITHDRAWN, by, clock()
    slots.withhold(session, task.id, clock())
    wanted = -slots.unfinished(session, task.id)
    settle(session, [task.id], Decision.WITHDRAWN, by=by, clock=clock)
    tallies.note(session, task.queue_id, by=by, at=clock(), wanted=wanted, tasks=changed)


def answer(session: Session, sme_task: Task, *, by: str, clock: Clock) -> None:
    """The SME's label is there: the escalated task leaves its queue, since its answer is that label."""
    found = session.scalar(
        select(Escalation).where(Escalation.sme_task_id == sme_task.id, Escalation.answered_at.is_(None))
    )
    if found is None:
        return
    now = clock()
    task = slots.lock_task(session, found.task_id)
    if task.state == TaskState.ESCALATED:  # else it was decided over at this moment
        _turn(session, found, task, TaskState.WITHDRAWN, by=by, now=now)
    found.answered_by, found.answered_at, found.decision = by, now, Decision.ANSWERED
    session.flush()


def lock_answered(session: Session, sme_task_ids: Sequence[str]) -> None:
    """The tasks that these tasks of SMEs, which the caller has locked, are about: of several, before `reopen` locks each."""
    rows = session.scalars(select(Escalation.task_id).where(Escalation.sme_task_id.in_(sme_task_ids))).all()
    slots.lock_tasks(session, rows)


def reopen(session: Session, sme_task: Task, *, by: str | None, clock: Clock) -> None:
    """The SME's label does not count any more: the question is open again. Where a manager decided over it, before the label
    or since, it is not, and nobody else is asked. `by`: who took the label back, if somebody did.
    """
    found = session.scalar(select(Escalation).where(Escalation.sme_task_id == sme_task.id))
    if found is None or found.answered_at is None:
        return
    task = slots.lock_task(session, found.task_id)
    if not _stands_as_answered(found, task):
        _call_off(session, sme_task.id, by=by, clock=clock)
        return
    _turn(session, found, task, TaskState.ESCALATED, by=by, now=clock())
    found.answered_by = found.answered_at = found.decision = None
    session.flush()


def _stands_as_answered(found: Escalation, task: Task) -> bool:
    """Whether the task left its queue with this answer, and nobody changed that since: it may have been put back, and even
    be withdrawn again by now, by a manager or with the answer to a later question.
    """
    if found.decision != Decision.ANSWERED or found.answered_at is None or task.state != TaskState.WITHDRAWN:
        return False
    return task.state_by == found.answered_by and task.state_at <= found.answered_at


def _turn(
    session: Session, found: Escalation, task: Task, becomes: TaskState, *, by: str | None, now: datetime
) -> None:
    """The escalated task, which the caller has locked, goes from its state to another one."""
    before = task.state
    audit.record(
        session, actor=None, verb=f"task {becomes}", subject_kind="task", subject_id=task.id,
        details={"from": before, "escalation": found.id, "answered_by": by}, clock=lambda: now,
    )  # fmt: skip
    task.state, task.state_by, task.state_at = becomes, by, now
    session.flush()
    unfinished = slots.unfinished(session, task.id)
    wanted = -unfinished if becomes == TaskState.WITHDRAWN else unfinished
    tallies.note(session, task.queue_id, by=by, at=now, wanted=wanted, tasks=tallies.moved(before, becomes))


# Reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What whoever answers is told. Not who asks: the answer is to the question, and vendors learn no names."""

    note: str | None
    raised_at: datetime
    due_at: datetime


def asked_by(session: Session, sme_task_id: str) -> Asked | None:
    """What this task of an SME queue asks; None for one that no escalation made."""
    found = session.execute(
        select(Outcome.note, Escalation.created_at, Escalation.due_at)
        .join(Escalation, Escalation.outcome_id == Outcome.id)
        .where(Escalation.sme_task_id == sme_task_id)
    ).one_or_none()
    return None if found is None else Asked(found.note or None, found.created_at, found.due_at)


def is_settled(session: Session, sme_task: Task) -> bool:
    """Whether a label of this task would answer nothing any more. The caller has locked it, as all do who settle that."""
    if sme_task.origin != ORIGIN:
        return False
    return session.scalar(select(Escalation.seq).where(*open_about(sme_task.id))) is None


def open_about(sme_task_id: str | InstrumentedAttribute[str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The question that is open, and that this task of an SME queue asks."""
    return Escalation.sme_task_id == sme_task_id, Escalation.answered_at.is_(None)


def with_smes(session: Session, asked: Mapping[str, Escalation]) -> set[str]:
    """Those of these escalated tasks that an SME may answer: the task that asks them is not stopped itself, and its queue is
    not closed.
    """
    questions = {one.sme_task_id: task_id for task_id, one in asked.items() if one.sme_task_id}
    rows = (
        select(Task.id)
        .join(Queue, Queue.id == Task.queue_id)
        .where(Task.id.in_(questions), Task.state.not_in(STOPPED), Queue.state != QueueState.CLOSED)
    )
    return {questions[sme_task] for sme_task in session.scalars(rows)}


def waiting(session: Session, task_ids: Sequence[str]) -> Mapping[str, Escalation]:
    """The open escalation of each of these tasks, which may have moved to another queue since."""
    rows = select(Escalation).where(Escalation.task_id.in_(task_ids), Escalation.answered_at.is_(None))
    return {row.task_id: row for row in session.scalars(rows)}
