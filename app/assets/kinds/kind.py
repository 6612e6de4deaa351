"""What a media kind is: two tasks for the sandbox, and what they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from app.assets.rules import Modality
from app.assets.sandbox.rules import Limits

Report = Callable[[int, int], None]
Outputs = Mapping[str, BinaryIO]
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class MediaKind:
    """`probe` and `derive` name functions as `module:function`; they run in the sandbox only.

    `probe(source, {}, {}, report)` gives `{"facts", "content_type"}`. `derive(source, outputs, facts, report)` gives
    `{"facts", "renditions": {kind: content type}}` and writes each rendition it names to its output.
    """

    modality: Modality
    probe: str
    derive: str
    renditions: tuple[str, ...]
    probe_limits: Limits = field(default_factory=Limits)
    derive_limits: Limits = field(default_factory=Limits)
