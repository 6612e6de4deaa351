"""Counting what is left for somebody in a queue, up to a bound, so that it takes as long at a million tasks."""

from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.db.types import UtcDateTime
from app.people.models import Person
from app.queues import queries
from app.queues.models import Queue
from app.queues.ordering import AFTER_ALL
from app.queues.rules import QueueState
from app.queues.slots import NOT_MINE, NOT_MINE_NOW, RAN_OUT

MOST_COUNTED = 1000
# So many slots of each kind are looked at as `most` tasks have at most: PostgreSQL would look at all to find some that differ.
_LEFT = text(f"""
SELECT count(*) FROM (SELECT DISTINCT task_id FROM (
    SELECT task_id FROM (
        SELECT s.task_id FROM slots s WHERE s.queue_id = :queue AND s.state = 'returned' AND {NOT_MINE}
        ORDER BY s.sort_key, s.seq LIMIT :slots) AS came_back
    UNION ALL
    SELECT task_id FROM (
        SELECT s.task_id FROM slots s WHERE s.queue_id = :queue AND {RAN_OUT} AND {NOT_MINE_NOW}
        ORDER BY s.seq LIMIT :slots) AS ran_out
    UNION ALL
    SELECT task_id FROM (
        SELECT s.task_id FROM slots s WHERE s.queue_id = :queue AND s.state = 'ahead' AND {NOT_MINE}
        ORDER BY s.seq LIMIT :slots) AS reserved
    UNION ALL
    SELECT task_id FROM (
        SELECT s.task_id FROM slots s
        WHERE s.queue_id = :queue AND s.state = 'free' AND s.sort_key > :reached AND {NOT_MINE}
        ORDER BY s.sort_key, s.seq LIMIT :slots) AS fresh
) AS found LIMIT :most) AS counted""").bindparams(bindparam("now", type_=UtcDateTime))  # noqa: S608  # only constants are put together here


def left_for(
    session: Session, queue: Queue, person: Person, *, under: str, now: datetime, most: int = MOST_COUNTED
) -> int:
    """Tasks this person could still get, counted up to `most`."""
    drains = queue.state == QueueState.DRAINING
    reached = AFTER_ALL if drains else queries.reached_by(session, queue, person, under=under)
    where = {
        "queue": queue.id, "person": person.id, "reached": reached, "most": most, "now": now, "slots": most * queue.overlap,
    }  # fmt: skip
    return int(session.execute(_LEFT, where).scalar_one())
