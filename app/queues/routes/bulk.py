"""Changing many tasks of a queue: described in a form, shown, then done."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from app.people.asking import SignedIn
from app.projects import queries as projects
from app.queues import bulk, queries, views
from app.queues.asking import SteeredQueue
from app.queues.bulk import NAMED, Preview
from app.queues.deciding import why_in_words
from app.queues.forms import BulkForm, BulkOrderForm
from app.queues.models import Queue
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/queues/{queue}/bulk")

DIFFERS = 409


@router.get("", name="queues.bulk")
def show(request: Request, queue: SteeredQueue, session: DbSession) -> Response:
    return _page(request, session, queue, BulkForm())


@router.post("/preview", name="queues.bulk_preview")
def preview(request: Request, queue: SteeredQueue, form: Annotated[BulkForm, Form()], session: DbSession) -> Response:
    """Changes nothing."""
    return _page(request, session, queue, form, shown=bulk.preview(session, queue, form.as_wanted()))


@router.post("", name="queues.bulk_apply")
def apply(
    request: Request,
    queue: SteeredQueue,
    form: Annotated[BulkOrderForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    done = bulk.apply(session, queue, form.as_wanted(), given=form.token, person=person, clock=clock)
    return _page(request, session, queue, form, shown=done, differs=not done.applied)


def _page(
    request: Request,
    session: Session,
    queue: Queue,
    form: BulkForm,
    *,
    shown: Preview | None = None,
    differs: bool = False,
) -> Response:
    others = queries.other_queues(session, queue)
    return pages.render(
        request, "queues/bulk.html", status=DIFFERS if differs else 200, queue=queue, form=form, shown=shown, differs=differs,
        project=projects.find_project(session, queue.project_id), named=NAMED, why_in_words=why_in_words,
        targets=[("", "none"), *views.to_choose_from(others)],
    )  # fmt: skip
