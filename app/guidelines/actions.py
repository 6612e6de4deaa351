"""Writing and publishing guidelines."""

from collections.abc import Sequence
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.assets.store import Store
from app.clock import Clock
from app.errors import Invalid, Problem
from app.guidelines import pictures, queries, reading, rules
from app.guidelines.models import Clause, GuidelineDraft, GuidelinePicture, GuidelineVersion
from app.guidelines.rules import Change, KnownClause
from app.people import audit
from app.people.models import Person
from app.projects import queries as projects
from app.projects.models import Project


def publish(
    session: Session,
    *,
    project: Project,
    title: str,
    body: str,
    change: str,
    clauses_changed: Sequence[str],
    person: Person | None,
    clock: Clock,
) -> GuidelineVersion:
    """The next version. Raises `Invalid` with every fault."""
    projects.take_turns(session, project.id)
    found = reading.read(session, project.id, body)
    last = {clause.id for clause in queries.known_clauses(queries.newest(session, project.id))}
    problems = [
        *_check_words(title, body, change),
        *found.problems,
        *_check_changed(clauses_changed, {clause.id for clause in found.clauses} | last),
    ]
    if problems:
        raise Invalid("This guideline cannot be published. Nothing was changed.", problems=problems)
    version = GuidelineVersion(
        created_at=clock(),
        project_id=project.id,
        version=found.version,
        title=title.strip(),
        body=body,
        content_hash=rules.content_hash(title.strip(), body),
        change=Change(change).value,
        clauses_changed=list(dict.fromkeys(clauses_changed)),
        published_by=person.id if person else None,
        clauses=[_row(clause, clock) for clause in found.clauses],
    )
    session.add(version)
    session.flush()
    details = {"project": project.id, "version": version.version, "change": version.change}
    audit.record(
        session,
        actor=person,
        verb="published",
        subject_kind="guideline",
        subject_id=version.id,
        details=details,
        clock=clock,
    )
    return version


def save_draft(
    session: Session, *, project: Project, title: str, body: str, person: Person, clock: Clock
) -> GuidelineDraft:
    """Keeps the text as typed. A project has one draft: guidelines are written together."""
    draft = queries.draft_of(session, project.id)
    if draft is None:
        draft = GuidelineDraft(created_at=clock(), project_id=project.id)
        session.add(draft)
    draft.title, draft.body = title, body
    draft.edited_by, draft.edited_at = person.id, clock()
    session.flush()
    return draft


def publish_draft(
    session: Session,
    draft: GuidelineDraft,
    *,
    project: Project,
    change: str,
    changed: Sequence[str],
    person: Person,
    clock: Clock,
) -> GuidelineVersion:
    """The version that the draft became; the draft is gone. Raises `Invalid`, and then the draft stays."""
    version = publish(
        session, project=project, title=draft.title, body=draft.body, change=change, clauses_changed=changed,
        person=person, clock=clock,
    )  # fmt: skip
    session.delete(draft)
    return version


def discard_draft(session: Session, draft: GuidelineDraft, *, person: Person, clock: Clock) -> None:
    """Drafts are scratch paper: only what was published stays."""
    details = {"project": draft.project_id, "title": draft.title}
    audit.record(
        session,
        actor=person,
        verb="discarded",
        subject_kind="guideline_draft",
        subject_id=draft.id,
        details=details,
        clock=clock,
    )
    session.delete(draft)


def add_picture(
    session: Session,
    store: Store,
    *,
    project: Project,
    name: str,
    stream: BinaryIO,
    byte_size: int,
    person: Person,
    clock: Clock,
) -> GuidelinePicture:
    """Raises a refusal for what is no picture."""
    content_type = pictures.content_type(stream, byte_size)
    stored = store.put(stream)
    picture = GuidelinePicture(
        created_at=clock(),
        project_id=project.id,
        name=name[:200] or "picture",
        sha256=stored.sha256,
        content_type=content_type,
        byte_size=stored.byte_size,
        added_by=person.id,
    )
    session.add(picture)
    session.flush()
    return picture


def _row(clause: KnownClause, clock: Clock) -> Clause:
    return Clause(created_at=clock(), clause_id=clause.id, number=clause.number, title=clause.title, level=clause.level)


def _check_words(title: str, body: str, change: str) -> list[Problem]:
    problems = []
    if not 0 < len(title.strip()) <= rules.TITLE_AT_MOST:
        problems.append(Problem("/title", f"must have 1 to {rules.TITLE_AT_MOST} characters"))
    if not body.strip():
        problems.append(Problem("/body", "must not be empty"))
    if len(body) > rules.BODY_AT_MOST:
        problems.append(Problem("/body", f"has {len(body)} characters, at most {rules.BODY_AT_MOST} are allowed"))
    if change not in set(Change):
        problems.append(Problem("/change", f"must be one of {', '.join(Change)}"))
    return problems


def _check_changed(changed: Sequence[str], known: set[str]) -> list[Problem]:
    return [
        Problem(f"/clauses_changed/{index}", f"{one} is no clause of this version or the one before")
        for index, one in enumerate(changed)
        if one not in known
    ]
