"""The JSON API of imports."""

from typing import Any

from fastapi import APIRouter, Response

from app.imports import actions, queries, views
from app.imports.asking import WantedImport
from app.imports.forms import Uploaded
from app.imports.models import ImportFault
from app.people.asking import SignedIn
from app.projects.asking import ImportersProject
from app.web.idempotency import OnceOnly
from app.web.openapi import multipart_body
from app.web.pagination import Paging, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(tags=["imports"])

UPLOAD = multipart_body(
    "file",
    properties={
        "file": {"type": "string", "format": "binary"},
        "format": {"type": "string", "description": "Told by the file's name when absent."},
    },
)


@router.post("/projects/{project}/imports", name="imports.api.create", status_code=202, openapi_extra=UPLOAD)
def create(
    upload: Uploaded, project: ImportersProject, person: SignedIn, session: DbSession, once: OnceOnly, clock: AppClock
) -> Response:
    """Leaves a manifest, or an archive of one with its media, to the background."""

    def requested() -> dict[str, Any]:
        wanted = actions.request_import(
            session, upload.import_id, project=project, person=person, file_name=upload.file_name,
            format_name=upload.format_name, clock=clock,
        )  # fmt: skip
        return {"id": wanted.id}

    return once(requested, status=202)


@router.get("/imports/{import_id}", name="imports.api.one")
def one(wanted: WantedImport, session: DbSession) -> dict[str, Any]:
    """How far it is, and the first thousand rows that were refused."""
    return views.import_json(session, wanted)


@router.get("/imports/{import_id}/errors", name="imports.api.errors")
def errors(wanted: WantedImport, session: DbSession, paging: Paging) -> dict[str, Any]:
    """Every row that was refused, in their order."""
    return fetch_page(session, queries.faults_of(wanted.id), ImportFault, paging).as_json(views.fault_json)
