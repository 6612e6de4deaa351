"""Finding the project of a path as the person who asks may see it, and what they may do in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.people import asking
from app.people.models import Person
from app.projects import queries
from app.projects.models import Project
from app.web.asking import Audience, require_asker
from app.web.transaction import DbSession

# Handed in by main: a vendor's people see a project only through queues open to them, and queues lie above.
ProjectGate = Callable[[Session, Person, Project], bool]


@dataclass(frozen=True)
class ProjectFor:
    """404 unless the person sees the project; 403 unless the audience admits them."""

    audience: Audience

    def __call__(
        self, request: Request, project: str, session: DbSession, person: Annotated[Person, Depends(require_asker)]
    ) -> Project:
        gate: ProjectGate = request.app.state.sees_project
        found = queries.find_project(session, project)
        if found is None or not gate(session, person, found):
            raise NotFound
        self.audience.require(person)
        return found


def seen_by(request: Request, session: Session, person: Person) -> Callable[[Project], bool]:
    """Whether this person sees a project, as a question to ask of each."""
    gate: ProjectGate = request.app.state.sees_project
    return lambda project: gate(session, person, project)


def _acts(audience: Audience) -> ProjectFor:
    return ProjectFor(Audience(audience.name, audience.roles, company=audience.company, seen=True))


SeenProject = Annotated[Project, Depends(ProjectFor(asking.SIGNED_IN))]
CompanyProject = Annotated[Project, Depends(ProjectFor(asking.COMPANY))]
EngineersProject = Annotated[Project, Depends(_acts(asking.ENGINEERS))]
TrainersProject = Annotated[Project, Depends(_acts(asking.TRAINERS))]
ImportersProject = Annotated[Project, Depends(_acts(asking.IMPORTERS))]
