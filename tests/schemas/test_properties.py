"""Properties that hold for any numbers and any text, tried with many."""

from typing import Any

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from app.assets.rules import Modality, PartFacts
from app.schemas.answers import check, enrich
from app.schemas.json_schema import of_answers
from app.schemas.kinds import KINDS
from app.schemas.kinds.frames import FrameTable
from app.schemas.validation import check_schema
from tests.making_schemas import (
    make_box,
    make_choices,
    make_facts,
    make_keyframe,
    make_marks_field,
    make_schema,
    make_segment,
    make_span,
    make_track,
)  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "choice", "x", "start", "fields", "part", "q", "points", "rle", "from", "frame"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
texts = st.text(min_size=1, max_size=40) | st.text(alphabet="a\u0301👩🏽\u200d⚕️🇳🇴אבג \n", min_size=1, max_size=40)
gaps = st.lists(st.integers(1, 500_000), min_size=1, max_size=60)


def table_of(gap_list: list[int]) -> FrameTable:
    times = [0]
    for gap in gap_list[:-1]:
        times.append(times[-1] + gap)
    return FrameTable(tuple(times), times[-1] + gap_list[-1])


def problems(kind: str, mark: Any, *parts: PartFacts) -> list[Any]:
    schema = make_schema(
        make_marks_field(kind), parts=[{"name": part.name, "modality": part.modality.value} for part in parts]
    )
    return check(schema, {"marks": [mark]}, facts=make_facts(*parts), complete=True)


@given(st.sampled_from(sorted(KINDS)), json_values)
def test_no_json_makes_a_check_raise(kind: str, answer: Any) -> None:
    field = {"name": "q", "kind": kind, "choices": make_choices("a", "b"), "nodes": make_choices("a")}
    option = "nodes" if kind == "taxonomy" else "choices"
    kept = {
        name: value
        for name, value in field.items()
        if name not in {"choices", "nodes"} or (name == option and name in KINDS[kind].options)
    }
    kept |= {"templates": {"face": {"points": ["nose"]}}} if kind == "keypoints" else {}
    schema = make_schema(kept, make_marks_field("boxes"))
    assert check_schema(schema) == []
    check(schema, {"q": answer}, facts=make_facts(), complete=True)


@given(json_values)
def test_no_json_makes_validation_raise(body: Any) -> None:
    assert isinstance(check_schema(body), list)
    check_schema(make_schema() | {"fields": [body], "parts": body})
    check_schema(make_schema({"name": "q", "kind": "boxes", "choices": body, "fields": body, "when": body}))


@given(texts, st.data())
def test_every_slice_of_every_text_is_a_span_and_no_other_text_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    part = PartFacts("caption", Modality.TEXT, "1" * 64, text=text)
    span = make_span(start, end, text=text)
    assert problems("spans", span, part) == []
    assert problems("spans", {**span, "text": span["text"] + "x"}, part)
    assert problems("spans", {**span, "end": len(text) + 1}, part)


@given(
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.floats(-50, 5050),
    st.floats(-50, 5050),
    st.floats(0.1, 5000),
    st.floats(0.1, 5000),
)
def test_an_upright_box_fits_exactly_when_its_corners_lie_in_the_picture(
    width: int, height: int, x: float, y: float, w: float, h: float
) -> None:
    part = PartFacts("creative", Modality.IMAGE, "0" * 64, width=width, height=height)
    inside = x >= -0.01 and y >= -0.01 and x + w <= width + 0.01 and y + h <= height + 0.01
    assert (problems("boxes", make_box(x=x, y=y, width=w, height=h), part) == []) == inside


@given(gaps, st.data())
def test_a_frame_agrees_with_its_own_time_and_with_no_time_nearer_to_no_frame(
    gap_list: list[int], data: st.DataObject
) -> None:
    table = table_of(gap_list)
    frame = data.draw(st.integers(0, table.count - 1))
    length = table.starts(frame + 1) - table.starts(frame)
    assert table.agrees(frame, table.starts(frame))
    assert table.agrees(frame, table.starts(frame) + length // 2)
    assert not table.agrees(frame, table.starts(frame) + length // 2 + 1)


@given(gaps, st.data())
def test_segments_between_frames_come_back_as_those_frames(gap_list: list[int], data: st.DataObject) -> None:
    table = table_of(gap_list)
    first = data.draw(st.integers(0, table.count - 1))
    after = data.draw(st.integers(first + 1, table.count))
    part = PartFacts(
        "film", Modality.VIDEO, "3" * 64, width=10, height=10, duration=table.end / 1e6,
        frame_count=table.count, frame_times=table.times, frame_end=table.end,
    )  # fmt: skip
    segment = make_segment(table.starts(first) / 1e6, table.starts(after) / 1e6)
    assert problems("segments", segment, part) == []
    schema = make_schema(make_marks_field("segments"), parts=[{"name": "film", "modality": "video"}])
    mark = enrich(schema, {"marks": [segment]}, make_facts(part))["marks"][0]
    assert (mark["start_frame"], mark["end_frame"]) == (first, after)
    assert problems("segments", mark, part) == []


@given(st.integers(8_000, 96_000), st.integers(1, 10_000_000), st.data())
def test_sample_positions_survive_seconds_of_microseconds(rate: int, samples: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, samples - 1))
    end = data.draw(st.integers(start + 1, samples))
    part = PartFacts("voice", Modality.AUDIO, "2" * 64, duration=samples / rate, sample_rate=rate, samples=samples)
    segment = make_segment(round(start / rate, 6), round(end / rate, 6))
    schema = make_schema(make_marks_field("segments"), parts=[{"name": "voice", "modality": "audio"}])
    mark = enrich(schema, {"marks": [segment]}, make_facts(part))["marks"][0]
    assert (mark["start_sample"], mark["end_sample"]) == (start, end)


@given(json_values)
def test_the_json_schema_refuses_nothing_that_the_server_takes(answer: Any) -> None:
    schema = make_schema(make_marks_field("boxes"), {"name": "q", "kind": "choices", "choices": make_choices("a", "b")})
    answers = {"q": answer, "marks": [make_box()]}
    if not check(schema, answers, facts=make_facts(), complete=True):
        assert jsonschema_rs.validator_for(of_answers(schema)).is_valid(answers)


def test_a_track_over_every_frame_holds() -> None:
    assert problems("tracks", make_track(*(make_keyframe(frame) for frame in range(5))), make_facts().parts[3]) == []
