"""The JSON API of projects."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.people.asking import ProjectMaker, SignedIn
from app.projects import actions, queries
from app.projects.asking import SeenProject, seen_by
from app.projects.payloads import NewProject, project_json
from app.web.idempotency import OnceOnly
from app.web.pagination import Paging, page_of
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects", tags=["projects"])


@router.post("", name="projects.api.create", status_code=201)
def create(body: NewProject, person: ProjectMaker, session: DbSession, once: OnceOnly, clock: AppClock) -> Response:
    """Makes a project; without organisations it is open to all."""

    def made() -> dict[str, Any]:
        project = actions.create_project(session, **body.model_dump(), person=person, clock=clock)
        return project_json(project, body.organisations)

    return once(made)


@router.get("", name="projects.api.list")
def listed(request: Request, person: SignedIn, session: DbSession, paging: Paging) -> dict[str, Any]:
    """Those the caller sees, in order of creation."""
    page = page_of(queries.seen_projects(session, seen_by(request, session, person)), paging)
    names = queries.organisation_names(session, [project.id for project in page.items])
    return page.as_json(lambda project: project_json(project, names[project.id] if person.is_company else None))


@router.get("/{project}", name="projects.api.one")
def one(project: SeenProject, person: SignedIn, session: DbSession) -> dict[str, Any]:
    """The project, by id or slug."""
    names = queries.organisation_names(session, [project.id])[project.id] if person.is_company else None
    return project_json(project, names)
