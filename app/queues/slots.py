"""The statements that decide who gets what: one conditional write on a slot, never a read and then a write.

Plain SQL, since these are the hottest statements there are. On PostgreSQL people who compete pass over each other's
rows (SKIP LOCKED); on SQLite there is one writer at a time. A slot is always locked before its task.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Case, TextClause, bindparam, case, func, select, text, update
from sqlalchemy.orm import Session

from app.db import writing
from app.db.listing import some_of
from app.db.loading import all_of, held
from app.db.reading import columns, read
from app.db.types import UtcDateTime
from app.labels.around import AROUND, Around
from app.queues import draining, tallies
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.ordering import BEFORE_ALL
from app.queues.rules import STOPPED, ClaimState, Seat, SlotState, TaskState

# With an OFFSET, since PostgreSQL makes a join of what has none, and where it has not seen yet how much there is, reads all
# that a person ever had to compare it with one task.
NOT_MINE = """NOT EXISTS (
    SELECT 1 FROM claims had WHERE had.root_id = s.root_id AND had.person_id = :person
    AND had.state IN ('live', 'submitted', 'skipped') LIMIT 1 OFFSET 0)"""

# For who only looks: claims whose time is up stay as they are until somebody asks for a task, which ends them first.
RAN_OUT = "s.state IN ('held', 'ahead') AND s.expires_at <= :now"
NOT_MINE_NOW = NOT_MINE.replace("LIMIT 1", "AND (had.state <> 'live' OR had.expires_at > :now) LIMIT 1")

# A task this person began and lost, the last one first, and after those what was only reserved for them: other slots of it
# may lie behind where their search begins. SQLite, which would rather read all their claims, is told to use the index of
# those few.
_BEGUN = f"""
SELECT s.seq FROM claims c /* INDEXED BY ix_claims_may_resume */ JOIN slots s ON s.task_id = c.task_id
WHERE c.person_id = :person AND c.queue_id = :queue AND c.state IN ('expired', 'released')
AND s.queue_id = c.queue_id AND s.state IN ('free', 'returned') AND {NOT_MINE}
ORDER BY c.seat, c.ended_at DESC, c.seq DESC, s.seq LIMIT 1"""  # noqa: S608  # only constants are put together here

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
_TASK = all_of(Task)
_LOCKED_TASK = select(*_TASK).where(Task.id == bindparam("task")).with_for_update(key_share=True)
_LOCKED_TO_SUBMIT = select(*_TASK, *AROUND).where(Task.id == bindparam("task")).with_for_update(of=Task, key_share=True)

UNBEGUN = (SlotState.FREE, SlotState.RETURNED, SlotState.WITHHELD, SlotState.AHEAD)


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
    ended = {"state": ClaimState.RELEASED, "ended_at": wish.now, "seat": Seat.NEXT}
    session.execute(update(Claim).where(*reserved).values(ended))
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


# Time that ran out after the page was closed tells nothing of the task.
_RUN_OUT = case((Claim.left_at.is_(None), str(ClaimState.EXPIRED)), else_=str(ClaimState.RELEASED))


def expire_due(session: Session, queue_id: str, now: datetime) -> None:
    """Ends the claims of this queue whose time is up; their slots go back."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    due = read(session, _finding_due(is_sqlite), queue=queue_id, now=now).scalars()
    for seq in due:
        slot = session.scalars(select(Slot).where(Slot.seq == seq).execution_options(populate_existing=True)).one()
        seat = Seat.NEXT if slot.state == SlotState.AHEAD else Seat.AT_HAND
        _end_claim(session, slot.claim_id, _RUN_OUT, slot.expires_at or now, seat=seat)
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


def lock_tasks(session: Session, task_ids: Sequence[str]) -> None:
    """Tasks of any number, after those of their slots that nobody works on."""
    lock_unbegun(session, task_ids)
    for some in some_of(task_ids):
        session.execute(select(Task.seq).where(Task.id.in_(some)).order_by(Task.seq).with_for_update(key_share=True))


def lock_unbegun(session: Session, task_ids: Sequence[str]) -> None:
    """Slots of these tasks, before the tasks; held ones are left to who holds them."""
    for some in some_of(task_ids):
        session.execute(
            select(Slot.seq).where(Slot.task_id.in_(some), Slot.state.in_(UNBEGUN)).order_by(Slot.seq).with_for_update()
        )


def lock_to_submit(session: Session, claim: Claim, key: str | None) -> tuple[Task, Around]:
    """The task of a claim that nobody else can write for, locked, with what there is around the label that is sent."""
    row = read(
        session, _LOCKED_TO_SUBMIT, task=claim.task_id, person=claim.person_id, claim=claim.id, key=key or ""
    ).one()
    return held(session, Task, row[: len(_TASK)]), Around.of(row[len(_TASK) :])


def give_back(session: Session, slot: Slot, now: datetime, *, by: str | None = None) -> Task:
    """The slot is anybody's again, or nobody's while its task is stopped; one more than the queue asks for by now is gone.
    `by`: who takes its label back, if it has one.
    """
    task = lock_task(session, slot.task_id)
    was, was_labeled = task.state, slot.state == SlotState.DONE
    if _is_one_too_many(session, slot, task):
        _drop(session, slot, task, now)
        return task
    slot.state = SlotState.WITHHELD if was in STOPPED else SlotState.RETURNED
    slot.claim_id = slot.expires_at = None
    if was == TaskState.DONE:  # its label was taken back
        task.state, task.state_at, task.state_by = TaskState.OPEN, now, None
    session.flush()
    if was_labeled:
        moved, wanted = tallies.moved(was, task.state), _wanted_of(was)
        tallies.note(session, task.queue_id, by=by, at=now, labels=-1, wanted=-wanted, tasks=moved)
    return task


def _is_one_too_many(session: Session, slot: Slot, task: Task) -> bool:
    """Whether the overlap was lowered while somebody held the slot."""
    if task.overlap == 1 or task.state != TaskState.OPEN or slot.state == SlotState.DONE:
        return False
    return task.overlap > session.scalars(select(Queue.overlap).where(Queue.id == task.queue_id)).one()


def _drop(session: Session, slot: Slot, task: Task, now: datetime) -> None:
    """With the labels that it has, the task may be done, and a draining may have waited for nothing else."""
    slot.state, slot.claim_id, slot.expires_at = SlotState.DROPPED, None, None
    task.overlap -= 1
    session.flush()
    was = task.state
    if not unfinished(session, task.id):
        task.state, task.state_at, task.state_by = TaskState.DONE, now, None
        session.flush()
    tallies.note(session, task.queue_id, by=None, at=now, wanted=-1, tasks=tallies.moved(was, task.state))
    draining.end_if_empty(session, task.queue_id, clock=lambda: now)


def complete(session: Session, claim: Claim, slot: Slot, task: Task, now: datetime, *, person_id: str) -> None:
    """The claim and its slot have their label; with the last one the task, which the caller has locked, is done. Escalated, it
    waits for its answer all the same.
    """
    was = task.state
    ended: list[writing.Change] = [
        (claim, {"state": ClaimState.SUBMITTED, "ended_at": now}),
        (slot, {"state": SlotState.DONE, "expires_at": None}),
    ]
    done: writing.Change = (task, {"state": TaskState.DONE, "state_at": now, "state_by": person_id})
    is_done = task.overlap == 1
    if not is_done:
        writing.change(session, *ended)
        ended, is_done = [], not read(session, _UNFINISHED, task=task.id)
    is_done = is_done and was != TaskState.ESCALATED
    if is_done:
        ended.append(done)
    moved = tallies.moved(was, TaskState.DONE if is_done else was)
    tallies.note(
        session, task.queue_id, by=person_id, at=now, labels=1, wanted=_wanted_of(was), tasks=moved, beside=ended
    )


def _wanted_of(state: TaskState) -> int:
    """How many more labels are wanted with one that came: of a withdrawn task only those that are there."""
    return int(state == TaskState.WITHDRAWN)


def unfinished(session: Session, task_id: str) -> int:
    """How many of the task's slots have no label."""
    labelled = (SlotState.DONE, SlotState.DROPPED)
    found = select(func.count()).where(Slot.task_id == task_id, Slot.state.not_in(labelled))
    return int(session.scalar(found) or 0)


def withhold(session: Session, task_id: str, now: datetime) -> None:
    """Nobody gets this task; who holds it may finish, and who has only reserved it loses it."""
    unbegun = select(Slot).where(Slot.task_id == task_id, Slot.state.in_(UNBEGUN))
    # Those that are locked just now by another are being taken or begun, or given back, which looks at the task after us.
    for slot in session.scalars(unbegun.with_for_update(skip_locked=True).execution_options(populate_existing=True)):
        if slot.state == SlotState.AHEAD:
            _end_claim(session, slot.claim_id, ClaimState.RELEASED, now, seat=Seat.NEXT)
        slot.state, slot.claim_id, slot.expires_at = SlotState.WITHHELD, None, None
    session.flush()


def release_withheld(session: Session, task_id: str) -> None:
    session.execute(
        update(Slot).where(Slot.task_id == task_id, Slot.state == SlotState.WITHHELD).values(state=SlotState.RETURNED)
    )


def _end_claim(
    session: Session, claim_id: str | None, state: ClaimState | Case[str], at: datetime, *, seat: Seat
) -> None:
    live = (Claim.id == claim_id, Claim.state == ClaimState.LIVE)
    session.execute(update(Claim).where(*live).values(state=state, ended_at=at, seat=seat))
