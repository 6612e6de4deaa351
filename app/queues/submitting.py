"""What a claim is for: keeping its draft, submitting its label, ending it with an outcome, taking a submit back."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.assets.store import Store
from app.clock import Clock
from app.db.undoing import undone_alone
from app.errors import Conflict, NotAllowed, NotFound
from app.labels import actions as labels
from app.labels import drafts, revising
from app.labels import queries as label_queries
from app.labels import views as label_views
from app.labels.canonical import Entry, label_json
from app.labels.models import Label
from app.labels.revising import Sent
from app.labels.rules import Answered, LabelStatus, Origin, Timed
from app.people.models import Person
from app.queues import ahead, claims, draining, escalations, handing, queries, slots, suggesting, tallies
from app.queues.ahead import Shown
from app.queues.claims import DeadClaim, Held
from app.queues.models import Claim, Outcome, Queue, Task
from app.queues.rules import STOPPED, STOPS_TASK, ClaimState, OutcomeKind, QueueState, Seat, SlotState, may_take_back
from app.schemas import queries as schemas
from app.suggestions import queries as suggestions


@dataclass(frozen=True)
class Submitted:
    """The label and its canonical form; `again` when this answers a request that had come before."""

    label: Label
    shown: dict[str, Any]
    again: bool


def keep_draft(
    session: Session,
    claim_id: str,
    *,
    person: Person,
    token: str,
    answered: Answered,
    timed: Timed | None,
    draft_seq: int,
    clock: Clock,
) -> DeadClaim | None:
    """Keeps unfinished work. With a dead token it is kept beside, and the refusal comes back for the caller to give."""
    held = claims.hold(session, claim_id, person=person, token=token, now=clock())
    _keep(session, held, answered, timed, draft_seq=draft_seq, clock=clock)
    if held.dead is None:
        held.claim.active_at = clock()
        labels.store_slices(session, claim_id, timed or Timed(), clock=clock)
    return held.dead


def suggest(session: Session, claim_id: str, *, person: Person, token: str, clock: Clock) -> Claim:
    """The claim, whose suggestions may be seen now: where they wait for the person's own first answer, it is there."""
    held = claims.hold(session, claim_id, person=person, token=token, now=clock())
    if held.dead is not None:
        raise held.dead
    suggesting.note_after_answer(session, held.queue, held.claim, now=clock())
    return held.claim


def submit(
    session: Session, store: Store, claim_id: str, sent: Sent, *, token: str, clock: Clock
) -> Submitted | DeadClaim:
    """Records the label and closes the slot. A dead claim's answers are kept as a draft, and the refusal comes back."""
    held = claims.hold(session, claim_id, person=sent.person, token=token, now=clock())
    if held.dead is not None:
        # Without its task: the slot may be anybody's by now, whom someone with the task locked may wait for.
        first = _first_answer(session, sent)
        if first is None:
            _keep(session, held, sent.answered, sent.timed, draft_seq=None, clock=clock)
        return first or held.dead
    task, around = slots.lock_to_submit(session, held.claim, sent.key)
    if around.is_repeated and (first := _first_answer(session, sent)):
        return first
    submission = _submission(session, store, held, task, sent, was_shown=around.was_shown)
    checked = replace(submission, answered=labels.check(submission))
    labels.check_played(session, submission, task.id)
    label, revision = labels.record(session, checked, _origin(held, task), around, clock=clock)
    slots.complete(session, held.claim, held.slot, task, clock(), person_id=sent.person.id)
    if task.origin == escalations.ORIGIN:
        escalations.answer(session, task, by=sent.person.id, clock=clock)
    if held.queue.state == QueueState.DRAINING:
        draining.end_if_empty(session, held.queue.id, clock=clock)
    entry = Entry(label, revision, submission.facts, sent.person.organisation.name)
    return Submitted(label, label_json(entry), again=False)


def _first_answer(session: Session, sent: Sent) -> Submitted | None:
    """What the first request with the same key was answered."""
    first = revising.first_answer(session, sent)
    if first is None:
        return None
    label = label_queries.find_label(session, first[0])
    assert label is not None
    return Submitted(label, label_views.canonical(session, label, number=first[1]), again=True)


def end_with_outcome(
    session: Session, claim_id: str, *, person: Person, token: str, kind: OutcomeKind, note: str | None, clock: Clock
) -> Outcome:
    """Ends the claim without a label. The task goes on to others, or waits for a manager."""
    held = claims.hold(session, claim_id, person=person, token=token, now=clock())
    if held.dead is not None:
        raise held.dead
    if kind in STOPS_TASK:
        slots.lock_unbegun(session, [held.claim.task_id])
    task = claims.end(session, held.slot, held.claim, ClaimState.SKIPPED, clock=clock)
    stops = kind in STOPS_TASK and task.state not in STOPPED
    if stops:
        changed = tallies.moved(task.state, STOPS_TASK[kind])
        task.state, task.state_by, task.state_at = STOPS_TASK[kind], person.id, clock()
        slots.withhold(session, task.id, clock())
        tallies.note(session, task.queue_id, by=person.id, at=clock(), tasks=changed)
    drafts.close(session, task_id=task.id, person_id=person.id, clock=clock)
    outcome = Outcome(
        claim_id=claim_id, task_id=task.id, queue_id=held.queue.id, person_id=person.id, kind=kind, note=note,
        created_at=clock(),
    )  # fmt: skip
    session.add(outcome)
    session.flush()
    if stops and kind == OutcomeKind.ESCALATE:
        escalations.raise_one(session, task, outcome, held.queue, clock=clock)
    if held.queue.state == QueueState.DRAINING:
        draining.end_if_empty(session, held.queue.id, clock=clock)
    return outcome


def go_on_with(session: Session, shown: Shown, *, person: Person, clock: Clock) -> Claim | None:
    """The reserved claim that the page shows already, begun; None where it is not this page's any more."""
    try:
        held = claims.hold(session, shown.claim_id, person=person, token=shown.token, now=clock(), begins=False)
    except NotFound:
        return None
    if held.dead is not None:
        return None
    if held.slot.state == SlotState.AHEAD:
        ahead.begin(session, held.claim, held.slot, held.queue, now=clock(), shown_for=shown.ago)
    return held.claim


def put_aside(
    session: Session, claim_id: str, *, person: Person, token: str, kind: OutcomeKind, note: str | None, clock: Clock
) -> Outcome:
    """As `end_with_outcome`; asked for once more, it gives the outcome there is."""
    claim = queries.own_claim(session, claim_id, person)
    done = claim and queries.outcome_of_claim(session, claim)
    if done and done.kind == kind:
        return done
    return end_with_outcome(session, claim_id, person=person, token=token, kind=kind, note=note, clock=clock)


def take_back(session: Session, label: Label, *, person: Person, holder: str | None, clock: Clock) -> Claim:
    """Undoes the last submit: the label is withdrawn, and its slot is the author's again with the answers as draft."""
    for _ in range(handing.TRIES):
        # Their page may be given the next task at this very moment.
        with suppress(IntegrityError), undone_alone(session, IntegrityError):
            return _take_back(session, label, person=person, holder=holder, clock=clock)
    raise handing.Outrun("You were given other tasks many times in a row. Nothing was taken back; try again.")


def _take_back(session: Session, label: Label, *, person: Person, holder: str | None, clock: Clock) -> Claim:
    now = clock()
    if label.person_id != person.id:
        raise NotAllowed("Only its author may take a label back.")
    submitted = session.scalar(
        select(Claim).where(
            Claim.task_id == label.task_id, Claim.person_id == person.id, Claim.state == ClaimState.SUBMITTED
        )
    )
    if submitted is None:
        raise Conflict("This label was taken back already. Nothing was changed.")
    queue = session.scalars(select(Queue).where(Queue.id == label.queue_id)).one()
    slot = slots.lock(session, submitted.slot_id)
    after = queries.seats_of(session, queue, person).get(Seat.NEXT)
    if after is not None:  # two tasks change, which many may be locking at once, in this order
        slots.lock_tasks(session, [submitted.task_id, after.claim.task_id])
    session.refresh(label, with_for_update=True)  # it may be returned, revised or taken back at this moment
    _may_take_back(session, label, submitted, queue, person=person, clock=clock)
    _make_room(session, queue, person, clock=clock)
    revision = label_queries.revision(session, label)
    labels.take_back(session, label, person=person, clock=clock)
    submitted.state = ClaimState.WITHDRAWN
    task = slots.give_back(session, slot, now, by=person.id)
    if task.origin == escalations.ORIGIN:
        escalations.reopen(session, task, by=person.id, clock=clock)
    versions = handing.Versions(revision.schema_version, revision.guideline_version, revision.asset_revision)
    claim = handing.resume(session, queue, slot, versions, person=person, holder=holder, now=now)
    drafts.save(
        session, claim_id=claim.id, task_id=label.task_id, queue_id=queue.id, person_id=person.id, draft_seq=0,
        content=drafts.content_of(revising.answered_before(revision), None), clock=clock,
    )  # fmt: skip
    return claim


def _make_room(session: Session, queue: Queue, person: Person, *, clock: Clock) -> None:
    """What is being worked on becomes the next one; what was reserved beside it is given back."""
    seats = queries.seats_of(session, queue, person)
    at_hand, after = seats.get(Seat.AT_HAND), seats.get(Seat.NEXT)
    if at_hand is None:
        return
    if after is not None:
        slot = slots.lock(session, after.claim.slot_id)
        if slot.claim_id == after.claim.id:  # else somebody free was just given it
            claims.end(session, slot, after.claim, ClaimState.RELEASED, clock=clock)
            session.flush()
    at_hand.claim.seat = Seat.NEXT
    session.flush()


def _may_take_back(
    session: Session, label: Label, submitted: Claim, queue: Queue, *, person: Person, clock: Clock
) -> None:
    last = queries.last_submitted(session, queue, person)
    ended_at = submitted.ended_at or submitted.claimed_at
    if label.withdrawn_at is not None:
        raise Conflict("This label was taken back already. Nothing was changed.")
    if label.status != LabelStatus.SUBMITTED:
        raise Conflict("This label was reviewed, so it stands. Nothing was changed.")
    if last is None or last.id != submitted.id:
        raise Conflict("Only the last label you submitted in this queue can be taken back. Revise this one instead.")
    if not may_take_back(submitted_at=ended_at, undo_seconds=queue.undo_seconds, now=clock()):
        raise Conflict("The time for taking this label back has passed. Revise it instead.")


def _keep(
    session: Session, held: Held, answered: Answered, timed: Timed | None, *, draft_seq: int | None, clock: Clock
) -> None:
    claim = held.claim
    drafts.save(
        session, claim_id=claim.id, task_id=claim.task_id, queue_id=claim.queue_id, person_id=claim.person_id,
        draft_seq=draft_seq, content=drafts.content_of(answered, timed), late=held.dead is not None, clock=clock,
    )  # fmt: skip


def _submission(
    session: Session, store: Store, held: Held, task: Task, sent: Sent, *, was_shown: bool
) -> labels.Submission:
    schema = schemas.pinned(session, task.project_id, held.claim.schema_version)
    facts = revising.load_facts(session, store, schema, asset_id=task.asset_id, revision=held.claim.asset_revision)
    seen = suggestions.seen(session, task_id=task.id, person_id=sent.person.id) if was_shown else []
    return revising.submission_of(sent, schema, facts, seen)


def _origin(held: Held, task: Task) -> Origin:
    claim = held.claim
    return Origin(
        project_id=task.project_id, queue_id=claim.queue_id, queue_kind=held.queue.kind, task_id=task.id,
        claim_id=claim.id, asset_id=task.asset_id, asset_revision=claim.asset_revision,
        guideline_version=claim.guideline_version, claimed_at=claim.claimed_at,
    )  # fmt: skip
