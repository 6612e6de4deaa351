"""Home, the queues of a project, and one queue as those see it who run it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.assets import views as assets
from app.assets.asked import Chosen
from app.labels import addresses, browsing
from app.labels.models import Revision
from app.people.asking import SignedIn
from app.people.rules import Role
from app.projects.asking import SeenProject
from app.queues import actions, holders, hours, put_aside, queries, returned, stopping, views, watching
from app.queues.asking import (
    RECALLERS,
    DecidedTask,
    QueueMakersProject,
    ReturnableLabel,
    SeenQueue,
    SteeredQueue,
    WatchedQueue,
)
from app.queues.forms import QueueForm, SoundForm, StateForm, WithdrawalForm, begun_with
from app.queues.rules import KINDS_OF_ROLE, QueueKind, may_make
from app.queues.steering import change_queue, require_kind
from app.queues.wording import ORDERS, SHOW_SUGGESTIONS, SPREADS
from app.web import pages
from app.web.pagination import PageRequest, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter()

RECENT = PageRequest(limit=8, after=None)


@router.get("/", name="home")
def home(request: Request, person: SignedIn, session: DbSession, clock: AppClock) -> Response:
    """What to do next: the queues one works in, work to go on with, what one did lately."""
    recent = fetch_page(session, browsing.own_revisions(person), Revision, RECENT, newest_first=True)
    cards = browsing.cards(session, recent.items, person.language)
    return pages.render(
        request,
        "queues/home.html",
        to_do=views.to_do(session, person, clock()),
        watched=views.watched_queues(session, person, clock()),
        drafts=views.kept_drafts(session, person, clock()),
        recent=cards,
        returned=returned.returned_to(session, person, clock()),
        media=addresses.of_cards(request, session, cards, person),
        labels_itself=Role.LABELER in person.roles,
        open_to_us=views.open_to_organisation(session, person, clock()),
    )


@router.get("/projects/{project}/queues", name="queues.index")
def index(request: Request, project: SeenProject, person: SignedIn, session: DbSession, clock: AppClock) -> Response:
    found = queries.queues_of(session, project, person)
    return pages.render(
        request, "queues/index.html", project=project, cards=views.queue_cards(session, found, person, clock()),
        may_make=person.is_company and any(role in KINDS_OF_ROLE for role in person.roles),
    )  # fmt: skip


@router.get("/projects/{project}/queues/new", name="queues.new")
def new(
    request: Request, project: QueueMakersProject, person: SignedIn, session: DbSession, chosen: Chosen
) -> Response:
    """Begun with what a filter of the gallery asks for, where the address says one."""
    kinds = [(str(kind), kind.capitalize()) for kind in QueueKind if may_make(frozenset(person.roles), kind)]
    options = views.new_queue_options(session, project)
    return pages.render(
        request, "queues/new.html", project=project, kinds_in_words=kinds, options=options,
        suggestions_in_words=[(str(one), words) for one, words in SHOW_SUGGESTIONS.items()],
        begun=begun_with(chosen), saved=assets.saved_filters(session, project, person),
        orders_in_words=list(ORDERS.items()), spreads_in_words=list(SPREADS.items()),
    )  # fmt: skip


@router.post("/projects/{project}/queues", name="queues.create")
def create(
    request: Request,
    project: QueueMakersProject,
    form: Annotated[QueueForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    require_kind(person, form.kind)
    queue = actions.create_queue(session, project=project, **form.as_arguments(), person=person, clock=clock)
    return pages.see_other(request, "queues.show", queue=queue.id)


@router.get("/queues/{queue}", name="queues.show")
def show(request: Request, queue: SeenQueue, person: SignedIn, session: DbSession, clock: AppClock) -> Response:
    """The company's people watch it; others see what is left for them, and begin."""
    watch = watching.watch(session, queue, person, clock()) if person.is_company else None
    card = watch.card if watch else views.queue_cards(session, [queue], person, clock())[0]
    return pages.render(
        request, "queues/show.html", queue=queue, project=card.project, card=card, watch=watch,
        steers=person.is_company and may_make(frozenset(person.roles), queue.kind),
        works_here=queries.may_work_in(session, person, queue),
        organisations=queries.organisation_names(session, queue) if person.is_company else [],
        hours_in_words=hours.in_words(queue.hours), organisation_limits=views.organisation_limits(session, queue),
        takes_back=RECALLERS.admits(person),
        put_aside=put_aside.lately(session, queue) if watch else [],
        held_by_yours=holders.held_by_colleagues(session, queue, person, clock()) if RECALLERS.admits(person) else [],
        suggestions_in_words=SHOW_SUGGESTIONS, orders_in_words=ORDERS, spreads_in_words=SPREADS,
    )  # fmt: skip


@router.get("/queues/{queue}/watch", name="queues.watch")
def watch(
    request: Request, queue: WatchedQueue, person: SignedIn, session: DbSession, clock: AppClock, version: str = ""
) -> Response:
    """The region of `show` that refreshes itself; nothing where the page has it already."""
    shown = watching.watch(session, queue, person, clock())
    if version == shown.version:
        return Response(status_code=204)
    return pages.render(
        request, "queues/_watch.html", queue=queue, watch=shown, steers=may_make(frozenset(person.roles), queue.kind),
        takes_back=RECALLERS.admits(person), beside=True,
    )  # fmt: skip


@router.post("/queues/{queue}/state", name="queues.state")
def change_state(
    request: Request,
    queue: SteeredQueue,
    form: Annotated[StateForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    change_queue(session, queue, {"state": form.state}, made_from=form.revision, person=person, clock=clock)
    return pages.see_other(request, "queues.show", queue=queue.id)


@router.post("/queues/{queue}/sound", name="queues.sound")
def change_sound(
    request: Request,
    queue: SteeredQueue,
    form: Annotated[SoundForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    change_queue(session, queue, {"muted": form.muted}, made_from=form.revision, person=person, clock=clock)
    return pages.see_other(request, "queues.show", queue=queue.id)


@router.post("/labels/{label}/return", name="labels.return")
def return_label(
    request: Request,
    label: ReturnableLabel,
    form: Annotated[WithdrawalForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    returned.return_label(session, label, reason=form.reason, person=person, clock=clock)
    return pages.see_other(request, "labels.show", label=label.id)


@router.post("/tasks/{task}/return", name="tasks.return")
def return_task(
    request: Request, decided: DecidedTask, person: SignedIn, session: DbSession, clock: AppClock
) -> Response:
    stopping.return_task(session, decided.task, person=person, clock=clock)
    return pages.see_other(request, "queues.show", queue=decided.queue.id)


@router.post("/tasks/{task}/withdrawal", name="tasks.withdraw")
def withdraw_task(
    request: Request,
    decided: DecidedTask,
    form: Annotated[WithdrawalForm, Form()],
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    stopping.withdraw_task(session, decided.task, person=person, reason=form.reason, clock=clock)
    return pages.see_other(request, "queues.show", queue=decided.queue.id)
