"""A task on an ad with a part of every modality, so that the labeling page's own templates can tell their keys. Pure."""

from typing import Any

from app.assets.rules import Modality, PartFacts
from app.assets.views import part_json


def example_task() -> dict[str, Any]:
    """As a claim's answer holds it, as far as the templates look."""
    parts = [part_json(PartFacts(f"the {modality}", modality, ""), {"display": ""}) for modality in Modality]
    return {
        "claim": {"id": "", "token": "", "expires_at": ""},
        "task": {
            "id": "",
            "asset": {"id": "", "external_id": "", "metadata": {"family": ""}, "parts": parts},
            "schema": {"name": "", "parts": [], "fields": []},
            "guideline": {"version": 1},
        },
    }
