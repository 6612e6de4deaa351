"""JSON of suggestions, in and out."""

from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.suggestions.models import Suggestion
from app.suggestions.rules import MODEL_AT_MOST
from app.web.filters import iso


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """JSON that both databases keep: no number beyond 64 bits, no half of a surrogate pair."""
    try:
        orjson.dumps(value)
    except TypeError as refused:
        raise ValueError(f"cannot be kept: {refused}") from None
    return value


def _named(value: str) -> str:
    words = value.strip()
    if not words or not words.isprintable():
        raise ValueError("must be words that can be read")
    return words


Name = Annotated[str, Field(max_length=MODEL_AT_MOST), AfterValidator(_named)]
JsonObject = Annotated[dict[str, Any], AfterValidator(_storable)]


class SuggestionIn(BaseModel):
    """`asset` is the id of the ad or its external id."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "asset": "ad-1", "schema_version": 1, "model": "bottle finder", "model_version": "2.1",
                    "answers": {"verdict": "reject"}, "scores": {"verdict": 0.93},
                }
            ]
        },
    )  # fmt: skip

    asset: Annotated[str, Field(min_length=1, max_length=500)]
    schema_version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    model: Name
    model_version: Name
    answers: JsonObject
    scores: JsonObject | None = None


def suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    """As engineers see it."""
    return {
        "id": suggestion.id,
        "asset": suggestion.asset_id,
        "asset_revision": suggestion.asset_revision,
        "schema_version": suggestion.schema_version,
        "model": suggestion.model,
        "model_version": suggestion.model_version,
        "answers": suggestion.answers,
        "scores": suggestion.scores,
        "made_by": suggestion.made_by,
        "created_at": iso(suggestion.created_at),
    }
