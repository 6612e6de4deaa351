"""How it stands with a queue and somebody who asks for a task in it: all that decides before a slot is looked for, read in
one statement. The answers mostly are that there is nothing to do; what is done where there is something is elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from app.db.reading import read
from app.db.types import UtcDateTime
from app.people.models import Person
from app.queues import admission, clocks
from app.queues.models import Queue
from app.queues.ordering import BEFORE_ALL
from app.queues.slots import DUE

_ENDS_LATE = DUE.replace("<= :now", "> :latest")
_THEIRS = "person_id = :person AND queue_id = :queue"
# SQLite, which would rather read all their claims, is told to use the index of those few.
_LOST = f"SELECT 1 FROM claims {{hint}} WHERE {_THEIRS} AND state IN ('expired', 'released')"  # noqa: S608  # only constants are put together here
_STANDING = f"""
SELECT EXISTS ({DUE}) AS ran_out, EXISTS ({_ENDS_LATE}) AS ends_too_late,
EXISTS (SELECT 1 FROM reworks WHERE queue_id = :queue AND until <= :now AND ended_at IS NULL) AS is_rework_due,
EXISTS (SELECT 1 FROM claims WHERE {_THEIRS} AND state = 'live') AS is_seated,
EXISTS (SELECT 1 FROM slots WHERE queue_id = :queue AND state = 'returned') OR EXISTS ({_LOST}) AS waits,
(SELECT max(version) FROM guideline_versions WHERE project_id = :project) AS guideline, last.reached, last.reached_under
FROM (SELECT 1) AS once LEFT JOIN (
    SELECT reached, reached_under FROM claims WHERE {_THEIRS} ORDER BY seq DESC LIMIT 1) AS last ON TRUE"""  # noqa: S608  # only constants are put together here


@dataclass(frozen=True)
class Standing:
    """`waits`: tasks came back to the queue, or are this person's to go on with. `reached`: where their search for a
    fresh one begins.
    """

    ran_out: bool
    ends_too_late: bool
    is_rework_due: bool
    is_seated: bool
    waits: bool
    guideline: int | None
    reached: str


def read_standing(session: Session, queue: Queue, person: Person, now: datetime) -> Standing:
    """Of this moment: where others write at the same time, what it says may be over."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    row = read(
        session, _reading(is_sqlite), queue=queue.id, person=person.id, project=queue.project_id, now=now,
        latest=clocks.latest_end(queue, now),
    ).one()  # fmt: skip
    stands = row.reached is not None and row.reached_under == admission.search_of(queue, person)
    return Standing(
        bool(row.ran_out), bool(row.ends_too_late), bool(row.is_rework_due), bool(row.is_seated), bool(row.waits),
        queue.guideline_version or row.guideline, row.reached if stands else BEFORE_ALL,
    )  # fmt: skip


@cache
def _reading(is_sqlite: bool) -> TextClause:
    hint = "INDEXED BY ix_claims_may_resume" if is_sqlite else ""
    moments = (bindparam(name, type_=UtcDateTime) for name in ("now", "latest"))
    return text(_STANDING.format(hint=hint)).bindparams(*moments)
