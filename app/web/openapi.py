"""The OpenAPI document: what FastAPI finds in the routes, and what holds for all of them.

The framework knows neither that refusals are problem+json, nor bearer tokens, nor the key that makes a POST repeatable.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

PREFIX = "/api/v1"

ABOUT = """\
Every request carries `Authorization: Bearer TOKEN`; `fasit token add` or the account page makes one. Ids are opaque. Times
are RFC 3339 in UTC. Lists are pages in order of creation: `?limit=` (1 to 1000) and `&after=`, the `next` of the page before.
Every POST may carry an `Idempotency-Key`: the same key and body again gives the first answer with 200, another body 409.
Refusals are `application/problem+json` (RFC 9457) and change nothing. Nothing is deleted: things are withdrawn.
"""

PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence: what happened, what was kept, what to do."},
        "errors": {
            "type": "array",
            "description": "With 422: each fault at its path.",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}

KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes sending the same request again harmless. Keys of labels are kept for ever.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}

ALWAYS = {"401": "No bearer token, or a dead one.", "404": "It does not exist, or is not the caller's to see."}
FITTING = {"422": "Something does not fit; `errors` names each fault."}
CHANGING = {"403": "Seen, but not allowed.", "409": "A state that refuses, or a key used for another request."}
UPLOADING = {"413": "Larger than an upload may be.", "415": "A file of a kind that is not taken."}
MATCHING = {"412": "Another revision came in between.", "428": "`If-Match` is missing."}


def multipart_body(*required: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a route that reads its form itself tells of it, for `openapi_extra`."""
    schema = {"type": "object", "required": list(required), "properties": properties, **more}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def install(application: FastAPI) -> None:
    """Replaces the application's own document by the whole one; made once, when first asked for."""

    def describe() -> dict[str, Any]:
        if application.openapi_schema is None:
            application.openapi_schema = completed(
                get_openapi(
                    title=application.title, version=application.version, description=ABOUT, routes=application.routes
                )
            )
        return application.openapi_schema

    application.openapi = describe  # type: ignore[method-assign]


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with security, keys and refusals."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"bearer": []}]
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    return document


def _complete(method: str, operation: dict[str, Any]) -> None:
    operation["summary"] = (
        operation.get("description", operation["summary"]).split(". ")[0].partition("\n")[0].rstrip(".")
    )
    parameters = operation.setdefault("parameters", [])
    names = {str(one["name"]).lower() for one in parameters}
    if method == "post":
        parameters.append(KEY)
    refusals = ALWAYS | (CHANGING if method != "get" else {})
    if parameters or "requestBody" in operation:
        refusals = refusals | FITTING
    if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
        refusals = refusals | UPLOADING
    if "if-match" in names:
        refusals = refusals | MATCHING
    operation["responses"] |= {status: _refusal(means) for status, means in sorted(refusals.items())}
    if not parameters:
        del operation["parameters"]


def _refusal(means: str) -> dict[str, Any]:
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": means, "content": {"application/problem+json": shape}}
