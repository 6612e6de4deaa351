"""Draining: a queue hands out only what is begun or came back, and pauses by itself when there is no such task left, nor
a label with its author that may come back.
"""

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.types import UtcDateTime
from app.people import audit
from app.queues.models import Queue

# The other free slots of tasks that somebody has begun are handed out before fresh ones, as if they had come back.
_KEEP_BEGUN = text("""
UPDATE slots SET state = 'returned' WHERE queue_id = :queue AND state = 'free' AND task_id IN (
    SELECT b.task_id FROM slots b JOIN tasks t ON t.id = b.task_id
    WHERE b.queue_id = :queue AND t.queue_id = :queue AND t.state = 'open' AND t.overlap > 1
    AND b.state IN ('held', 'ahead', 'done', 'returned'))""")

# Who changes the queue at this moment is not waited for: whoever next asks for a task ends the draining.
_END = """
UPDATE queues SET state = 'paused', state_by = NULL, state_at = :now, revision = revision + 1 WHERE seq IN (
    SELECT q.seq FROM queues q WHERE q.id = :queue AND q.state = 'draining'
    AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.queue_id = q.id AND s.state = 'returned')
    AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.queue_id = q.id AND s.state IN ('held', 'ahead'))
    AND NOT EXISTS (SELECT 1 FROM reworks r WHERE r.queue_id = q.id AND r.ended_at IS NULL)
    {locking}) RETURNING revision"""


def begin(session: Session, queue: Queue) -> None:
    session.flush()
    session.execute(_KEEP_BEGUN, {"queue": queue.id})


def end_if_empty(session: Session, queue_id: str, *, clock: Clock) -> None:
    """Pauses a draining queue in which nothing begun is left and no label is out for rework. Others are left as they are."""
    session.flush()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    end = text(_END.format(locking="" if is_sqlite else "FOR UPDATE OF q SKIP LOCKED"))
    ended = session.execute(
        end.bindparams(bindparam("now", type_=UtcDateTime)), {"queue": queue_id, "now": clock()}
    ).scalar()
    if ended is not None:
        audit.record(
            session, actor=None, verb="queue paused", subject_kind="queue", subject_id=queue_id,
            details={"from": "draining", "revision": ended}, clock=clock,
        )  # fmt: skip
