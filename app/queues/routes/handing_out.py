"""What a queue asks of people, its order, limits and hours; why a task is handed to somebody or not; taking tasks back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from app.assets import queries as assets
from app.clock import Clock
from app.errors import OutOfDate
from app.people import qualifications
from app.people import queries as people
from app.people.asking import SignedIn
from app.projects import queries as projects
from app.queues import actions, claims, explaining, put_aside, revisions, views
from app.queues.asking import RecalledClaim, Recaller, SteeredQueue
from app.queues.choosing import CHOICES, explained
from app.queues.forms import PriorityForm
from app.queues.handing_form import HandingForm, handing_filled_in
from app.queues.models import Queue
from app.queues.steering import change_queue
from app.queues.wording import ORDERS, SPREADS
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter()


@router.get("/queues/{queue}/handing-out", name="queues.handing_out")
def handing_out(
    request: Request, queue: SteeredQueue, session: DbSession, clock: AppClock, saved: bool = False
) -> Response:
    form = handing_filled_in(queue, views.handing_typed(session, queue))
    return _page(request, session, queue, form, told=[], saved=saved, clock=clock)


@router.post("/queues/{queue}/handing-out", name="queues.change_handing_out")
def change_handing_out(
    request: Request,
    queue: SteeredQueue,
    form: Annotated[HandingForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    """Where others changed the queue meanwhile, the form comes back with what was typed and with what they changed."""
    told = [] if form.revision is None else revisions.changes_since(session, queue, form.revision)
    now_is = handing_filled_in(queue, views.handing_typed(session, queue))
    if told:
        return _page(request, session, queue, form.onto(now_is), told=told, clock=clock)
    change_queue(session, queue, form.as_changes(now_is), made_from=form.revision, person=person, clock=clock)
    return pages.see_other(request, "queues.handing_out", queue=queue.id, query={"saved": "true"})


def _page(
    request: Request,
    session: Session,
    queue: Queue,
    form: HandingForm,
    *,
    told: list[str],
    clock: Clock,
    saved: bool = False,
) -> Response:
    workers = explaining.workers_of(session, queue)
    return pages.render(
        request, "queues/handing_out.html", status=OutOfDate.status if told else 200, queue=queue,
        project=projects.find_project(session, queue.project_id), form=form, told=told,
        now_is=handing_filled_in(queue, views.handing_typed(session, queue)), orders_in_words=list(ORDERS.items()),
        spreads_in_words=list(SPREADS.items()), saved=saved, workers=len(workers),
        fitting=explaining.count_fitting(session, queue, workers, clock()),
        certificates=qualifications.certificates(session),
    )  # fmt: skip


@router.get("/queues/{queue}/why", name="queues.why")
def why(
    request: Request, queue: SteeredQueue, session: DbSession, clock: AppClock, ad: str = "", person: str = ""
) -> Response:
    """For the task of an ad and a person, as typed."""
    task = explaining.task_of_ad(session, queue, ad.strip()) if ad.strip() else None
    found = people.person_by_email(session, person) or people.person_by_id(session, person)
    now = clock()
    verdict = explaining.judge(session, queue, task, found, now) if task and found else None
    place = explaining.place_of(session, queue, task, found, verdict, now) if task and found and verdict else None
    return pages.render(
        request, "queues/why.html", queue=queue, project=projects.find_project(session, queue.project_id), ad=ad,
        asked=person, asset=assets.by_external_id(session, queue.project_id, ad.strip()), task=task, found=found, verdict=verdict, place=place, choices=CHOICES, explained=explained,
        workers=explaining.workers_of(session, queue), endings=put_aside.endings(session, task) if task else [],
    )  # fmt: skip


@router.post("/queues/{queue}/priorities", name="queues.prioritise")
def prioritise(
    request: Request,
    queue: SteeredQueue,
    form: Annotated[PriorityForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    actions.prioritise(session, queue, [form.task], form.priority, person=person, clock=clock)
    return pages.see_other(request, "queues.why", queue=queue.id, query={"ad": form.ad, "person": form.person})


@router.post("/claims/{claim}/recall", name="claims.recall")
def recall(request: Request, claim: RecalledClaim, recaller: Recaller, session: DbSession, clock: AppClock) -> Response:
    claims.recall(session, claim, recaller=recaller, clock=clock)
    return pages.see_other(request, "queues.show", queue=claim.queue_id)
