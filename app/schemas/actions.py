"""Writing and publishing schemas."""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Invalid
from app.people import audit
from app.people.models import Person
from app.projects import queries as projects
from app.projects.models import Project
from app.schemas import lines, queries
from app.schemas.models import SchemaDraft, SchemaVersion
from app.schemas.validation import check_schema

UNNAMED = "Unnamed schema"
NAME_AT_MOST = 200


def content_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (RFC 8785): the same schema however it was spaced and ordered."""
    return hashlib.sha256(rfc8785.dumps(dict(body))).hexdigest()


def publish(
    session: Session, *, project: Project, body: dict[str, Any], person: Person | None, clock: Clock
) -> tuple[SchemaVersion, bool]:
    """The version with this content, and whether it is new. Raises `Invalid` with every fault."""
    problems = check_schema(body)
    if problems:
        raise Invalid("This schema cannot be published. Nothing was changed.", problems=problems)
    projects.take_turns(session, project.id)
    digest = content_hash(body)
    same = queries.find_same(session, project.id, digest)
    if same is not None:
        return same, False
    newest = queries.newest(session, project.id)
    version = SchemaVersion(
        created_at=clock(),
        project_id=project.id,
        version=newest.version + 1 if newest else 1,
        name=body["name"],
        body=body,
        content_hash=digest,
        published_by=person.id if person else None,
    )
    session.add(version)
    session.flush()
    details = {"project": project.id, "version": version.version, "name": version.name}
    audit.record(
        session,
        actor=person,
        verb="published",
        subject_kind="schema",
        subject_id=version.id,
        details=details,
        clock=clock,
    )
    return version, True


def start_draft(session: Session, *, project: Project, text: str, person: Person, clock: Clock) -> SchemaDraft:
    draft = SchemaDraft(created_at=clock(), project_id=project.id)
    session.add(draft)
    save_draft(draft, text=text, person=person, clock=clock)
    session.flush()
    return draft


def save_draft(draft: SchemaDraft, *, text: str, person: Person, clock: Clock) -> None:
    """Keeps the text as typed, faults and all."""
    draft.text = text
    draft.name = _name_in(lines.read(text).body)
    draft.edited_by = person.id
    draft.edited_at = clock()


def publish_draft(
    session: Session, draft: SchemaDraft, *, project: Project, person: Person, clock: Clock
) -> SchemaVersion | None:
    """The version that the draft became, or None while it has faults; a draft that became a version is gone."""
    reading = lines.read(draft.text)
    if not reading.holds:
        return None
    version, _ = publish(session, project=project, body=reading.body, person=person, clock=clock)
    session.delete(draft)
    return version


def discard_draft(session: Session, draft: SchemaDraft, *, person: Person, clock: Clock) -> None:
    """Drafts are scratch paper: only what was published stays."""
    details = {"project": draft.project_id, "name": draft.name}
    audit.record(
        session,
        actor=person,
        verb="discarded",
        subject_kind="schema_draft",
        subject_id=draft.id,
        details=details,
        clock=clock,
    )
    session.delete(draft)


def _name_in(body: Any) -> str:
    name = body.get("name") if isinstance(body, dict) else None
    return name.strip()[:NAME_AT_MOST] if isinstance(name, str) and name.strip() else UNNAMED
