"""CSV: one row a label, for people with a spreadsheet.

A column a field, over all schema versions of the project. Plain answers are written as they are, several values divided
by `|`, marks as JSON.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from app.datasets.formats.format import Format

# A cell that begins with one of these is taken for a formula by spreadsheets, so it gets an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_PLAIN = (
    "id", "revision", "project", "queue", "queue_kind", "task", "schema_name", "schema_version", "guideline_version",
    "status", "claimed_at", "submitted_at", "suggested_by", "record_hash", "history_hash",
)  # fmt: skip
_TIMING = ("wall_ms", "active_ms", "playing_ms", "reading_ms", "idle_ms", "hidden_ms", "first_decision_ms", "clamped")
_ABOUT = ("asset", "asset_revision", "external_id", "metadata", "labeler", "organisation")


class Csv(Format):
    name = "csv"
    title = "CSV"
    summary = "One row a label, one column a question. For spreadsheets; marks are JSON in their cell."
    suffix = "csv"
    content_type = "text/csv; charset=utf-8"

    def head(self, bodies: Sequence[Mapping[str, Any]]) -> bytes:
        answers = [f"answers.{name}" for name in _fields(bodies)]
        return _line([*_PLAIN, *_ABOUT, *(f"timing.{name}" for name in _TIMING), *answers])

    def row(self, label: Mapping[str, Any], bodies: Sequence[Mapping[str, Any]]) -> bytes:
        asset, labeler = label["asset"], label["labeler"]
        about = (
            asset["id"], asset["revision"], asset["external_id"], asset["metadata"], labeler["id"], labeler["organisation"],
        )  # fmt: skip
        plain = [label[name] for name in _PLAIN]
        timing = [label["timing"].get(name) for name in _TIMING]
        answers = [label["answers"].get(name) for name in _fields(bodies)]
        return _line([cell(value) for value in (*plain, *about, *timing, *answers)])


def cell(value: Any) -> str:
    """A value as a cell: text guarded, numbers untouched."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return guarded(value if isinstance(value, str) else _joined(value))


def _joined(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "|".join(value)
    if isinstance(value, list) and all(_is_path(one) for one in value):
        return "|".join("/".join(path) for path in value)
    return orjson.dumps(value).decode()


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _is_path(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(step, str) for step in value)


def _fields(bodies: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of all fields, in the order they were first asked."""
    return list(dict.fromkeys(field["name"] for body in bodies for field in body["fields"]))


def _line(cells: Iterable[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(list(cells))
    return buffer.getvalue().encode()
