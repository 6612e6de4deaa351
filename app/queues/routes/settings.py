"""The settings of a queue: shown with the revision they are of, and saved only where nobody changed it since."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from app.errors import OutOfDate
from app.people.asking import SignedIn
from app.projects import queries as projects
from app.queues import queries, revisions, views
from app.queues.asking import SteeredQueue
from app.queues.forms import SettingsForm, conditions_of, filled_in
from app.queues.models import Queue
from app.queues.steering import change_queue
from app.queues.wording import SHOW_SUGGESTIONS
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter()


@router.get("/queues/{queue}/settings", name="queues.settings")
def show(request: Request, queue: SteeredQueue, session: DbSession) -> Response:
    form = filled_in(queue, queries.organisation_names(session, queue))
    return _page(request, session, queue, form, told=[])


@router.post("/queues/{queue}/settings", name="queues.change")
def change(
    request: Request,
    queue: SteeredQueue,
    form: Annotated[SettingsForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    """Where others changed the queue meanwhile, the form comes back with what was typed and with what they changed."""
    told = revisions.changes_since(session, queue, form.revision)
    shown = filled_in(queue, queries.organisation_names(session, queue))
    if told:
        return _page(request, session, queue, form.onto(shown), told=told)
    change_queue(session, queue, form.as_changes(queue, shown), made_from=form.revision, person=person, clock=clock)
    return pages.see_other(request, "queues.show", queue=queue.id)


def _page(request: Request, session: Session, queue: Queue, form: SettingsForm, *, told: list[str]) -> Response:
    project = projects.find_project(session, queue.project_id)
    assert project is not None
    sme_queues = [one for one in queries.other_queues(session, queue, named=queue.escalates_to) if one.is_for_smes]
    return pages.render(
        request, "queues/settings.html", status=OutOfDate.status if told else 200, queue=queue, project=project,
        form=form, told=told, is_long=conditions_of(queue.filter) is None, now_is=filled_in(queue, queries.organisation_names(session, queue)),
        options=views.new_queue_options(session, project),
        sme_queues=[("", "A manager decides"), *views.to_choose_from(sme_queues)],
        suggestions_in_words=[(str(one), words) for one, words in SHOW_SUGGESTIONS.items()],
    )  # fmt: skip
