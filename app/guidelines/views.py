"""What the pages of guidelines show besides rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.guidelines import markdown, queries
from app.guidelines.models import GuidelineDraft, GuidelinePicture, GuidelineVersion
from app.guidelines.reading import Reading, read
from app.guidelines.rules import KnownClause
from app.people import queries as people

START = """## 1 What is allowed

Say in one sentence what this clause is about, then give an example.

## 2 What is not allowed

### 2.1 The first case

> Write for someone who reads this for the first time, in the middle of a working day.
"""

PictureAddress = Callable[[str], str]


@dataclass(frozen=True)
class Shown:
    """A version to read."""

    version: GuidelineVersion
    html: str
    published_by: str
    changed: frozenset[str]


@dataclass(frozen=True)
class ListedVersion:
    version: GuidelineVersion
    published_by: str


@dataclass(frozen=True)
class ClauseState:
    """A clause in the list before publishing: what it will be, and what it was."""

    id: str
    number: str
    title: str
    state: str
    is_changed: bool


@dataclass(frozen=True)
class Editor:
    """The draft on the page; `stored` is None until something was typed."""

    stored: GuidelineDraft | None
    title: str
    body: str
    html: str
    reading: Reading
    pictures: Sequence[GuidelinePicture]


def shown(session: Session, version: GuidelineVersion, address: PictureAddress) -> Shown:
    names = people.names_of(session, {version.published_by} if version.published_by else set())
    html = _html(session, version.project_id, version.body, queries.known_clauses(version), address)
    return Shown(version, html, names.get(version.published_by or "", ""), frozenset(version.clauses_changed))


def listed(session: Session, versions: Sequence[GuidelineVersion]) -> list[ListedVersion]:
    names = people.names_of(session, {version.published_by for version in versions if version.published_by})
    return [ListedVersion(version, names.get(version.published_by or "", "")) for version in versions]


def editor(session: Session, project_id: str, project_name: str, address: PictureAddress) -> Editor:
    """The project's draft; where there is none, the newest version to go on from, or a first page."""
    draft = queries.draft_of(session, project_id)
    newest = queries.newest(session, project_id)
    source = draft or newest
    title, body = (source.title, source.body) if source else (project_name, START)
    reading = read(session, project_id, body)
    html = _html(session, project_id, body, reading.clauses, address)
    return Editor(draft, title, body, html, reading, queries.pictures_of(session, project_id))


def clause_states(session: Session, project_id: str, reading: Reading) -> list[ClauseState]:
    """The clauses of the draft, then those that it leaves out."""
    before = {clause.id: clause for clause in queries.known_clauses(queries.newest(session, project_id))}
    changed = set(reading.changed)
    states = [
        ClauseState(clause.id, clause.number, clause.title, _state(clause, before, changed), clause.id in changed)
        for clause in reading.clauses
    ]
    kept = {clause.id for clause in reading.clauses}
    gone = [clause for clause in before.values() if clause.id not in kept]
    return states + [ClauseState(clause.id, clause.number, clause.title, "removed", is_changed=True) for clause in gone]


def _state(clause: KnownClause, before: dict[str, KnownClause], changed: set[str]) -> str:
    if clause.id not in before:
        return "new"
    moved = f"was {before[clause.id].number}" if before[clause.id].number != clause.number else ""
    return ", ".join(word for word in (moved, "reworded" if clause.id in changed else "") if word)


def _html(session: Session, project_id: str, body: str, clauses: Sequence[KnownClause], address: PictureAddress) -> str:
    addresses = {picture.id: address(picture.id) for picture in queries.pictures_of(session, project_id)}
    return markdown.render(body, clauses, addresses)
