"""Recording labels, revising them, taking them back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.assets.rules import AssetFacts, Modality
from app.clock import Clock
from app.db import writing
from app.db.base import Row, new_id
from app.db.loading import made
from app.errors import Conflict, Invalid, NotAllowed, OutOfDate, Problem
from app.labels import chain, drafts, queries, records, rework, suggested, timing
from app.labels.around import Around
from app.labels.canonical import event_fields, immutable_fields
from app.labels.models import Label, LabelEvent, Revision, SubmissionKey, TimingSlice
from app.labels.rework import Ending
from app.labels.rules import Answered, EventKind, LabelStatus, Origin, Timed, may_revise
from app.people.models import Person
from app.schemas import answers as schema_answers
from app.schemas.models import SchemaVersion
from app.suggestions.rules import Seen


@dataclass(frozen=True)
class Submission:
    """What came, from whom, and against what it is checked."""

    person: Person
    answered: Answered
    timed: Timed
    schema: SchemaVersion
    facts: AssetFacts  # with frame tables
    seen: Sequence[Seen] = ()  # suggestions that the person was shown
    key: str | None = None  # of the request, with the hash of what it says
    body_hash: str = ""


def check(submission: Submission) -> Answered:
    """The answers with the server's additions. Raises `Invalid` naming each fault."""
    given, body, facts = submission.answered, submission.schema.body, submission.facts
    problems = schema_answers.check(
        body, given.answers, facts=facts, complete=True, sources=given.sources, evidence=given.evidence
    )
    problems = problems or suggested.check(given, submission.seen)
    if problems:
        raise Invalid("These answers do not fit the schema, so nothing was submitted.", problems=problems)
    return replace(given, answers=schema_answers.enrich(body, given.answers, facts))


def check_played(session: Session, submission: Submission, task_id: str) -> None:
    """Raises `Invalid` where less of a part was played than the schema asks for before a label."""
    asked = {
        part["name"]: part["require_played"] for part in submission.schema.body["parts"] if "require_played" in part
    }
    if not asked:
        return
    durations, played = _played(session, submission, task_id)
    problems = [
        Problem(
            f"/timing/played/{part}",
            f"{share:.0%} of {part} was played and {wanted:.0%} is asked for; the first gap is at {gap:.1f} s",
        )
        for part, share, wanted, gap in timing.unplayed(asked, durations, played)
    ]
    if problems:
        raise Invalid("Too little was played, so nothing was submitted.", problems=problems)


def record(
    session: Session, submission: Submission, origin: Origin, around: Around, *, clock: Clock
) -> tuple[Label, Revision]:
    """A new label with its first revision, from answers that `check` gave back."""
    person, now = submission.person, clock()
    label = made(
        Label, id=new_id(), project_id=origin.project_id, queue_id=origin.queue_id, queue_kind=origin.queue_kind,
        task_id=origin.task_id, asset_id=origin.asset_id, person_id=person.id,
        organisation_id=person.organisation_id, revision=1, status=LabelStatus.SUBMITTED, created_at=now,
    )  # fmt: skip
    revision = _revision(session, label, submission, origin, now=now, has_slices=around.has_slices)
    slices = _slices(origin.claim_id, submission.timed, clock)
    _write(session, label, submission, label, revision, beside=slices, clock=clock)
    if around.has_draft:
        drafts.close(session, task_id=origin.task_id, person_id=person.id, clock=clock)
    if not around.is_chain_asked:
        chain.ask(session, clock=clock)
    return label, revision


def revise(session: Session, label: Label, submission: Submission, *, if_match: int | None, clock: Clock) -> Revision:
    """The next revision; earlier ones stay. Raises `OutOfDate` when another came in between."""
    person, now = submission.person, clock()
    if label.person_id != person.id:
        raise NotAllowed("Only its author may revise this label.")
    if not may_revise(label.status, withdrawn=label.withdrawn_at is not None):
        raise Conflict("This label was reviewed or taken back, so it is not revised any more. Nothing was changed.")
    if if_match is not None and if_match != label.revision:
        raise OutOfDate(f"This label is at revision {label.revision} by now. Load it again, then repeat your change.")
    before = queries.revision(session, label)
    if label.status == LabelStatus.RETURNED:
        rework.end(session, label, Ending.REVISED, clock=clock)
    label.revision += 1
    session.flush()
    origin = Origin(
        project_id=label.project_id, queue_id=label.queue_id, queue_kind=label.queue_kind, task_id=label.task_id,
        claim_id=new_id(), asset_id=label.asset_id, asset_revision=before.asset_revision,
        guideline_version=before.guideline_version, claimed_at=before.claimed_at,
    )  # fmt: skip
    revision = _revision(session, label, submission, origin, now=now, since=before.submitted_at)
    slices = _slices(revision.id, submission.timed, clock)
    _write(session, label, submission, revision, beside=slices, clock=clock)
    drafts.close(session, task_id=label.task_id, person_id=person.id, clock=clock)
    chain.ask(session, clock=clock)
    return revision


def take_back(session: Session, label: Label, *, person: Person, clock: Clock) -> None:
    """Marks the label withdrawn; it and its revisions stay readable."""
    label.withdrawn_at = clock()
    details: dict[str, Any] = {"revision": label.revision}
    salts = records.salts_for(["/by"], _salt)
    fields = event_fields(EventKind.WITHDRAWN, label.id, person.id, details, label.withdrawn_at)
    session.add(
        LabelEvent(
            label_id=label.id,
            kind=EventKind.WITHDRAWN,
            person_id=person.id,
            details=details,
            salts=salts,
            record_hash=records.record_hash(fields, salts),
            created_at=label.withdrawn_at,
        )
    )
    session.flush()
    chain.ask(session, clock=clock)


def store_slices(session: Session, claim_id: str, timed: Timed, *, clock: Clock) -> None:
    """Keeps them; those that are kept already are passed over."""
    slices = _slices(claim_id, timed, clock)
    if slices is not None:
        writing.add_unless_there(session, slices)


def _slices(claim_id: str, timed: Timed, clock: Clock) -> writing.Unless | None:
    rows = [
        {
            "id": new_id(), "created_at": clock(), "claim_id": claim_id, "page": one.page, "slice_seq": one.seq,
            "state": one.state, "start_ms": one.start_ms, "duration_ms": one.duration_ms,
        }
        for one in timed.slices
    ]  # fmt: skip
    return writing.Unless(TimingSlice, rows, unique=("claim_id", "page", "slice_seq")) if rows else None


def _write(
    session: Session, label: Label, submission: Submission, *rows: Row, beside: writing.Unless | None, clock: Clock
) -> None:
    """Inserts these, and keeps the request's Idempotency-Key for ever. Raises `Conflict` when another request took it
    meanwhile.
    """
    if submission.key is None:
        writing.add(session, *rows, beside=beside)
        return
    kept = made(
        SubmissionKey, id=new_id(), created_at=clock(), person_id=submission.person.id, key=submission.key,
        body_hash=submission.body_hash, label_id=label.id, revision=label.revision,
    )  # fmt: skip
    try:
        writing.add(session, *rows, kept, beside=beside)
    except IntegrityError as failure:
        if SubmissionKey.__tablename__ not in str(failure.orig):
            raise
        raise Conflict("This Idempotency-Key was used before for another request. Nothing was changed.") from None


def _revision(
    session: Session,
    label: Label,
    submission: Submission,
    origin: Origin,
    *,
    now: datetime,
    since: datetime | None = None,
    has_slices: bool = False,
) -> Revision:
    """Not written yet."""
    first = since is None
    answered = submission.answered
    wall_ms = max(0, round((now - (since or origin.claimed_at)).total_seconds() * 1000))
    free = schema_answers.free_text_values(submission.schema.body, answered.answers)
    revision = made(
        Revision, id=new_id(), label_id=label.id, number=label.revision, made_by=submission.person.id,
        claim_id=origin.claim_id if first else None, schema_name=submission.schema.name,
        schema_version=submission.schema.version, guideline_version=origin.guideline_version,
        asset_revision=origin.asset_revision, answers=dict(answered.answers), sources=dict(answered.sources),
        evidence=list(answered.evidence), claimed_at=origin.claimed_at, submitted_at=now,
        timing=_timing(session, submission, origin, wall_ms=wall_ms, has_slices=has_slices),
        marks_timing=timing.marks_timing(submission.timed.marks, timing.mark_ids(answered.answers), wall_ms=wall_ms),
        suggested_by=suggested.models(answered, submission.seen),
        suggestions=suggested.kept(answered, submission.seen), created_at=now, history_hash=None,
        salts=records.salts_for(["/labeler", "/made_by", *free], _salt),
    )  # fmt: skip
    hashed = records.record_hash(immutable_fields(label, revision), revision.salts)
    set_committed_value(revision, "record_hash", hashed)
    return revision


def _played(session: Session, submission: Submission, task_id: str) -> tuple[dict[str, float], timing.Played]:
    """(seconds each part lasts that plays, what was played of it, now and in drafts)."""
    parts = submission.facts.parts
    durations = {part.name: part.duration or 0.0 for part in parts if part.modality in {Modality.AUDIO, Modality.VIDEO}}
    earlier = drafts.played(session, task_id=task_id, person_id=submission.person.id) if durations else {}
    return durations, timing.merged(earlier, submission.timed.played)


def _timing(
    session: Session, submission: Submission, origin: Origin, *, wall_ms: int, has_slices: bool
) -> dict[str, Any]:
    """`has_slices`: whether some were kept before those that came now."""
    timed = submission.timed
    kept = queries.slices(session, origin.claim_id) if has_slices else []
    durations, played = _played(session, submission, origin.task_id)
    return timing.totals(
        [*kept, *timed.slices],
        wall_ms=wall_ms,
        first_decision_ms=timed.first_decision_ms,
        coverage=timing.coverage_of(durations, played),
        speeds=timing.speeds_of(durations, played),
    )


def _salt() -> str:
    return secrets.token_hex(16)
