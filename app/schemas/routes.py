"""The pages of schemas."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response

from app.errors import Invalid, NotFound
from app.people.asking import ENGINEERS, SignedIn
from app.projects.asking import CompanyProject, EngineersProject
from app.schemas import actions, lines, queries, views
from app.schemas.comparing import comparison
from app.schemas.forms import DraftForm, NewDraftForm, PreviewForm
from app.schemas.kinds import KINDS
from app.schemas.layout import as_text
from app.schemas.models import SchemaDraft, SchemaVersion
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects/{project}/schemas")

VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


def find_draft(project: EngineersProject, draft: str, session: DbSession) -> SchemaDraft:
    found = queries.find_draft(session, project.id, draft)
    if found is None:
        raise NotFound
    return found


Draft = Annotated[SchemaDraft, Depends(find_draft)]


@router.get("", name="schemas.index")
def index(request: Request, project: CompanyProject, person: SignedIn, session: DbSession) -> Response:
    may_write = ENGINEERS.admits(person)
    return pages.render(
        request,
        "schemas/index.html",
        project=project,
        versions=views.listed(session, queries.versions_newest_first(session, project.id)),
        drafts=queries.drafts_of(session, project.id) if may_write else [],
        examples=views.examples(),
        may_write=may_write,
    )


@router.post("/drafts", name="schemas.new_draft")
def new_draft(
    request: Request,
    form: Annotated[NewDraftForm, Form()],
    project: EngineersProject,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    text = views.start_text(session, project.id, form.start)
    draft = actions.start_draft(session, project=project, text=text, person=person, clock=clock)
    return pages.see_other(request, "schemas.draft", project=project.slug, draft=draft.id)


@router.get("/drafts/{draft}", name="schemas.draft")
def edit(
    request: Request,
    project: EngineersProject,
    draft: Draft,
    person: SignedIn,
    refused: Annotated[bool, Query()] = False,
) -> Response:
    editor = views.editor(draft, person.language)
    return pages.render(request, "schemas/draft.html", project=project, editor=editor, refused=refused)


@router.post("/drafts/{draft}", name="schemas.save_draft")
def save(
    request: Request,
    form: Annotated[DraftForm, Form()],
    project: EngineersProject,
    draft: Draft,
    person: SignedIn,
    session: DbSession,
    clock: AppClock,
) -> Response:
    """Keeps the text, and publishes it where that was asked for and nothing is wrong with it."""
    actions.save_draft(draft, text=form.text, person=person, clock=clock)
    if form.then == "publish":
        version = actions.publish_draft(session, draft, project=project, person=person, clock=clock)
        if version is not None:
            return pages.see_other(request, "schemas.show", project=project.slug, version=version.version)
        return pages.see_other(
            request, "schemas.draft", query={"refused": "true"}, project=project.slug, draft=draft.id
        )
    if "hx-request" in request.headers:
        editor = views.editor(draft, form.language or person.language)
        return pages.render(request, "schemas/_checked.html", project=project, editor=editor, refused=False)
    return pages.see_other(request, "schemas.draft", project=project.slug, draft=draft.id)


@router.post("/drafts/{draft}/removal", name="schemas.discard_draft")
def discard(
    request: Request, project: EngineersProject, draft: Draft, person: SignedIn, session: DbSession, clock: AppClock
) -> Response:
    actions.discard_draft(session, draft, person=person, clock=clock)
    return pages.see_other(request, "schemas.index", project=project.slug)


@router.post("/previews", name="schemas.preview")
def preview(
    request: Request, form: Annotated[PreviewForm, Form()], project: CompanyProject, person: SignedIn
) -> Response:
    """A region: the questions of a schema in another language. Keeps nothing."""
    reading = lines.read(form.body)
    if not reading.holds:
        raise Invalid("This schema has faults, so it cannot be shown. Nothing was changed.")
    shown = views.preview(reading.body, form.language or person.language)
    return pages.render(request, "schemas/_preview.html", project=project, preview=shown)


def find_version(project: CompanyProject, version: VersionNumber, session: DbSession) -> SchemaVersion:
    found = queries.find_version(session, project.id, version)
    if found is None:
        raise NotFound
    return found


Version = Annotated[SchemaVersion, Depends(find_version)]


@router.get("/{version}", name="schemas.show")
def show(request: Request, project: CompanyProject, version: Version, person: SignedIn, session: DbSession) -> Response:
    return pages.render(
        request,
        "schemas/show.html",
        project=project,
        listed=views.listed(session, [version])[0],
        before=queries.version_before(session, version),
        text=as_text(version.body),
        preview=views.preview(version.body, person.language),
        kinds=KINDS,
        may_write=ENGINEERS.admits(person),
    )


@router.get("/{version}/differences", name="schemas.differences")
def differences(
    request: Request,
    project: CompanyProject,
    version: Version,
    session: DbSession,
    from_: Annotated[int | None, Query(alias="from", ge=1, le=2**31 - 1)] = None,
) -> Response:
    """From the version before, or from any other."""
    before = queries.version_before(session, version) if from_ is None else find_version(project, from_, session)
    return pages.render(
        request,
        "schemas/differences.html",
        project=project,
        comparison=comparison(before, version),
        versions=queries.versions_newest_first(session, project.id),
    )
