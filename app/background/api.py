"""The JSON API of background work."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from app.background import actions, queries, views
from app.background.asking import JobKinds, WantedJob
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.people.asking import Importer
from app.web.idempotency import OnceOnly
from app.web.pagination import Paging, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(tags=["background work"])


@router.get("/jobs", name="background.api.list")
def listed(
    _person: Importer, session: DbSession, paging: Paging, kinds: JobKinds,
    state: JobState | None = None, kind: str | None = None, project: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """In order of creation; `project` is an id."""
    query = queries.jobs_of(state=state, kind=kind, project_id=project)
    return fetch_page(session, query, Job, paging).as_json(lambda job: views.job_json(job, kinds))


@router.get("/jobs/{job}", name="background.api.one")
def one(job: WantedJob, kinds: JobKinds) -> dict[str, Any]:
    """One job: how far it is, or why it failed."""
    return views.job_json(job, kinds)


@router.post("/jobs/{job}/retry", name="background.api.retry", status_code=201)
def retry(
    job: WantedJob, person: Importer, session: DbSession, once: OnceOnly, kinds: JobKinds, clock: AppClock
) -> Response:
    """Gives a failed job all its tries again; 409 for one that has not failed."""
    return once(_changed(session, job, kinds, lambda: actions.retry(session, job, person=person, clock=clock)))


@router.post("/jobs/{job}/drop", name="background.api.drop", status_code=201)
def drop(
    job: WantedJob, person: Importer, session: DbSession, once: OnceOnly, kinds: JobKinds, clock: AppClock
) -> Response:
    """Lets a failed job be; 409 for one that has not failed."""
    return once(_changed(session, job, kinds, lambda: actions.drop(session, job, person=person, clock=clock)))


@router.post("/jobs/{job}/cancellation", name="background.api.cancel", status_code=201)
def cancel(
    job: WantedJob, person: Importer, session: DbSession, once: OnceOnly, kinds: JobKinds, clock: AppClock
) -> Response:
    """Ends a job that waits or runs: what it has not done by now it does not do. 409 where others wait for it."""
    return once(_changed(session, job, kinds, lambda: actions.cancel(session, job, kinds, person=person, clock=clock)))


def _changed(session: Session, job: Job, kinds: JobKinds, change: Callable[[], None]) -> Callable[[], dict[str, Any]]:
    """Changes the job, and tells what it is then."""

    def made() -> dict[str, Any]:
        change()
        session.refresh(job)
        return views.job_json(job, kinds)

    return made
