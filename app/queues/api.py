"""The JSON API of queues and tasks."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.people.asking import SignedIn
from app.projects.asking import SeenProject
from app.queues import (
    actions,
    bulk_api,
    choosing_api,
    filling_api,
    put_aside,
    queries,
    stopping,
    views,
    watching,
)
from app.queues.asking import (
    DecidedTask,
    MadeFrom,
    QueueMakersProject,
    SeenQueue,
    SteeredQueue,
    WatchedQueue,
)
from app.queues.models import Queue
from app.queues.payloads import (
    QueueChange,
    QueueIn,
    ReasonIn,
)
from app.queues.steering import change_queue, require_kind
from app.web.answers import JsonAnswer
from app.web.idempotency import OnceOnly
from app.web.one_thread import OneThread
from app.web.pagination import Paging, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(tags=["queues"], route_class=OneThread)


@router.post("/projects/{project}/queues", name="api.queues.create", status_code=201)
def create_queue(
    project: QueueMakersProject, body: QueueIn, person: SignedIn, session: DbSession, clock: AppClock, once: OnceOnly
) -> Response:
    """Makes a queue; its tasks follow for the ads that match, now and later."""
    require_kind(person, body.kind)

    def make() -> dict[str, Any]:
        queue = actions.create_queue(session, project=project, **body.as_arguments(), person=person, clock=clock)
        return views.queue_json(session, queue, person, clock())

    return once(make)


@router.get("/projects/{project}/queues", name="api.queues.list")
def list_queues(
    project: SeenProject, person: SignedIn, session: DbSession, paging: Paging, clock: AppClock
) -> dict[str, Any]:
    """The queues this person may see."""
    found = queries.queues_seen_by(person).where(Queue.project_id == project.id)
    return fetch_page(session, found, Queue, paging).as_json(
        lambda queue: views.queue_json(session, queue, person, clock())
    )


@router.get("/queues/{queue}", name="api.queues.show")
def show_queue(queue: SeenQueue, person: SignedIn, session: DbSession, clock: AppClock) -> dict[str, Any]:
    """The queue, with as much of what is behind it as this person may know."""
    return views.queue_json(session, queue, person, clock())


@router.get("/queues/{queue}/watch", name="api.queues.watch")
def watch_queue(
    request: Request, queue: WatchedQueue, person: SignedIn, session: DbSession, clock: AppClock
) -> Response:
    """The queue at work: counts, pace, forecast, who holds what, what waits and what is stuck. 304 for the `ETag` one has."""
    shown = watching.watch(session, queue, person, clock())
    etag = f'"{shown.version}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return JsonAnswer(watching.as_json(shown), headers={"ETag": etag})


@router.get("/queues/{queue}/outcomes", name="api.queues.outcomes")
def list_outcomes(queue: WatchedQueue, session: DbSession, paging: Paging) -> dict[str, Any]:
    """What people put aside in the queue and why, the newest first. What somebody would rather not see is told to nobody."""
    page = put_aside.newest_in(session, queue, paging)
    return {"items": [one.as_json() for one in put_aside.shown(session, page.items)], "next": page.next}


@router.patch("/queues/{queue}", name="api.queues.change")
def change(
    queue: SteeredQueue,
    body: QueueChange,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    made_from: MadeFrom,
) -> dict[str, Any]:
    """Changes what is named: its state, versions, deadline, overlap, filter and more. `If-Match` names the revision it
    was made from; where others changed the queue since, nothing is changed, and 412 tells what they did.
    """
    change_queue(session, queue, body.as_changes(), made_from=made_from, person=person, clock=clock)
    return views.queue_json(session, queue, person, clock())


@router.post("/tasks/{task}/return", name="api.tasks.return", status_code=201)
def return_task(
    decided: DecidedTask, person: SignedIn, session: DbSession, clock: AppClock, once: OnceOnly
) -> Response:
    """Puts a flagged, escalated or withdrawn task back into its queue."""

    def make() -> dict[str, Any]:
        stopping.return_task(session, decided.task, person=person, clock=clock)
        return views.task_json(decided.task)

    return once(make)


@router.post("/tasks/{task}/withdrawal", name="api.tasks.withdraw", status_code=201)
def withdraw_task(
    decided: DecidedTask, body: ReasonIn, person: SignedIn, session: DbSession, clock: AppClock, once: OnceOnly
) -> Response:
    """Takes a task out of its queue, with the reason; labels stay."""

    def make() -> dict[str, Any]:
        stopping.withdraw_task(session, decided.task, person=person, reason=body.reason, clock=clock)
        return views.task_json(decided.task)

    return once(make)


router.include_router(choosing_api.router)
router.include_router(filling_api.router)
router.include_router(bulk_api.router)
