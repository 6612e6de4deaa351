"""What there is around a label as it is submitted, read in one statement: mostly nothing, so that nothing more is asked."""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from app.db.reading import columns, read
from app.labels import chain, drafts
from app.labels.models import SubmissionKey, TimingSlice
from app.suggestions import queries as suggestions

_key, _slice = columns(SubmissionKey), columns(TimingSlice)
_AROUND = select(
    exists().where(_key.person_id == bindparam("person"), _key.key == bindparam("key")).label("is_repeated"),
    suggestions.ANY_SHOWN.exists().label("was_shown"),
    drafts.OPEN.exists().label("has_draft"),
    exists().where(_slice.claim_id == bindparam("claim")).label("has_slices"),
    chain.WAITING_JOB.exists().label("is_chain_asked"),
)


@dataclass(frozen=True)
class Around:
    """Whether the request's key came before, suggestions were shown, work in progress and times of the claim are kept,
    and the history's job waits already.
    """

    is_repeated: bool
    was_shown: bool
    has_draft: bool
    has_slices: bool
    is_chain_asked: bool


def read_around(session: Session, *, task_id: str, person_id: str, claim_id: str, key: str | None) -> Around:
    """Once nobody else can write for this claim."""
    row = read(session, _AROUND, task=task_id, person=person_id, claim=claim_id, key=key or "").one()
    return Around(*map(bool, row))
