"""When the choice itself submits."""

from typing import Any

import pytest

from app.schemas.one_key import submits_by_choice
from app.schemas.validation import check_schema
from tests.making_schemas import make_marks_field, make_schema, make_verdict

NOTE: dict[str, Any] = {"name": "note", "kind": "text"}
OTHER = make_verdict(name="other")


@pytest.mark.parametrize(
    ("fields", "submit", "by_choice"),
    [
        pytest.param([make_verdict(required=True)], None, True, id="one required choice and nothing else"),
        pytest.param([make_verdict(required=True)], "button", False, id="the schema asks for the button"),
        pytest.param([make_verdict(required=False)], None, False, id="a choice that may stay open"),
        pytest.param([make_verdict(required=True), NOTE], None, False, id="an optional question beside it"),
        pytest.param([make_verdict(required=True), NOTE], "key", True, id="the schema asks for the key"),
        pytest.param([make_verdict(required=True), OTHER], "key", False, id="two choices"),
        pytest.param([NOTE | {"required": True}], None, False, id="a text"),
        pytest.param(
            [make_verdict(required=True), make_marks_field("boxes")], "key", False, id="marks are never submitted so"
        ),
    ],
)
def test_a_choice_submits_where_it_is_all_there_is_to_decide(
    fields: list[dict[str, Any]], submit: str | None, by_choice: bool
) -> None:
    schema = make_schema(*fields) | ({} if submit is None else {"submit": submit})
    assert submits_by_choice(schema) is by_choice


@pytest.mark.parametrize(
    ("fields", "submit", "paths"),
    [
        pytest.param([make_verdict(required=True), NOTE], "key", [], id="may be"),
        pytest.param([make_verdict(required=True), OTHER | {"required": True}], "key", ["/submit"], id="two questions"),
        pytest.param([make_verdict(required=True), make_marks_field("boxes")], "key", ["/submit"], id="marks"),
        pytest.param([make_verdict(required=True)], "enter", ["/submit"], id="no such way"),
    ],
)
def test_publishing_refuses_the_key_where_it_could_not_decide(
    fields: list[dict[str, Any]], submit: str, paths: list[str]
) -> None:
    assert [problem.path for problem in check_schema(make_schema(*fields) | {"submit": submit})] == paths
