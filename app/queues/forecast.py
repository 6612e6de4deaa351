"""When a queue will be done, if work goes on as it went. Pure.

Time is cut into stretches of equal length, and labels are counted in each. With m labels a stretch on average, a spread
s over n stretches, and t of Student's distribution with n - 1 degrees of freedom, R labels will take between the two B
with (R - m B)^2 = t^2 s^2 (B + B^2 / n): the first term is what the stretches to come will vary, the second what is not
known about m. Where the equation has no upper root, how long it takes cannot be said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from statistics import fmean, variance

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=7)
FEWEST_DAYS = 3
FEWEST_HOURS = 4
FEWEST_LABELS = 20
FARTHEST = 10 * 365 * DAY

# The 0.975 quantile of Student's distribution for 1, 2, 3, ... degrees of freedom:
# https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm. Beyond the table its last value, which is a little wide.
T_975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


class Against(StrEnum):
    """How a forecast stands to the deadline."""

    IN_TIME = "in time"
    UNSURE = "may be late"
    LATE = "late"


@dataclass(frozen=True)
class Finish:
    """19 times of 20 the end lies between `earliest` and `latest`, if work goes on as in the stretches looked at."""

    earliest: datetime
    likely: datetime
    latest: datetime

    def against(self, due_at: datetime) -> Against:
        if self.latest <= due_at:
            return Against.IN_TIME
        return Against.LATE if self.earliest > due_at else Against.UNSURE


def start_of_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def in_the_last_hour(by_hour: Mapping[datetime, int], now: datetime) -> int:
    """This hour's labels and the share of the hour before that lies within sixty minutes."""
    hour = start_of_hour(now)
    share = 1 - (now - hour) / HOUR
    return round(by_hour.get(hour, 0) + share * by_hour.get(hour - HOUR, 0))


def in_the_last_day(by_hour: Mapping[datetime, int], now: datetime) -> int:
    """Labels of this hour and the 23 before."""
    first = start_of_hour(now) - 23 * HOUR
    return sum(count for hour, count in by_hour.items() if first <= hour <= now)


def finish(by_hour: Mapping[datetime, int], left: int, now: datetime) -> Finish | None:
    """When the labels that are left will have come; None where there is not enough to say so, or nothing left."""
    end = start_of_hour(now)
    length, counts = stretches(by_hour, end)
    if left <= 0 or sum(counts) < FEWEST_LABELS or len(counts) < FEWEST_DAYS:
        return None
    bounds = _stretches_needed(left + by_hour.get(end, 0), counts)
    if bounds is None or bounds[2] * length > FARTHEST:
        return None
    earliest, likely, latest = (max(end + count * length, now) for count in bounds)
    return Finish(earliest, likely, latest)


def stretches(by_hour: Mapping[datetime, int], end: datetime) -> tuple[timedelta, list[int]]:
    """The whole days before `end` since work began, or the hours while there are not enough days; at most a week."""
    worked = [hour for hour in by_hour if end - LOOKED_BACK <= hour < end]
    if not worked:
        return HOUR, []
    since = end - min(worked)
    length = DAY if since >= FEWEST_DAYS * DAY else HOUR
    count = since // length
    if length == HOUR and count < FEWEST_HOURS:
        return HOUR, []
    counts = [0] * count
    for hour in worked:
        back = (end - hour - HOUR) // length
        if back < count:
            counts[back] += by_hour[hour]
    return length, counts


def _stretches_needed(left: int, counts: Sequence[int]) -> tuple[float, float, float] | None:
    """The lower root, the plain division, the upper root."""
    mean, spread = fmean(counts), variance(counts)
    n = len(counts)
    t = T_975[min(n - 1, len(T_975)) - 1]
    a = mean**2 - t**2 * spread / n
    if mean <= 0 or a <= 0:
        return None
    half = left * mean + t**2 * spread / 2
    root = sqrt(max(0.0, half**2 - a * left**2))
    return (half - root) / a, left / mean, (half + root) / a
