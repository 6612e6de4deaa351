"""Adding tasks to a queue: of listed ads, of a file's, or of a sample."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response, UploadFile
from sqlalchemy.orm import Session

from app.people.asking import SignedIn
from app.projects import queries as projects
from app.queues import fillings, listing, queries
from app.queues.asking import SteeredQueue
from app.queues.forms import ListForm, SampleForm
from app.queues.models import Queue
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/queues/{queue}/filling")


@router.get("", name="queues.filling")
def show(request: Request, queue: SteeredQueue, session: DbSession) -> Response:
    """The ways to add tasks, and what was added."""
    return pages.render(request, "queues/filling.html", project=_project(session, queue), **_added(session, queue))


@router.get("/added", name="queues.added")
def added(request: Request, queue: SteeredQueue, session: DbSession) -> Response:
    """The region of `show` that refreshes itself while something is being added."""
    return pages.render(request, "queues/_fillings.html", **_added(session, queue))


@router.post("/list", name="queues.add_list")
def add_list(
    request: Request,
    queue: SteeredQueue,
    form: Annotated[ListForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    ids = listing.ids_of_text(form.external_ids)
    fillings.ask_for_list(session, queue, ids, way="list", person=person, clock=clock)
    return pages.see_other(request, "queues.filling", queue=queue.id)


@router.post("/file", name="queues.add_file")
def add_file(
    request: Request, queue: SteeredQueue, file: UploadFile, person: SignedIn, session: DbSession, clock: AppClock
) -> Response:
    ids = listing.ids_of_file(file.file.read(listing.MOST_BYTES + 1))
    name = (file.filename or "")[:200]
    fillings.ask_for_list(session, queue, ids, way="file", source=name, person=person, clock=clock)
    return pages.see_other(request, "queues.filling", queue=queue.id)


@router.post("/sample", name="queues.add_sample")
def add_sample(
    request: Request,
    queue: SteeredQueue,
    form: Annotated[SampleForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    fillings.ask_for_sample(session, queue, **form.as_arguments(), person=person, clock=clock)
    return pages.see_other(request, "queues.filling", queue=queue.id)


def _project(session: Session, queue: Queue) -> object:
    return projects.find_project(session, queue.project_id)


def _added(session: Session, queue: Queue) -> dict[str, Any]:
    found = fillings.of_queue(session, queue)
    names = queries.names_of_people(session, {one.asked_by for one in found})
    return {"queue": queue, "fillings": found, "names": names, "going_on": any(one.done_at is None for one in found)}
