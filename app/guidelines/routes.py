"""The pages of guidelines."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response, UploadFile
from fastapi.responses import FileResponse

from app.assets.store import Store
from app.errors import Invalid, NotFound
from app.guidelines import actions, queries, reading, views
from app.guidelines.forms import DraftForm, PublicationForm
from app.guidelines.models import GuidelineDraft, GuidelineVersion
from app.guidelines.rules import Change
from app.people.asking import TRAINERS, SignedIn
from app.projects.asking import SeenProject, TrainersProject
from app.projects.models import Project
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects/{project}/guidelines")


def find_version(
    project: SeenProject, version: Annotated[int, Path(ge=1, le=2**31 - 1)], session: DbSession
) -> GuidelineVersion:
    found = queries.find_version(session, project.id, version)
    if found is None:
        raise NotFound
    return found


def find_draft(project: TrainersProject, session: DbSession) -> GuidelineDraft:
    found = queries.draft_of(session, project.id)
    if found is None:
        raise NotFound("There is no draft any more: it was published or discarded.")
    return found


Version = Annotated[GuidelineVersion, Depends(find_version)]
Draft = Annotated[GuidelineDraft, Depends(find_draft)]


def _picture_address(request: Request, project: Project) -> Callable[[str], str]:
    return lambda picture: str(request.app.url_path_for("guidelines.picture", project=project.slug, picture=picture))


@router.get("", name="guidelines.index")
def index(request: Request, project: SeenProject, person: SignedIn, session: DbSession) -> Response:
    may_write = TRAINERS.admits(person)
    return pages.render(
        request,
        "guidelines/index.html",
        project=project,
        versions=views.listed(session, queries.versions_newest_first(session, project.id)),
        draft=queries.draft_of(session, project.id) if may_write else None,
        may_write=may_write,
    )


@router.get("/draft", name="guidelines.draft")
def edit(request: Request, project: TrainersProject, session: DbSession) -> Response:
    editor = views.editor(session, project.id, project.name, _picture_address(request, project))
    return pages.render(request, "guidelines/draft.html", project=project, editor=editor)


@router.post("/draft", name="guidelines.save_draft")
def save(
    request: Request,
    form: Annotated[DraftForm, Form()],
    project: TrainersProject,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    """Keeps the text as typed; a script gets the preview back."""
    actions.save_draft(session, project=project, title=form.title, body=form.body, person=person, clock=clock)
    if "hx-request" in request.headers:
        editor = views.editor(session, project.id, project.name, _picture_address(request, project))
        return pages.render(request, "guidelines/_preview.html", project=project, editor=editor)
    route = "guidelines.publication" if form.then == "publish" else "guidelines.draft"
    return pages.see_other(request, route, project=project.slug)


@router.post("/draft/removal", name="guidelines.discard_draft")
def discard(
    request: Request, project: TrainersProject, draft: Draft, person: SignedIn, session: DbSession, clock: AppClock
) -> Response:
    actions.discard_draft(session, draft, person=person, clock=clock)
    return pages.see_other(request, "guidelines.index", project=project.slug)


@router.get("/draft/publication", name="guidelines.publication")
def publication(request: Request, project: TrainersProject, draft: Draft, session: DbSession) -> Response:
    """What publishing the draft would change, to be confirmed."""
    found = reading.read(session, project.id, draft.body)
    return pages.render(
        request,
        "guidelines/publication.html",
        project=project,
        draft=draft,
        reading=found,
        states=views.clause_states(session, project.id, found),
        changes=list(Change),
    )


@router.post("/draft/publication", name="guidelines.publish")
def publish(
    request: Request,
    form: Annotated[PublicationForm, Form()],
    project: TrainersProject,
    draft: Draft,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    version = actions.publish_draft(
        session, draft, project=project, change=form.change, changed=form.clauses_changed, person=person, clock=clock
    )
    return pages.see_other(request, "guidelines.show", project=project.slug, version=version.version)


@router.post("/pictures", name="guidelines.add_picture")
def add_picture(
    request: Request,
    picture: UploadFile,
    project: TrainersProject,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    if not picture.size:
        raise Invalid("No picture was chosen. Choose a file and send it again.")
    actions.add_picture(
        session, request.app.state.store, project=project, name=picture.filename or "", stream=picture.file,
        byte_size=picture.size, person=person, clock=clock,
    )  # fmt: skip
    if "hx-request" in request.headers:
        pictures = queries.pictures_of(session, project.id)
        return pages.render(request, "guidelines/_pictures.html", project=project, pictures=pictures)
    return pages.see_other(request, "guidelines.draft", project=project.slug)


@router.get("/pictures/{picture}", name="guidelines.picture")
def picture_file(request: Request, project: SeenProject, picture: str, session: DbSession) -> Response:
    """Private to those who see the project. Its type is one of four that no browser executes."""
    found = queries.find_picture(session, project.id, picture)
    if found is None:
        raise NotFound
    store: Store = request.app.state.store
    headers = {"Cache-Control": "private, max-age=86400, immutable", "Content-Security-Policy": "default-src 'none'"}
    return FileResponse(store.path(found.sha256), media_type=found.content_type, headers=headers)


@router.get("/{version}", name="guidelines.show")
def show(request: Request, project: SeenProject, version: Version, person: SignedIn, session: DbSession) -> Response:
    shown = views.shown(session, version, _picture_address(request, project))
    newest = queries.newest_version(session, project.id)
    may_write = TRAINERS.admits(person)
    return pages.render(
        request, "guidelines/show.html", project=project, shown=shown, newest=newest, may_write=may_write
    )


@router.get("/{version}/panel", name="guidelines.panel")
def panel(request: Request, project: SeenProject, version: Version, session: DbSession) -> Response:
    """The guideline beside the work: a region, not a page."""
    shown = views.shown(session, version, _picture_address(request, project))
    return pages.render(request, "guidelines/_panel.html", project=project, shown=shown)
