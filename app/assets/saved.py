"""Saved filters: a person's own ways to ask for ads, under a name, and those that colleagues share with the project."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.assets.models import SavedFilter
from app.clock import Clock
from app.errors import Conflict, Invalid, NotFound, Problem
from app.people.models import Person
from app.projects.models import Project

MOST = 100  # of one person in a project


def save(
    session: Session,
    *,
    project: Project,
    person: Person,
    name: str,
    asked: Mapping[str, Any],
    shared: bool,
    clock: Clock,
) -> SavedFilter:
    """Raises `Conflict` where the person has another one of this name, which colleagues may use; saved again, the same
    one is shared, or no longer.
    """
    name = name.strip()
    if not name:
        raise Invalid("Give the filter a name.", problems=[Problem("/name", "A name is needed to find it by.")])
    own = select(SavedFilter).where(SavedFilter.project_id == project.id, SavedFilter.person_id == person.id)
    if len(session.scalars(own.where(SavedFilter.name != name)).all()) >= MOST:
        raise Invalid(f"You have {MOST} saved filters here. Remove one first.")
    made = SavedFilter(
        created_at=clock(), project_id=project.id, person_id=person.id, name=name, asked=dict(asked), is_shared=shared
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        there = session.scalars(own.where(SavedFilter.name == name)).one()
        if there.asked != dict(asked):
            raise Conflict(f"You have another filter named {name}. Remove it first, or take another name.") from None
        there.is_shared = shared
        session.flush()
        return there
    return made


def remove(session: Session, saved_id: str, *, person: Person) -> SavedFilter:
    """One's own. Raises `NotFound` for any other."""
    saved = session.scalar(select(SavedFilter).where(SavedFilter.id == saved_id, SavedFilter.person_id == person.id))
    if saved is None:
        raise NotFound
    session.execute(delete(SavedFilter).where(SavedFilter.id == saved_id))
    return saved


def seen_by(session: Session, project: Project, person: Person) -> Sequence[tuple[SavedFilter, str]]:
    """The person's own first, then what others share, by name; each with its author's name."""
    rows = session.execute(
        select(SavedFilter, Person.name)
        .join(Person, Person.id == SavedFilter.person_id)
        .where(
            SavedFilter.project_id == project.id,
            (SavedFilter.person_id == person.id) | SavedFilter.is_shared.is_(True),
        )
        .order_by(SavedFilter.person_id != person.id, SavedFilter.name, SavedFilter.seq)
    )
    return [(row[0], row[1]) for row in rows]


def find(session: Session, project: Project, person: Person, saved_id: str) -> SavedFilter | None:
    """One that the person sees."""
    return next((saved for saved, _ in seen_by(session, project, person) if saved.id == saved_id), None)
