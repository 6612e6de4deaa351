"""The JSON API of claims: taking a task, keeping and submitting what was answered, giving it back."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.labels import rework
from app.labels.asking import SeenLabel
from app.labels.canonical import moment
from app.labels.payloads import RECORDED, DraftIn, LabelIn
from app.labels.revising import Sent
from app.people.asking import SignedIn
from app.queues import claims, handing, returned, submitting, views
from app.queues.asking import ClaimHolder, ClaimToken, ReturnableLabel, SeenQueue
from app.queues.claims import DeadClaim
from app.queues.payloads import CLAIMED, ClaimIn, ClaimOut, LeaseIn, OutcomeIn, ReasonIn
from app.web.answers import JsonAnswer
from app.web.idempotency import BodyHash, OnceOnly, SentKey
from app.web.one_thread import OneThread
from app.web.pagination import Paging
from app.web.refusals import refuse
from app.web.transaction import AppClock, DbSession

router = APIRouter(tags=["queues"], route_class=OneThread)


@router.post("/queues/{queue}/claims", name="api.claims.create", status_code=201, responses=CLAIMED)
def claim_next(
    request: Request,
    queue: SeenQueue,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    once: OnceOnly,
    body: ClaimIn | None = None,
    claim_holder: ClaimHolder = None,
) -> Response:
    """The next task, or the one this person holds already; 204 when there is nothing for them. `ahead` reserves one
    more, whose time starts at its first lease.
    """
    hand_out = handing.reserve_next if body and body.ahead else handing.claim_next

    def make() -> dict[str, Any] | None:
        claim = hand_out(session, queue, person=person, holder=claim_holder, clock=clock)
        return None if claim is None else views.claim_json(request, session, claim, holder=claim_holder)

    return once(make)


@router.post("/claims/{claim}/label", name="api.claims.submit", status_code=201, responses=RECORDED)
def submit_label(
    request: Request,
    claim: str,
    body: LabelIn,
    claim_token: ClaimToken,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    key: SentKey,
    body_hash: BodyHash,
) -> Response:
    """Records the label. A dead claim's answers are kept as a draft and answered 409."""
    sent = Sent(person, body.as_answered(), body.timing.as_timed(), key, body_hash)
    done = submitting.submit(session, request.app.state.store, claim, sent, token=claim_token, clock=clock)
    if isinstance(done, DeadClaim):
        return refuse(request, done)
    return JsonAnswer(done.shown, 200 if done.again else 201, headers={"ETag": f'"{done.shown["revision"]}"'})


@router.put("/claims/{claim}/lease", name="api.claims.renew")
def renew_claim(
    claim: str,
    claim_token: ClaimToken,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    body: LeaseIn | None = None,
    claim_holder: ClaimHolder = None,
) -> dict[str, Any]:
    """Renews the claim; four claims' lengths after the last activity no more. When its page closes, it ends half a minute
    later unless a page is opened again.
    """
    if body is not None and body.closing is not None:
        ends = claims.leave(session, claim, person=person, token=claim_token, known_end=body.closing, clock=clock)
        return {"expires_at": moment(ends)}
    until = claims.renew(
        session,
        claim,
        person=person,
        token=claim_token,
        holder=claim_holder,
        active=bool(body and body.active),
        clock=clock,
    )
    return {"expires_at": moment(until)}


@router.put("/claims/{claim}/draft", name="api.claims.draft", status_code=204)
def keep_draft(
    request: Request,
    claim: str,
    body: DraftIn,
    claim_token: ClaimToken,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    """Keeps unfinished work; with a dead token too, which is then answered 409."""
    dead = submitting.keep_draft(
        session, claim, person=person, token=claim_token, answered=body.as_answered(),
        timed=body.timing.as_timed() if body.timing else None, draft_seq=body.seq, clock=clock,
    )  # fmt: skip
    return Response(status_code=204) if dead is None else refuse(request, dead)


@router.post("/claims/{claim}/suggestions", name="api.claims.suggestions")
def suggestions_of_claim(
    request: Request,
    claim: str,
    claim_token: ClaimToken,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    once: OnceOnly,
) -> Response:
    """Where suggestions wait for the person's own first answer: what is suggested. 409 before such an answer is saved."""

    def make() -> dict[str, Any]:
        held = submitting.suggest(session, claim, person=person, token=claim_token, clock=clock)
        return {"suggestions": views.suggestions_json(request, session, held)}

    return once(make, status=200)


@router.post("/claims/{claim}/outcome", name="api.claims.outcome", status_code=201)
def end_with_outcome(
    claim: str,
    body: OutcomeIn,
    claim_token: ClaimToken,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    once: OnceOnly,
) -> Response:
    """Ends the claim without a label."""

    def make() -> dict[str, Any]:
        outcome = submitting.end_with_outcome(
            session, claim, person=person, token=claim_token, kind=body.outcome, note=body.note, clock=clock
        )
        return views.outcome_json(outcome)

    return once(make)


@router.post("/claims/{claim}/takeover", name="api.claims.take_over", responses={200: {"model": ClaimOut}})
def take_over_claim(
    request: Request,
    claim: str,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    once: OnceOnly,
    claim_holder: ClaimHolder = None,
) -> Response:
    """This page goes on with the claim: a new token, and the old one is dead."""

    def make() -> dict[str, Any]:
        taken = claims.take_over(session, claim, person=person, holder=claim_holder, clock=clock)
        return views.claim_json(request, session, taken, holder=claim_holder)

    return once(make, status=200)


@router.delete("/claims/{claim}", name="api.claims.release", status_code=204)
def release_claim(
    claim: str, claim_token: ClaimToken, person: SignedIn, session: DbSession, clock: AppClock
) -> Response:
    """Gives the task back; the draft is kept."""
    claims.release(session, claim, person=person, token=claim_token, clock=clock)
    return Response(status_code=204)


@router.get("/me/drafts", name="api.me.drafts")
def my_drafts(person: SignedIn, session: DbSession, clock: AppClock, paging: Paging) -> dict[str, Any]:
    """Work whose claim has ended, kept to go on with."""
    return views.drafts_json(session, person, clock(), paging)


@router.post("/labels/{label}/return", name="api.labels.return", status_code=201)
def return_label(
    label: ReturnableLabel, body: ReasonIn, person: SignedIn, session: DbSession, clock: AppClock, once: OnceOnly
) -> Response:
    """Sends a label back to its author, who revises it; after the queue's time for it the task goes to somebody else."""

    def make() -> dict[str, Any]:
        begun = returned.return_label(session, label, reason=body.reason, person=person, clock=clock)
        return rework.as_json(begun)

    return once(make)


@router.get("/me/reworks", name="api.me.reworks")
def my_reworks(person: SignedIn, session: DbSession, clock: AppClock) -> dict[str, Any]:
    """Labels that were returned to this person, to revise while they are theirs."""
    return {"items": [rework.as_json(one) for one in rework.waiting_for(session, person, clock())], "next": None}


@router.post("/labels/{label}/withdrawal", name="api.labels.withdraw", status_code=201)
def take_label_back(
    request: Request,
    label: SeenLabel,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    once: OnceOnly,
    claim_holder: ClaimHolder = None,
) -> Response:
    """Takes the last submit back: its slot is the author's again, with the answers as a draft."""

    def make() -> dict[str, Any]:
        claim = submitting.take_back(session, label, person=person, holder=claim_holder, clock=clock)
        return views.claim_json(request, session, claim, holder=claim_holder)

    return once(make)
