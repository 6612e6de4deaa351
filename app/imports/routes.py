"""The pages of imports."""

from fastapi import APIRouter, Request, Response

from app.background import actions as background
from app.errors import NotFound
from app.imports import actions, formats, queries, views
from app.imports.asking import ImportersOwnProject, ImportOfProject
from app.imports.forms import Uploaded
from app.imports.models import Import, ImportFault
from app.people.asking import Importer
from app.projects.asking import ImportersProject
from app.web import pages
from app.web.pagination import PageRequest, Paging, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects/{project}/imports")

NEWEST = PageRequest(30, None)


@router.get("", name="imports.index")
def index(request: Request, project: ImportersOwnProject, session: DbSession) -> Response:
    newest = fetch_page(session, queries.imports_of(project.id), Import, NEWEST, newest_first=True).items
    lines = views.lines(session, newest)
    return pages.render(
        request, "imports/index.html",
        project=project, lines=lines, at_work=any(line.is_open for line in lines), formats=[(name, name.upper()) for name in formats.UPLOADED],
    )  # fmt: skip


@router.post("", name="imports.create")
def create(
    request: Request, upload: Uploaded, project: ImportersProject, person: Importer, session: DbSession,
    clock: AppClock,
) -> Response:  # fmt: skip
    wanted = actions.request_import(
        session, upload.import_id, project=project, person=person, file_name=upload.file_name,
        format_name=upload.format_name, clock=clock,
    )  # fmt: skip
    return pages.see_other(request, "imports.show", project=project.slug, import_id=wanted.id)


@router.get("/{import_id}", name="imports.show")
def show(
    request: Request, project: ImportersOwnProject, wanted: ImportOfProject, session: DbSession, paging: Paging
) -> Response:
    faults = fetch_page(session, queries.faults_of(wanted.id), ImportFault, paging)
    return pages.render(
        request, "imports/show.html",
        project=project, line=views.line(session, wanted), faults=faults, after=paging.after,
    )  # fmt: skip


@router.post("/{import_id}/cancellation", name="imports.cancel")
def cancel(
    request: Request, project: ImportersOwnProject, wanted: ImportOfProject, person: Importer, session: DbSession,
    clock: AppClock,
) -> Response:  # fmt: skip
    job = queries.jobs_of(session, [wanted]).get(wanted.job_id or "")
    if job is None:
        raise NotFound
    background.cancel(session, job, request.app.state.job_kinds, person=person, clock=clock)
    return pages.see_other(request, "imports.show", project=project.slug, import_id=wanted.id)
