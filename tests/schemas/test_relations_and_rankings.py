"""Relations between marks, and orders of choices or parts."""

from typing import Any

import pytest

from app.assets.rules import Modality, PartFacts
from app.schemas.answers import asked_fields, check
from tests.making_schemas import (
    make_box,
    make_choices,
    make_facts,
    make_relation,
    make_schema,
    make_span,
)  # fmt: skip

CLAIMS = {"name": "claims", "kind": "spans", "choices": make_choices("bottle")}
PROOFS = {"name": "proofs", "kind": "spans", "choices": make_choices("bottle")}
OBJECTS = {"name": "objects", "kind": "boxes", "choices": make_choices("bottle")}
TIES = {"name": "ties", "kind": "relations", "choices": make_choices("bottle")}
MARKS = {
    "claims": [make_span(id="c1"), make_span(id="c2")],
    "proofs": [make_span(id="p1")],
    "objects": [make_box(id="b1")],
}


def paths(field: dict[str, Any], *relations: Any, complete: bool = True, **answers: Any) -> list[str]:
    schema = make_schema(CLAIMS, PROOFS, OBJECTS, field)
    given = MARKS | answers | {"ties": list(relations)}
    return [problem.path for problem in check(schema, given, facts=make_facts(), complete=complete)]


@pytest.mark.parametrize(
    ("options", "ends", "wanted"),
    [
        ({}, ("c1", "c2"), []),
        ({}, ("c1", "b1"), []),
        ({}, ("c1", "r2"), ["to"]),
        ({}, ("c1", "r1"), ["to"]),
        ({}, ("c1", "c1"), ["to"]),
        ({"from": ["claims"], "to": ["proofs", "objects"]}, ("c1", "p1"), []),
        ({"from": ["claims"], "to": ["proofs", "objects"]}, ("c1", "b1"), []),
        ({"from": ["claims"], "to": ["proofs", "objects"]}, ("p1", "c1"), ["from", "to"]),
        ({"to": ["proofs"]}, ("b1", "c1"), ["to"]),
    ],
)
def test_its_ends_are_marks_of_the_fields_it_names(options: Any, ends: tuple[str, str], wanted: list[str]) -> None:
    found = paths(
        {**TIES, **options},
        make_relation(*ends),
        make_relation("c2", "p1", id="r2") if not options else make_relation("c2", "p1", id="r3"),
    )
    assert found == [f"/answers/ties/0/{end}" for end in wanted]


def test_a_mark_that_is_gone_leaves_no_relation_not_even_in_a_draft() -> None:
    assert paths(TIES, make_relation("c1", "p1"), complete=False, proofs=[]) == ["/answers/ties/0/to"]


def test_the_id_of_a_relation_is_unique_among_all_marks() -> None:
    assert paths(TIES, make_relation("c1", "p1", id="c1")) == ["/answers/ties/0/id"]


PARTS = ["answer_a", "answer_b", "answer_c"]
BEST = {"name": "best", "kind": "ranking", "parts": PARTS, "required": True}
WHY = {"name": "why", "kind": "text", "when": {"best": ["answer_b"]}}
SCHEMA = make_schema(BEST, WHY, parts=[{"name": name, "modality": "text", "required": False} for name in PARTS])


def ranked(answers: Any, *names: str, complete: bool = True) -> list[str]:
    parts = [PartFacts(name, Modality.TEXT, "1" * 64, text="x") for name in names or PARTS]
    return [problem.path for problem in check(SCHEMA, answers, facts=make_facts(*parts), complete=complete)]


@pytest.mark.parametrize(
    ("order", "complete", "wanted"),
    [
        (["answer_b", "answer_a", "answer_c"], True, []),
        (["answer_b", "answer_a"], True, [""]),
        (["answer_b", "answer_a"], False, []),
        (["answer_b", "answer_b"], False, ["/1"]),
        (["answer_b", "caption"], False, ["/1"]),
        ([], True, [""]),
        ([], False, []),
    ],
)
def test_every_part_has_its_place_before_it_is_submitted(order: list[str], complete: bool, wanted: list[str]) -> None:
    assert ranked({"best": order}, complete=complete) == [f"/answers/best{path}" for path in wanted]


def test_parts_that_the_ad_lacks_are_not_put_in_order() -> None:
    assert ranked({"best": ["answer_c", "answer_a"]}, "answer_a", "answer_c") == []
    assert ranked({"best": ["answer_c", "answer_b", "answer_a"]}, "answer_a", "answer_c") == ["/answers/best/1"]


def test_when_asks_what_is_first() -> None:
    facts = make_facts(*(PartFacts(name, Modality.TEXT, "1" * 64, text="x") for name in PARTS))
    assert "why" in asked_fields(SCHEMA, {"best": ["answer_b", "answer_a", "answer_c"]}, facts)
    assert "why" not in asked_fields(SCHEMA, {"best": ["answer_a", "answer_b", "answer_c"]}, facts)
