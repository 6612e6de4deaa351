"""One contract for every field kind: a kind that is added is held to it without another line here."""

import math
from typing import Any

import jsonschema_rs
import pytest

from app.schemas.answers import check, enrich, free_text_values
from app.schemas.json_schema import of_answers
from app.schemas.kinds import KINDS
from app.schemas.validation import check_schema
from app.web.pages import TEMPLATES
from tests.making_schemas import (
    make_box,
    make_choices,
    make_facts,
    make_keypoints,
    make_mask,
    make_polygon,
    make_relation,
    make_schema,
    make_segment,
    make_span,
    make_templates,
    make_track,
)  # fmt: skip

TREE = [{"value": "health", "children": [{"value": "weight_loss"}]}, {"value": "price"}]
# A field of every kind, with answers that fit and answers that do not.
EXAMPLES: dict[str, tuple[dict[str, Any], list[Any], list[Any]]] = {
    "choice": ({"choices": make_choices("a", "b")}, ["a", "b"], ["c", 1, None, ["a"], ""]),
    "choices": (
        {"choices": make_choices("a", "b", "c"), "min": 2, "max": 2},
        [["a", "b"], []],
        ["a", ["a"], ["a", "a"], ["a", "x"], ["a", "b", "c"], [["a"]]],
    ),
    "taxonomy": (
        {"nodes": TREE},
        [[["health"]], [["health", "weight_loss"], ["price"]], []],
        ["health", [["weight_loss"]], [["price", "health"]], [[]], ["health"], [["price"], ["price"]], [[1]]],
    ),
    "rating": ({"min": 1, "max": 3}, [1, 2, 3], [0, 4, 1.5, "2", True, None]),
    "number": (
        {"min": 0, "max": 2, "step": 0.1},
        [0, 0.3, 1.7, 2],
        [-0.1, 2.1, 0.05, math.nan, math.inf, True, "1", None],
    ),
    "text": ({"max_length": 5}, ["", "hei", "12345"], ["123456", "a\nb", 1, None, ["a"]]),
    "boxes": ({"choices": make_choices("bottle")}, [[], [make_box()]], [make_box(), [make_box(x=-1)], ["box"], {}]),
    "ranking": (
        {"choices": make_choices("a", "b", "c")},
        [["b", "a", "c"], ["a", "b", "c"], []],
        ["a", ["b"], ["b", "a"], ["b", "a", "a"], ["b", "a", "x"], ["b", "a", "c", "a"], [["a"], "b", "c"], {}],
    ),
    "polygons": (
        {"choices": make_choices("bottle")},
        [[], [make_polygon()], [make_polygon([0, 0], [1080.01, 0], [1080, 1350], [0, 1350])]],
        [
            [make_polygon([0, 0], [1, 1])],
            [make_polygon([0, 0], [1, 1], [0, 0])],
            [make_polygon([0, 0], [1, 0], [1081, 1])],
            [make_polygon([0, 0], [1, 0], [1, math.nan])],
            [make_polygon([0, 0], [1, 0], [1, 1, 1])],
            [make_polygon(frame=0)],
            [make_polygon(rotation=1)],
            [{**make_polygon(), "points": {}}],
        ],
    ),
    "polylines": (
        {"choices": make_choices("bottle"), "max_points": 3},
        [[], [make_polygon([0, 0], [1, 1])], [make_polygon()]],
        [
            [make_polygon([0, 0])],
            [make_polygon([0, 0], [0, 0])],
            [make_polygon([0, 0], [-1, 1])],
            [make_polygon([0, 0], [1, 0], [2, 0], [3, 0])],
            [make_polygon([0, "1"], [1, 0])],
        ],
    ),
    "keypoints": (
        {"choices": make_choices("bottle"), "templates": make_templates()},
        [[], [make_keypoints()]],
        [
            [make_keypoints(points={"left_eye": [1, 1, 2]})],
            *(
                [make_keypoints(points=make_keypoints()["points"] | wrong)]
                for wrong in (
                    {"nose": [1, 1, 2]},
                    {"mouth": [1, 0, 0]},
                    {"mouth": [1, 1, 3]},
                    {"mouth": [1, 1, True]},
                    {"mouth": [1, 1]},
                    {"mouth": [1081, 1, 1]},
                    {"mouth": [math.inf, 1, 1]},
                    {"mouth": None},
                )
            ),
            [make_keypoints(points={name: [0, 0, 0] for name in make_keypoints()["points"]})],
        ],
    ),
    "masks": (
        {"choices": make_choices("bottle")},
        [[], [make_mask()]],
        [
            [make_mask(size=[1080, 1350])],
            [make_mask(size=[1350])],
            [make_mask(size=[1350, True])],
            [make_mask("0")],
            [make_mask("`j_\\1")],
            [make_mask("03]j_\\")],
            [make_mask("03]j_\\1~")],
            [make_mask("03\u00e9")],
            [make_mask("03]j_\\10")],
            [{**make_mask(), "rle": {"size": [1350, 1080], "counts": [0, 3, 1457997]}}],
            [{**make_mask(), "rle": []}],
        ],
    ),
    "relations": (
        {"choices": make_choices("bottle"), "from": ["s"]},
        [[], [make_relation()], [make_relation("s2", "s1"), make_relation("s2", "s1", id="r2")]],
        [
            [make_relation("s1", "s1")],
            [make_relation("s1", "s3")],
            [make_relation("s1", "r1")],
            [make_relation("s1", 1)],
            [{"id": "r1", "choice": "bottle", "from": "s1"}],
        ],
    ),
    "spans": ({"choices": make_choices("bottle")}, [[], [make_span()]], [[make_span(text="nope")], [make_span(4, 4)]]),
    "segments": (
        {"choices": make_choices("bottle"), "part": "voice"},
        [[], [make_segment()], [make_segment(transcript="hei")]],
        [[make_segment(2, 1)], [make_segment(0, 12)], [make_segment(transcript=1)]],
    ),
    "tracks": ({"choices": make_choices("bottle")}, [[], [make_track()]], [[{**make_track(), "keyframes": []}]]),
}

# What a kind needs beside it: a field with its answer.
BESIDE = {
    "relations": (
        {"name": "s", "kind": "spans", "choices": make_choices("bottle")},
        [make_span(id="s1"), make_span(id="s2")],
    ),
}

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


def example(name: str, **more: Any) -> tuple[dict[str, Any], list[Any], list[Any]]:
    options, good, bad = EXAMPLES[name]
    beside = [BESIDE[name][0]] if name in BESIDE else []
    return make_schema({"name": "q", "kind": name, **options, **more}, *beside), good, bad


def answers_with(schema: dict[str, Any], answer: Any) -> dict[str, Any]:
    kind = schema["fields"][0]["kind"]
    return {"q": answer} | ({"s": BESIDE[kind][1]} if kind in BESIDE else {})


def problems_of(schema: dict[str, Any], answer: Any, *, complete: bool = True) -> list[Any]:
    return check(schema, answers_with(schema, answer), facts=make_facts(), complete=complete)


@every_kind
def test_a_schema_with_it_may_be_published(kind: Any) -> None:
    assert check_schema(example(kind.name)[0]) == []


@every_kind
def test_answers_that_fit_pass_and_the_json_schema_agrees(kind: Any) -> None:
    schema, good, _ = example(kind.name)
    validator = jsonschema_rs.validator_for(of_answers(schema))
    for answer in good:
        assert problems_of(schema, answer) == []
        assert validator.is_valid(answers_with(schema, answer))


@every_kind
def test_answers_that_do_not_fit_are_refused_below_their_path(kind: Any) -> None:
    schema, _, bad = example(kind.name)
    for answer in bad:
        problems = problems_of(schema, answer)
        assert problems, answer
        assert all(problem.path.startswith("/answers/q") for problem in problems)


@every_kind
@pytest.mark.parametrize(
    "answer", [None, 0, True, math.nan, "?", [None], [[]], [{}], {}, {"q": {}}, [{"id": 1}], [[[1]]]]
)
def test_nonsense_never_raises(kind: Any, answer: Any) -> None:
    assert isinstance(problems_of(example(kind.name)[0], answer), list)


@every_kind
def test_an_empty_answer_does_not_satisfy_a_required_field_but_a_draft_may_lack_it(kind: Any) -> None:
    schema, good, _ = example(kind.name, required=True)
    empty = [answer for answer in good if kind.is_empty(answer)]
    for answers in [{}, *({"q": answer} for answer in empty)]:
        wanted = [problem.path for problem in check(schema, answers, facts=make_facts(), complete=True)]
        assert wanted == ["/answers/q"]
        assert check(schema, answers, facts=make_facts(), complete=False) == []
        assert not jsonschema_rs.validator_for(of_answers(schema)).is_valid(answers)


@every_kind
def test_enriching_keeps_all_that_was_given_and_passes_again(kind: Any) -> None:
    schema, good, _ = example(kind.name)
    for answer in good:
        enriched = enrich(schema, answers_with(schema, answer), make_facts())
        assert problems_of(schema, enriched["q"]) == []
        assert enrich(schema, enriched, make_facts()) == enriched


@every_kind
def test_it_has_words_for_pages_and_a_question_for_the_labeling_page(kind: Any) -> None:
    assert kind.title
    assert kind.summary.endswith(".")
    assert (TEMPLATES / kind.template).is_file()
    assert kind.modalities


@every_kind
def test_unknown_options_are_refused_at_their_path(kind: Any) -> None:
    schema = example(kind.name, colour="red")[0]
    assert [problem.path for problem in check_schema(schema)] == ["/fields/0/colour"]


@every_kind
def test_what_when_may_ask_for_is_what_answers_can_have(kind: Any) -> None:
    schema, good, _ = example(kind.name)
    field = schema["fields"][0]
    values = ["a", "bottle", "health", ["health", "weight_loss"], 1, 0.3, "nowhere"]
    askable = [value for value in values if kind.may_be(field, value)]
    assert "nowhere" not in askable
    assert bool(askable) == (kind.name != "text")
    for value in askable:
        holds = jsonschema_rs.validator_for(kind.has_one_of([value]))
        for answer in good:
            assert kind.has(answer, value) == holds.is_valid(answer)


def test_only_texts_and_transcripts_are_free_text() -> None:
    found = {}
    for name in KINDS:
        schema, good, _ = example(name)
        for answer in good:
            found |= free_text_values(schema, answers_with(schema, answer))
    assert found == {"/answers/q": "12345", "/answers/q/0/transcript": "hei"}
