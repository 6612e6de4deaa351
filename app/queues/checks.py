"""What `fasit check` verifies of queues: slots, claims and labels tell one story."""

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.labels.models import Label, Revision
from app.people.models import Organisation
from app.queues import tallies
from app.queues.escalations import Escalation
from app.queues.models import Claim, OrganisationLimit, Queue, Slot, Task
from app.queues.rules import STOPPED, ClaimState, SlotState, TaskState
from app.suggestions.models import ShownSuggestion, Suggestion


def find_faults(session: Session) -> Iterator[str]:
    """One sentence a fault."""
    yield from _slots_of_tasks(session)
    yield from _slots_and_claims(session)
    yield from _labels_and_claims(session)
    yield from _copied_ids(session)
    yield from _shown_suggestions(session)
    yield from _tallies(session)
    yield from _organisation_limits(session)
    yield from _escalations(session)


def _slots_of_tasks(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(
            Task.id, Task.state, Task.overlap, func.count(Slot.seq).filter(Slot.state != SlotState.DROPPED),
            func.count(Slot.seq).filter(Slot.state == SlotState.DONE),
            func.count(Slot.seq).filter(Slot.state.in_([SlotState.FREE, SlotState.RETURNED])),
        )
        .outerjoin(Slot, Slot.task_id == Task.id)
        .group_by(Task.id, Task.state, Task.overlap)
    )  # fmt: skip
    for task_id, state, overlap, slots, done, free in rows:
        if slots != overlap:
            yield f"Task {task_id} has {slots} slots for an overlap of {overlap}."
        elif (done == overlap) != (state in {TaskState.DONE, TaskState.ANSWERED}) and state not in STOPPED:
            yield f"Task {task_id} is {state} with {done} of {overlap} slots done."
        if free and state in STOPPED:
            yield f"Task {task_id} is {state}, but {free} of its slots are handed out."


def _slots_and_claims(session: Session) -> Iterator[str]:
    """A held slot has its live claim, a done one its submitted claim, and nothing else holds a slot."""
    expected = or_(
        and_(Slot.state.in_([SlotState.HELD, SlotState.AHEAD]), Claim.state == ClaimState.LIVE),
        and_(Slot.state == SlotState.DONE, Claim.state == ClaimState.SUBMITTED),
    )
    taken = Slot.state.in_([SlotState.HELD, SlotState.AHEAD, SlotState.DONE])
    matched = and_(Claim.id == Slot.claim_id, Claim.slot_id == Slot.id, Claim.task_id == Slot.task_id, expected)
    for slot_id, state in session.execute(
        select(Slot.id, Slot.state).outerjoin(Claim, matched).where(taken, Claim.id.is_(None))
    ):
        yield f"Slot {slot_id} is {state} without a claim that says so."
    standing = Claim.state.in_([ClaimState.LIVE, ClaimState.SUBMITTED])
    for claim_id, claimed in session.execute(
        select(Claim.id, Claim.state).outerjoin(Slot, matched).where(standing, Slot.id.is_(None))
    ):
        yield f"Claim {claim_id} is {claimed}, but holds no slot."


def _labels_and_claims(session: Session) -> Iterator[str]:
    labelled = and_(Label.task_id == Claim.task_id, Label.person_id == Claim.person_id, Label.withdrawn_at.is_(None))
    for claim_id in session.scalars(
        select(Claim.id).outerjoin(Label, labelled).where(Claim.state == ClaimState.SUBMITTED, Label.id.is_(None))
    ):
        yield f"Claim {claim_id} was submitted, but its label is not there."
    submitted = and_(labelled, Claim.state == ClaimState.SUBMITTED)
    for label_id in session.scalars(
        select(Label.id).outerjoin(Claim, submitted).where(Label.withdrawn_at.is_(None), Claim.id.is_(None))
    ):
        yield f"Label {label_id} has no submitted claim."


def _shown_suggestions(session: Session) -> Iterator[str]:
    """Who was shown a suggestion held a claim on a task of its ad; task and claim stand there without foreign keys too."""
    held = and_(
        Claim.id == ShownSuggestion.claim_id, Claim.task_id == ShownSuggestion.task_id,
        Claim.person_id == ShownSuggestion.person_id,
    )  # fmt: skip
    of_ad = and_(Task.id == Claim.task_id, Task.asset_id == Suggestion.asset_id)
    rows = (
        select(ShownSuggestion.suggestion_id)
        .join(Suggestion, Suggestion.id == ShownSuggestion.suggestion_id)
        .outerjoin(Claim, held)
        .outerjoin(Task, of_ad)
        .where(Task.id.is_(None))
    )
    for suggestion_id in session.scalars(rows):
        yield f"Suggestion {suggestion_id} was shown on a task or to a person that it is not of."


def _copied_ids(session: Session) -> Iterator[str]:
    """Labels hold ids of tasks, queues and claims without foreign keys, since they lie below them."""
    whole = and_(
        Task.id == Label.task_id, Task.queue_id == Label.queue_id, Task.asset_id == Label.asset_id,
        Task.project_id == Label.project_id,
    )  # fmt: skip
    for label_id in session.scalars(select(Label.id).outerjoin(Task, whole).where(Task.id.is_(None))):
        yield f"Label {label_id} names a task, queue, asset or project that do not belong together."
    for label_id in session.scalars(
        select(Label.id)
        .outerjoin(Queue, and_(Queue.id == Label.queue_id, Queue.kind == Label.queue_kind))
        .where(Queue.id.is_(None))
    ):
        yield f"Label {label_id} says another kind than its queue."
    claimed = and_(
        Claim.id == Revision.claim_id, Claim.schema_version == Revision.schema_version,
        Claim.guideline_version == Revision.guideline_version, Claim.asset_revision == Revision.asset_revision,
        Claim.claimed_at == Revision.claimed_at,
    )  # fmt: skip
    for label_id, number in session.execute(
        select(Revision.label_id, Revision.number)
        .outerjoin(Claim, claimed)
        .where(Revision.claim_id.is_not(None), Claim.id.is_(None))
    ):
        yield f"Revision {number} of label {label_id} does not say what its claim was pinned to."


def _tallies(session: Session) -> Iterator[str]:
    """What is counted as it changes is what there is."""
    queues = session.execute(select(Queue.id, Queue.name)).all()
    counted = tallies.counts_of(session, [queue.id for queue in queues])
    states: dict[str, dict[TaskState, int]] = {queue.id: dict.fromkeys(TaskState, 0) for queue in queues}
    for queue_id, state, count in session.execute(
        select(Task.queue_id, Task.state, func.count()).group_by(Task.queue_id, Task.state)
    ):
        states[queue_id][TaskState(state)] = count
    done = func.count(Slot.seq).filter(Slot.state == SlotState.DONE)
    is_wanted = or_(Slot.state == SlotState.DONE, Task.state != TaskState.WITHDRAWN)
    wanted = func.count(Slot.seq).filter(Slot.state != SlotState.DROPPED, is_wanted)
    labels = {
        queue_id: (labels, all_of_them)
        for queue_id, labels, all_of_them in session.execute(
            select(Task.queue_id, done, wanted).join(Slot, Slot.task_id == Task.id).group_by(Task.queue_id)
        )
    }
    for queue_id, name in queues:
        here = counted[queue_id]
        for state in TaskState:
            if here.tasks[state] != states[queue_id][state]:
                yield f"Queue {name} counts {here.tasks[state]} tasks {state}, but has {states[queue_id][state]}."
        if (here.labels, here.wanted) != labels.get(queue_id, (0, 0)):
            found = "{} of {}".format(*labels.get(queue_id, (0, 0)))
            yield f"Queue {name} counts {here.labels} of {here.wanted} labels, but has {found}."


def _organisation_limits(session: Session) -> Iterator[str]:
    """What was handed to the people of an organisation that is limited."""
    theirs = and_(
        Claim.queue_id == OrganisationLimit.queue_id, Claim.organisation_id == OrganisationLimit.organisation_id
    )
    made = func.count(Claim.seq)
    rows = session.execute(
        select(Queue.name, Organisation.name, OrganisationLimit.handed, made)
        .select_from(OrganisationLimit)
        .join(Queue, Queue.id == OrganisationLimit.queue_id)
        .join(Organisation, Organisation.id == OrganisationLimit.organisation_id)
        .outerjoin(Claim, theirs)
        .group_by(OrganisationLimit.seq, Queue.name, Organisation.name, OrganisationLimit.handed)
        .having(made != OrganisationLimit.handed)
    )
    for queue, organisation, handed, claims in rows:
        yield f"Queue {queue} counts {handed} claims of {organisation}, but has {claims}."


def _escalations(session: Session) -> Iterator[str]:
    """A question is open for as long as its task waits, else the next one about it could not be asked."""
    rows = session.execute(
        select(Task.id, Task.state)
        .join(Escalation, Escalation.task_id == Task.id)
        .where(Escalation.answered_at.is_(None), Task.state != TaskState.ESCALATED)
        .order_by(Task.seq)
    )
    for task_id, state in rows:
        yield f"Task {task_id} is {state}, but its escalation is open."
