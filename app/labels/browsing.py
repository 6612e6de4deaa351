"""What the pages of labels show: cards of a list, and one label whole. Reading only, in a fixed number of queries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select, tuple_
from sqlalchemy.orm import Session

from app.labels import pictures, queries, readable
from app.labels.canonical import Entry
from app.labels.choosing import Chosen, choices_of
from app.labels.drawn import Picture
from app.labels.models import Label, Revision
from app.labels.readable import Answer, Compared, MarkLine, Spent
from app.people.models import Organisation, Person
from app.projects.models import Project
from app.schemas.models import SchemaVersion

# Queues lie above labels, so main hands in who knows their names.
QueueNames = Callable[[Session, Sequence[str]], Mapping[str, str]]
Bodies = Mapping[tuple[str, int], Mapping[str, Any]]


@dataclass(frozen=True)
class Card:
    """One label in a list."""

    entry: Entry
    picture: Picture | None
    pictures: Sequence[Picture]
    answers: Sequence[Answer]
    labeler: str

    @property
    def others(self) -> int:
        """How many parts the card does not show."""
        return len(self.pictures) - 1


@dataclass(frozen=True)
class MarkTimes:
    created_ms: int | None
    changed_ms: int | None


@dataclass(frozen=True)
class Shown:
    """One revision of a label, whole."""

    entry: Entry
    schema: Mapping[str, Any]
    pictures: Sequence[Picture]
    answers: Sequence[Answer]
    spent: Sequence[Spent]
    labeler: Person
    organisation: Organisation
    project: Project
    revisions: Sequence[Entry]
    compared: Sequence[Compared]
    language: str

    @property
    def mark_lines(self) -> list[MarkLine]:
        return [line for answer in self.answers for line in answer.marks]

    def times_of(self, mark_id: str) -> MarkTimes:
        times = self.entry.revision.marks_timing.get(mark_id) or {}
        return MarkTimes(times.get("created_ms"), times.get("changed_ms"))

    def mark_title(self, mark_id: str) -> str:
        lines = (line for answer in self.answers for line in answer.marks)
        line = next((line for line in lines if line.mark.id == mark_id), None)
        if line is None:
            return mark_id
        return f"{line.mark.title} ({line.part + ', ' if line.part else ''}{line.where})"

    def decision_title(self, evidence: Mapping[str, Any]) -> str:
        """What a piece of evidence is for: the question, and the answer to it where one is named."""
        answer = next((answer for answer in self.answers if answer.name == evidence["field"]), None)
        title = answer.title if answer else str(evidence["field"])
        choice = evidence.get("choice")
        if choice is None:
            return title
        asked = next(one for one in self.schema["fields"] if one["name"] == evidence["field"])
        return f"{title}: {readable.choice_title(asked, choice, self.language)}"


def cards(session: Session, revisions: Sequence[Revision], language: str) -> list[Card]:
    """Cards of these revisions, in their order."""
    entries = queries.entries(session, revisions)
    bodies = _bodies(session, entries)
    names = _names(session, {entry.label.person_id for entry in entries})
    return [_card(entry, bodies[_schema_of(entry)], names[entry.label.person_id], language) for entry in entries]


def whole(session: Session, label: Label, number: int | None, language: str) -> Shown:
    """The label as that revision, or as its newest; with all revisions beside each other."""
    entries = queries.entries(session, queries.revisions(session, label))
    bodies = _bodies(session, entries)
    entry = next((one for one in entries if one.revision.number == number), entries[-1])
    body = bodies[_schema_of(entry)]
    revision = entry.revision
    read = [_read(one, bodies[_schema_of(one)], language) for one in entries]
    return Shown(
        entry=entry,
        schema=body,
        pictures=pictures.draw(body, revision.answers, entry.asset, language),
        answers=read[entries.index(entry)],
        spent=readable.time_spent(revision.timing),
        labeler=session.scalars(select(Person).where(Person.id == label.person_id)).one(),
        organisation=session.scalars(select(Organisation).where(Organisation.id == label.organisation_id)).one(),
        project=session.scalars(select(Project).where(Project.id == label.project_id)).one(),
        revisions=entries,
        compared=readable.side_by_side(read),
        language=language,
    )


def own_revisions(person: Person) -> Select[Revision]:
    """The newest revision of each label of theirs that stands."""
    newest = and_(Revision.label_id == Label.id, Revision.number == Label.revision)
    standing = (Label.person_id == person.id, Label.withdrawn_at.is_(None))
    return select(Revision).join(Label, newest).where(*standing)


@dataclass(frozen=True)
class FilterOptions:
    """What the filter offers: (value, text) pairs, and choices by question."""

    queues: Sequence[tuple[str, str]]
    labelers: Sequence[tuple[str, str]]
    versions: Sequence[tuple[str, str]]
    choices: Sequence[tuple[str, Sequence[tuple[str, str]]]]


def filter_options(
    session: Session, queue_names: QueueNames, project_id: str, chosen: Chosen, language: str
) -> FilterOptions:
    versions = schema_versions(session, project_id)
    asked = next((one for one in versions if one.version == chosen.schema_version), versions[0] if versions else None)
    names = queue_names(session, queues_with_labels(session, project_id))
    return FilterOptions(
        queues=sorted(names.items(), key=lambda item: item[1]),
        labelers=labelers(session, project_id),
        versions=[(str(one.version), f"{one.version} · {one.name}") for one in versions],
        choices=choices_of(asked.body, language) if asked else [],
    )


def labelers(session: Session, project_id: str) -> list[tuple[str, str]]:
    """(id, name) of everyone with a label in the project, by name."""
    authors = select(Label.person_id).where(Label.project_id == project_id).distinct()
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(authors)).order_by(Person.name))
    return [(row.id, row.name) for row in found]


def queues_with_labels(session: Session, project_id: str) -> list[str]:
    return list(session.scalars(select(Label.queue_id).where(Label.project_id == project_id).distinct()))


def schema_versions(session: Session, project_id: str) -> Sequence[SchemaVersion]:
    """The newest first."""
    mine = SchemaVersion.project_id == project_id
    return session.scalars(select(SchemaVersion).where(mine).order_by(SchemaVersion.version.desc())).all()


def _card(entry: Entry, body: Mapping[str, Any], labeler: str, language: str) -> Card:
    drawn = pictures.draw(body, entry.revision.answers, entry.asset, language, finest=pictures.COARSE)
    answers = _read(entry, body, language)
    return Card(entry, pictures.representative(drawn), drawn, answers, labeler)


def _read(entry: Entry, body: Mapping[str, Any], language: str) -> list[Answer]:
    revision = entry.revision
    return readable.answers_of(body, revision.answers, language, facts=entry.asset, sources=revision.sources)


def _schema_of(entry: Entry) -> tuple[str, int]:
    return entry.label.project_id, entry.revision.schema_version


def _bodies(session: Session, entries: Iterable[Entry]) -> Bodies:
    wanted = {_schema_of(entry) for entry in entries}
    named = tuple_(SchemaVersion.project_id, SchemaVersion.version)
    found = session.scalars(select(SchemaVersion).where(named.in_(wanted)))
    return {(schema.project_id, schema.version): schema.body for schema in found}


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
