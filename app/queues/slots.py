"""The statements that decide who gets what: one conditional write on a slot, never a read and then a write.

Plain SQL, since these are the hottest statements there are. On PostgreSQL people who compete pass over each other's
rows (SKIP LOCKED); on SQLite there is one writer at a time. A slot is always locked before its task.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import TextClause, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from app.db import writing
from app.db.loading import all_of, held
from app.db.reading import columns, read
from app.db.types import UtcDateTime
from app.queues import tallies
from app.queues.models import Claim, Slot, Task
from app.queues.ordering import BEFORE_ALL
from app.queues.rules import STOPPED, ClaimState, SlotState, TaskState

NOT_MINE = """NOT EXISTS (
    SELECT 1 FROM claims had WHERE had.root_id = s.root_id AND had.person_id = :person
    AND had.state IN ('live', 'submitted', 'skipped'))"""

# A task this person began and lost, the last one first. SQLite, which would rather read all their claims, is told to
# use the index of those few.
_BEGUN = f"""
SELECT s.seq FROM claims c /* INDEXED BY ix_claims_may_resume */ JOIN slots s ON s.task_id = c.task_id
WHERE c.person_id = :person AND c.queue_id = :queue AND c.state IN ('expired', 'released')
AND s.queue_id = c.queue_id AND s.state IN ('free', 'returned') AND {NOT_MINE}
ORDER BY c.seq DESC, s.seq LIMIT 1"""  # noqa: S608  # only constants are put together here

_RETURNED = f"""
SELECT s.seq FROM slots s WHERE s.queue_id = :queue AND s.state = 'returned' AND {NOT_MINE}
ORDER BY s.sort_key, s.seq LIMIT 1"""  # noqa: S608  # only constants are put together here

_FRESH = f"""
SELECT s.seq FROM slots s WHERE s.queue_id = :queue AND s.state = 'free' AND s.sort_key > :reached AND {NOT_MINE}
ORDER BY s.sort_key, s.seq LIMIT 1"""  # noqa: S608  # only constants are put together here

# What others have only reserved ahead, the longest ago first.
_RESERVED = f"""
SELECT s.seq FROM slots s WHERE s.queue_id = :queue AND s.state = 'ahead' AND {NOT_MINE}
ORDER BY s.seq LIMIT 1"""  # noqa: S608  # only constants are put together here

DUE = """
SELECT s.seq FROM slots s WHERE s.queue_id = :queue AND s.state IN ('held', 'ahead') AND s.expires_at <= :now"""

_LOCKED_SLOT = select(*all_of(Slot)).where(Slot.id == bindparam("slot")).with_for_update()
_slot = columns(Slot)
_UNFINISHED = (
    select(_slot.seq)
    .where(_slot.task_id == bindparam("task"), _slot.state != SlotState.DONE, _slot.state != SlotState.DROPPED)
    .limit(1)
)
_LOCKED_TASK = select(*all_of(Task)).where(Task.id == bindparam("task")).with_for_update(key_share=True)


@dataclass(frozen=True)
class Wish:
    """What somebody wants: a slot of this queue, in this state until then, for their claim."""

    queue_id: str
    person_id: str
    claim_id: str
    state: SlotState
    until: datetime
    reached: str
    now: datetime
    waits: bool = True  # whether there may be one that they began or that came back

    @property
    def values(self) -> dict[str, object]:
        return {
            "queue": self.queue_id, "person": self.person_id, "claim": self.claim_id, "state": self.state.value,
            "until": self.until,
        }  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A slot that is now somebody's."""

    slot_id: str
    task_id: str
    root_id: str
    reached: str


def take(session: Session, wish: Wish) -> Taken | None:
    """The first slot for this person: one they began, then one that came back, then the next fresh one."""
    if wish.waits:
        return take_waiting(session, wish) or _take_fresh(session, wish)
    return _take_fresh(session, wish) or take_waiting(session, wish)  # others may have given one back meanwhile


def take_waiting(session: Session, wish: Wish) -> Taken | None:
    """As `take`, without fresh ones."""
    return take_begun(session, wish) or _take_first(session, wish, _RETURNED)


def next_for(session: Session, *, queue_id: str, person_id: str, reached: str) -> str | None:
    """The task that `take` would take a slot of now; nothing is changed."""
    values = {"queue": queue_id, "person": person_id, "reached": reached}
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    for found in (_BEGUN, _RETURNED, _FRESH):
        seq = session.scalar(text(_for_sqlite(found) if is_sqlite else found), values)
        if seq is not None:
            return session.scalar(select(Slot.task_id).where(Slot.seq == seq))
    return None


def take_begun(session: Session, wish: Wish) -> Taken | None:
    """A slot of a task that this person had and lost."""
    return _take_first(session, wish, _BEGUN)


def take_reserved(session: Session, wish: Wish) -> Taken | None:
    """A slot that somebody else has only reserved; their claim on it ends."""
    taken = _take_first(session, wish, _RESERVED)
    return None if taken is None else free_reserved(session, taken, wish)


def free_reserved(session: Session, taken: Taken, wish: Wish) -> Taken:
    """Ends the claim of who had only reserved it."""
    reserved = (Claim.task_id == taken.task_id, Claim.slot_id == taken.slot_id, Claim.state == ClaimState.LIVE)
    session.execute(update(Claim).where(*reserved).values(state=ClaimState.RELEASED, ended_at=wish.now))
    return taken


def _take_first(session: Session, wish: Wish, found: str) -> Taken | None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    row = read(session, _taking(found, is_sqlite), **wish.values).one_or_none()
    return None if row is None else Taken(row.id, row.task_id, row.root_id, wish.reached)


def _take_fresh(session: Session, wish: Wish) -> Taken | None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    reached = wish.reached
    # PostgreSQL: a fresh slot that was passed over while another held its lock, and let go of, may lie behind.
    for start in [reached] if is_sqlite or not reached else [reached, BEFORE_ALL]:
        row = read(session, _taking(_FRESH, is_sqlite), **wish.values, reached=start).one_or_none()
        if row is not None:
            return Taken(row.id, row.task_id, row.root_id, max(reached, row.sort_key))
    return None


def wait_for_reserved(session: Session, *, queue_id: str, person_id: str) -> bool:
    """Whether there is a slot that others have only reserved. Waits for who is just changing it, and locks it."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    waiting = text(_RESERVED + ("" if is_sqlite else " FOR UPDATE OF s"))
    return session.scalar(waiting, {"queue": queue_id, "person": person_id}) is not None


def _for_sqlite(found: str) -> str:
    return found.replace("/* ", "").replace(" */", "")


@cache
def _taking(found: str, is_sqlite: bool) -> TextClause:
    found = _for_sqlite(found) if is_sqlite else found
    locking = "" if is_sqlite else " FOR UPDATE OF s SKIP LOCKED"
    return text(
        f"UPDATE slots SET state = :state, claim_id = :claim, expires_at = :until WHERE seq = ({found}{locking}) "  # noqa: S608  # only constants are put together here
        "RETURNING id, task_id, root_id, sort_key"
    ).bindparams(bindparam("until", type_=UtcDateTime))


def expire_due(session: Session, queue_id: str, now: datetime) -> None:
    """Ends the claims of this queue whose time is up; their slots go back."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    due = read(session, _finding_due(is_sqlite), queue=queue_id, now=now).scalars()
    for seq in due:
        slot = session.scalars(select(Slot).where(Slot.seq == seq).execution_options(populate_existing=True)).one()
        _end_claim(session, slot.claim_id, ClaimState.EXPIRED, slot.expires_at or now)
        give_back(session, slot, now)


@cache
def _finding_due(is_sqlite: bool) -> TextClause:
    locking = "" if is_sqlite else " FOR UPDATE OF s SKIP LOCKED"
    return text(DUE + locking).bindparams(bindparam("now", type_=UtcDateTime))


def lock(session: Session, slot_id: str) -> Slot:
    """The slot, which nobody else changes until this transaction ends."""
    return held(session, Slot, read(session, _LOCKED_SLOT, slot=slot_id).one())


def lock_free(session: Session, slot_id: str) -> Slot | None:
    """The same, or None where somebody else is just changing it."""
    return session.scalars(
        select(Slot)
        .where(Slot.id == slot_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_task(session: Session, task_id: str) -> Task:
    """After the slot, never before: two transactions that lock in different order would wait for each other."""
    return held(session, Task, read(session, _LOCKED_TASK, task=task_id).one())


def give_back(session: Session, slot: Slot, now: datetime, *, by: str | None = None) -> Task:
    """The slot is anybody's again, or nobody's while its task is stopped. `by`: who takes its label back, if it has one."""
    task = lock_task(session, slot.task_id)
    if slot.state == SlotState.DONE:
        _note_labels(session, task, -1, by=by, now=now)
    slot.state = SlotState.WITHHELD if task.state in STOPPED else SlotState.RETURNED
    slot.claim_id = slot.expires_at = None
    if task.state == TaskState.DONE:  # its label was taken back
        task.state, task.state_at, task.state_by = TaskState.OPEN, now, None
    session.flush()
    return task


def complete(session: Session, slot: Slot, task: Task, now: datetime, *, person_id: str) -> None:
    """The slot has its label; with the last one the task, which the caller has locked, is done."""
    writing.change(session, slot, state=SlotState.DONE, expires_at=None)
    if task.overlap > 1 and read(session, _UNFINISHED, task=task.id).first() is not None:
        _note_labels(session, task, 1, by=person_id, now=now)
        return
    _note_labels(session, task, 1, by=person_id, now=now, becomes=TaskState.DONE)
    writing.change(session, task, state=TaskState.DONE, state_at=now, state_by=person_id)


def unfinished(session: Session, task_id: str) -> int:
    """How many of the task's slots have no label."""
    labelled = (SlotState.DONE, SlotState.DROPPED)
    found = select(func.count()).where(Slot.task_id == task_id, Slot.state.not_in(labelled))
    return int(session.scalar(found) or 0)


def _note_labels(
    session: Session, task: Task, labels: int, *, by: str | None, now: datetime, becomes: TaskState | None = None
) -> None:
    """Counts a label that came or went; of a withdrawn task only those that are there are wanted."""
    if becomes is None:
        becomes = TaskState.OPEN if labels < 0 and task.state == TaskState.DONE else task.state
    wanted = labels if task.state == TaskState.WITHDRAWN else 0
    tallies.note(
        session, task.queue_id, by=by, at=now, labels=labels, wanted=wanted, tasks=tallies.moved(task.state, becomes)
    )


def withhold(session: Session, task_id: str, now: datetime) -> None:
    """Nobody gets this task; who holds it may finish, and who has only reserved it loses it."""
    reserved = select(Slot).where(Slot.task_id == task_id, Slot.state == SlotState.AHEAD)
    # One that is locked just now is being begun, or given back, which looks at the task after us.
    for slot in session.scalars(reserved.with_for_update(skip_locked=True).execution_options(populate_existing=True)):
        _end_claim(session, slot.claim_id, ClaimState.RELEASED, now)
        slot.state, slot.claim_id, slot.expires_at = SlotState.WITHHELD, None, None
    session.flush()
    free = Slot.state.in_([SlotState.FREE, SlotState.RETURNED])
    session.execute(update(Slot).where(Slot.task_id == task_id, free).values(state=SlotState.WITHHELD))


def release_withheld(session: Session, task_id: str) -> None:
    session.execute(
        update(Slot).where(Slot.task_id == task_id, Slot.state == SlotState.WITHHELD).values(state=SlotState.RETURNED)
    )


def _end_claim(session: Session, claim_id: str | None, state: ClaimState, at: datetime) -> None:
    session.execute(
        update(Claim).where(Claim.id == claim_id, Claim.state == ClaimState.LIVE).values(state=state, ended_at=at)
    )
