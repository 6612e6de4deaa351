"""The short form of the round trip of `fasit bench page`: marks of every kind come out of the export as they were drawn."""

from random import Random

import pytest
from playwright.sync_api import Browser

from app.bench import page_trip, page_trip_marks
from app.bench.page_trip_marks import Planner, comes_back

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_random_marks_of_every_kind_are_exported_as_they_were_drawn(chromium: Browser) -> None:
    figures = page_trip.measure(tasks=1, each=2 * len(page_trip_marks.FIELDS), seed=7, browser=chromium)
    assert [(one.name, one.value) for one in figures] == [("round trip", 0), ("round trip, drafts", 0)]


def test_what_is_a_hundredth_off_is_told_from_what_was_drawn() -> None:
    chance = Random(7)
    plan = Planner(chance, page_trip_marks.caption(chance, 40)).plan(2 * len(page_trip_marks.FIELDS))
    marks = {one["draw"]: one["expected"] for one in plan}
    box = {"x": 10.25, "y": 20, "width": 30, "height": 40, "rotation": 0}
    assert comes_back(box, box, [])
    assert comes_back(box, box | {"x": 10.258}, [])
    assert not comes_back(box, box | {"x": 10.27}, [])
    assert not comes_back(marks["span"], marks["span"] | {"end": marks["span"]["end"] + 1}, [])
    assert not comes_back(marks["polygon"], {"points": marks["polygon"]["points"][1:]}, [])
    assert not comes_back(marks["mask"], {"rle": {"size": [480, 640], "counts": "PPYo9"}}, [])
    assert not comes_back(marks["track"], {"keyframes": [dict(marks["track"]["keyframes"][0], outside=None)]}, [])
