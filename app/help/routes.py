"""The pages of the help."""

from fastapi import APIRouter, Request, Response

from app.errors import NotFound
from app.help.chapters import chapters_for, find_chapter
from app.help.example_task import example_task
from app.people.asking import SignedIn
from app.web import pages

router = APIRouter(prefix="/help")


@router.get("", name="help.index")
def index(request: Request, person: SignedIn) -> Response:
    return pages.render(request, "help/index.html", chapters=chapters_for(company=person.is_company))


@router.get("/{chapter}", name="help.chapter")
def show(request: Request, chapter: str, person: SignedIn) -> Response:
    found = find_chapter(chapter, company=person.is_company)
    if found is None:
        raise NotFound
    chapters = chapters_for(company=person.is_company)
    return pages.render(request, "help/chapter.html", chapter=found, chapters=chapters, example=example_task())
