"""The JSON API of schemas."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.people.asking import SignedIn
from app.people.models import Person
from app.projects.asking import CompanyProject, EngineersProject, SeenProject
from app.schemas import actions, json_schema, queries
from app.schemas.comparing import comparison
from app.schemas.models import SchemaVersion
from app.schemas.payloads import comparison_json, version_json
from app.web.idempotency import OnceOnly
from app.web.pagination import Paging, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects/{project}/schemas", tags=["schemas"])

# Handed in by main: a vendor's people see a schema only through their claims, and claims lie above.
SchemaGate = Callable[[Session, Person, str, int], bool]


def seen_version(
    request: Request,
    project: SeenProject,
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
    person: SignedIn,
    session: DbSession,
) -> SchemaVersion:
    """404 unless the person may see this version."""
    gate: SchemaGate = request.app.state.sees_schema
    found = queries.find_version(session, project.id, version)
    if found is None or not (person.is_company or gate(session, person, project.id, version)):
        raise NotFound
    return found


SeenVersion = Annotated[SchemaVersion, Depends(seen_version)]


def compared_version(
    request: Request,
    project: SeenProject,
    version: SeenVersion,
    person: SignedIn,
    session: DbSession,
    from_: Annotated[int | None, Query(alias="from", ge=1, le=2**31 - 1)] = None,
) -> SchemaVersion | None:
    """The version to compare with: the one named, which is 404 unless seen too, else the one before, None for the first."""
    if from_ is None:
        before = queries.version_before(session, version)
        return before if before is None else seen_version(request, project, before.version, person, session)
    return seen_version(request, project, from_, person, session)


@router.post("", name="schemas.api.publish", status_code=201)
def publish(
    body: Annotated[dict[str, Any], Body()],
    project: EngineersProject,
    person: SignedIn,
    session: DbSession,
    once: OnceOnly,
    clock: AppClock,
) -> Response:
    """Publishes a schema. Content equal to any earlier version gives that version, with 200."""

    def create() -> tuple[int, Any]:
        version, created = actions.publish(session, project=project, body=body, person=person, clock=clock)
        return (201 if created else 200), version_json(version)

    return once(create)


@router.get("", name="schemas.api.index")
def index(project: CompanyProject, session: DbSession, paging: Paging) -> dict[str, Any]:
    """The published versions."""
    return fetch_page(session, queries.versions_of(project.id), SchemaVersion, paging).as_json(version_json)


@router.get("/{version}", name="schemas.api.show")
def show(version: SeenVersion) -> dict[str, Any]:
    """A version as it was published."""
    return version_json(version)


@router.get("/{version}/json-schema", name="schemas.api.json_schema")
def answers_schema(version: SeenVersion) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a label's `answers`."""
    return json_schema.of_answers(version.body)


@router.get("/{version}/differences", name="schemas.api.differences")
def differences(
    version: SeenVersion, before: Annotated[SchemaVersion | None, Depends(compared_version)]
) -> dict[str, Any]:
    """What differs from another version, from the one before where none is named."""
    return comparison_json(comparison(before, version))
