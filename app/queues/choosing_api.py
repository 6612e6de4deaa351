"""The JSON API of who is handed what: of any queue, why, in which order, and taking tasks back."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.people.asking import SignedIn
from app.queues import actions, anywhere, claims, explaining, views
from app.queues.asking import AskedPerson, ClaimHolder, DecidedTask, RecalledClaim, Recaller, SteeredQueue
from app.queues.payloads import CLAIMED_ANYWHERE, PriorityIn
from app.web.idempotency import OnceOnly
from app.web.transaction import AppClock, DbSession

router = APIRouter()


@router.post("/claims", name="api.claims.create_anywhere", status_code=201, responses=CLAIMED_ANYWHERE)
def claim_anywhere(
    request: Request,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    once: OnceOnly,
    claim_holder: ClaimHolder = None,
) -> Response:
    """The next task of any queue that this person may work in: the one they hold, else by the queues' priority, deadline
    and name; 204 when none has one for them.
    """

    def make() -> dict[str, Any] | None:
        handed = anywhere.claim_next(session, person=person, holder=claim_holder, clock=clock)
        if handed is None:
            return None
        claimed = views.claim_json(request, session, handed.claim, holder=claim_holder)
        return {**claimed, "queue": {"id": handed.queue.id, "name": handed.queue.name}}

    return once(make)


@router.get("/tasks/{task}/why", name="api.tasks.why")
def why(decided: DecidedTask, person: AskedPerson, session: DbSession, clock: AppClock) -> dict[str, Any]:
    """Whether this task is handed to that person (an id or an e-mail) now, with every reason against it; of one that may
    be handed to them, `place` says what of it the queue's order goes by.
    """
    now = clock()
    verdict = explaining.judge(session, decided.queue, decided.task, person, now)
    place = explaining.place_of(session, decided.queue, decided.task, person, verdict, now)
    return {"task": decided.task.id, "person": person.id, **views.verdict_json(verdict), "place": place}


@router.post("/queues/{queue}/priorities", name="api.queues.prioritise", status_code=201)
def prioritise_tasks(
    queue: SteeredQueue, body: PriorityIn, person: SignedIn, session: DbSession, clock: AppClock, once: OnceOnly
) -> Response:
    """Moves tasks before or behind the others of their queue, whatever its order."""

    def make() -> dict[str, Any]:
        actions.prioritise(session, queue, body.tasks, body.priority, person=person, clock=clock)
        return {"tasks": len(body.tasks), "priority": body.priority}

    return once(make)


@router.post("/claims/{claim}/recall", name="api.claims.recall", status_code=204)
def recall_claim(claim: RecalledClaim, recaller: Recaller, session: DbSession, clock: AppClock) -> Response:
    """Takes the task back from who holds it; leads from their own people, managers from anybody."""
    claims.recall(session, claim, recaller=recaller, clock=clock)
    return Response(status_code=204)
