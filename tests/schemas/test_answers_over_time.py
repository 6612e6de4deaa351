"""Answers of a track that change: asked in the schema, given at keyframes, held to both."""

from typing import Any

import pytest

from app.assets.rules import AssetFacts, Modality, PartFacts
from app.labels.readable import answers_of
from app.schemas import answers, json_schema
from app.schemas.validation import check_schema

LID: dict[str, Any] = {
    "name": "lid", "kind": "choice", "required": True, "changes": True,
    "choices": [{"value": "shut"}, {"value": "open", "title": {"en": "Wide open"}}],
}  # fmt: skip
NOTE: dict[str, Any] = {"name": "note", "kind": "text", "changes": True}
BRAND: dict[str, Any] = {"name": "brand", "kind": "choice", "choices": [{"value": "known"}, {"value": "unknown"}]}


def schema(*fields: dict[str, Any], kind: str = "tracks") -> dict[str, Any]:
    modality = "video" if kind == "tracks" else "image"
    inner = list(fields)
    return {
        "name": "Bottles",
        "parts": [{"name": "clip", "modality": modality}],
        "fields": [{"name": "bottles", "kind": kind, "choices": [{"value": "bottle"}], "fields": inner}],
    }


def keyframe(frame: int, **fields: Any) -> dict[str, Any]:
    box = {"frame": frame, "time": frame / 10, "x": 0, "y": 0, "width": 10, "height": 10}
    return box | ({"fields": fields} if fields else {})


def problems(*keyframes: dict[str, Any], complete: bool = True, **own: Any) -> list[str]:
    times = tuple(frame * 100_000 for frame in range(20))
    part = PartFacts(
        "clip", Modality.VIDEO, "0" * 64, width=100, height=100, duration=2.0, frame_count=20, frame_times=times,
        frame_end=2_000_000,
    )  # fmt: skip
    mark = {"id": "m", "choice": "bottle", "keyframes": list(keyframes)} | ({"fields": own} if own else {})
    facts = AssetFacts("a", 1, "x", {}, (part,))
    found = answers.check(schema(LID, NOTE, BRAND), {"bottles": [mark]}, facts=facts, complete=complete)
    return [problem.path.removeprefix("/answers/bottles/0") for problem in found]


def test_keyframes_carry_answers_and_the_first_one_all_that_are_required() -> None:
    assert check_schema(schema(LID, NOTE, BRAND)) == []
    assert problems(keyframe(0, lid="shut"), keyframe(3), keyframe(5, lid="open", note="see"), brand="known") == []
    assert problems(keyframe(0), keyframe(5, lid="open")) == ["/keyframes/0/fields/lid"]
    assert problems(keyframe(0), keyframe(5, lid="open"), complete=False) == []


@pytest.mark.parametrize(
    ("given", "own", "path"),
    [
        pytest.param({"lid": "ajar"}, {}, "/keyframes/0/fields/lid", id="no such choice"),
        pytest.param({"lid": "shut", "brand": "known"}, {}, "/keyframes/0/fields/brand", id="does not change"),
        pytest.param({"lid": "shut", "hat": 1}, {}, "/keyframes/0/fields/hat", id="unknown"),
        pytest.param({"lid": "shut"}, {"lid": "shut"}, "/fields/lid", id="changes, so not of the whole mark"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_keyframe(given: dict[str, Any], own: dict[str, Any], path: str) -> None:
    assert problems(keyframe(0, **given), **own) == [path]


def test_fields_that_are_no_object_are_refused() -> None:
    assert problems({**keyframe(0), "fields": ["shut"]}) == ["/keyframes/0/fields"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param(schema(LID, kind="boxes"), "/fields/0/fields/0/changes", id="only tracks"),
        pytest.param(schema({**LID, "changes": "yes"}), "/fields/0/fields/0/changes", id="no flag"),
        pytest.param(schema(BRAND, {**LID, "when": {"brand": ["known"]}}), "/fields/0/fields/1/when", id="conditional"),
        pytest.param(
            schema(LID, {**BRAND, "when": {"lid": ["open"]}}), "/fields/0/fields/1/when/lid", id="depended on"
        ),
    ],
)
def test_a_schema_that_cannot_mean_it_is_refused(body: dict[str, Any], path: str) -> None:
    assert [problem.path for problem in check_schema(body)] == [path]


def test_the_json_schema_has_them_in_keyframes() -> None:
    made = json_schema.of_answers(schema(LID, BRAND))["properties"]["bottles"]["items"]
    assert set(made["properties"]["keyframes"]["items"]["properties"]["fields"]["properties"]) == {"lid"}
    assert set(made["properties"]["fields"]["properties"]) == {"brand"}
    assert "fields" not in made["required"]


def test_words_and_pages_know_answers_over_time() -> None:
    mark = {"id": "m", "choice": "bottle", "keyframes": [
        keyframe(0, lid="shut", note="mine"), keyframe(4, lid="shut"), keyframe(7, lid="open"),
    ]}  # fmt: skip
    body = schema(LID, NOTE, BRAND)
    found = answers.free_text_values(body, {"bottles": [mark]})
    assert found == {"/answers/bottles/0/keyframes/0/fields/note": "mine"}
    [answer] = answers_of(body, {"bottles": [mark]}, "en")
    lid, note = answer.marks[0].answers
    assert [value.text for value in lid.values] == ["shut from frame 0", "Wide open from frame 7"]
    assert [value.text for value in note.values] == ["mine from frame 0"]
