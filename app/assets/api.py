"""The JSON API of assets."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from app.assets import actions, queries, views
from app.assets.asked import FilterText, Search, both, read_filter
from app.assets.asking import AppQueueStates, AppStore, ImportersAsset, OwnSigner, SeenAsset
from app.assets.catalog import finding
from app.assets.catalog.finding import Asked, Place, Sort
from app.assets.forms import Changed, Uploaded
from app.assets.payloads import Withdrawal
from app.assets.rules import Modality
from app.errors import NotFound
from app.people.asking import SignedIn
from app.projects.asking import CompanyProject, ImportersProject
from app.web.filters import iso
from app.web.idempotency import OnceOnly
from app.web.openapi import multipart_body
from app.web.pagination import Paging
from app.web.transaction import AppClock, DbSession

router = APIRouter(tags=["assets"])

UPLOAD = multipart_body(
    "asset",
    properties={"asset": {"type": "string", "description": "The ad as JSON."}},
    additionalProperties={"type": "string", "format": "binary"},
)


@router.post("/projects/{project}/assets", name="assets.api.create", status_code=201, openapi_extra=UPLOAD)
def create(
    upload: Uploaded, project: ImportersProject, person: SignedIn, session: DbSession, once: OnceOnly, store: AppStore,
    signer: OwnSigner, clock: AppClock,
) -> Response:  # fmt: skip
    """Adds one ad: 201, or 200 when the same ad is there already."""

    def made() -> tuple[int, dict[str, Any]]:
        asset, new = actions.add_asset(
            session, store, project=project, external_id=upload.external_id, metadata=upload.metadata,
            parts=upload.parts, person=person, clock=clock,
        )  # fmt: skip
        return 201 if new else 200, views.asset_json(queries.find_asset(session, asset.id) or asset, signer)

    return once(made)


@router.get("/projects/{project}/assets", name="assets.api.list")
def listed(
    project: CompanyProject, session: DbSession, paging: Paging, signer: OwnSigner, queue_states: AppQueueStates,
    filter: FilterText = "",  # noqa: A002  # the contract's word
    q: Search = "",
    sort: Sort = Sort.OLDEST,
    modality: Modality | None = None,
    state: Literal["preparing", "ready", "failed", "withdrawn"] | None = None,
    external_id: Annotated[str | None, Query(max_length=500)] = None,
) -> dict[str, Any]:  # fmt: skip
    """In order of creation, unless `sort` says otherwise. `filter` is JSON: `{"metadata.market": ["NO"]}`. A page may
    hold fewer than `limit` and still have a `next`.
    """
    plain = {"modality": modality, "state": state, "external_id": external_id}
    wanted = both(read_filter(filter), {key: [str(value)] for key, value in plain.items() if value is not None})
    selection = finding.select_ads(session, project.id, Asked(wanted, q.strip()), queue_states.InStates)
    found = finding.page(session, selection, sort, Place(paging.limit, paging.after))
    items = [views.asset_json(asset, signer) for asset in queries.in_order(session, found.seqs)]
    return {"items": items, "next": found.after}


@router.get("/assets/{asset}", name="assets.api.one")
def one(asset: SeenAsset, signer: OwnSigner) -> dict[str, Any]:
    """The ad with what was found of its parts."""
    return views.asset_json(asset, signer)


@router.patch("/assets/{asset}", name="assets.api.change", openapi_extra=UPLOAD)
def change(
    given: Changed, asset: ImportersAsset, person: SignedIn, session: DbSession, store: AppStore, signer: OwnSigner,
    clock: AppClock,
) -> dict[str, Any]:  # fmt: skip
    """Changed metadata or added parts; either makes the asset's next revision."""
    changed = actions.change_asset(
        session, store, asset, metadata=given.metadata, parts=given.parts, person=person, clock=clock
    )
    return views.asset_json(queries.find_asset(session, changed.id) or changed, signer)


@router.post("/assets/{asset}/withdrawal", name="assets.api.withdraw", status_code=201)
def withdraw(
    body: Withdrawal, asset: ImportersAsset, person: SignedIn, session: DbSession, once: OnceOnly, signer: OwnSigner,
    clock: AppClock,
) -> Response:  # fmt: skip
    """Takes the ad out of work, with the reason; it stays readable."""

    def withdrawn() -> dict[str, Any]:
        gone = actions.withdraw_asset(session, asset, reason=body.reason, person=person, clock=clock)
        return views.asset_json(queries.find_asset(session, gone.id) or gone, signer)

    return once(withdrawn)


@router.get("/assets/{asset}/parts/{name}/{kind}", name="assets.api.address")
def address(
    asset: SeenAsset, name: str, signer: OwnSigner,
    kind: Literal["original", "display", "thumbnail", "poster", "peaks", "frames", "stills", "tiles", "spectrogram", "silences"],
) -> dict[str, str]:  # fmt: skip
    """A signed address of a part's file or of what was made from it."""
    part = next((part for part in asset.parts if part.name == name), None)
    url = views.urls_of(part, signer).get(kind) if part is not None else None
    if url is None:
        raise NotFound
    return {"url": url, "expires_at": iso(signer.expires_at)}
