"""What `fasit check` verifies of labels: answers against their schema, record hashes, the history chain."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets import queries as assets
from app.assets.models import Asset
from app.assets.rules import AssetFacts
from app.assets.store import Store
from app.labels import queries, records, suggested
from app.labels.canonical import Entry, event_fields, immutable_fields
from app.labels.models import HistoryLink, Label, LabelEvent, Revision
from app.labels.revising import answered_before
from app.schemas import answers as schema_answers
from app.schemas import queries as schemas
from app.schemas.models import SchemaVersion
from app.suggestions import queries as suggestions

BATCH = 500


def find_faults(session: Session, store: Store) -> Iterator[str]:
    """One sentence a fault."""
    yield from _faults_of_revisions(session, store)
    yield from _faults_of_events(session)
    yield from _faults_of_chain(session)
    for label in session.scalars(
        select(Label).where(
            ~select(Revision).where(Revision.label_id == Label.id, Revision.number == Label.revision).exists()
        )
    ):
        yield f"Label {label.id} says it is at revision {label.revision}, which does not exist."


def _faults_of_revisions(session: Session, store: Store) -> Iterator[str]:
    find_schema = lru_cache(64)(lambda project_id, version: schemas.find_version(session, project_id, version))
    after = 0
    while found := session.scalars(
        select(Revision).where(Revision.seq > after).order_by(Revision.seq).limit(BATCH)
    ).all():
        for entry in queries.entries(session, found):
            yield from _faults_of_entry(session, store, entry, find_schema)
        after = found[-1].seq
        session.expunge_all()


def _faults_of_entry(
    session: Session, store: Store, entry: Entry, find_schema: Callable[[str, int], SchemaVersion | None]
) -> Iterator[str]:
    label, revision = entry.label, entry.revision
    name = f"Revision {revision.number} of label {label.id}"
    if records.record_hash(immutable_fields(label, revision), revision.salts) != revision.record_hash:
        yield f"{name} does not match its record hash: something in it was changed after it was submitted."
    schema = find_schema(label.project_id, revision.schema_version)
    if schema is None:
        yield f"{name} names schema version {revision.schema_version}, which does not exist."
        return
    facts = _whole_facts(session, store, entry)
    for problem in schema_answers.check(
        schema.body, revision.answers, facts=facts, complete=True, sources=revision.sources, evidence=revision.evidence
    ):
        yield f"{name} does not fit its schema at {problem.path}: {problem.message}."
    yield from _faults_of_suggestions(session, entry, name)


def _faults_of_suggestions(session: Session, entry: Entry, name: str) -> Iterator[str]:
    """What a revision says of suggestions must be true of those that its author was shown."""
    label, revision = entry.label, entry.revision
    answered, seen = (
        answered_before(revision),
        suggestions.seen(session, task_id=label.task_id, person_id=label.person_id),
    )
    for problem in suggested.check(answered, seen):
        yield f"{name} is wrong about suggestions at {problem.path}: {problem.message}."
    if suggested.models(answered, seen) != revision.suggested_by:
        yield f"{name} says that {revision.suggested_by or 'nobody'} suggested it, which its answers do not."


def _whole_facts(session: Session, store: Store, entry: Entry) -> AssetFacts:
    asset = session.scalars(select(Asset).where(Asset.id == entry.label.asset_id)).one()
    return assets.facts(session, store, asset, revision=entry.revision.asset_revision, frames=True)


def _faults_of_events(session: Session) -> Iterator[str]:
    for event in session.scalars(select(LabelEvent).order_by(LabelEvent.seq)).yield_per(BATCH):
        fields = event_fields(event.kind, event.label_id, event.person_id, event.details, event.created_at)
        if records.record_hash(fields, event.salts) != event.record_hash:
            yield f"Event {event.id} of label {event.label_id} does not match its record hash."


def _faults_of_chain(session: Session) -> Iterator[str]:
    """Every link follows the one before it, and says what its subject says."""
    previous = ""
    expected = 1
    subjects: dict[str, type[Revision | LabelEvent]] = {"revision": Revision, "event": LabelEvent}
    for link in session.scalars(select(HistoryLink).order_by(HistoryLink.position)).yield_per(BATCH):
        if link.position != expected:
            yield f"The history chain has a hole before link {link.position}."
        if records.chained(previous, link.record_hash) != link.history_hash:
            yield f"Link {link.position} of the history chain does not follow from the one before it."
        table = subjects[link.subject_kind]
        row = session.execute(
            select(table.record_hash, table.history_hash).where(table.id == link.subject_id)
        ).one_or_none()
        if row is None or tuple(row) != (link.record_hash, link.history_hash):
            yield f"Link {link.position} of the history chain is not what its {link.subject_kind} {link.subject_id} says."
        previous, expected = link.history_hash, link.position + 1
    for table in subjects.values():
        chained = select(HistoryLink).where(HistoryLink.subject_id == table.id).exists()
        for row_id in session.scalars(select(table.id).where(table.history_hash.is_not(None), ~chained)):
            yield f"{table.__name__} {row_id} has a history hash but no link in the chain."
