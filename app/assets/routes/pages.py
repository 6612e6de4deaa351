"""The gallery, one ad's own page, and the forms on them."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.assets import actions, queries, views
from app.assets.asked import Chosen
from app.assets.asking import IMPORTERS, AppQueueStates, AppStore, CompanyAsset, ImportersAsset, OwnSigner
from app.assets.catalog import counting, finding
from app.assets.catalog.finding import Place
from app.assets.forms import PageUploaded, WithdrawalForm
from app.people.asking import SignedIn
from app.projects import queries as projects
from app.projects.asking import CompanyProject, ImportersProject
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter()

SHOWN = 60


@router.get("/projects/{project}/assets", name="assets.gallery")
def gallery(
    request: Request, project: CompanyProject, person: SignedIn, session: DbSession, chosen: Chosen, signer: OwnSigner,
    queue_states: AppQueueStates, after: str | None = None, before: str | None = None,
) -> Response:  # fmt: skip
    selection = finding.select_ads(session, project.id, chosen.asked, queue_states.InStates)
    found = finding.page(session, selection, chosen.asked.sort, Place(SHOWN, after, before))
    facets = [*counting.facets(session, selection, chosen.asked), queue_states.facet(session, selection, chosen.asked)]
    return pages.render(
        request, "assets/gallery.html", project=project, chosen=chosen, found=found, selection=selection,
        tiles=[views.tile(asset, signer) for asset in queries.in_order(session, found.seqs)], facets=facets,
        is_first=not (after or before), saved=views.saved_filters(session, project, person), may_add=IMPORTERS.admits(person),
        makes_queues=queue_states.makes_queues(person),
    )  # fmt: skip


@router.get("/projects/{project}/assets/new", name="assets.new")
def new(request: Request, project: ImportersProject) -> Response:
    return pages.render(request, "assets/new.html", project=project)


@router.post("/projects/{project}/assets", name="assets.add")
def add(
    request: Request, upload: PageUploaded, project: ImportersProject, person: SignedIn, session: DbSession,
    store: AppStore, clock: AppClock,
) -> Response:  # fmt: skip
    asset, _ = actions.add_asset(
        session, store, project=project, external_id=upload.external_id, metadata=upload.metadata, parts=upload.parts,
        person=person, clock=clock,
    )  # fmt: skip
    return pages.see_other(request, "assets.show", asset=asset.id)


@router.get("/assets/{asset}", name="assets.show")
def show(request: Request, asset: CompanyAsset, person: SignedIn, session: DbSession, signer: OwnSigner) -> Response:
    return pages.render(
        request, "assets/show.html", asset=asset, project=projects.find_project(session, asset.project_id),
        parts=[views.shown_part(part, signer) for part in asset.parts],
        state="withdrawn" if asset.withdrawn_at else asset.state, revisions=queries.revisions(session, asset.id),
        uses=request.app.state.asset_uses(session, asset.id),
        relatives=views.relatives(session, asset, signer), families=sorted(views.families_of(asset)), may_withdraw=IMPORTERS.admits(person),
    )  # fmt: skip


@router.post("/assets/{asset}/withdrawal", name="assets.withdraw")
def withdraw(
    request: Request, form: Annotated[WithdrawalForm, Form()], asset: ImportersAsset, person: SignedIn,
    session: DbSession, clock: AppClock,
) -> Response:  # fmt: skip
    actions.withdraw_asset(session, asset, reason=form.reason, person=person, clock=clock)
    return pages.see_other(request, "assets.show", asset=asset.id)
