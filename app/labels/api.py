"""The JSON API of labels."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from app.db.session import Database
from app.labels import queries, revising, views
from app.labels.asking import IfMatch, LabelReadersProject, SeenLabel
from app.labels.paging import fetch_revisions
from app.labels.payloads import RECORDED, LabelIn, LabelsOut, Selection
from app.people.asking import SignedIn
from app.web.idempotency import BodyHash, SentKey
from app.web.pagination import Paging
from app.web.transaction import AppClock, AppDatabase, DbSession

router = APIRouter(tags=["labels"])

NDJSON = "application/x-ndjson"
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"model": LabelsOut, "content": {NDJSON: {"schema": {"type": "string", "description": "One label a line."}}}}
}


@router.get("/labels/{label}", name="api.labels.show")
def show_label(label: SeenLabel, session: DbSession) -> Response:
    """The label with its revisions, reviews and provenance."""
    return JSONResponse(views.whole(session, label), headers={"ETag": f'"{label.revision}"'})


@router.post("/labels/{label}/revisions", name="api.labels.revise", status_code=201, responses=RECORDED)
def revise_label(
    request: Request,
    label: SeenLabel,
    body: LabelIn,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
    if_match: IfMatch,
    key: SentKey,
    body_hash: BodyHash,
) -> Response:
    """A new revision by its author, until the label is reviewed; earlier ones are kept."""
    sent = revising.Sent(person, body.as_answered(), body.timing.as_timed(), key, body_hash)
    number, again = revising.revise(session, request.app.state.store, label, sent, if_match=if_match, clock=clock)
    answer = views.canonical(session, label, number=number)
    return JSONResponse(answer, 200 if again else 201, headers={"ETag": f'"{number}"'})


@router.get("/projects/{project}/labels", name="api.labels.list", responses=STREAM)
def list_labels(
    request: Request,
    project: LabelReadersProject,
    selection: Selection,
    paging: Paging,
    session: DbSession,
    database: AppDatabase,
) -> Response:
    """Newest revisions; with `Accept: application/x-ndjson` the whole selection as a stream, one label a line."""
    if NDJSON in request.headers.get("accept", ""):
        return StreamingResponse(_lines(database, project.id, selection), media_type=NDJSON)
    page = fetch_revisions(session, queries.select_revisions(project.id, selection), paging)
    return JSONResponse({"items": views.canonical_of(session, page.items), "next": page.next})


def _lines(database: Database, project_id: str, selection: Mapping[str, Any]) -> Iterator[bytes]:
    for label in queries.stream(database, project_id, selection=selection):
        yield orjson.dumps(label, option=orjson.OPT_APPEND_NEWLINE)
