"""Reading labels: one, a page of them, or all as a stream in constant memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.db.reading import columns, read
from app.db.session import Database
from app.labels import ads
from app.labels.canonical import Entry, label_json
from app.labels.models import Label, LabelEvent, Revision, SubmissionKey, TimingSlice
from app.labels.timing import Slice
from app.people.models import Organisation, Person

BATCH = 500

# What a selection may name; each takes one value or a list of them.
SELECTABLE = {
    "queue": Label.queue_id,
    "queue_kind": Label.queue_kind,
    "task": Label.task_id,
    "asset": Label.asset_id,
    "labeler": Label.person_id,
    "status": Label.status,
    "schema_version": Revision.schema_version,
    "guideline_version": Revision.guideline_version,
}


def find_label(session: Session, label_id: str) -> Label | None:
    return session.scalar(select(Label).where(Label.id == label_id))


def revision(session: Session, label: Label, number: int | None = None) -> Revision:
    """That revision, or the newest."""
    wanted = label.revision if number is None else number
    return session.scalars(select(Revision).where(Revision.label_id == label.id, Revision.number == wanted)).one()


def revisions(session: Session, label: Label) -> Sequence[Revision]:
    """From the first."""
    return session.scalars(select(Revision).where(Revision.label_id == label.id).order_by(Revision.number)).all()


def events(session: Session, label: Label) -> Sequence[LabelEvent]:
    return session.scalars(select(LabelEvent).where(LabelEvent.label_id == label.id).order_by(LabelEvent.seq)).all()


def label_of_task(session: Session, *, task_id: str, person_id: str) -> Label | None:
    """This person's standing label of the task."""
    return session.scalar(
        select(Label).where(Label.task_id == task_id, Label.person_id == person_id, Label.withdrawn_at.is_(None))
    )


def labels_of_tasks(session: Session, task_ids: set[str], person_id: str) -> dict[str, str]:
    """This person's standing labels by task."""
    rows = select(Label.task_id, Label.id).where(
        Label.task_id.in_(task_ids), Label.person_id == person_id, Label.withdrawn_at.is_(None)
    )
    return {row.task_id: row.id for row in session.execute(rows)}


@dataclass(frozen=True)
class KeptKey:
    """What an Idempotency-Key of a label stands for."""

    body_hash: str
    label_id: str
    revision: int


# Asked with each submit, so put together once.
_key, _slice = columns(SubmissionKey), columns(TimingSlice)
_KEY = select(_key.body_hash, _key.label_id, _key.revision).where(
    _key.person_id == bindparam("person"), _key.key == bindparam("key")
)
_SLICES = (
    select(_slice.page, _slice.slice_seq, _slice.state, _slice.start_ms, _slice.duration_ms)
    .where(_slice.claim_id == bindparam("claim"))
    .order_by(_slice.seq)
)


def find_key(session: Session, *, person_id: str, key: str) -> KeptKey | None:
    found = read(session, _KEY, person=person_id, key=key).first()
    return None if found is None else KeptKey(found.body_hash, found.label_id, found.revision)


def select_revisions(project_id: str, selection: Mapping[str, Any]) -> Select[Revision]:
    """Standing labels' newest revisions, or with `revisions: "all"` every one, narrowed by SELECTABLE."""
    joined = Revision.label_id == Label.id
    if selection.get("revisions") != "all":
        joined = and_(joined, Revision.number == Label.revision)
    query = select(Revision).join(Label, joined).where(Label.project_id == project_id, Label.withdrawn_at.is_(None))
    for name, column in SELECTABLE.items():
        wanted = selection.get(name)
        if wanted is not None:
            query = query.where(column.in_(wanted if isinstance(wanted, list | tuple | set | frozenset) else [wanted]))
    return query


def labels_by_person(person: Person) -> Select[Label]:
    return select(Label).where(Label.person_id == person.id, Label.withdrawn_at.is_(None))


def entries(session: Session, found: Sequence[Revision]) -> list[Entry]:
    """These revisions with their labels, ads and organisations: four queries, however many."""
    if not found:
        return []
    labels = {
        label.id: label for label in session.scalars(select(Label).where(Label.id.in_({one.label_id for one in found})))
    }
    pairs = [(labels[one.label_id].asset_id, one.asset_revision) for one in found]
    facts = ads.facts_of(session, pairs)
    names = _organisation_names(session, {label.organisation_id for label in labels.values()})
    return [
        Entry(labels[one.label_id], one, facts[pair], names[labels[one.label_id].organisation_id])
        for one, pair in zip(found, pairs, strict=True)
    ]


def stream(database: Database, project_id: str, *, selection: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Canonical labels in the order they were made, read in short transactions: a long one would hold back everybody."""
    chosen = select_revisions(project_id, selection).add_columns(Label.seq).order_by(Label.seq, Revision.number)
    query = chosen
    while True:
        with database.read() as session:
            rows = session.execute(query.limit(BATCH)).all()
            batch = [label_json(entry) for entry in entries(session, [revision for revision, _ in rows])]
        yield from batch
        if len(rows) < BATCH:
            return
        last, seq = rows[-1]
        query = chosen.where(made_after(seq, last.number))


# Places in the order of labels, then revisions: the index on (project, seq) gives it without sorting the project. The
# first half of each is what that index can use; it says nothing that the second does not.
def made_after(label_seq: int, number: int) -> ColumnElement[bool]:
    return (Label.seq >= label_seq) & or_(Label.seq > label_seq, Revision.number > number)


def made_before(label_seq: int, number: int) -> ColumnElement[bool]:
    return (Label.seq <= label_seq) & or_(Label.seq < label_seq, Revision.number < number)


def _organisation_names(session: Session, ids: set[str]) -> dict[str, str]:
    return {row.id: row.name for row in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}


def slices(session: Session, claim_id: str) -> list[Slice]:
    """What was kept so far of the time spent on a claim, in the order it came."""
    return [
        Slice(row.page, row.slice_seq, row.state, row.start_ms, row.duration_ms)
        for row in read(session, _SLICES, claim=claim_id)
    ]
