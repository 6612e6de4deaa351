"""Shapes, relations and orders as pages show them; no database."""

from typing import Any

import pytest

from app.assets.rules import AssetFacts, Modality, PartFacts
from app.labels import pictures, places, readable
from app.labels.drawn import Picture
from app.labels.shapes import OUTLINES, Dot
from app.schemas.kinds import KINDS
from tests.making_schemas import make_choices, make_keypoints, make_mask, make_polygon, make_relation, make_templates

BODY = {
    "parts": [
        {"name": "creative", "modality": "image"},
        {"name": "moving", "modality": "image"},
        {"name": "caption", "modality": "text"},
    ],
    "fields": [
        {"name": "zones", "kind": "polygons", "part": "creative", "choices": make_choices("bottle")},
        {"name": "lines", "kind": "polylines", "part": "creative", "choices": make_choices("bottle")},
        {"name": "faces", "kind": "keypoints", "part": "creative", "templates": make_templates(), "choices": make_choices("bottle")},
        {"name": "paint", "kind": "masks", "part": "creative", "choices": make_choices("bottle")},
        {"name": "frames", "kind": "boxes", "part": "moving", "choices": make_choices("bottle")},
        {"name": "claims", "kind": "spans", "choices": [{"value": "claim", "title": {"en": "Claim", "nb": "Påstand"}}]},
        {"name": "ties", "kind": "relations", "choices": [{"value": "proves", "title": {"en": "Proves"}}]},
        {"name": "order", "kind": "ranking", "choices": [{"value": "a", "title": {"en": "Warm"}}, {"value": "b"}]},
        {"name": "best", "kind": "ranking", "parts": ["moving", "caption"]},
    ],
}  # fmt: skip
FACTS = AssetFacts(
    "a", 1, "ad", {},
    (
        PartFacts("creative", Modality.IMAGE, "0" * 64, width=1080, height=1350),
        PartFacts("moving", Modality.IMAGE, "0" * 64, width=100, height=100, frame_count=9),
        PartFacts("caption", Modality.TEXT, "0" * 64, text="Kun 99 kr"),
    ),
)  # fmt: skip
BOX = {"id": "b1", "choice": "bottle", "x": 1, "y": 2, "width": 3, "height": 4}


def drawn(name: str, *marks: dict[str, Any]) -> list[Picture]:
    return [one for one in pictures.draw(BODY, {name: list(marks)}, FACTS, "nb") if one.count]


def only_outline(name: str, mark: dict[str, Any]) -> Any:
    [picture] = drawn(name, mark)
    [shape] = picture.shapes
    assert shape.mark.id == mark["id"]
    return shape.outline


def test_polygons_are_closed_and_lines_are_not() -> None:
    polygon = only_outline("zones", make_polygon([0, 5], [10.25, 0], [5, 8]))
    assert (polygon.path, polygon.is_filled, polygon.at) == ("M0 5L10.25 0L5 8z", True, (0, 0))
    line = only_outline("lines", make_polygon([0, 5], [10.25, 0]))
    assert (line.path, line.is_filled) == ("M0 5L10.25 0", False)


def test_points_are_dots_with_the_skeleton_between_those_that_are_placed() -> None:
    outline = only_outline("faces", make_keypoints())
    assert outline.path == "M10 20L30 20.5"
    assert outline.dots == (Dot(10, 20, "left_eye"), Dot(30, 20.5, "right_eye", is_hollow=True))
    alone = make_keypoints(points={"left_eye": [0, 0, 0], "right_eye": [3, 4, 2], "mouth": [0, 0, 0]})
    assert only_outline("faces", alone).path == ""


def test_a_mask_is_drawn_as_the_outline_of_its_pixels() -> None:
    outline = only_outline("paint", make_mask())
    assert sorted(outline.path.removeprefix("M").removesuffix("z").split("L")) == ["0 0", "0 3", "1 0", "1 3"]


def test_marks_of_a_frame_lie_on_a_picture_of_that_frame_alone() -> None:
    found = drawn("frames", BOX | {"frame": 7}, BOX | {"frame": 0, "id": "b2"}, BOX | {"frame": 7, "id": "b3"})
    assert [(one.part.name, one.frame, [box.mark.id for box in one.boxes]) for one in found] == [
        ("moving", 0, ["b2"]), ("moving", 7, ["b1", "b3"]),
    ]  # fmt: skip
    assert [(one.part.name, one.frame) for one in pictures.draw(BODY, {}, FACTS, "nb")] == [
        ("creative", None), ("moving", None), ("caption", None),
    ]  # fmt: skip


SPANS = [
    {"id": "s1", "choice": "claim", "start": 0, "end": 3, "text": "Kun"},
    {"id": "s2", "choice": "claim", "start": 4, "end": 9, "text": "99 kr"},
]


def test_a_relation_is_listed_with_the_words_of_its_two_ends() -> None:
    answers = {"claims": SPANS, "ties": [make_relation("s2", "s1", choice="proves")]}
    [_, _, caption] = pictures.draw(BODY, answers, FACTS, "nb")
    [tie] = caption.ties
    assert (tie.mark.title, tie.start.quote, tie.end.quote) == ("Proves", "99 kr", "Kun")
    [_, ties] = readable.answers_of(BODY, answers, "nb", facts=FACTS)
    assert ties.marks[0].where == "Påstand “99 kr” → Påstand “Kun”"


def test_an_order_is_read_in_words() -> None:
    answers = {"order": ["b", "a"], "best": ["caption", "moving"]}
    order, best = readable.answers_of(BODY, answers, "en", facts=FACTS)
    assert order.summary == "1. b, 2. Warm"
    assert best.summary == "1. caption, 2. moving"


@pytest.mark.parametrize(
    ("kind", "mark", "words"),
    [
        ("polygons", make_polygon([3, 5], [10.25, 1], [5, 8]), "3 points, from 3, 1"),
        ("polylines", make_polygon([3, 5], [10, 1], frame=2), "2 points, from 3, 1 on frame 2"),
        ("keypoints", make_keypoints(), "2 of 3 points, 1 occluded, from 10, 20"),
        ("masks", make_mask(), "3 pixels within 1 × 3 px at 0, 0"),
    ],
)
def test_where_a_shape_lies_is_said_in_words(kind: str, mark: dict[str, Any], words: str) -> None:
    assert places.where(kind, mark, {}) == words


def test_every_kind_of_mark_is_drawn_and_says_where_it_lies() -> None:
    marking = {name for name, kind in KINDS.items() if kind.makes_marks}
    assert set(places.PLACES) == marking
    assert set(OUTLINES) | set(pictures.DRAWERS) == {name for name in marking if not KINDS[name].is_tie}
