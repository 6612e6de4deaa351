"""The queue of `claims_site`, and what such a queue has that many people work in: tasks that were stopped, claims that ran
out, a week of counts, and other queues beside it. Rows are written inside the database.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.assets.catalog import upkeep
from app.assets.catalog.terms import Ad
from app.assets.models import Asset
from app.bench import claims_site
from app.bench.claims_site import Site
from app.clock import system_clock
from app.db.session import Database
from app.db.types import UtcDateTime
from app.people.models import Person
from app.projects.models import Project
from app.queues import actions, tallies
from app.queues.models import Queue, Slot, Task
from app.queues.rules import ClaimState, SlotState, TaskState

WORKERS = 40
DONE = 0.05
OTHERS = 20  # queues beside it
STOPPED = 0.002  # shares of the queue's tasks
EXPIRED = (0.02, 0.01, 0.0005)  # once at least, twice at least, three times
HOURS_A_DAY, DAYS = 8, 7
RARE_AD = "rare-ad"

_CLAIM = """INSERT INTO claims
    (id, created_at, task_id, root_id, slot_id, queue_id, person_id, token, state, seat, schema_version, guideline_version,
    asset_revision, claimed_at, expires_at, active_at, ended_at, reached, reached_under)
    SELECT 'ran' || :turn || substr(s.id, 5), :now, s.task_id, s.root_id, s.id, s.queue_id, :person, s.id, :state, 0, 1, 1, 1,
    :now, :now, :now, :now, '', '' FROM slots s WHERE s.queue_id = :queue AND s.position >= :first AND s.position < :end"""
_FLAG = """INSERT INTO outcomes (id, created_at, claim_id, task_id, queue_id, person_id, kind, note)
    SELECT c.id, :now, c.id, c.task_id, c.queue_id, c.person_id, 'flag', 'Which clause is it?'
    FROM claims c WHERE c.queue_id = :queue AND c.state = 'released'"""


def build(url: str, *, tasks: int) -> Site:
    """`tasks` in one queue, of which one in twenty has its label."""
    done = int(tasks * DONE)
    site = claims_site.build(url, tasks=tasks, done=done, workers=WORKERS)
    database = Database(url)
    with database.write() as session:
        queue = session.scalars(select(Queue)).one()
        workers = session.scalars(select(Person.id).where(Person.name.startswith("Worker"))).all()
        stopped = int(tasks * STOPPED)
        _stop(session, queue, workers[0], first=done, end=done + stopped)
        for turn, share in enumerate(EXPIRED):
            last = done + stopped + int(tasks * share)
            _claim(session, queue, workers[turn], first=done + stopped, end=last, state=ClaimState.EXPIRED, turn=turn)
        _count_a_week(session, queue, workers)
        project = session.scalars(select(Project)).one()
        for number in range(OTHERS):
            actions.create_queue(
                session, project=project, name=f"Other {number}", fills_itself=False, person=None, clock=system_clock
            )
        _make_rare(session, queue, tasks - 1)
    with database.engine.connect().execution_options(fasit_write=True, isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")
    database.close()
    return site


def _make_rare(session: Session, queue: Queue, position: int) -> None:
    """One ad that a filter finds; it alone stands in the catalogue of ads."""
    ad = session.scalars(
        select(Asset).join(Task, Task.asset_id == Asset.id).where(Task.queue_id == queue.id, Task.position == position)
    ).one()
    ad.external_id, ad.meta = RARE_AD, {"market": "NO", "rare": "yes"}
    session.flush()
    parts = [("creative", "text", claims_site.TEXT)]
    upkeep.add(session, [Ad(ad.seq, ad.project_id, RARE_AD, ad.meta, "ready", parts)])


def _stop(session: Session, queue: Queue, person: str, *, first: int, end: int) -> None:
    for table, state in ((Task, TaskState.ON_HOLD), (Slot, SlotState.WITHHELD)):
        here = table.queue_id == queue.id, table.position >= first, table.position < end
        session.execute(update(table).where(*here).values(state=state))
    _claim(session, queue, person, first=first, end=end, state=ClaimState.RELEASED, turn=0)
    session.execute(text(_FLAG), {"now": _moment(session), "queue": queue.id})
    changed = tallies.moved(TaskState.OPEN, TaskState.ON_HOLD, end - first)
    tallies.note(session, queue.id, by=None, at=system_clock(), tasks=changed)


def _claim(session: Session, queue: Queue, person: str, *, first: int, end: int, state: ClaimState, turn: int) -> None:
    """Claims of these tasks that ended without a label."""
    values = {"now": _moment(session), "person": person, "queue": queue.id, "first": first, "end": end}
    session.execute(text(_CLAIM), values | {"state": str(state), "turn": str(turn)})


def _moment(session: Session) -> object:
    return UtcDateTime().process_bind_param(system_clock(), session.get_bind().dialect)


def _count_a_week(session: Session, queue: Queue, workers: Sequence[str]) -> None:
    """Rows as they are after a week in which everybody worked eight hours a day; nothing is added up in them."""
    today: datetime = system_clock()
    for day in range(DAYS):
        for hour in range(HOURS_A_DAY):
            for worker in workers:
                tallies.note(session, queue.id, by=worker, at=today - timedelta(days=day, hours=hour), labels=0)
