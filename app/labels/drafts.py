"""Unsubmitted work: kept as it comes, offered back, closed when it became a label or was let go."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.reading import columns, read
from app.labels import timing
from app.labels.models import Draft
from app.labels.rules import Answered, Timed

# Asked with each claim and submit, so put together once.
_draft = columns(Draft)
_OF_WORK = _draft.task_id == bindparam("task"), _draft.person_id == bindparam("person")
_CONTENTS = select(_draft.content).where(*_OF_WORK)
OPEN = select(_draft.seq).where(*_OF_WORK, _draft.closed_at.is_(None))
_NEWEST = (
    select(_draft.seq)
    .where(*_OF_WORK, _draft.closed_at.is_(None))
    .order_by(_draft.saved_at.desc(), _draft.seq.desc())
    .limit(1)
)
_ONE = select(Draft).where(Draft.seq == bindparam("draft"))


def content_of(answered: Answered, timed: Timed | None) -> dict[str, Any]:
    """What a draft keeps. Played ranges go with it, so that coverage survives a lost page."""
    content = {"answers": answered.answers, "sources": answered.sources, "evidence": list(answered.evidence)}
    more = {"refused_suggestions": list(answered.refused), "unreadable": list(answered.unreadable)}
    content |= {name: listed for name, listed in more.items() if listed}
    return content | ({"played": timed.played} if timed and timed.played else {})


def save(
    session: Session,
    *,
    claim_id: str,
    task_id: str,
    queue_id: str,
    person_id: str,
    draft_seq: int | None,
    content: Mapping[str, Any],
    late: bool = False,
    clock: Clock,
) -> None:
    """Keeps it, unless something newer of the same claim is kept already. `draft_seq` None: newer than any."""
    draft = session.scalar(select(Draft).where(Draft.claim_id == claim_id, Draft.late == late))
    if draft is None:
        draft = Draft(
            claim_id=claim_id, task_id=task_id, queue_id=queue_id, person_id=person_id, late=late, draft_seq=-1,
            content={}, saved_at=clock(), created_at=clock(),
        )  # fmt: skip
        session.add(draft)
    number = draft.draft_seq + 1 if draft_seq is None else draft_seq
    if number < draft.draft_seq:
        return
    played = timing.merged(draft.content.get("played", {}), content.get("played", {}))
    draft.draft_seq = number
    draft.content = {**content, "played": played} if played else dict(content)
    draft.saved_at = clock()
    draft.closed_at = None
    session.flush()


def newest(session: Session, *, task_id: str, person_id: str) -> Draft | None:
    """The work to go on with, whichever claim it came from."""
    found = read(session, _NEWEST, task=task_id, person=person_id).scalar()
    return None if found is None else session.scalars(_ONE, {"draft": found}).one()


def played(session: Session, *, task_id: str, person_id: str) -> dict[str, list[list[float]]]:
    """What the drafts of this work say was played."""
    found: dict[str, list[list[float]]] = {}
    for content in read(session, _CONTENTS, task=task_id, person=person_id).scalars():
        found = timing.merged(found, content.get("played", {}))
    return found


def close(session: Session, *, task_id: str, person_id: str, clock: Clock) -> None:
    """The work became a label, or was let go."""
    kept = read(session, OPEN, task=task_id, person=person_id).scalars()
    if kept:
        session.execute(update(Draft).where(Draft.seq.in_(kept)).values(closed_at=clock()))


def open_drafts(session: Session, person_id: str) -> Sequence[Draft]:
    """The newest first."""
    return session.scalars(
        select(Draft)
        .where(Draft.person_id == person_id, Draft.closed_at.is_(None))
        .order_by(Draft.saved_at.desc(), Draft.seq.desc())
    ).all()
