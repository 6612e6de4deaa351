"""The pages of labels."""

from fastapi import APIRouter, Request, Response

from app.labels import addresses, browsing, choosing, rework
from app.labels.asking import READERS, LabelReadersProject, SeenLabel
from app.labels.forms import AsTable, Filter, ListedMarks, PageOfCards, WhichRevision
from app.labels.paging import fetch_revisions
from app.labels.rules import MARKS_LISTED, LabelStatus, may_return, may_revise
from app.people.asking import SignedIn
from app.web import pages
from app.web.transaction import DbSession

router = APIRouter()


@router.get("/projects/{project}/labels", name="labels.index")
def index(
    request: Request,
    project: LabelReadersProject,
    person: SignedIn,
    session: DbSession,
    chosen: Filter,
    paging: PageOfCards,
    shown_as: AsTable = "grid",
) -> Response:
    """Newest revisions, the newest first."""
    query = choosing.select_chosen(session, project.id, chosen)
    page = fetch_revisions(session, query, paging, newest_first=True)
    cards = browsing.cards(session, page.items, person.language)
    options = browsing.filter_options(session, request.app.state.queue_names, project.id, chosen, person.language)
    media = addresses.of_cards(request, session, cards, person)
    return pages.render(
        request, "labels/index.html", project=project, cards=cards, media=media, options=options, chosen=chosen,
        statuses=[(str(one), str(one).capitalize()) for one in LabelStatus], next=page.next, after=paging.after, shown_as=shown_as,
    )  # fmt: skip


@router.get("/labels/{label}", name="labels.show")
def show(
    request: Request,
    label: SeenLabel,
    person: SignedIn,
    session: DbSession,
    number: WhichRevision = None,
    marks: ListedMarks = "first",
) -> Response:
    """One label with its media, its marks drawn on them, and everything that explains it."""
    shown = browsing.whole(session, label, number, person.language)
    return pages.render(
        request,
        "labels/show.html",
        label=label,
        shown=shown,
        marks_at_most=MARKS_LISTED if marks == "first" else None,
        project=shown.project,
        media=addresses.of_entries(request, session, [shown.entry], person),
        reads_all=READERS.admits(person),
        queue=request.app.state.queue_names(session, [label.queue_id]).get(label.queue_id, ""),
        returned=rework.open_of(session, label),
        may_return=label.person_id != person.id
        and label.status == LabelStatus.SUBMITTED
        and label.withdrawn_at is None
        and may_return(frozenset(person.roles), is_company=person.is_company),
        may_revise=label.person_id == person.id and may_revise(label.status, withdrawn=label.withdrawn_at is not None),
    )


@router.get("/my/labels", name="labels.mine")
def mine(request: Request, person: SignedIn, session: DbSession, paging: PageOfCards) -> Response:
    """A labeler's own labels, the newest first."""
    page = fetch_revisions(session, browsing.own_revisions(person), paging, newest_first=True)
    cards = browsing.cards(session, page.items, person.language)
    queues = request.app.state.queue_names(session, sorted({card.entry.label.queue_id for card in cards}))
    media = addresses.of_cards(request, session, cards, person)
    return pages.render(
        request, "labels/mine.html", cards=cards, media=media, queues=queues, next=page.next, after=paging.after
    )
