"""The labeling page: a shell, and the regions that its script puts into it."""

from fastapi import APIRouter, Request, Response

from app.labels import revising
from app.labels.asking import IfMatch, SeenLabel
from app.labels.payloads import LabelIn
from app.labels.revising import Sent
from app.people.asking import SignedIn
from app.queues import claims, submitting, working
from app.queues.asking import ClaimHolder, ClaimToken, OwnQueue, SeenQueue, ShownAhead
from app.queues.claims import DeadClaim
from app.queues.payloads import ClaimIn, OutcomeIn
from app.web import pages
from app.web.idempotency import BodyHash, SentKey
from app.web.refusals import refuse
from app.web.transaction import AppClock, DbSession

router = APIRouter()

SUBMITTED_LABEL = "X-Fasit-Label"  # tells the page which label a later undo would take back


@router.get("/queues/{queue}/work", name="work.page")
def page(request: Request, queue: SeenQueue) -> Response:
    """Changes nothing: the script in it claims."""
    return pages.render(request, "work/page.html", queue=queue, revises=None)


@router.post("/queues/{queue}/work/claims", name="work.claim")
def claim(
    request: Request,
    queue: SeenQueue,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    body: ClaimIn | None = None,
    claim_holder: ClaimHolder = None,
) -> Response:
    region = working.region_ahead if body and body.ahead else working.region_of_next
    return region(request, session, queue, person=person, holder=claim_holder, clock=clock)


@router.post("/work/claims/{claim}/label", name="work.submit")
def submit(
    request: Request,
    claim: str,
    body: LabelIn,
    queue: OwnQueue,
    claim_token: ClaimToken,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    key: SentKey,
    body_hash: BodyHash,
    shown: ShownAhead,
    claim_holder: ClaimHolder = None,
) -> Response:
    """Records the label and goes on with the next task."""
    sent = Sent(person, body.as_answered(), body.timing.as_timed(), key, body_hash)
    done = submitting.submit(session, request.app.state.store, claim, sent, token=claim_token, clock=clock)
    if isinstance(done, DeadClaim):
        return refuse(request, done)
    answer = working.after(request, session, queue, shown, person=person, holder=claim_holder, clock=clock)
    answer.headers[SUBMITTED_LABEL] = done.label.id
    return answer


@router.post("/work/claims/{claim}/outcome", name="work.outcome")
def put_aside(
    request: Request,
    claim: str,
    body: OutcomeIn,
    queue: OwnQueue,
    claim_token: ClaimToken,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    shown: ShownAhead,
    claim_holder: ClaimHolder = None,
) -> Response:
    """Ends the claim without a label and goes on with the next task. Sent twice, it is done once."""
    submitting.put_aside(
        session, claim, person=person, token=claim_token, kind=body.outcome, note=body.note, clock=clock
    )
    return working.after(request, session, queue, shown, person=person, holder=claim_holder, clock=clock)


@router.post("/work/claims/{claim}/takeover", name="work.takeover")
def take_over(
    request: Request,
    claim: str,
    queue: OwnQueue,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    claim_holder: ClaimHolder = None,
) -> Response:
    taken = claims.take_over(session, claim, person=person, holder=claim_holder, clock=clock)
    return working.region_of(request, session, queue, taken, person=person, holder=claim_holder, now=clock())


@router.get("/work/claims/{claim}/family", name="work.family")
def marks_of_family(claim: str, person: SignedIn, session: DbSession) -> Response:
    """What the holder marked on their last ad of the same family."""
    return working.marks_of_family(session, claim, person=person)


# Revising one's own label ---------------------------------------------------------------------------------------


@router.get("/labels/{label}/revise", name="work.revise")
def revise(request: Request, label: SeenLabel, person: SignedIn, session: DbSession) -> Response:
    """The same page on a label that was submitted."""
    queue = working.queue_of_own_label(session, label, person)
    return pages.render(request, "work/page.html", queue=queue, revises=label)


@router.post("/labels/{label}/revise/task", name="work.revise_task")
def task_to_revise(request: Request, label: SeenLabel, person: SignedIn, session: DbSession) -> Response:
    return working.region_of_label(request, session, label, person=person)


@router.post("/labels/{label}/revise", name="work.revise_submit")
def submit_revision(
    request: Request,
    label: SeenLabel,
    body: LabelIn,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    if_match: IfMatch,
    key: SentKey,
    body_hash: BodyHash,
) -> Response:
    """A new revision; then the label's own page."""
    sent = Sent(person, body.as_answered(), body.timing.as_timed(), key, body_hash)
    revising.revise(session, request.app.state.store, label, sent, if_match=if_match, clock=clock)
    return working.where_to_go(request, label)
