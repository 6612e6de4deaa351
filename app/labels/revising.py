"""Revising a label: what came is checked as a submit is, against the versions the label was made under."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.assets import as_of
from app.assets import queries as assets
from app.assets.rules import AssetFacts
from app.assets.store import Store
from app.clock import Clock
from app.errors import Conflict
from app.labels import actions, queries
from app.labels.models import Label, Revision
from app.labels.rules import Answered, Timed
from app.people.models import Person
from app.schemas import answers as schema_answers
from app.schemas import queries as schemas
from app.schemas.models import SchemaVersion
from app.suggestions import queries as suggestions
from app.suggestions.rules import Seen


@dataclass(frozen=True)
class Sent:
    """A finished answer as it came, with the key that makes sending it twice harmless."""

    person: Person
    answered: Answered
    timed: Timed
    key: str | None
    body_hash: str


def revise(
    session: Session, store: Store, label: Label, sent: Sent, *, if_match: int | None, clock: Clock
) -> tuple[int, bool]:
    """The number of the new revision; or of the first one with the same key, and True."""
    session.refresh(label, with_for_update=True)
    first = first_answer(session, sent)
    if first is not None:
        return first[1], True
    before = queries.revision(session, label)
    schema = find_schema(session, label, before)
    facts = load_facts(session, store, schema, asset_id=label.asset_id, revision=before.asset_revision)
    seen = suggestions.seen(session, task_id=label.task_id, person_id=label.person_id)
    given = submission_of(sent, schema, facts, seen)
    submission = replace(given, answered=actions.check(given))
    revision = actions.revise(session, label, submission, if_match=if_match, clock=clock)
    return revision.number, False


def answered_before(revision: Revision) -> Answered:
    """What a revision says, to go on with."""
    refused = (revision.suggestions or {}).get("refused", [])
    return Answered(revision.answers, revision.sources, revision.evidence, refused)


def first_answer(session: Session, sent: Sent) -> tuple[str, int] | None:
    """Label and revision of the first request with this key. Raises `Conflict` if that one said something else."""
    kept = sent.key and queries.find_key(session, person_id=sent.person.id, key=sent.key)
    if not kept:
        return None
    if kept.body_hash != sent.body_hash:
        raise Conflict("This Idempotency-Key was used before for another request. Nothing was changed.")
    return kept.label_id, kept.revision


def submission_of(sent: Sent, schema: SchemaVersion, facts: AssetFacts, seen: Sequence[Seen]) -> actions.Submission:
    return actions.Submission(
        sent.person, sent.answered, sent.timed, schema, facts, seen, key=sent.key, body_hash=sent.body_hash
    )


def find_schema(session: Session, label: Label, revision: Revision) -> SchemaVersion:
    return schemas.pinned(session, label.project_id, revision.schema_version)


def load_facts(session: Session, store: Store, schema: SchemaVersion, *, asset_id: str, revision: int) -> AssetFacts:
    """The ad as that revision was; with its frame tables where the schema asks for marks on frames."""
    asset = as_of.read_asset(session, asset_id, revision)
    frames = store if schema_answers.needs_frames(schema.body) else None
    parts = tuple(assets.part_facts(part, frames) for part in asset.parts)
    return AssetFacts(asset.id, revision, asset.external_id, asset.metadata, parts)
