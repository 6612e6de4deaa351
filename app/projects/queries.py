"""Reading projects."""

from collections.abc import Callable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.people.models import Organisation
from app.projects.models import Project, ProjectOrganisation


def find_project(session: Session, id_or_slug: str) -> Project | None:
    return session.scalar(select(Project).where(or_(Project.id == id_or_slug, Project.slug == id_or_slug)))


def take_turns(session: Session, project_id: str) -> None:
    """Makes transactions that number something within a project follow each other until they end."""
    session.execute(select(Project.seq).where(Project.id == project_id).with_for_update())


def all_projects(session: Session) -> Sequence[Project]:
    return session.scalars(select(Project).order_by(func.lower(Project.name), Project.seq)).all()


def seen_projects(session: Session, sees: Callable[[Project], bool]) -> list[Project]:
    """All that `sees` admits, in order of creation. Projects are tens, so asking of each is cheap."""
    return [project for project in session.scalars(select(Project).order_by(Project.seq)) if sees(project)]


def organisation_names(session: Session, project_ids: Sequence[str]) -> dict[str, list[str]]:
    """By project id, the names of the organisations it is open to; none: open to all."""
    found: dict[str, list[str]] = {project_id: [] for project_id in project_ids}
    rows = session.execute(
        select(ProjectOrganisation.project_id, Organisation.name)
        .join(Organisation, Organisation.id == ProjectOrganisation.organisation_id)
        .where(ProjectOrganisation.project_id.in_(project_ids))
        .order_by(ProjectOrganisation.seq)
    )
    for project_id, name in rows:
        found[project_id].append(name)
    return found
