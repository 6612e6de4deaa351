"""The JSON API of suggestions."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from app.assets.asking import AppStore
from app.errors import Invalid, NotFound, Problem, TooLarge
from app.people.asking import SignedIn
from app.projects.asking import EngineersProject
from app.suggestions import actions, queries
from app.suggestions.actions import Given
from app.suggestions.models import Suggestion
from app.suggestions.payloads import SuggestionIn, suggestion_json
from app.suggestions.rules import LINES_AT_MOST
from app.web import nul
from app.web.idempotency import OnceOnly
from app.web.pagination import Paging, fetch_page
from app.web.transaction import AppClock, DbSession

router = APIRouter(prefix="/projects/{project}/suggestions", tags=["suggestions"])

NDJSON = "application/x-ndjson"
TAKEN = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": SuggestionIn.model_json_schema()},
            NDJSON: {"schema": {"type": "string", "description": f"One suggestion a line, at most {LINES_AT_MOST}."}},
        },
    }
}


async def sent(request: Request) -> list[Given] | Given:
    """One suggestion as JSON; or as NDJSON one a line."""
    body = await request.body()
    if not request.headers.get("content-type", "").startswith(NDJSON):
        return _read(body, "")
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) > LINES_AT_MOST:
        raise TooLarge(f"These are {len(lines)} lines; one request may hold {LINES_AT_MOST}. Send them in pieces.")
    return [_read(line, f"/lines/{number}") for number, line in enumerate(lines)]


Sent = Annotated[list[Given] | Given, Depends(sent)]


def _read(text: bytes, path: str) -> Given:
    problems = [Problem(f"{path}{one.path}", one.message) for one in nul.in_json(text)]
    if problems:
        raise Invalid(nul.SENTENCE, problems=problems)
    try:
        return Given(**SuggestionIn.model_validate(orjson.loads(text)).model_dump())
    except orjson.JSONDecodeError:
        problems = [Problem(path, "is no JSON")]
    except ValidationError as refused:
        problems = [
            Problem(f"{path}/{'/'.join(str(step) for step in fault['loc'])}", fault["msg"])
            for fault in refused.errors()
        ]
    raise Invalid("This is no suggestion as it is asked for, so nothing was kept.", problems=problems)


@router.post("", name="api.suggestions.create", status_code=201, openapi_extra=TAKEN)
def create(
    project: EngineersProject,
    given: Sent,
    person: SignedIn,
    session: DbSession,
    store: AppStore,
    once: OnceOnly,
    clock: AppClock,
) -> Response:
    """Keeps a model's answers to an ad: 201, or 200 when the same are there already. As NDJSON many, all or none."""

    def make() -> tuple[int, Any]:
        if isinstance(given, Given):
            made, new = actions.add(session, store, given, project=project, person=person, clock=clock)
            return (201 if new else 200), suggestion_json(made)
        done = actions.add_all(session, store, given, project=project, person=person, clock=clock)
        made_new = sum(new for _, new in done)
        ids = [made.id for made, _ in done]
        return (201 if made_new else 200), {"created": made_new, "known": len(done) - made_new, "ids": ids}

    return once(make)


@router.get("", name="api.suggestions.list")
def index(project: EngineersProject, session: DbSession, paging: Paging, asset: str | None = None) -> dict[str, Any]:
    """In order of creation; `asset` narrows to one ad, by its id or external id."""
    query = queries.of_project(project.id)
    if asset is not None:
        found = queries.find_asset(session, project.id, asset)
        query = query.where(Suggestion.asset_id == (found.id if found else ""))
    return fetch_page(session, query, Suggestion, paging).as_json(suggestion_json)


@router.get("/{suggestion}", name="api.suggestions.show")
def show(project: EngineersProject, suggestion: str, session: DbSession) -> dict[str, Any]:
    """The suggestion as it was sent."""
    found = queries.find(session, project.id, suggestion)
    if found is None:
        raise NotFound
    return suggestion_json(found)
