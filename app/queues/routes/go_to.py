"""Where one may go from any page (Ctrl+K): the places, projects, queues and ads that this person sees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.assets import queries as assets
from app.help.chapters import chapters_for
from app.people.asking import SignedIn
from app.people.models import Person
from app.people.rules import Role
from app.projects import queries as projects
from app.queues import queries
from app.web import navigation, pages
from app.web.transaction import AppClock, DbSession

router = APIRouter()

ADS_AT_MOST = 12


@dataclass(frozen=True)
class Destination:
    """A link: what it is called, which kind of thing it is, where it lies."""

    title: str
    kind: str
    url: str


@router.get("/go-to", name="go_to")
def go_to(request: Request, person: SignedIn, session: DbSession, clock: AppClock, words: str = "") -> Response:
    found = chain(
        _places(request, person, session, clock()),
        _help(request, person),
        _ads(request, person, session, words.strip()),
    )
    return pages.render(request, "components/_destinations.html", destinations=list(found))


def _places(request: Request, person: Person, session: Session, now: datetime) -> Iterator[Destination]:
    for entry in navigation.navigation(person, request):
        yield Destination(entry.title, "Page", entry.url)
    for queue in queries.working_queues(session, person, now) if Role.LABELER in person.roles else ():
        yield Destination(queue.name, "Label", str(request.app.url_path_for("work.page", queue=queue.id)))
    for queue in session.scalars(queries.queues_seen_by(person)):
        yield Destination(queue.name, "Queue", str(request.app.url_path_for("queues.show", queue=queue.id)))
    for project in projects.all_projects(session) if person.is_company else ():
        for entry in navigation.project_navigation(person, request, project.slug):
            yield Destination(f"{project.name}: {entry.title}", "Project", entry.url)


def _help(request: Request, person: Person) -> Iterator[Destination]:
    yield Destination("Help", "Help", str(request.app.url_path_for("help.index")))
    for chapter in chapters_for(company=person.is_company):
        yield Destination(chapter.title, "Help", str(request.app.url_path_for("help.chapter", chapter=chapter.name)))


def _ads(request: Request, person: Person, session: Session, words: str) -> Iterator[Destination]:
    """Ads by the beginning of their external id, for those who see all ads."""
    if not (person.is_company and words):
        return
    for asset in assets.beginning_with(session, words, at_most=ADS_AT_MOST):
        yield Destination(asset.external_id, "Ad", str(request.app.url_path_for("assets.show", asset=asset.id)))
