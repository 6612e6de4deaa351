"""Formats over canonical labels; no database."""

import csv
import io

import orjson
import pytest

from app.datasets.formats import FORMATS
from app.datasets.formats.csv import cell

LABEL = {
    "id": "a1", "revision": 2, "project": "p", "queue": "q", "queue_kind": "production", "task": "t",
    "asset": {"id": "s", "revision": 1, "external_id": "=cmd()", "metadata": {"market": "NO"}, "parts": []},
    "schema_name": "Alcohol", "schema_version": 3, "guideline_version": 5,
    "labeler": {"id": "l", "organisation": "Nordlys"},
    "answers": {
        "verdict": "reject", "reasons": ["minors", "health"], "score": -3.5, "note": "-1 æøå\nto",
        "boxes": [{"id": "m", "choice": "bottle", "x": 1.5, "y": 2, "width": 3, "height": 4}],
    },
    "sources": {}, "evidence": [], "status": "submitted", "claimed_at": "2026-11-02T09:00:00Z",
    "submitted_at": "2026-11-02T09:01:00Z", "timing": {"wall_ms": 60000, "active_ms": 30000, "clamped": False},
    "marks_timing": {}, "suggested_by": None, "record_hash": "ab", "history_hash": None,
}  # fmt: skip
BODIES = [
    {"fields": [{"name": "verdict"}, {"name": "reasons"}]},
    {"fields": [{"name": "verdict"}, {"name": "note"}, {"name": "score"}, {"name": "boxes"}]},
]


def test_jsonl_is_the_canonical_label_one_a_line() -> None:
    written = FORMATS["jsonl"].head(BODIES) + FORMATS["jsonl"].row(LABEL, BODIES)
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1
    assert orjson.loads(written) == LABEL


def read_csv(*labels: dict) -> list[dict[str, str]]:
    written = FORMATS["csv"].head(BODIES) + b"".join(FORMATS["csv"].row(label, BODIES) for label in labels)
    return list(csv.DictReader(io.StringIO(written.decode(), newline="")))


def test_csv_is_one_row_a_label_with_a_column_for_every_field_of_every_version() -> None:
    [row] = read_csv(LABEL)
    assert row["id"] == "a1"
    assert row["organisation"] == "Nordlys"
    assert [name for name in row if name.startswith("answers.")] == [
        "answers.verdict", "answers.reasons", "answers.note", "answers.score", "answers.boxes",
    ]  # fmt: skip
    assert row["answers.verdict"] == "reject"
    assert row["answers.reasons"] == "minors|health"
    assert orjson.loads(row["answers.boxes"]) == LABEL["answers"]["boxes"]
    assert row["timing.clamped"] == "false"
    assert row["history_hash"] == ""


def test_csv_guards_text_and_leaves_numbers_as_they_are() -> None:
    [row] = read_csv(LABEL)
    assert row["external_id"] == "'=cmd()"
    assert row["answers.note"] == "'-1 æøå\nto"
    assert row["answers.score"] == "-3.5"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+47 22 00", "'+47 22 00"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=b", "a=b"),
        ("'quoted", "'quoted"),
        ("", ""),
        (-4, "-4"),
        (-0.25, "-0.25"),
        (True, "true"),
        (None, ""),
        ([], ""),
        (["=a", "b"], "'=a|b"),
        ([["health", "weight_loss"], ["alcohol"]], "health/weight_loss|alcohol"),
        ([{"id": "m"}], '[{"id":"m"}]'),
        ({"a": 1}, '{"a":1}'),
    ],
)
def test_no_cell_can_be_taken_for_a_formula(value: object, shown: str) -> None:
    assert cell(value) == shown


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_registered_under_its_own_name_and_says_what_it_is(name: str) -> None:
    assert FORMATS[name].name == name
    assert FORMATS[name].summary.endswith(".")
    assert FORMATS[name].suffix.isalnum()
