"""The pages of datasets."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse

from app.datasets import actions, queries, views
from app.datasets.asking import EngineersOwnProject, FinishedExport, exports_folder
from app.datasets.formats import FORMATS
from app.datasets.forms import ExportForm
from app.datasets.models import Export
from app.datasets.rules import file_name
from app.labels.rules import LabelStatus
from app.people.asking import Engineer
from app.queues import queries as queues
from app.web import pages
from app.web.pagination import PageRequest, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects/{project}/exports")

NEWEST = PageRequest(30, None)


@router.get("", name="exports.index")
def index(request: Request, project: EngineersOwnProject, person: Engineer, session: DbSession) -> Response:
    names = {queue.id: queue.name for queue in queues.queues_of(session, project, person)}
    exports = fetch_page(session, queries.exports_of(project.id), Export, NEWEST, newest_first=True).items
    lines = views.lines(session, exports, names)
    return pages.render(
        request,
        "exports/index.html",
        project=project,
        lines=lines,
        at_work=not all(line.is_finished for line in lines),
        formats=list(FORMATS.values()),
        statuses=[str(status) for status in LabelStatus],
        queues=sorted(names.items(), key=lambda item: item[1]),
        versions=queries.schema_names(session, project.id),
    )


@router.post("", name="exports.create")
def create(
    request: Request,
    project: EngineersOwnProject,
    person: Engineer,
    form: Annotated[ExportForm, Depends()],
    session: DbSession,
    clock: AppClock,
) -> Response:
    actions.request_export(
        session, project=project, person=person, format_name=form.format, selection=form.selection, clock=clock
    )
    return pages.see_other(request, "exports.index", project=project.slug)


@router.get("/{export}/file", name="exports.file")
def file(
    project: EngineersOwnProject, export: FinishedExport, folder: Annotated[Path, Depends(exports_folder)]
) -> Response:
    format_ = FORMATS[export.format]
    return FileResponse(
        folder / export.id, media_type=format_.content_type, filename=file_name(project.slug, format_.suffix)
    )
