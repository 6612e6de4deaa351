"""The pages of projects."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from app.people import queries as people
from app.people.asking import IMPORTERS, CompanyPerson, Importer
from app.projects import actions, queries, views
from app.projects.asking import CompanyProject
from app.projects.forms import ProjectForm, codes
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects")


@router.get("", name="projects.index")
def index(request: Request, person: CompanyPerson, session: DbSession) -> Response:
    projects = queries.all_projects(session)
    names = queries.organisation_names(session, [project.id for project in projects])
    may_make = IMPORTERS.admits(person)
    return pages.render(request, "projects/index.html", projects=projects, open_to=names, may_make=may_make)


@router.get("/new", name="projects.new", dependencies=[Depends(IMPORTERS)])
def new(request: Request, session: DbSession) -> Response:
    return pages.render(request, "projects/new.html", organisations=people.organisations(session))


@router.post("", name="projects.create")
def create(
    request: Request, form: Annotated[ProjectForm, Form()], person: Importer, session: DbSession, clock: AppClock
) -> Response:
    project = actions.create_project(
        session,
        name=form.name,
        slug=form.slug,
        languages=codes(form.languages),
        markets=codes(form.markets),
        organisations=form.organisations,
        person=person,
        clock=clock,
    )
    return pages.see_other(request, "projects.home", project=project.slug)


@router.get("/{project}", name="projects.home")
def home(request: Request, project: CompanyProject, person: CompanyPerson, session: DbSession) -> Response:
    return pages.render(
        request,
        "projects/home.html",
        project=project,
        cards=views.cards(request, project, person),
        open_to=queries.organisation_names(session, [project.id]),
    )
