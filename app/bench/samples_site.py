"""A Fasit with one sound a queue, each with a task for one labeler."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.assets.intake import GivenPart
from app.bench import site

BODY: dict[str, Any] = {
    "name": "Claims in sound",
    "parts": [{"name": "voice", "modality": "audio"}],
    "fields": [{"name": "claims", "kind": "segments", "part": "voice", "choices": [{"value": "claim"}]}],
}


def build(own: Path, url: str, sounds: Mapping[str, Path]) -> dict[str, str]:
    """A queue a sound. Gives the queues' ids by the sounds' names."""
    ads = ((name, [GivenPart("voice", "audio", path=path)]) for name, path in sounds.items())
    return site.build_apart(own, url, schema=BODY, ads=ads)
