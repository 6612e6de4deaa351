"""What there is around a label as it is submitted, read with its task: mostly nothing, so that nothing more is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists

from app.db.reading import columns
from app.labels import chain, drafts
from app.labels.models import SubmissionKey, TimingSlice
from app.suggestions import queries as suggestions

_key, _slice = columns(SubmissionKey), columns(TimingSlice)
# What to select for `Around`, in its order; of a `task`, a `person`, a `claim`, and a `key`, which may be empty.
AROUND: Sequence[ColumnElement[Any]] = (
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

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Around":
        return cls(*map(bool, values))
