"""The JSON API of changing many tasks at once."""

from typing import Any

from fastapi import APIRouter, Response

from app.people.asking import SignedIn
from app.queues import bulk
from app.queues.asking import SteeredQueue
from app.queues.bulk import NAMED, Preview
from app.queues.payloads import BulkIn, BulkOrder
from app.web.idempotency import OnceOnly
from app.web.transaction import AppClock, DbSession

router = APIRouter(tags=["queues"])

DIFFERS = 409


@router.post("/queues/{queue}/bulk/preview", name="api.bulk.preview", status_code=200)
def preview_bulk(queue: SteeredQueue, body: BulkIn, session: DbSession) -> dict[str, Any]:
    """What a change of many tasks would touch now, and the token to order it with. Changes nothing."""
    return preview_json(bulk.preview(session, queue, body.as_wanted()))


@router.post("/queues/{queue}/bulk", name="api.bulk.apply", status_code=201)
def apply_bulk(
    queue: SteeredQueue, body: BulkOrder, person: SignedIn, session: DbSession, clock: AppClock, once: OnceOnly
) -> Response:
    """Makes the change where it would still touch exactly what its preview showed; else 409 with the preview of now."""

    def make() -> tuple[int, dict[str, Any]]:
        done = bulk.apply(session, queue, body.as_wanted(), given=body.token, person=person, clock=clock)
        return 201 if done.applied else DIFFERS, preview_json(done)

    return once(make)


def preview_json(shown: Preview) -> dict[str, Any]:
    return {
        "applied": shown.applied, "token": shown.token, "count": len(shown.touched), "more": shown.more,
        "tasks": [{"id": task.task_id, "external_id": task.external_id, "state": task.state} for task in shown.touched],
        "left": {
            str(why): {"count": len(tasks), "examples": [task.external_id for task in tasks[:NAMED]]}
            for why, tasks in shown.left.items()
        },
        "unknown": shown.unknown[:NAMED],
    }  # fmt: skip
