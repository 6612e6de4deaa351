"""Canonical JSONL: the label as the API returns it, one a line."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from app.datasets.formats.format import Format


class Jsonl(Format):
    name = "jsonl"
    title = "JSONL"
    summary = "Everything about a label, one JSON object a line. For programs."
    suffix = "jsonl"
    content_type = "application/x-ndjson"

    def row(self, label: Mapping[str, Any], bodies: Sequence[Mapping[str, Any]]) -> bytes:  # noqa: ARG002
        return orjson.dumps(label, option=orjson.OPT_APPEND_NEWLINE)
