"""Acts on projects."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Conflict, Invalid, Problem
from app.people import audit
from app.people import queries as people
from app.people.models import Person
from app.projects import queries, rules
from app.projects.models import Project, ProjectOrganisation


def create_project(
    session: Session,
    *,
    name: str,
    slug: str,
    languages: Sequence[str],
    markets: Sequence[str],
    organisations: Sequence[str] = (),
    person: Person | None,
    clock: Clock,
) -> Project:
    """A new project, open to the organisations of these names, or to all. Raises `Invalid`, and `Conflict` for a slug
    that is taken.
    """
    problems = rules.find_faults(name=name, slug=slug, languages=languages, markets=markets)
    known = people.organisations_by_name(session, organisations)
    problems += [
        Problem(f"/organisations/{number}", f"There is no organisation named {wanted}.")
        for number, wanted in enumerate(organisations)
        if wanted not in known
    ]
    if problems:
        raise Invalid("This project does not fit, so it was not made.", problems=problems)
    project = _add(session, name=name.strip(), slug=slug, languages=languages, markets=markets, clock=clock)
    for organisation_id in dict.fromkeys(known[wanted].id for wanted in organisations):
        session.add(ProjectOrganisation(created_at=clock(), project_id=project.id, organisation_id=organisation_id))
    session.flush()
    audit.record(
        session,
        actor=person,
        verb="made",
        subject_kind="project",
        subject_id=project.id,
        details={"name": project.name, "slug": slug, "organisations": list(organisations)},
        clock=clock,
    )
    return project


def _add(
    session: Session, *, name: str, slug: str, languages: Sequence[str], markets: Sequence[str], clock: Clock
) -> Project:
    taken = Conflict(f"The slug {slug} is another project's already. Choose another.")
    if queries.find_project(session, slug) is not None:
        raise taken
    project = Project(
        created_at=clock(), name=name, slug=slug, languages=list(languages), markets=list(markets), asset_changes=0
    )
    try:
        with session.begin_nested():
            session.add(project)
    except IntegrityError:  # made by somebody else at the same moment
        raise taken from None
    return project


def note_asset_change(session: Session, project_id: str) -> None:
    """Queues remember the count they were filled at, so that "is there anything new?" is one comparison."""
    session.execute(
        update(Project)
        .where(Project.id == project_id)
        .values(asset_changes=Project.asset_changes + 1)
        .execution_options(synchronize_session=False)
    )
