"""Whether answers fit a schema and an ad, table by table."""

import math
from typing import Any

import pytest

from app.assets.rules import Modality, PartFacts
from app.schemas.answers import asked_fields, check, enrich, fits, free_text_values, needs_frames
from tests.making_schemas import (
    AUDIO,
    FLAG,
    FRAMES,
    IMAGE,
    TEXT,
    VIDEO,
    make_box,
    make_choices,
    make_facts,
    make_keyframe,
    make_marks_field,
    make_schema,
    make_segment,
    make_span,
    make_track,
    make_verdict,
)  # fmt: skip

EVERYTHING = make_facts()


def paths(schema: dict[str, Any], answers: Any, **more: Any) -> list[str]:
    given = {"facts": EVERYTHING, "complete": True} | more
    return [problem.path for problem in check(schema, answers, **given)]


def mark_paths(kind: str, *marks: Any, **options: Any) -> list[str]:
    return paths(make_schema(make_marks_field(kind, **options)), {"marks": list(marks)})


def test_answers_that_are_no_object_are_refused() -> None:
    assert paths(make_schema(), []) == ["/answers"]


def test_an_unknown_field_is_refused_and_guessed() -> None:
    problems = check(make_schema(), {"verdct": "allow"}, facts=EVERYTHING, complete=True)
    assert [(problem.path, problem.message) for problem in problems] == [
        ("/answers/verdct", "is not known here; did you mean verdict?")
    ]


def test_paths_escape_what_json_pointers_escape() -> None:
    assert paths(make_schema(), {"a/b~c": 1}) == ["/answers/a~1b~0c"]


REASONS = {
    "name": "reasons",
    "kind": "choices",
    "choices": make_choices("a", "b"),
    "required": True,
    "when": {"verdict": ["reject"]},
}
DETAIL = {"name": "detail", "kind": "text", "required": True, "when": {"reasons": ["b"]}}
CONDITIONAL = make_schema(make_verdict(), REASONS, DETAIL)


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({}, []),
        ({"verdict": "allow"}, []),
        ({"verdict": "allow", "reasons": ["a"]}, ["/answers/reasons"]),
        ({"verdict": "allow", "reasons": []}, ["/answers/reasons"]),
        ({"verdict": "reject"}, ["/answers/reasons"]),
        ({"verdict": "reject", "reasons": ["a"]}, []),
        ({"verdict": "reject", "reasons": ["a"], "detail": "x"}, ["/answers/detail"]),
        ({"verdict": "reject", "reasons": ["b"]}, ["/answers/detail"]),
        ({"verdict": "reject", "reasons": ["b"], "detail": " "}, ["/answers/detail"]),
        ({"verdict": "allow", "reasons": ["b"], "detail": "x"}, ["/answers/reasons", "/answers/detail"]),
    ],
)
def test_a_field_is_asked_only_where_its_condition_and_those_before_it_hold(
    answers: dict[str, Any], wanted: list[str]
) -> None:
    assert paths(CONDITIONAL, answers) == wanted


def test_a_condition_may_speak_of_marks_and_of_paths() -> None:
    tree = {"name": "policy", "kind": "taxonomy", "nodes": [{"value": "health", "children": make_choices("diet")}]}
    boxes = make_marks_field("boxes")
    note = {"name": "note", "kind": "text", "when": {"policy": ["health"], "marks": ["bottle"]}}
    schema = make_schema(tree, boxes, note)
    assert paths(schema, {"policy": [["health", "diet"]], "marks": [make_box()], "note": "x"}) == []
    assert paths(schema, {"policy": [["health", "diet"]], "marks": [make_box(choice="logo")], "note": "x"}) == [
        "/answers/note"
    ]


def test_a_field_of_an_absent_part_is_neither_asked_nor_required() -> None:
    schema = make_schema(
        make_marks_field("spans", required=True), {"name": "offer", "kind": "text", "part": "caption", "required": True}
    )
    only_image = make_facts(IMAGE)
    assert paths(schema, {}, facts=only_image) == []
    assert paths(schema, {"marks": [], "offer": "x"}, facts=only_image) == ["/answers/marks", "/answers/offer"]
    assert paths(schema, {}) == ["/answers/marks", "/answers/offer"]


def test_a_part_of_another_modality_under_the_same_name_does_not_count() -> None:
    impostor = make_facts(PartFacts("creative", Modality.TEXT, "0" * 64, text="x"))
    schema = make_schema(make_marks_field("boxes"))
    assert asked_fields(schema, {}, impostor) == {}
    assert not fits(schema, {"creative": "text"})


def test_an_ad_fits_when_every_required_part_is_there() -> None:
    schema = make_schema(
        parts=[{"name": "a", "modality": "image"}, {"name": "b", "modality": "text", "required": False}]
    )
    assert fits(schema, {"a": "image"})
    assert fits(schema, {"a": Modality.IMAGE, "b": "text", "extra": "audio"})
    assert not fits(schema, {"b": "text"})


BOXES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"x": 0, "y": 0, "width": 1080, "height": 1350}, []),
    ({"x": -0.01, "width": 1080.01}, []),
    ({"x": 0, "width": 1080.01}, []),
    ({"x": -0.02}, ["/x"]),
    ({"y": -0.02}, ["/y"]),
    ({"x": 1060, "width": 20.02}, ["/width"]),
    ({"y": 1340, "height": 10.02}, ["/height"]),
    ({"width": 0}, ["/width"]),
    ({"height": -1}, ["/height"]),
    ({"x": math.nan}, ["/x"]),
    ({"y": math.inf}, ["/y"]),
    ({"x": "10"}, ["/x"]),
    ({"x": True}, ["/x"]),
    ({"x": 10**400}, ["/x"]),
    ({"rotation": 45, "x": -10}, []),
    ({"rotation": 360, "x": -10}, ["/x"]),
    ({"rotation": 45, "x": -20}, ["/x"]),
    ({"rotation": -30, "y": 1340, "height": 20.02}, []),
    ({"rotation": -30, "y": 1345, "height": 20}, ["/y"]),
    ({"rotation": math.nan}, ["/rotation"]),
    ({"choice": "ghost"}, ["/choice"]),
    ({"choice": None}, ["/choice"]),
    ({"id": ""}, ["/id"]),
    ({"id": 1}, ["/id"]),
    ({"part": "voice"}, ["/part"]),
    ({"part": ["creative"]}, ["/part"]),
    ({"part": "creative"}, []),
    ({"source": "robot"}, ["/source"]),
    ({"source": "suggestion_edited", "suggestion_id": "s1"}, []),
    ({"suggestion_id": 1}, ["/suggestion_id"]),
    ({"colour": "red"}, ["/colour"]),
    ({"fields": []}, ["/fields"]),
    ({"fields": {"ghost": 1}}, ["/fields/ghost"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "wanted"), BOXES)
def test_boxes(changes: dict[str, Any], wanted: list[str]) -> None:
    assert mark_paths("boxes", make_box(**changes)) == [f"/answers/marks/0{path}" for path in wanted]


def test_a_missing_property_of_a_mark_is_named() -> None:
    box = make_box()
    del box["width"], box["choice"]
    assert mark_paths("boxes", box) == ["/answers/marks/0/choice", "/answers/marks/0/width"]


def test_a_box_smaller_than_the_field_allows_is_refused() -> None:
    assert mark_paths("boxes", make_box(width=3), min_size=4) == ["/answers/marks/0/width"]


def test_mark_ids_are_unique_in_the_whole_label() -> None:
    schema = make_schema(make_marks_field("boxes"), make_marks_field("spans", name="spans"))
    answers = {"marks": [make_box(), make_box()], "spans": [make_span()]}
    assert paths(schema, answers) == ["/answers/marks/1/id", "/answers/spans/0/id"]


def test_a_mark_names_its_part_where_the_field_has_several() -> None:
    parts = [{"name": "creative", "modality": "image"}, {"name": "landing", "modality": "image", "required": False}]
    schema = make_schema(make_marks_field("boxes"), parts=parts)
    both = make_facts(IMAGE, PartFacts("landing", Modality.IMAGE, "4" * 64, width=50, height=50))
    assert paths(schema, {"marks": [make_box()]}, facts=both) == ["/answers/marks/0/part"]
    assert paths(schema, {"marks": [make_box(part="landing")]}, facts=both) == ["/answers/marks/0/height"]
    assert paths(schema, {"marks": [make_box(part="creative")]}, facts=both) == []
    assert paths(schema, {"marks": [make_box(part="landing")]}, facts=make_facts(IMAGE)) == ["/answers/marks/0/part"]


SPANS: list[tuple[str, int, int, list[str]]] = [
    ("the whole emoji with its joiners", 0, 4, []),
    ("a piece of the emoji is its code points", 0, 2, []),
    ("a combining mark alone", 9, 10, []),
    ("right to left", 11, 15, []),
    ("a flag of two code points", 16, 18, []),
    ("to the very end", 0, len(FLAG), []),
    ("past the end", 0, len(FLAG) + 1, ["/end"]),
    ("nothing", 3, 3, ["/end"]),
    ("backwards", 4, 3, ["/end"]),
    ("negative", -1, 3, ["/start"]),
]


@pytest.mark.parametrize(("start", "end", "wanted"), [row[1:] for row in SPANS], ids=[row[0] for row in SPANS])
def test_spans_count_code_points(start: int, end: int, wanted: list[str]) -> None:
    assert mark_paths("spans", make_span(start, end)) == [f"/answers/marks/0{path}" for path in wanted]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"text": "Ol"}, "/text"),
        ({"text": 1}, "/text"),
        ({"start": 0.0}, "/start"),
        ({"end": True}, "/end"),
        ({"start": None}, "/start"),
    ],
)
def test_a_span_whose_words_or_offsets_do_not_hold_is_refused(changes: dict[str, Any], wanted: str) -> None:
    assert mark_paths("spans", make_span(6, 8) | changes) == [f"/answers/marks/0{wanted}"]


def test_utf_16_offsets_are_refused_by_their_text() -> None:
    as_javascript_counts = FLAG.encode("utf-16-le")[2 * 8 : 2 * 10].decode("utf-16-le")
    assert mark_paths("spans", {**make_span(8, 10), "text": as_javascript_counts}) == ["/answers/marks/0/text"]


def test_overlapping_spans_are_refused_only_where_the_field_says_so() -> None:
    spans = [make_span(0, 4), make_span(3, 6, id="m2"), make_span(6, 8, id="m3")]
    assert mark_paths("spans", *spans) == []
    assert mark_paths("spans", *spans, overlapping=False) == ["/answers/marks/1"]


AUDIO_SEGMENTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"start": 0, "end": 11.5}, []),
    ({"end": 11.500001}, []),
    ({"end": 11.5001}, ["/end"]),
    ({"start": -0.001}, ["/start"]),
    ({"start": 2.0}, ["/end"]),
    ({"start": 1.9999999}, ["/end"]),
    ({"start": math.nan}, ["/start"]),
    ({"end": math.inf}, ["/end"]),
    ({"transcript": "hallo"}, []),
    ({"transcript": None}, ["/transcript"]),
    ({"words": [{"text": "ha", "start": 1.1, "end": 1.3}, {"text": "llo", "start": 1.2, "end": 1.4}]}, []),
    ({"words": [{"text": "ha", "start": 1.1}]}, ["/words/0/end"]),
    ({"words": [{"text": "", "start": 1.1, "end": 1.2}]}, ["/words/0/text"]),
    ({"words": [{"text": "ha", "start": 1.1, "end": 99}]}, ["/words/0"]),
    (
        {"words": [{"text": "ha", "start": 1.3, "end": 1.4}, {"text": "llo", "start": 1.2, "end": 1.4}]},
        ["/words/1/start"],
    ),
    ({"start_sample": 48_000, "end_sample": 96_001}, []),
    ({"start_sample": 47_998}, ["/start_sample"]),
    ({"start_frame": 0}, ["/start_frame"]),
]


@pytest.mark.parametrize(("changes", "wanted"), AUDIO_SEGMENTS)
def test_segments_of_audio(changes: dict[str, Any], wanted: list[str]) -> None:
    found = mark_paths("segments", make_segment() | changes, part="voice")
    assert found == [f"/answers/marks/0{path}" for path in wanted]


def test_transcripts_follow_the_field_and_the_modality() -> None:
    said = make_segment(0.0, 0.1, transcript="hei")
    assert mark_paths("segments", said, part="voice", transcript=False) == ["/answers/marks/0/transcript"]
    assert mark_paths("segments", said, part="film") == ["/answers/marks/0/transcript"]
    assert mark_paths("segments", said, part="film", transcript=True) == []


VIDEO_SEGMENTS: list[tuple[float, float, tuple[int, int]]] = [
    (0.0, 0.25, (0, 5)),
    (0.033333, 0.066667, (1, 2)),
    (0.05, 0.07, (1, 3)),
    (0.1, 0.12, (2, 3)),
    (0.15, 0.166667, (3, 4)),
    (0.2, 0.25, (4, 5)),
]


@pytest.mark.parametrize(("start", "end", "frames"), VIDEO_SEGMENTS)
def test_segments_of_video_get_the_frames_that_are_shown(start: float, end: float, frames: tuple[int, int]) -> None:
    schema = make_schema(make_marks_field("segments", part="film"))
    answers = {"marks": [make_segment(start, end)]}
    mark = enrich(schema, answers, EVERYTHING)["marks"][0]
    assert (mark["start_frame"], mark["end_frame"]) == frames
    assert "start_frame" not in answers["marks"][0]


@pytest.mark.parametrize(
    ("frames", "wanted"),
    [((1, 3), []), ((2, 3), []), ((0, 3), ["/start_frame"]), ((1, 5), ["/end_frame"]), ((1, 6), ["/end_frame"])],
)
def test_frames_that_come_along_must_agree_with_the_times(frames: tuple[int, int], wanted: list[str]) -> None:
    segment = make_segment(0.05, 0.1, start_frame=frames[0], end_frame=frames[1])
    assert mark_paths("segments", segment, part="film") == [f"/answers/marks/0{path}" for path in wanted]


def test_segments_of_audio_get_samples_at_the_original_rate() -> None:
    schema = make_schema(make_marks_field("segments", part="voice"))
    mark = enrich(schema, {"marks": [make_segment(0.5, 11.5)]}, EVERYTHING)["marks"][0]
    assert (mark["start_sample"], mark["end_sample"]) == (24_000, 552_000)


TRACKS: list[tuple[str, list[dict[str, Any]], list[str]]] = [
    ("every frame at its time", [make_keyframe(frame) for frame in range(5)], []),
    ("half a frame early", [make_keyframe(1, time=0.033333 - 0.016667)], []),
    ("more than half a frame early", [make_keyframe(1, time=0.033333 - 0.016668)], ["/0/time"]),
    ("half of a long frame late", [make_keyframe(2, time=0.108333)], []),
    ("more than half of a long frame late", [make_keyframe(2, time=0.10834)], ["/0/time"]),
    ("half of the last frame late", [make_keyframe(4, time=0.208333)], []),
    ("more than half of the last frame late", [make_keyframe(4, time=0.20834)], ["/0/time"]),
    ("a frame that is not there", [make_keyframe(5)], ["/0/frame"]),
    ("frames out of order", [make_keyframe(2), make_keyframe(1)], ["/1/frame"]),
    ("a frame twice", [make_keyframe(2), make_keyframe(2)], ["/1/frame"]),
    ("a box outside", [make_keyframe(0, x=635)], ["/0/width"]),
    ("flags that are words", [make_keyframe(0, outside="no")], ["/0/outside"]),
    ("no time", [{key: value for key, value in make_keyframe().items() if key != "time"}], ["/0/time"]),
]  # fmt: skip


@pytest.mark.parametrize(("keyframes", "wanted"), [row[1:] for row in TRACKS], ids=[row[0] for row in TRACKS])
def test_tracks(keyframes: list[dict[str, Any]], wanted: list[str]) -> None:
    assert mark_paths("tracks", make_track(*keyframes)) == [f"/answers/marks/0/keyframes{path}" for path in wanted]


def test_a_video_whose_frame_table_was_not_fetched_is_a_mistake_of_ours() -> None:
    facts = make_facts(PartFacts("film", Modality.VIDEO, "3" * 64, width=640, height=360, duration=0.25))
    with pytest.raises(ValueError, match="without its frame table"):
        paths(make_schema(make_marks_field("tracks")), {"marks": [make_track()]}, facts=facts)


def test_only_marks_on_video_need_the_frame_table() -> None:
    assert needs_frames(make_schema(make_marks_field("tracks")))
    assert not needs_frames(make_schema(make_marks_field("boxes")))
    assert not needs_frames(make_schema(make_marks_field("segments"), parts=[{"name": "voice", "modality": "audio"}]))
    assert len(FRAMES) == VIDEO.frame_count
    assert TEXT.text == FLAG
    assert AUDIO.samples


INNER = [
    {"name": "seen", "kind": "choice", "choices": make_choices("yes", "no"), "required": True},
    {"name": "why", "kind": "text", "required": True, "when": {"seen": ["no"]}},
]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"seen": "yes"}, []),
        ({}, ["/seen"]),
        ({"seen": "maybe"}, ["/seen"]),
        ({"seen": "yes", "why": "x"}, ["/why"]),
        ({"seen": "no"}, ["/why"]),
        ({"seen": "no", "why": "dark"}, []),
    ],
)
def test_the_fields_of_a_mark_are_held_to_the_same_rules(fields: dict[str, Any], wanted: list[str]) -> None:
    schema = make_schema(make_marks_field("boxes", fields=INNER))
    assert paths(schema, {"marks": [make_box(fields=fields)]}) == [f"/answers/marks/0/fields{path}" for path in wanted]


def test_what_the_labeler_wrote_is_found_in_marks_too() -> None:
    schema = make_schema(
        make_marks_field("segments", part="voice", fields=[{"name": "why", "kind": "text"}]),
        {"name": "note", "kind": "text"},
    )
    answers = {"note": "kort", "marks": [make_segment(transcript="hei", fields={"why": "rask"})]}
    assert free_text_values(schema, answers) == {
        "/answers/note": "kort",
        "/answers/marks/0/transcript": "hei",
        "/answers/marks/0/fields/why": "rask",
    }


@pytest.mark.parametrize(
    ("sources", "wanted"),
    [
        ({"verdict": {"source": "suggestion", "suggestion_id": "s1"}}, []),
        ({"verdict": {"source": "robot"}}, ["/sources/verdict/source"]),
        ({"verdict": {}}, ["/sources/verdict/source"]),
        ({"verdict": "human"}, ["/sources/verdict"]),
        ({"ghost": {"source": "human"}}, ["/sources/ghost"]),
        ({"marks": {"source": "human"}}, ["/sources/marks"]),
        ({"note": {"source": "human"}}, ["/sources/note"]),
        ([], ["/sources"]),
    ],
)
def test_sources_speak_of_plain_answers(sources: Any, wanted: list[str]) -> None:
    schema = make_schema(make_verdict(), make_marks_field("boxes"), {"name": "note", "kind": "text"})
    assert paths(schema, {"verdict": "allow", "marks": [make_box()]}, sources=sources) == wanted


@pytest.mark.parametrize(
    ("evidence", "wanted"),
    [
        ([{"field": "verdict", "choice": "reject", "clause": "3.2", "marks": ["m1"]}], []),
        ([{"field": "verdict", "choice": "allow", "marks": ["m1"]}], ["/evidence/0/choice"]),
        ([{"field": "verdict", "choice": "reject", "marks": ["m1", "m9"]}], ["/evidence/0/marks/1"]),
        ([{"field": "verdict", "marks": "m1"}], ["/evidence/0/marks"]),
        ([{"field": "ghost"}], ["/evidence/0/field"]),
        ([{"field": ["verdict"]}], ["/evidence/0/field"]),
        ([{"choice": "reject"}], ["/evidence/0/field"]),
        ([{"field": "verdict", "clause": "§ 3"}], ["/evidence/0/clause"]),
        (["verdict"], ["/evidence/0"]),
        ({}, ["/evidence"]),
    ],
)
def test_evidence_ties_marks_that_are_there_to_a_decision_that_was_made(evidence: Any, wanted: list[str]) -> None:
    schema = make_schema(make_verdict(), make_marks_field("boxes"))
    assert paths(schema, {"verdict": "reject", "marks": [make_box()]}, evidence=evidence) == wanted
