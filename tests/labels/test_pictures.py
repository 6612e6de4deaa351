"""Marks as pages draw them; no database."""

import re

import pytest

from app.assets.rules import AssetFacts, Modality, PartFacts
from app.labels import pictures, readable
from app.labels.drawn import EXCERPT, LINE, Mark, Picture, Run
from app.labels.pictures import PALETTE
from app.web.static import FOLDER

BODY = {
    "parts": [
        {"name": "creative", "modality": "image"},
        {"name": "caption", "modality": "text"},
        {"name": "voice", "modality": "audio"},
        {"name": "film", "modality": "video"},
    ],
    "fields": [
        {"name": "objects", "kind": "boxes", "title": {"en": "Objects"}, "choices": [
            {"value": "bottle", "title": {"en": "Bottle", "nb": "Flaske"}, "color": "#c2410c"}, {"value": "glass"},
        ]},
        {"name": "claims", "kind": "spans", "choices": [{"value": "price"}, {"value": "urgency"}]},
        {"name": "speech", "kind": "segments", "part": "voice", "choices": [{"value": "offer"}]},
        {"name": "logos", "kind": "tracks", "choices": [{"value": "logo"}]},
    ],
}  # fmt: skip
FACTS = AssetFacts(
    "a", 1, "ad", {},
    (
        PartFacts("creative", Modality.IMAGE, "0" * 64, width=400, height=200),
        PartFacts("caption", Modality.TEXT, "0" * 64, text="Buy 🙂 now"),
        PartFacts("voice", Modality.AUDIO, "0" * 64, duration=10.0),
        PartFacts("film", Modality.VIDEO, "0" * 64, width=640, height=360, duration=4.0),
    ),
)  # fmt: skip
BOX = {"id": "b1", "choice": "bottle", "x": 10, "y": 20, "width": 30, "height": 40}


def drawn(name: str, *marks: dict) -> Picture:
    """The picture of the part that the marks of this field lie on."""
    found = [one for one in pictures.draw(BODY, {name: list(marks)}, FACTS, "nb") if one.count]
    assert len(found) == 1
    return found[0]


def test_a_box_lies_in_the_originals_pixels_with_its_choices_colour_and_title() -> None:
    [box] = drawn("objects", BOX).boxes
    assert (box.x, box.y, box.width, box.height, box.turn) == (10, 20, 30, 40, "")
    assert (box.mark.title, box.mark.color, box.mark.source) == ("Flaske", "#c2410c", "human")


def test_a_turned_box_turns_about_its_centre() -> None:
    [box] = drawn("objects", BOX | {"rotation": 90}).boxes
    assert box.turn == "rotate(90 25 40)"


def test_spans_cut_text_at_code_points_and_overlap() -> None:
    picture = drawn(
        "claims",
        {"id": "s1", "choice": "price", "start": 0, "end": 5, "text": "Buy 🙂"},
        {"id": "s2", "choice": "urgency", "start": 4, "end": 9, "text": "🙂 now"},
    )
    assert [(run.text, [mark.id for mark in run.marks]) for run in picture.runs()] == [
        ("Buy ", ["s1"]), ("🙂", ["s1", "s2"]), (" now", ["s2"]),
    ]  # fmt: skip


def test_a_text_without_spans_is_one_run() -> None:
    [_, caption, _, _] = pictures.draw(BODY, {}, FACTS, "en")
    assert caption.runs() == [Run("Buy 🙂 now")]
    assert caption.excerpt() == [Run("Buy 🙂 now")]


def test_an_excerpt_begins_shortly_before_the_first_mark() -> None:
    text = "word " * 200
    facts = AssetFacts("a", 1, "ad", {}, (PartFacts("caption", Modality.TEXT, "0" * 64, text=text),))
    mark = {"id": "s", "choice": "price", "start": 500, "end": 504, "text": "word"}
    [picture] = pictures.draw(BODY, {"claims": [mark]}, facts, "en")
    excerpt = picture.excerpt()
    assert excerpt[0].text == excerpt[-1].text == "…"
    assert [run.text for run in excerpt if run.marks] == ["word"]
    assert len("".join(run.text for run in excerpt)) <= EXCERPT + 2


def test_segments_that_meet_share_a_lane_and_those_that_overlap_do_not() -> None:
    picture = drawn(
        "speech",
        {"id": "1", "choice": "offer", "start": 0, "end": 4},
        {"id": "2", "choice": "offer", "start": 4, "end": 6},
        {"id": "3", "choice": "offer", "start": 5, "end": 10},
    )
    assert [(bar.start, bar.length, bar.lane) for bar in picture.bars] == [(0, 400, 0), (400, 200, 0), (500, 500, 1)]
    assert picture.lanes == 2


def test_the_shortest_segment_at_the_end_still_shows() -> None:
    [bar] = drawn("speech", {"id": "1", "choice": "offer", "start": 9.9999, "end": 10}).bars
    assert bar.start + bar.length == LINE
    assert bar.length == pictures.SHORTEST_BAR


def test_a_track_shows_where_it_begins_and_ends_and_how_it_goes_there() -> None:
    first = {"frame": 0, "time": 0.0, "x": 0, "y": 0, "width": 10, "height": 10}
    last = {"frame": 48, "time": 2.0, "x": 100, "y": 50, "width": 20, "height": 20}
    picture = drawn("logos", {"id": "t", "choice": "logo", "keyframes": [first, last]})
    assert [box.faint for box in picture.boxes] == [False, True]
    assert [trail.points for trail in picture.trails] == ["5,5 110,60"]
    assert [(bar.start, bar.length, bar.ticks) for bar in picture.bars] == [(0, 500, (0, 500))]
    assert picture.count == 1


def test_colours_are_the_same_everywhere() -> None:
    script = (FOLDER / "js" / "annotate" / "colors.js").read_text()
    sheet = (FOLDER / "css" / "tokens.css").read_text()
    assert re.findall(r'"(#[0-9a-f]{6})"', script) == list(PALETTE)
    assert re.findall(r"--mark-\d+: (#[0-9a-f]{6})", sheet) == list(PALETTE)


ASKED = {
    "fields": [
        {"name": "verdict", "kind": "choice", "title": {"en": "Verdict"}, "choices": [
            {"value": "reject", "title": {"en": "Reject"}, "clause": "3.2"},
        ]},
        {"name": "topic", "kind": "taxonomy", "nodes": [
            {"value": "health", "title": {"en": "Health"}, "children": [{"value": "weight", "title": {"en": "Weight loss"}}]},
        ]},
        {"name": "score", "kind": "number"},
        {"name": "objects", "kind": "boxes", "choices": [{"value": "bottle"}], "fields": [
            {"name": "brand", "kind": "choice", "choices": [{"value": "yes"}]},
        ]},
    ],
}  # fmt: skip


def test_answers_are_read_by_their_titles_in_the_schemas_order() -> None:
    answers = {
        "objects": [BOX | {"fields": {"brand": "yes"}}],
        "topic": [["health", "weight"]],
        "verdict": "reject",
        "score": 2.50,
    }
    read = readable.answers_of(ASKED, answers, "en", facts=FACTS, sources={"verdict": {"source": "suggestion"}})
    assert [(answer.title, answer.summary) for answer in read] == [
        ("Verdict", "Reject"), ("topic", "Health › Weight loss"), ("score", "2.5"), ("objects", "1 mark"),
    ]  # fmt: skip
    assert read[0].values[0].clause == "3.2"
    assert read[0].source == "suggestion"
    [line] = read[3].marks
    assert (line.part, line.where) == ("creative", "30 × 40 px at 10, 20")
    assert line.answers[0].summary == "yes"


@pytest.mark.parametrize(
    ("timing", "lengths"),
    [
        ({"wall_ms": 1000, "active_ms": 500, "reading_ms": 250}, [500, 0, 250, 0, 0, 250]),
        ({"wall_ms": 1000, "active_ms": 1000}, [1000, 0, 0, 0, 0, 0]),
        ({}, [0, 0, 0, 0, 0, 0]),
    ],
)
def test_time_is_shared_over_the_whole_wall_time(timing: dict, lengths: list[int]) -> None:
    assert [share.length for share in readable.time_spent(timing)] == lengths


def test_revisions_stand_side_by_side_with_what_changed() -> None:
    first = readable.answers_of(ASKED, {"verdict": "reject", "score": 1}, "en")
    second = readable.answers_of(ASKED, {"score": 1, "objects": [BOX]}, "en")
    rows = {row.title: row for row in readable.side_by_side([first, second])}
    assert rows["Verdict"].cells[1] is None
    assert [row.changed for row in rows.values()] == [(False, True), (False, False), (False, True)]


def test_spans_that_overlap_lie_in_lanes_and_lines_are_lines() -> None:
    text = "one two three\r\n\nfour"
    part = PartFacts("caption", Modality.TEXT, "0", text=text)
    marks = [Mark(name, name, "#000000", "human") for name in "abc"]
    picture = Picture(part, spans=[(0, 13, marks[0]), (4, 7, marks[1]), (8, 18, marks[2])])
    drawn = [[(run.text, [(mark.id, lane) for mark, lane in run.layers]) for run in line] for line in picture.lines()]
    assert drawn == [
        [("one ", [("a", 0)]), ("two", [("b", 1), ("a", 0)]), (" ", [("a", 0)]), ("three", [("c", 1), ("a", 0)])],
        [],
        [("fo", [("c", 1)]), ("ur", [])],
    ]


def test_the_excerpt_of_a_long_text_is_about_its_first_mark() -> None:
    text = "word " * 1000
    mark = Mark("a", "a", "#000000", "human")
    runs = Picture(
        PartFacts("caption", Modality.TEXT, "0", text=text), spans=[(2000, 2004, mark), (4000, 4004, mark)]
    ).excerpt()
    assert [run.text for run in runs if run.marks] == ["word"]
    assert (runs[0].text, runs[-1].text) == ("…", "…")
    assert sum(len(run.text) for run in runs) < EXCERPT + 4
