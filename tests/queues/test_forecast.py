"""When a queue will be done: counts of labels by hour in, an interval or nothing out."""

from datetime import datetime, timedelta

import pytest

from app.queues.forecast import DAY, HOUR, Against, finish, in_the_last_day, in_the_last_hour, stretches
from tests.conftest import NINE

HALF_PAST = NINE + timedelta(minutes=30)


def hours_before(end: datetime, *counts: int) -> dict[datetime, int]:
    """The last count is of the hour that ends at `end`."""
    return {end - HOUR * back: count for back, count in enumerate(reversed(counts), start=1) if count}


def test_a_steady_pace_gives_one_moment() -> None:
    found = finish(hours_before(NINE, 10, 10, 10, 10), 40, NINE)
    assert found is not None
    assert found.earliest == found.likely == found.latest == NINE + 4 * HOUR


def test_an_uneven_pace_gives_an_interval_around_the_plain_division() -> None:
    """Worked by hand: m = 10, s^2 = 8/3, n = 4, t = 3.182, R = 40: 93.25 B^2 - 827 B + 1600 = 0."""
    found = finish(hours_before(NINE, 8, 12, 10, 10), 40, NINE)
    assert found is not None
    assert found.likely == NINE + 4 * HOUR
    assert (found.earliest - NINE) / HOUR == pytest.approx(2.8515, abs=1e-3)
    assert (found.latest - NINE) / HOUR == pytest.approx(6.0172, abs=1e-3)


def test_more_that_is_left_never_ends_earlier() -> None:
    pace = hours_before(NINE, 8, 12, 10, 10, 11, 9)
    ends = [finish(pace, left, NINE) for left in (1, 10, 100, 1000)]
    found = [(end.earliest, end.likely, end.latest) for end in ends if end]
    assert len(found) == 4
    assert found == sorted(found)
    assert all(earliest <= likely <= latest for earliest, likely, latest in found)


@pytest.mark.parametrize(
    ("pace", "left"),
    [
        pytest.param({}, 10, id="nothing came yet"),
        pytest.param(hours_before(NINE, 20, 20, 20), 10, id="fewer than four hours"),
        pytest.param(hours_before(NINE, 1, 1, 1, 1), 10, id="fewer than twenty labels"),
        pytest.param(hours_before(NINE, 100, 0, 0, 0, 0, 0), 10, id="a pace that says nothing"),
        pytest.param(hours_before(NINE, 10, 10, 10, 10), 0, id="nothing is left"),
        pytest.param(hours_before(NINE, 10, 10, 10, 10), 10**9, id="beyond what can be said"),
        pytest.param({NINE + 5 * HOUR: 50}, 10, id="labels of a clock that was ahead"),
    ],
)
def test_too_little_is_known_to_say_when(pace: dict[datetime, int], left: int) -> None:
    assert finish(pace, left, NINE) is None


def test_labels_of_this_hour_are_of_what_was_left_at_its_start() -> None:
    pace = hours_before(NINE, 10, 10, 10, 10)
    assert finish({**pace, NINE: 10}, 30, HALF_PAST) == finish(pace, 40, NINE)


def test_days_are_counted_once_there_are_three() -> None:
    by_hour = {NINE - back * DAY - HOUR: 10 + back for back in range(5)}
    length, counts = stretches(by_hour, NINE)
    assert (length, counts) == (DAY, [10, 11, 12, 13])  # the day of the first label is not whole
    length, counts = stretches({NINE - 2 * DAY: 5}, NINE)
    assert (length, sum(counts), len(counts)) == (HOUR, 5, 48)


def test_the_pace_of_the_last_hour_and_day() -> None:
    by_hour = {NINE: 3, NINE - HOUR: 10, NINE - 23 * HOUR: 4, NINE - 24 * HOUR: 99}
    assert in_the_last_hour(by_hour, HALF_PAST) == 8
    assert in_the_last_day(by_hour, HALF_PAST) == 17


def test_a_forecast_stands_against_the_deadline() -> None:
    found = finish(hours_before(NINE, 8, 12, 10, 10), 40, NINE)
    assert found is not None
    assert found.against(NINE + 7 * HOUR) == Against.IN_TIME
    assert found.against(NINE + 4 * HOUR) == Against.UNSURE
    assert found.against(NINE + 2 * HOUR) == Against.LATE
