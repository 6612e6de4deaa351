"""Marks on pictures in detail: their frames, and the path of every fault."""

from dataclasses import replace
from typing import Any

import pytest

from app.assets.rules import PartFacts
from app.schemas.answers import check
from tests.making_schemas import (
    IMAGE,
    make_box,
    make_facts,
    make_keypoints,
    make_marks_field,
    make_mask,
    make_polygon,
    make_schema,
    make_templates,
)  # fmt: skip

MOVING = replace(IMAGE, frame_count=5)
MARKS = {
    "boxes": make_box,
    "polygons": make_polygon,
    "polylines": make_polygon,
    "keypoints": make_keypoints,
    "masks": make_mask,
}
every_shape = pytest.mark.parametrize("kind", sorted(MARKS))


def problems(kind: str, *marks: Any, part: PartFacts = IMAGE, **options: Any) -> list[tuple[str, str]]:
    options |= {"templates": make_templates()} if kind == "keypoints" and "templates" not in options else {}
    schema = make_schema(make_marks_field(kind, **options), parts=[{"name": "creative", "modality": "image"}])
    found = check(schema, {"marks": list(marks)}, facts=make_facts(part), complete=True)
    return [(problem.path, problem.message) for problem in found]


def paths(kind: str, *marks: Any, **options: Any) -> list[str]:
    return [path for path, _ in problems(kind, *marks, **options)]


@every_shape
def test_a_mark_on_a_picture_that_moves_names_its_frame(kind: str) -> None:
    make = MARKS[kind]
    assert problems(kind, make(frame=0), make(frame=4, id="m2"), part=MOVING) == []
    assert problems(kind, make(), part=MOVING) == [("/answers/marks/0/frame", "is required: creative has 5 frames")]
    assert problems(kind, make(frame=5), part=MOVING) == [
        ("/answers/marks/0/frame", "is after the last frame of creative, which is 4")
    ]


@every_shape
def test_a_mark_on_a_still_picture_names_none(kind: str) -> None:
    for part in (IMAGE, replace(IMAGE, frame_count=1)):
        assert problems(kind, MARKS[kind](frame=0), part=part) == [
            ("/answers/marks/0/frame", "does not go with creative, which does not move")
        ]


@every_shape
@pytest.mark.parametrize("frame", [-1, 1.5, "0", None, True])
def test_a_frame_is_a_whole_number(kind: str, frame: Any) -> None:
    assert paths(kind, MARKS[kind](frame=frame), part=MOVING) == ["/answers/marks/0/frame"]


@pytest.mark.parametrize(
    ("point", "wanted"),
    [
        ([-0.01, 0], []),
        ([1080.01, 1350.01], []),
        ([-0.011, 0], ["/0"]),
        ([0, 1350.011], ["/1"]),
        ([2000, 2000], ["/0", "/1"]),
        ([float("nan"), 0], ["/0"]),
        ([0, float("-inf")], ["/1"]),
        ([0], [""]),
        ("0,0", [""]),
        ({"x": 0, "y": 0}, [""]),
    ],
)
def test_a_point_of_a_line_lies_in_the_picture(point: Any, wanted: list[str]) -> None:
    mark = make_polygon([10, 10], [20, 10], [20, 20], point)
    assert paths("polygons", mark) == [f"/answers/marks/0/points/3{path}" for path in wanted]
    assert paths("polylines", mark) == [f"/answers/marks/0/points/3{path}" for path in wanted]


def test_the_number_of_points_is_bounded_by_the_field() -> None:
    square = make_polygon([0, 0], [9, 0], [9, 9], [0, 9])
    assert paths("polygons", square, min_points=4, max_points=4) == []
    assert paths("polygons", square, min_points=5) == ["/answers/marks/0/points"]
    assert paths("polygons", square, max_points=3) == ["/answers/marks/0/points"]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"mouth": [5, 5, 2]}, []),
        ({"mouth": [1081, 5, 2]}, ["/mouth/0"]),
        ({"mouth": [5, 5, 0]}, ["/mouth"]),
        ({"mouth": [5, 5, 2.5]}, ["/mouth/2"]),
        ({"nose": [5, 5, 2]}, ["/nose"]),
        ({"a/b": [5, 5, 2]}, ["/a~1b"]),
    ],
)
def test_points_by_name_are_those_of_the_template(changes: dict[str, Any], wanted: list[str]) -> None:
    mark = make_keypoints(points=make_keypoints()["points"] | changes)
    assert paths("keypoints", mark) == [f"/answers/marks/0/points{path}" for path in wanted]


def test_each_choice_has_the_template_that_it_names() -> None:
    templates = {**make_templates(), "hand": {"points": ["thumb", "palm"]}}
    choices = [{"value": "bottle", "template": "face"}, {"value": "logo", "template": "hand"}]
    hand = make_keypoints(id="m2", choice="logo", points={"thumb": [1, 1, 2], "palm": [0, 0, 0]})
    assert paths("keypoints", make_keypoints(), hand, templates=templates, choices=choices) == []
    wrong = paths("keypoints", {**hand, "choice": "bottle"}, templates=templates, choices=choices)
    assert wrong == [
        *(f"/answers/marks/0/points/{name}" for name in ("left_eye", "right_eye", "mouth", "thumb", "palm")),
    ]


def test_a_mask_has_the_size_of_the_upright_picture_and_pixels_in_it() -> None:
    assert problems("masks", make_mask(size=[1080, 1350])) == [
        ("/answers/marks/0/rle/size", "must be [1350, 1080], the height and width of creative")
    ]
    assert problems("masks", make_mask("03")) == [
        ("/answers/marks/0/rle/counts", "covers 3 pixels, and 1080 x 1350 are 1458000")
    ]
    assert problems("masks", make_mask("`j_\\1")) == [("/answers/marks/0/rle/counts", "has no pixel in it")]
