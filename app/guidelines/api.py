"""The JSON API of guidelines."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from app.errors import NotFound
from app.guidelines import actions, queries
from app.guidelines.models import GuidelineVersion
from app.guidelines.payloads import NewGuideline, version_json, whole_json
from app.people.asking import SignedIn
from app.projects.asking import SeenProject, TrainersProject
from app.web.idempotency import OnceOnly
from app.web.pagination import Paging, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects/{project}/guidelines", tags=["guidelines"])


@router.post("", name="guidelines.api.publish", status_code=201)
def publish(
    body: NewGuideline, project: TrainersProject, person: SignedIn, session: DbSession, once: OnceOnly, clock: AppClock
) -> Response:
    """Publishes the next version of the guideline."""

    def create() -> dict[str, Any]:
        given = body.model_dump()
        return version_json(actions.publish(session, project=project, **given, person=person, clock=clock))

    return once(create)


@router.get("", name="guidelines.api.index")
def index(project: SeenProject, session: DbSession, paging: Paging) -> dict[str, Any]:
    """The published versions."""
    return fetch_page(session, queries.versions_of(project.id), GuidelineVersion, paging).as_json(version_json)


@router.get("/{version}", name="guidelines.api.show")
def show(project: SeenProject, version: Annotated[int, Path(ge=1, le=2**31 - 1)], session: DbSession) -> dict[str, Any]:
    """A version with its text and clauses."""
    found = queries.find_version(session, project.id, version)
    if found is None:
        raise NotFound
    return whole_json(found)
