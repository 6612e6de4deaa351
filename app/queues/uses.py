"""Where an ad is used: its tasks, for the ad's own page. Handed to assets by main, since queues lie above."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assets.views import Use
from app.labels.models import Label
from app.queues.models import Queue, Task


def of_asset(session: Session, asset_id: str) -> Sequence[Use]:
    """One entry a task, in the order they were made."""
    labels = (
        select(func.count())
        .where(Label.task_id == Task.id, Label.withdrawn_at.is_(None))
        .correlate(Task)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Queue.name, Queue.id, Task.schema_version, Task.state, labels)
        .join(Queue, Queue.id == Task.queue_id)
        .where(Task.asset_id == asset_id)
        .order_by(Task.seq)
    )
    return [Use(name, queue_id, version, str(state), count) for name, queue_id, version, state, count in rows]
