"""Working hours of a queue, in its own time zone."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.people.rules import Role
from app.queues.hours import DAYS, days_of, faults_of, in_words, is_within, next_opening
from tests.making import sign_in
from tests.queues.conftest import Work

OSLO = ZoneInfo("Europe/Oslo")
WORKDAYS = {"zone": "Europe/Oslo", "windows": [{"days": list(DAYS[:5]), "from": "08:00", "to": "16:00"}]}
NIGHTS = {"zone": "Europe/Oslo", "windows": [{"days": ["fri"], "from": "22:00", "to": "06:00"}]}
CHANGES = {"zone": "Europe/Oslo", "windows": [{"days": ["sun"], "from": "02:00", "to": "04:00"}]}


def at(written: str) -> datetime:
    """A time on the clocks of Oslo."""
    moment = datetime.fromisoformat(written)
    return (moment if moment.tzinfo else moment.replace(tzinfo=OSLO)).astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        pytest.param("mon", "mon", id="a day"),
        pytest.param("mon-fri", "mon tue wed thu fri", id="a range"),
        pytest.param("tue mon-wed sun", "tue mon wed sun", id="each once"),
        pytest.param("sat-mon", "sat sun mon", id="past Sunday"),
        pytest.param("wed-wed", "wed", id="a range of one"),
        pytest.param("mon-sun", "mon tue wed thu fri sat sun", id="the week"),
        pytest.param("sun-sat", "sun mon tue wed thu fri sat", id="the week from Sunday"),
        pytest.param("mon-xyz mon- -", "mon-xyz mon- -", id="none of them a range"),
    ],
)
def test_ranges_of_days_are_read_as_their_days(written: str, days: str) -> None:
    assert days_of(written.split()) == days.split()


@pytest.mark.parametrize(
    ("hours", "now", "within"),
    [
        pytest.param({}, "2026-11-01T03:00", True, id="none: always"),
        pytest.param(WORKDAYS, "2026-11-02T07:59", False, id="before"),
        pytest.param(WORKDAYS, "2026-11-02T08:00", True, id="from the first minute"),
        pytest.param(WORKDAYS, "2026-11-02T16:00", False, id="until the last, which is not in it"),
        pytest.param(WORKDAYS, "2026-07-06T08:00", True, id="by the clocks of summer too"),
        pytest.param(WORKDAYS, "2026-11-07T12:00", False, id="not on a Saturday"),
        pytest.param(CHANGES, "2026-03-29T01:59", False, id="the night the clocks go forward: before"),
        pytest.param(CHANGES, "2026-03-29T03:00", True, id="the night the clocks go forward: the hour left of it"),
        pytest.param(CHANGES, "2026-03-29T04:00", False, id="the night the clocks go forward: after"),
        pytest.param(CHANGES, "2026-10-25T02:30:00", True, id="the night they go back: the first time"),
        pytest.param(CHANGES, "2026-10-25T02:30:00+01:00", True, id="the night they go back: the second time"),
        pytest.param(CHANGES, "2026-10-25T04:00", False, id="the night they go back: after"),
        pytest.param(NIGHTS, "2026-11-06T23:00", True, id="past midnight: the evening"),
        pytest.param(NIGHTS, "2026-11-07T05:59", True, id="past midnight: the morning after"),
        pytest.param(NIGHTS, "2026-11-06T05:00", False, id="past midnight: not the morning before"),
        pytest.param(NIGHTS, "2026-11-07T22:30", False, id="past midnight: not the evening after"),
    ],
)
def test_whether_a_queue_hands_out_now(hours: dict[str, Any], now: str, within: bool) -> None:
    assert is_within(hours, at(now), OSLO) is within


def test_when_it_opens_again() -> None:
    assert next_opening(WORKDAYS, at("2026-11-02T07:00"), OSLO) == "Monday 08:00 (Europe/Oslo)"
    assert next_opening(WORKDAYS, at("2026-11-06T16:30"), OSLO) == "Monday 08:00 (Europe/Oslo)"
    assert next_opening(NIGHTS, at("2026-11-06T22:30"), OSLO) == "Friday 22:00 (Europe/Oslo)"


def test_nonsense_is_named() -> None:
    window = {"days": ["mon", "someday"], "from": "8", "to": "25:00"}
    assert len(faults_of({"zone": "Nowhere/At", "windows": [window]}, zone_is_known=False)) == 4
    for written in ("08+01", "0800Z", "T0800", "8:000", "０8:00"):
        odd = {"zone": "UTC", "windows": [{"days": ["mon"], "from": written, "to": "16:00"}]}
        assert [one.path for one in faults_of(odd, zone_is_known=True)] == ["/hours/windows/0/from"], written
    assert faults_of(WORKDAYS, zone_is_known=True) == []
    assert in_words(WORKDAYS) == ["mon tue wed thu fri 08:00-16:00"]


def test_a_queue_without_hours_keeps_the_zone_of_its_days(work: Work) -> None:
    site, grace = work.site(), work.colleague(Role.MANAGER)
    path = f"/queues/{site.queue.id}"
    assert grace.ask("PATCH", path, {"hours": {"zone": "Europe/Oslo"}}).json()["hours"] == {"zone": "Europe/Oslo"}
    assert grace.ask("PATCH", path, {"hours": {"zone": "Mars"}}).json()["errors"][0]["path"] == "/hours/zone"
    assert grace.ask("GET", path).json()["hours"] == {"zone": "Europe/Oslo"}
    assert work.worker().take(site.queue.id)["task"]
    sign_in(work.client, work.database, grace.person, clock=work.clock)
    assert "Days are those of" in work.client.get(path, headers={"Accept": "text/html"}).text


def test_outside_its_hours_a_queue_hands_out_nothing_and_what_is_held_goes_on(work: Work) -> None:
    """The clock stands at nine in UTC, a Monday: ten in Oslo."""
    site, ada, bo, grace = work.site(), work.worker("Ada"), work.worker("Bo"), work.colleague(Role.MANAGER)
    got = ada.take(site.queue.id)
    ahead = ada.reserve(site.queue.id)
    closing = {"zone": "Europe/Oslo", "windows": [{"days": ["mon"], "from": "08:00", "to": "10:05"}]}
    path = f"/queues/{site.queue.id}"
    assert grace.ask("PATCH", path, {"hours": closing}).json()["hours"] == closing
    assert grace.ask("PATCH", path, {"hours": {**closing, "zone": "Nowhere/At"}}).status_code == 422
    work.clock.forward(minutes=5)
    assert bo.claim(site.queue.id).status_code == 204
    assert "begin again on Monday 08:00 (Europe/Oslo)" in bo.ask("GET", path).json()["kept_from"]
    assert ada.submit(got).status_code == 201
    refused = ada.on(ahead, "PUT", "lease", {})
    assert refused.status_code == 409
    assert "working hours" in refused.json()["detail"]
    assert grace.ask("PATCH", path, {"hours": {}}).json()["hours"] == {}
    assert bo.claim(site.queue.id).status_code == 201
