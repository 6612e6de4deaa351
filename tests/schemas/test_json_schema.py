"""The JSON Schema that other programs check answers with before they send them."""

from typing import Any

import jsonschema_rs
import pytest

from app.schemas.answers import check
from app.schemas.json_schema import of_answers
from tests.making_schemas import (
    make_box,
    make_choices,
    make_facts,
    make_marks_field,
    make_schema,
    make_segment,
    make_span,
    make_verdict,
)  # fmt: skip

SCHEMA = make_schema(
    make_verdict(required=True),
    {"name": "reasons", "kind": "choices", "choices": make_choices("a", "b"), "required": True, "when": {"verdict": ["reject"]}},
    {"name": "policy", "kind": "taxonomy", "nodes": [{"value": "health", "children": make_choices("diet")}]},
    make_marks_field("boxes", fields=[{"name": "seen", "kind": "choice", "choices": make_choices("yes"), "required": True}]),
    {**make_marks_field("spans"), "name": "spans"},
    {**make_marks_field("segments"), "name": "heard", "part": "voice"},
    {"name": "why", "kind": "text", "required": True, "when": {"spans": ["logo"], "policy": ["health"]}},
)  # fmt: skip
SEEN = {"seen": "yes"}

TABLE: list[tuple[dict[str, Any], bool]] = [
    ({"verdict": "allow"}, True),
    ({}, False),
    ({"verdict": "maybe"}, False),
    ({"verdict": "allow", "ghost": 1}, False),
    ({"verdict": "reject"}, False),
    ({"verdict": "reject", "reasons": []}, False),
    ({"verdict": "reject", "reasons": ["a"]}, True),
    ({"verdict": "allow", "reasons": ["a"]}, False),
    ({"verdict": "allow", "marks": [make_box(fields=SEEN)]}, True),
    ({"verdict": "allow", "marks": [make_box()]}, False),
    ({"verdict": "allow", "marks": [make_box(fields={})]}, False),
    ({"verdict": "allow", "marks": [make_box(fields=SEEN, width=0)]}, False),
    ({"verdict": "allow", "marks": [make_box(fields=SEEN, colour="red")]}, False),
    ({"verdict": "allow", "spans": [make_span(choice="logo")]}, True),
    ({"verdict": "allow", "spans": [make_span(choice="logo")], "policy": [["health", "diet"]]}, False),
    ({"verdict": "allow", "spans": [make_span(choice="logo")], "policy": [["health", "diet"]], "why": "x"}, True),
    ({"verdict": "allow", "spans": [make_span(choice="logo")], "policy": [["health", "diet"]], "why": " "}, False),
    ({"verdict": "allow", "spans": [make_span()], "policy": [["health"]], "why": "x"}, False),
    ({"verdict": "allow", "heard": [make_segment(transcript="hei", start_sample=48000, end_sample=96000)]}, True),
    ({"verdict": "allow", "heard": [make_segment(end="2")]}, False),
]


@pytest.mark.parametrize(("answers", "valid"), TABLE)
def test_it_judges_as_the_server_does(answers: dict[str, Any], valid: bool) -> None:
    assert jsonschema_rs.validator_for(of_answers(SCHEMA)).is_valid(answers) is valid
    assert (check(SCHEMA, answers, facts=make_facts(), complete=True) == []) is valid


def test_it_is_a_schema_of_the_2020_12_dialect() -> None:
    schema = of_answers(SCHEMA)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert jsonschema_rs.meta.is_valid(schema)


def test_a_field_whose_part_an_ad_may_lack_is_never_demanded() -> None:
    parts = [{"name": "creative", "modality": "image"}, {"name": "caption", "modality": "text", "required": False}]
    schema = make_schema(
        {"name": "offer", "kind": "text", "part": "caption", "required": True},
        make_marks_field("spans", required=True),
        parts=parts,
    )
    assert jsonschema_rs.validator_for(of_answers(schema)).is_valid({})
