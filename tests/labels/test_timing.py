"""From slices to the times on a label, as tables."""

from collections.abc import Sequence

import pytest

from app.labels import timing
from app.labels.timing import Slice


def cut(seq: int, state: str, start: int, duration: int, page: str = "p") -> Slice:
    return Slice(page, seq, state, start, duration)


@pytest.mark.parametrize(
    ("slices", "wall", "expected"),
    [
        pytest.param([], 1000, {"active_ms": 0, "clamped": False}, id="nothing sent"),
        pytest.param(
            [cut(0, "active", 0, 300), cut(1, "playing", 300, 200), cut(2, "active", 500, 100)],
            1000, {"active_ms": 400, "playing_ms": 200, "clamped": False}, id="added up by state",
        ),
        pytest.param(
            [cut(0, "active", 0, 300), cut(0, "active", 0, 300)], 1000, {"active_ms": 300}, id="a repeat counts once"
        ),
        pytest.param(
            [cut(0, "active", 0, 300), cut(0, "idle", 0, 900)], 1000, {"active_ms": 300, "idle_ms": 0},
            id="of repeats that differ the first counts",
        ),
        pytest.param(
            [cut(0, "active", 0, 300), cut(0, "active", 0, 200, page="q")], 1000, {"active_ms": 500},
            id="the same number of another page is another slice",
        ),
        pytest.param(
            [cut(0, "active", 0, 3000), cut(1, "idle", 3000, 1000)], 1000,
            {"active_ms": 750, "idle_ms": 250, "clamped": True}, id="more than there was: scaled to fit",
        ),
        pytest.param(
            [cut(0, "active", 0, 10)], 0, {"active_ms": 0, "clamped": True, "wall_ms": 0}, id="no time at all"
        ),
        pytest.param(
            [cut(0, "active", 0, 100), cut(1, "active", 150, 100), cut(2, "active", 240, 100)], 1000,
            {"gap_ms": 50, "overlap_ms": 10, "active_ms": 300}, id="holes and overlaps are said, not guessed away",
        ),
    ],
)  # fmt: skip
def test_totals(slices: Sequence[Slice], wall: int, expected: dict[str, object]) -> None:
    found = timing.totals(slices, wall_ms=wall, first_decision_ms=None, coverage={}, speeds={})
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(("given", "kept"), [(None, None), (400, 400), (5000, 1000), (-5, 0)])
def test_the_first_decision_lies_within_the_claim(given: int | None, kept: int | None) -> None:
    found = timing.totals([], wall_ms=1000, first_decision_ms=given, coverage={}, speeds={})
    assert found["first_decision_ms"] == kept


@pytest.mark.parametrize(
    ("ranges", "share"),
    [
        pytest.param([], 0.0, id="not played"),
        pytest.param([[0, 10, 1.0]], 1.0, id="all of it"),
        pytest.param([[0, 5, 1.0], [2, 6, 2.0]], 0.6, id="twice is once"),
        pytest.param([[8, 10, 1.0], [0, 2, 1.0]], 0.4, id="in any order"),
        pytest.param([[-5, 50, 1.0]], 1.0, id="never more than there is"),
        pytest.param([[7, 3, 1.0]], 0.0, id="backwards is nothing"),
        pytest.param([[12, 15, 1.0]], 0.0, id="beyond the end is nothing"),
    ],
)
def test_coverage_is_the_share_played_at_least_once(ranges: list[list[float]], share: float) -> None:
    assert timing.coverage_of({"voice": 10.0}, {"voice": ranges}) == {"voice": share}


def test_coverage_names_every_part_that_plays_and_no_other() -> None:
    assert timing.coverage_of({"voice": 10.0, "film": 0.0}, {"else": [[0, 1, 1]]}) == {"voice": 0.0, "film": 0.0}


def test_only_marks_of_the_label_keep_their_times() -> None:
    given = {"m1": {"created_ms": 5, "changed_ms": 99_999}, "gone": {"created_ms": 1, "changed_ms": 1}}
    answers = {"verdict": "allow", "boxes": [{"id": "m1"}, {"id": "m2"}], "tags": ["a"]}
    found = timing.marks_timing(given, timing.mark_ids(answers), wall_ms=1000)
    assert found == {"m1": {"created_ms": 5, "changed_ms": 1000}}


def test_ranges_of_two_pages_are_kept_once_each() -> None:
    one, other = {"voice": [[0, 1, 1]]}, {"voice": [[0, 1, 1], [2, 3, 1]], "film": [[0, 2, 1]]}
    assert timing.merged(one, other) == {"voice": [[0, 1, 1], [2, 3, 1]], "film": [[0, 2, 1]]}


def test_each_second_counts_once_for_each_speed_it_was_played_at() -> None:
    played = {"voice": [[0, 5, 1], [0, 8, 1], [6, 20, 2], [2, 3, 0.5]], "still": []}
    found = timing.speeds_of({"voice": 10.0, "still": 4.0}, played)
    assert found == {"voice": {"0.5": 1.0, "1": 8.0, "2": 4.0}}


def test_what_was_played_too_little_is_named_with_its_first_gap() -> None:
    durations = {"voice": 10.0, "clip": 10.0, "gone": 0.0}
    played = {"voice": [[0, 4, 1], [3, 5, 2], [7, 10, 1]], "clip": [[0, 8.96, 1]]}
    assert timing.unplayed({"voice": 0.9, "clip": 0.9, "gone": 0.5}, durations, played) == [("voice", 0.8, 0.9, 5.0)]
    assert timing.unplayed({"voice": 0.9, "other": 1.0}, {"voice": 10.0}, {}) == [("voice", 0.0, 0.9, 0.0)]
