"""The next task of any of one's queues."""

from fastapi import APIRouter, Request, Response

from app.people.asking import SignedIn
from app.queues import anywhere, views
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter()


@router.post("/next-task", name="work.next")
def next_task(request: Request, person: SignedIn, session: DbSession, clock: AppClock) -> Response:
    """Takes it and leads to its queue's page, which goes on with it; where there is none, to a page that says so."""
    handed = anywhere.claim_next(session, person=person, holder=None, clock=clock)
    if handed is None:
        return pages.see_other(request, "work.no_task")
    return pages.see_other(request, "work.page", queue=handed.queue.id)


@router.get("/next-task", name="work.no_task")
def no_task(request: Request, person: SignedIn, session: DbSession, clock: AppClock) -> Response:
    """Why there is none, queue by queue. Changes nothing."""
    return pages.render(request, "work/no_task.html", cards=views.to_do(session, person, clock()))
