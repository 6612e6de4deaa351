"""Tasks by the deadline in their ads' metadata: what is read as one, what people are handed, and what "Why?" says of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.assets.models import Asset
from app.jobs.models import Job
from app.people.rules import Role
from app.queues import checks
from app.queues.models import Queue, Task
from app.queues.ordering import Arrangement, Order, Placed, deadline_of, fault_of, part_of
from app.queues.places import Place, told
from tests import making
from tests.making_queues import make_queue
from tests.queues.conftest import Work, Worker
from tests.queues.test_ordering import handed, ordered

BY_DUE = Arrangement(Order.DEADLINE, "due")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def part(value: object) -> str:
    return part_of(BY_DUE, Placed("t", value=value))


# What is read as a deadline -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-12-03T12:00Z", "2026-12-03T12:00:00+00:00"),
        ("2026-12-03T12:00:30.5Z", "2026-12-03T12:00:30.500000+00:00"),
        ("2026-12-03 12:00", "2026-12-03T12:00:00+00:00"),
        ("2026-12-03T01:00+02:00", "2026-12-02T23:00:00+00:00"),
        ("2026-12-03T20:00-0500", "2026-12-04T01:00:00+00:00"),
        ("2026-12-03", "2026-12-03T23:59:59.999999+00:00"),
        (" 2024-02-29 ", "2024-02-29T23:59:59.999999+00:00"),
        (["2026-12-03T12:00Z", "2026-12-01"], "2026-12-03T12:00:00+00:00"),
    ],
)
def test_a_day_lasts_until_its_end_in_utc_and_a_time_is_a_moment_whatever_its_zone(written: Any, moment: str) -> None:
    found = deadline_of(written)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "written",
    [
        None, "", [], {}, {"day": "2026-12-03"}, True, 0, 20261203, 1796212800, 1796212800000, 3.5, "soon", "20261203",
        "2026", "2026-12", "2026-13-01", "2026-02-29", "2026-12-03T25:00", "2026-12-03T", "2026-12-03Z",
        "2026-12-03+02:00", "2026-12-03-08", "2026-12-03T12:00+25:00", "2026-12-03T12:00 CET", "2026-W49-4", "03.12.2026",
        "03/12/2026", "2026-12-03/2026-12-05", "0000-01-01", "0001-01-01T00:00+01:00", "9999-12-31T23:30-01:00",
        "٢٠٢٦-١٢-٠٣", "2026-12-03\0", "2026-12-03T12:00\n08:00", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_names_no_moment_has_no_deadline_and_comes_last(written: Any) -> None:
    assert deadline_of(written) is None
    assert part(written) == part(None) > part("9999-12-31")


def test_deadlines_come_as_moments_the_past_before_the_future_and_none_last() -> None:
    wanted = [
        "0001-01-01", "1969-12-31T23:59:59Z", "1970-01-01T00:00Z", "2026-12-02T23:30+01:00", "2026-12-02T23:00",
        "2026-12-03T01:00+01:30", "2026-12-02T23:59:59Z", "2026-12-02", "2026-12-03T00:00", "2026-12-03T08:00-05:00",
        "2026-12-03", "2027-01-01", "9999-12-31", None,
    ]  # fmt: skip
    parts = [part(value) for value in wanted]
    assert parts == sorted(set(parts))


def test_one_moment_in_two_zones_is_one_deadline() -> None:
    assert part("2026-12-03T12:00Z") == part("2026-12-03T13:00+01:00") == part("2026-12-03 07:00-05:00")


@given(
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.timezones()),  # noqa: DTZ001  # hypothesis adds zones
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC)),  # noqa: DTZ001  # as above
)
def test_any_two_moments_apart_by_a_second_compare_as_they_do_in_time(one: datetime, other: datetime) -> None:
    one = one.replace(microsecond=0).astimezone(UTC)
    other = other.replace(microsecond=0)
    assert (part(one.isoformat()) < part(other.isoformat())) == (one < other)


def test_a_deadline_needs_its_key_and_has_one_direction() -> None:
    assert not fault_of(BY_DUE)
    assert [one.path for one in fault_of(Arrangement(Order.DEADLINE))] == ["/order/key"]
    assert [one.path for one in fault_of(Arrangement(Order.DEADLINE, "due", descending=True))] == ["/order/descending"]


# What is said of a place ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-12-03T13:00+01:00", "this ad's is 2026-12-03 12:00 UTC."),
        ("2026-12-03", "this ad's is 2026-12-03 23:59 UTC."),
        ("2026-11-03", "this ad's was 2026-11-03 23:59 UTC."),
        ("soon", "this ad's, soon, is no date or time that can be read, so it comes after those that can."),
        (None, "this ad has none and comes after those that have one."),
    ],
)
def test_a_deadline_is_told_as_it_was_read(value: object, said: str) -> None:
    place = Place(Placed("t", value=value), part(value), priority=0, position=0)
    assert told(BY_DUE, place, NOW) == f'Tasks come by the deadline in the metadata "due", the nearest first: {said}'


@pytest.mark.parametrize(
    ("arrangement", "placed", "said"),
    [
        (Arrangement(), {}, "Tasks come as the ads came: this is number 12 of the queue."),
        (Arrangement(Order.RANDOM, seed="s"), {}, "Tasks come at random, in an order that the queue's seed fixes."),
        (Arrangement(Order.METADATA, "reach"), {"value": 7}, 'metadata "reach", the least first: this ad\'s is 7.'),
        (
            Arrangement(Order.METADATA, "reach", descending=True),
            {"value": 7},
            'metadata "reach", the greatest first: this ad\'s is 7.',
        ),
        (Arrangement(Order.METADATA, "reach"), {}, "this ad has none and comes after those that have one."),
        (Arrangement(Order.METADATA, "reach"), {"value": "y" * 99}, f"this ad's is {'y' * 60}…."),
        (Arrangement(Order.UNCERTAINTY), {"confidence": 0.41}, "the lowest of their scores for this ad is 0.41."),
        (Arrangement(Order.UNCERTAINTY), {}, "they said nothing of this ad, which comes after the others."),
        (
            Arrangement(Order.FAMILY_TOGETHER),
            {"family": "f"},
            "Families of ads come together: this ad comes with its own.",
        ),
        (Arrangement(Order.FAMILY_TOGETHER), {"family": ""}, "this ad has none and comes after those that have one."),
        (Arrangement(Order.FAMILY_APART), {"nth_of_family": 2}, "apart: 2 of its family came before this ad."),
    ],
)
def test_every_order_tells_what_it_goes_by(arrangement: Arrangement, placed: dict[str, Any], said: str) -> None:
    known = Placed("t", **placed)
    kept = part_of(arrangement, known)
    assert told(arrangement, Place(known, kept, priority=0, position=11), NOW).endswith(said)
    later = told(arrangement, Place(known, f"{kept}0", priority=5, position=11), NOW)
    assert later.endswith("Its place was worked out before that changed. Its own priority, 5, goes before that.")


# Over HTTP ------------------------------------------------------------------------------------------------------

DUE = {
    "none": {}, "march": {"due": "2027-03-01"}, "past": {"due": "2020-01-01"}, "noon": {"due": "2026-12-03T12:00Z"},
    "soon": {"due": "soon"}, "west": {"due": "2026-12-03T06:30-05:00"}, "day": {"due": ["2026-12-03"]},
    "east": {"due": "2026-12-03T13:45+02:00"},
}  # fmt: skip
NEAREST_FIRST = ["past", "west", "east", "noon", "day", "march", "none", "soon"]


def change(work: Work, engineer: Worker, external_id: str, metadata: Mapping[str, Any]) -> None:
    with work.database.read() as session:
        asset = session.scalars(select(Asset.id).where(Asset.external_id == external_id)).one()
    assert engineer.ask("PATCH", f"/assets/{asset}", {"metadata": dict(metadata)}).status_code == 200


def test_people_are_handed_the_nearest_deadline_first(work: Work) -> None:
    site = ordered(work, DUE, order=BY_DUE, overlap=2)
    assert handed(work.worker("Ada"), site.queue.id) == NEAREST_FIRST
    assert handed(work.worker("Bo"), site.queue.id) == NEAREST_FIRST
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []


def test_a_queue_is_made_and_changed_to_go_by_deadline_while_people_work_in_it(work: Work) -> None:
    site, grace, ada = ordered(work, DUE), work.colleague(Role.MANAGER), work.worker("Ada")
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "none"
    path = f"/queues/{site.queue.id}"
    for wrong in (
        {"by": "deadline"},
        {"by": "deadline", "key": "due", "descending": True},
        {"by": "oldest", "key": "due"},
    ):
        assert grace.ask("PATCH", path, {"order": wrong}).status_code == 422, wrong
    changed = grace.ask("PATCH", path, {"order": {"by": "deadline", "key": "due"}})
    assert changed.json()["order"] == {"by": "deadline", "key": "due", "descending": False, "seed": ""}
    work.run_due()
    assert handed(work.worker("Bo"), site.queue.id) == [one for one in NEAREST_FIRST if one != "none"]
    body = {"name": "Another", "kind": "production", "order": {"by": "deadline", "key": "due"}}
    made = grace.ask("POST", f"/projects/{site.project.id}/queues", body)
    assert made.status_code == 201
    work.run_due()
    assert handed(work.worker("Cy"), made.json()["id"]) == NEAREST_FIRST


def test_a_deadline_that_moves_moves_the_task_also_before_who_is_past_it(work: Work) -> None:
    site = ordered(work, DUE, order=BY_DUE, overlap=2)
    engineer, ada = work.colleague(Role.ENGINEER), work.worker("Ada")
    for wanted in ("past", "west"):
        got = ada.take(site.queue.id)
        assert got["task"]["asset"]["external_id"] == wanted
        assert ada.submit(got).status_code == 201
    change(work, engineer, "soon", {"due": "2026-11-01"})
    change(work, engineer, "east", {"due": "2028-01-01"})
    work.run_due()
    assert handed(ada, site.queue.id) == ["soon", "noon", "day", "march", "east", "none"]
    assert handed(work.worker("Bo"), site.queue.id) == ["past", "soon", "west", "noon", "day", "march", "east", "none"]


def test_tasks_that_are_moved_to_a_queue_by_deadline_take_their_place_among_those_there(work: Work) -> None:
    site, grace = ordered(work, DUE), work.colleague(Role.MANAGER)
    with work.database.write() as session:
        only = {"external_id": ["noon", "march"]}
        target = make_queue(session, site.project, clock=work.clock, name="By due", filter=only, order=BY_DUE).id
    work.run_due()
    ada = work.worker("Ada")
    got = ada.take(target)
    assert (got["task"]["asset"]["external_id"], ada.submit(got).status_code) == ("noon", 201)
    wanted = {"deed": "move", "to": target}
    shown = grace.ask("POST", f"/queues/{site.queue.id}/bulk/preview", wanted).json()
    answer = grace.ask("POST", f"/queues/{site.queue.id}/bulk", {**wanted, "token": shown["token"]})
    assert answer.status_code == 201
    work.run_due()
    assert handed(ada, target) == [one for one in NEAREST_FIRST if one != "noon"]
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []


def test_metadata_that_a_queue_does_not_go_by_begin_nobodys_search_anew(work: Work) -> None:
    site, engineer = ordered(work, DUE, order=BY_DUE), work.colleague(Role.ENGINEER)

    def arrangement() -> int:
        with work.database.read() as session:
            return session.scalars(select(Queue.arrangement).where(Queue.id == site.queue.id)).one()

    before = arrangement()
    change(work, engineer, "march", {"market": "NO", "due": "2027-03-01T23:59:59.999999Z"})
    work.run_due()
    assert arrangement() == before
    change(work, engineer, "march", {"due": None})
    work.run_due()
    assert arrangement() > before


def test_why_tells_the_place_of_a_task_that_may_be_handed_out_and_of_no_other(work: Work) -> None:
    site, grace = ordered(work, DUE, order=BY_DUE), work.colleague(Role.MANAGER)
    engineer, ada = work.colleague(Role.ENGINEER, name="Eve"), work.worker("Ada")
    with work.database.read() as session:
        rows = select(Asset.external_id, Task.id).join(Task, Task.asset_id == Asset.id)
        tasks = {row.external_id: row.id for row in session.execute(rows)}

    def why(ad: str) -> dict[str, Any]:
        return grace.ask("GET", f"/tasks/{tasks[ad]}/why?person={ada.person.email}").json()

    assert (why("past")["choice"], why("noon")["choice"]) == ("next", "waits")
    assert why("past")["place"].endswith("this ad's was 2020-01-01 23:59 UTC.")
    assert why("noon")["place"].endswith("this ad's is 2026-12-03 12:00 UTC.")
    change(work, engineer, "noon", {"due": "2019-06-01"})
    assert why("noon")["place"].endswith("was 2019-06-01 23:59 UTC. Its place was worked out before that changed.")
    work.run_due()
    assert why("noon")["choice"] == "next"
    assert why("noon")["place"].endswith("was 2019-06-01 23:59 UTC.")
    ada.take(site.queue.id)
    assert (why("noon")["choice"], why("noon")["place"]) == ("holds", None)


def test_the_pages_take_an_order_by_deadline_and_tell_a_place(work: Work) -> None:
    site, ada = ordered(work, DUE), work.worker("Ada")
    with work.database.write() as session:
        grace = making.make_colleague(session, Role.MANAGER, clock=work.clock)
    token = making.sign_in(work.client, work.database, grace, clock=work.clock)
    page = f"/queues/{site.queue.id}/handing-out"
    form = {"csrf_token": token, "order_by": "deadline", "order_key": "due", "descending": "true"}
    assert work.client.post(page, data=form | {"order_key": ""}).status_code == 422
    assert work.client.post(page, data=form).status_code == 303, "what the form hides is not sent along"
    assert "By deadline, the nearest first: due" in work.client.get(f"/queues/{site.queue.id}").text
    work.run_due()
    asked = {"ad": "west", "person": ada.person.email}
    assert (
        "this ad&#39;s is 2026-12-03 11:30 UTC." in work.client.get(f"/queues/{site.queue.id}/why", params=asked).text
    )
    new = {"csrf_token": token, "name": "Another", "kind": "production", "order_by": "oldest", "order_key": "due"}
    assert (
        work.client.post(f"/projects/{site.project.slug}/queues", data=new | {"descending": "true"}).status_code == 303
    )
    assert (
        work.client.post(f"/projects/{site.project.slug}/queues", data=new | form | {"name": "By due"}).status_code
        == 303
    )


def test_what_models_say_is_followed_though_another_ordering_is_waiting(work: Work) -> None:
    site = ordered(work, {one: {} for one in "abc"}, order=Arrangement(Order.UNCERTAINTY))
    engineer = work.colleague(Role.ENGINEER)
    change(work, engineer, "a", {"market": "NO"})
    body = {
        "asset": "c", "schema_version": 1, "model": "m", "model_version": "1", "answers": {"verdict": "allow"},
        "scores": {"verdict": 0.2},
    }  # fmt: skip
    assert engineer.ask("POST", f"/projects/{site.project.id}/suggestions", body).status_code == 201
    assert engineer.ask("POST", f"/projects/{site.project.id}/suggestions", body | {"asset": "b"}).status_code == 201
    with work.database.read() as session:
        of_queues = select(Job.payload).where(Job.kind == "queues.arrange", Job.state == "queued").order_by(Job.seq)
        waiting = session.scalars(of_queues).all()
    assert [list(one) for one in waiting] == [["asset"], ["project"]], "once for both suggestions"
    work.run_due()
    assert handed(work.worker(), site.queue.id) == ["b", "c", "a"]
