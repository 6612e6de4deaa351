"""What clients of a storm note of each request, and what the database holds afterwards, read by plain SQL of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import create_engine, text


class Verb(StrEnum):
    """What a request asks for."""

    CLAIM = "claim"
    DRAFT = "draft"
    SUBMIT = "submit"
    SKIP = "skip"
    RELEASE = "release"


ENDS_CLAIM = frozenset({Verb.SUBMIT, Verb.SKIP, Verb.RELEASE})


@dataclass(frozen=True)
class Noted:
    """One request as its client saw it; times are seconds on the clock that all clients share."""

    person: str
    verb: Verb
    sent_at: float
    answered_at: float | None  # None: the answer never came
    status: int | None
    claim: str | None = None  # asked about, or told
    task: str | None = None
    label: str | None = None  # told
    note: str | None = None  # what makes the answers of a submit unlike all others
    draft_seq: int | None = None


@dataclass(frozen=True)
class ClaimRow:
    id: str
    task: str
    slot: str
    person: str
    state: str


@dataclass(frozen=True)
class LabelRow:
    id: str
    task: str
    person: str
    note: str | None


@dataclass(frozen=True)
class Kept:
    """What is in the database; labels without those that were taken back."""

    overlaps: Mapping[str, int]  # by task
    claims: Sequence[ClaimRow]
    labels: Sequence[LabelRow]
    drafts: Mapping[str, int]  # claim -> the highest seq that is kept of it


def read(url: str) -> Kept:
    engine = create_engine(url)
    with engine.connect() as connection:

        def rows(statement: str) -> Iterator[Any]:
            yield from connection.execute(text(statement))

        kept = Kept(
            {row.id: row.overlap for row in rows("SELECT id, overlap FROM tasks")},
            [ClaimRow(*row) for row in rows("SELECT id, task_id, slot_id, person_id, state FROM claims")],
            [
                LabelRow(row.id, row.task_id, row.person_id, orjson.loads(row.answers).get("note"))
                for row in rows(
                    "SELECT l.id, l.task_id, l.person_id, CAST(r.answers AS TEXT) AS answers FROM labels l"
                    " JOIN revisions r ON r.label_id = l.id AND r.number = l.revision WHERE l.withdrawn_at IS NULL"
                )
            ],
            {
                row.claim_id: row.seq
                for row in rows("SELECT claim_id, max(draft_seq) AS seq FROM drafts GROUP BY claim_id")
            },
        )
    engine.dispose()
    return kept
