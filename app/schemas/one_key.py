"""Whether one key answers and submits: where a single choice is all that has to be decided."""

from collections.abc import Mapping
from typing import Any

from app.schemas.kinds import KINDS
from app.schemas.rules import SubmitBy

NEEDS = "can be key only where one question must be answered, a choice that is always asked, and nothing is marked on the ad"


def may_submit_by_choice(body: Mapping[str, Any]) -> bool:
    """One required choice, and beside it at most plain questions that may stay open."""
    if any(KINDS[field["kind"]].makes_marks for field in body["fields"]):
        return False
    required = [field for field in body["fields"] if field.get("required")]
    choices = [field for field in body["fields"] if field["kind"] == "choice"]
    return len(required) == 1 and choices == required and not required[0].get("when")


def submits_by_choice(body: Mapping[str, Any]) -> bool:
    """By itself where the choice is the only question; where there are others, if the schema says so."""
    if not may_submit_by_choice(body):
        return False
    asked = body.get("submit")
    return asked == SubmitBy.KEY or (asked is None and len(body["fields"]) == 1)
