"""Which job is due, in one statement: an idle worker asks twice a second, a busy one after each job."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, or_, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.db.reading import columns, read
from app.db.types import UtcDateTime
from app.jobs.models import Job
from app.jobs.rules import LEASE, LONGEST_WAIT, MOST_ATTEMPTS, JobState

_job = columns(Job)


@dataclass(frozen=True)
class Due:
    """What a worker finds: a job of this kind that `take` would find, and whether `fail_deadly` would find any."""

    kind: str | None
    deadly: bool


@dataclass(frozen=True)
class Moments:
    """Now, and what lies beyond any time that could be written down now: the clock was set back since."""

    now: Any
    lease: Any
    wait: Any


def moments(now: datetime) -> Moments:
    return Moments(now, now + 2 * LEASE, now + LONGEST_WAIT)


_ASKED = Moments(*(bindparam(name, type_=UtcDateTime()) for name in ("now", "lease", "wait")))


def waiting(at: Moments) -> ColumnElement[bool]:
    return and_(_job.state == JobState.QUEUED, _job.run_after <= at.now)


def left_over(at: Moments) -> ColumnElement[bool]:
    return and_(_unheld(at), _job.attempts < MOST_ATTEMPTS)


def deadly(at: Moments) -> ColumnElement[bool]:
    """It ended its worker as often as it may be tried."""
    return and_(_unheld(at), _job.attempts >= MOST_ATTEMPTS)


def stranded(at: Moments) -> ColumnElement[bool]:
    """No wait is that long, but for kinds whose jobs may be left for a time far ahead."""
    return and_(_job.state == JobState.QUEUED, _job.run_after > at.wait)


def _unheld(at: Moments) -> ColumnElement[bool]:
    """Its lease ran out: its process died."""
    return and_(_job.state == JobState.RUNNING, or_(_job.locked_until < at.now, _job.locked_until > at.lease))


def look(session: Session, kinds: frozenset[str], now: datetime, *, may_wait: frozenset[str] = frozenset()) -> Due:
    """Reading only, so that an idle worker never writes. What was left over comes first, then what has waited longest.
    `may_wait`: those of the kinds whose jobs may be left for a time far ahead.
    """
    at = moments(now)
    found = read(session, _looking(kinds, may_wait), now=at.now, lease=at.lease, wait=at.wait).one()
    return Due(found.left or found.first, bool(found.deadly))


@lru_cache(maxsize=100)
def _looking(kinds: frozenset[str], may_wait: frozenset[str]) -> Select[Any]:
    """Each kind is looked up by itself, so that a million waiting jobs of one kind cost a look at another nothing."""
    named = or_(*(_job.kind == kind for kind in sorted(kinds)))
    too_late = and_(stranded(_ASKED), *(_job.kind != kind for kind in sorted(may_wait)))
    left = select(_job.kind).where(named, or_(left_over(_ASKED), too_late)).limit(1)
    firsts = union_all(*(select(_first(kind).subquery()) for kind in sorted(kinds))).subquery()
    first = select(firsts.c.kind).order_by(firsts.c.run_after, firsts.c.seq).limit(1)
    return select(
        exists().where(named, deadly(_ASKED)).label("deadly"),
        left.scalar_subquery().label("left"),
        first.scalar_subquery().label("first"),
    )


def _first(kind: str) -> Select[Any]:
    query = select(_job.run_after, _job.seq, _job.kind).where(_job.kind == kind, waiting(_ASKED))
    return query.order_by(_job.run_after, _job.seq).limit(1)
