"""Working hours of a queue: weekdays and times in a time zone. Outside of them nothing is handed out. Pure.

A window whose end is not after its beginning goes on past midnight, and belongs to the day that it begins on. Times are
those of the clocks on the wall there, so that work begins at eight in summer and in winter.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from app.errors import Problem

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

AS_WRITTEN = re.compile("[0-9]{2}:[0-9]{2}")

Hours = Mapping[str, Any]  # {"zone": "Europe/Oslo", "windows": [{"days": ["mon"], "from": "08:00", "to": "16:00"}]}


def faults_of(hours: Hours, *, zone_is_known: bool) -> list[Problem]:
    problems = [] if zone_is_known else [Problem("/hours/zone", "is no time zone that is known, such as Europe/Oslo")]
    for number, window in enumerate(hours.get("windows", ())):
        path = f"/hours/windows/{number}"
        if not window["days"] or not set(window["days"]) <= set(DAYS):
            problems.append(Problem(f"{path}/days", f"lists days out of {', '.join(DAYS)}"))
        problems += [
            Problem(f"{path}/{edge}", "is a time such as 08:00")
            for edge in ("from", "to")
            if _time(window[edge]) is None
        ]
    return problems


def days_of(written: Sequence[str]) -> list[str]:
    """`mon-wed sun` as its days, each once; a range may go on past Sunday. What is no day stays as it was written."""
    found: list[str] = []
    for one in written:
        first, dash, last = one.partition("-")
        if dash and first in DAYS and last in DAYS:
            begin, end = DAYS.index(first), DAYS.index(last)
            found += (DAYS + DAYS)[begin : end + 1 if end >= begin else end + len(DAYS) + 1]
        else:
            found.append(one)
    return list(dict.fromkeys(found))


def is_within(hours: Hours, now: datetime, zone: tzinfo) -> bool:
    """Whether tasks are handed out now. A queue without hours always does."""
    if not hours.get("windows"):
        return True
    there = now.astimezone(zone)
    today, yesterday = DAYS[there.weekday()], DAYS[there.weekday() - 1]
    at = there.time().replace(tzinfo=None)
    return any(
        (today in window["days"] and begin <= at and (at < end or end <= begin))
        or (yesterday in window["days"] and end <= begin and at < end)
        for window, begin, end in _windows(hours)
    )


def next_opening(hours: Hours, now: datetime, zone: tzinfo) -> str:
    """When the next window begins, in words: `Monday 08:00 (Europe/Oslo)`."""
    there = now.astimezone(zone)
    for offset in range(8):
        day = there.date() + timedelta(days=offset)
        begins = sorted(
            begin
            for window, begin, _ in _windows(hours)
            if DAYS[day.weekday()] in window["days"] and (offset or begin > there.time().replace(tzinfo=None))
        )
        if begins:
            return f"{NAMES[day.weekday()]} {begins[0]:%H:%M} ({hours['zone']})"
    return ""


def in_words(hours: Hours) -> list[str]:
    """One line a window, as the form writes it: `mon tue 08:00-16:00`."""
    return [f"{' '.join(window['days'])} {window['from']}-{window['to']}" for window in hours.get("windows", ())]


def day_of(moment: datetime, zone: tzinfo) -> Any:
    """The date there, by which "a day" is counted."""
    return moment.astimezone(zone).date()


def start_of_day(moment: datetime, zone: tzinfo) -> datetime:
    """When the day of `day_of` began."""
    return datetime.combine(day_of(moment, zone), time(), zone).astimezone(UTC)


def _windows(hours: Hours) -> list[tuple[Mapping[str, Any], time, time]]:
    found = [(window, _time(window["from"]), _time(window["to"])) for window in hours.get("windows", ())]
    return [(window, begin, end) for window, begin, end in found if begin is not None and end is not None]


def _time(written: str) -> time | None:
    """Only as the form writes it: ISO 8601 knows shorter times with a zone of their own too, which are not of the clock there."""
    try:
        return time.fromisoformat(written) if AS_WRITTEN.fullmatch(written) else None
    except ValueError:
        return None
