"""The page of background work."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.background import actions, queries, views
from app.background.asking import JobKinds, WantedJob
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.people.asking import Importer
from app.web import pages
from app.web.pagination import PageRequest, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/background")

FAILED_SHOWN = 20
FAILED, OPEN = "failed-work", "open-work"  # the page's sections


@router.get("", name="background.index")
def index(
    request: Request, _person: Importer, session: DbSession, kinds: JobKinds, after: str | None = None
) -> Response:
    failed = queries.jobs_of(state=JobState.FAILED)
    page = fetch_page(session, failed, Job, PageRequest(FAILED_SHOWN, after), newest_first=True)
    return pages.render(
        request, "background/index.html",
        work=views.overview(session, kinds, page.items), failed_page=page, after=after,
    )  # fmt: skip


@router.post("/{job}/retry", name="background.retry")
def retry(request: Request, job: WantedJob, person: Importer, session: DbSession, clock: AppClock) -> Response:
    actions.retry(session, job, person=person, clock=clock)
    return _on_to(request, FAILED)


@router.post("/{job}/drop", name="background.drop")
def drop(request: Request, job: WantedJob, person: Importer, session: DbSession, clock: AppClock) -> Response:
    actions.drop(session, job, person=person, clock=clock)
    return _on_to(request, FAILED)


@router.post("/{job}/cancellation", name="background.cancel")
def cancel(
    request: Request, job: WantedJob, person: Importer, session: DbSession, kinds: JobKinds, clock: AppClock
) -> Response:
    actions.cancel(session, job, kinds, person=person, clock=clock)
    return _on_to(request, OPEN)


@router.post("/retries", name="background.retry_all")
def retry_all(
    request: Request,
    kind: Annotated[str, Form(max_length=60)],
    person: Importer,
    session: DbSession,
    clock: AppClock,
) -> Response:
    actions.retry_all(session, kind, person=person, clock=clock)
    return _on_to(request, FAILED)


def _on_to(request: Request, section: str) -> Response:
    """Back to the section that the button stood in, for who goes through many by keyboard."""
    return pages.see_other(request, "background.index", fragment=section)
