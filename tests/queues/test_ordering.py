"""The order of a queue: what each way of ordering makes of a task, and what people are handed over HTTP."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.people.models import Person
from app.people.rules import Role
from app.queues import checks, making
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.ordering import (
    Arrangement,
    Order,
    Placed,
    Spread,
    confidence_of,
    family_of,
    fault_of,
    part_of,
    sort_key,
)
from tests.making_assets import make_asset
from tests.making_queues import Site, make_queue, make_site
from tests.queues.conftest import Work, Worker

VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)


def part(by: Order, **given: Any) -> str:
    arrangement = Arrangement(by, key="k" if by == Order.METADATA else "", descending=given.pop("descending", False))
    return part_of(arrangement, Placed(given.pop("task_id", "t"), **given))


@pytest.mark.parametrize("descending", [False, True])
def test_metadata_is_ordered_as_numbers_then_as_texts_and_without_a_value_last(descending: bool) -> None:
    numbers, texts = [-1e300, -2, "-1.5", 0, "1", 9, "10", 1e300], ["A", "a", "ab", "b", "ø"]
    if descending:
        numbers, texts = numbers[::-1], texts[::-1]
    wanted = [*numbers, *texts, None]
    parts = [part(Order.METADATA, value=value, descending=descending) for value in wanted]
    assert parts == sorted(parts)
    assert len(set(parts)) == len(parts)


def test_ads_with_a_date_of_their_own_come_by_it() -> None:
    dates = ["2026-09-30", "2026-11-30", "2026-11-30T08:00:00Z", "2026-12-01", "2027-01-01", None]
    parts = [part(Order.METADATA, value=value) for value in dates]
    assert parts == sorted(set(parts))


@given(VALUES, VALUES)
def test_equal_values_share_their_part_and_no_part_begins_another(one: object, other: object) -> None:
    """So that what follows it in the sort key is compared only between equal values."""
    first, second = part(Order.METADATA, value=one), part(Order.METADATA, value=other)
    assert first == second or not (first.startswith(second) or second.startswith(first))


def test_chance_is_seeded_and_stable() -> None:
    def drawn(seed: str) -> list[str]:
        return sorted("abcdefgh", key=lambda task: part_of(Arrangement(Order.RANDOM, seed=seed), Placed(task)))

    assert drawn("one") == drawn("one")
    assert drawn("one") != drawn("two")


def test_what_models_are_least_sure_of_comes_first_and_what_they_say_nothing_of_last() -> None:
    found = [part(Order.UNCERTAINTY, confidence=one) for one in (0.1, 0.5, 0.99, None)]
    assert found == sorted(found)
    assert confidence_of([{"verdict": 0.9, "boxes": {"m1": 0.4, "m2": 0.7}}, None, {"verdict": 0.6}]) == 0.4
    assert confidence_of([None, {}]) is None


@given(
    st.tuples(st.integers(-1000, 1000), st.integers(0, 99), st.integers(0, 2**31 - 1)),
    st.tuples(st.integers(-1000, 1000), st.integers(0, 99), st.integers(0, 2**31 - 1)),
)
def test_priority_goes_before_breadth_and_breadth_before_the_order(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    def key(facts: tuple[int, int, int], spread: Spread) -> str:
        priority, layer, position = facts
        return sort_key(priority=priority, part="", position=position, layer=layer, spread=spread)

    depth, breadth = ([key(facts, spread) for facts in (one, other)] for spread in (Spread.DEPTH, Spread.BREADTH))
    assert (depth[0] < depth[1]) == ((-one[0], one[2], one[1]) < (-other[0], other[2], other[1]))
    assert (breadth[0] < breadth[1]) == ((-one[0], one[1], one[2]) < (-other[0], other[1], other[2]))


def test_metadata_to_order_by_is_named_just_where_it_is_ordered_by() -> None:
    assert fault_of(Arrangement(Order.METADATA))
    assert fault_of(Arrangement(Order.RANDOM, key="market"))
    assert not fault_of(Arrangement(Order.METADATA, key="market"))


def test_ads_of_one_family_share_a_word_and_others_have_none() -> None:
    assert family_of({"family": "f1"}) == family_of({"family": ["f1"]}) != ""
    assert family_of({}) == family_of({"family": None}) == ""


# Over HTTP ------------------------------------------------------------------------------------------------------


def ordered(work: Work, metadata: Mapping[str, Mapping[str, Any]], **options: Any) -> Site:
    """A queue of one ad for each of these external ids."""
    with work.database.write() as session:
        site = make_site(session, work.store, clock=work.clock, ads=0, filled=False)
        for name, given_metadata in metadata.items():
            make_asset(
                session,
                work.store,
                project=site.project,
                clock=work.clock,
                external_id=name,
                metadata=dict(given_metadata),
            )
        queue = make_queue(session, site.project, clock=work.clock, **options)
        making.fill(session, queue, clock=work.clock)
        return Site(site.project, site.schema, queue)


def handed(worker: Worker, queue: str) -> list[str]:
    """Everything that this person is handed, in order, each labelled."""
    found = []
    while (answer := worker.claim(queue)).status_code == 201:
        found.append(answer.json()["task"]["asset"]["external_id"])
        assert worker.submit(answer.json()).status_code == 201
    return found


def task_of(work: Work, queue: Queue, position: int) -> str:
    with work.database.read() as session:
        return session.scalars(select(Task.id).where(Task.queue_id == queue.id, Task.position == position)).one()


ADS = {"a": {"reach": "20", "family": "x"}, "b": {"family": "y"}, "c": {"reach": 3, "family": "x"}, "d": {"reach": 100}}


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (Arrangement(), "abcd"),
        (Arrangement(Order.METADATA, "reach"), "cadb"),
        (Arrangement(Order.METADATA, "reach", descending=True), "dacb"),
        (Arrangement(Order.FAMILY_TOGETHER), "acbd"),
        (Arrangement(Order.FAMILY_APART), "abdc"),
    ],
)
def test_tasks_are_handed_out_in_the_order_of_the_queue(work: Work, order: Arrangement, wanted: str) -> None:
    site = ordered(work, ADS, order=order)
    found = "".join(handed(work.worker(), site.queue.id))
    if order.by == Order.FAMILY_TOGETHER:  # which family is first is no matter
        assert "ac" in found or "ca" in found
        assert found.endswith("d"), "an ad without a family comes after the families"
    else:
        assert found == wanted


def test_the_same_seed_gives_everybody_the_same_chance_and_what_comes_later_is_not_passed_over(work: Work) -> None:
    site = ordered(work, {str(one): {} for one in range(8)}, order=Arrangement(Order.RANDOM, seed="s"), overlap=2)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    first = handed(ada, site.queue.id)
    assert first != sorted(first)
    with work.database.write() as session:
        for one in range(8, 16):
            make_asset(session, work.store, project=site.project, clock=work.clock, external_id=str(one))
    later = handed(ada, site.queue.id)
    assert sorted(later) == sorted(map(str, range(8, 16))), "though most of them lie before where she was"
    assert sorted(handed(bo, site.queue.id)) == sorted(map(str, range(16)))


def test_a_priority_goes_before_the_order_also_for_who_is_past_it(work: Work) -> None:
    site = ordered(work, {one: {} for one in "abcdef"}, overlap=2)
    ada, bo, grace = work.worker("Ada"), work.worker("Bo"), work.colleague(Role.MANAGER)
    assert [bo.take(site.queue.id)["task"]["asset"]["external_id"], bo.label_next(site.queue.id)][0] == "a"
    last = task_of(work, site.queue, 5)
    path = f"/queues/{site.queue.id}/priorities"
    assert grace.ask("POST", path, {"tasks": [last], "priority": 5}).status_code == 201
    low = task_of(work, site.queue, 1)
    assert grace.ask("POST", path, {"tasks": [low], "priority": -5}).status_code == 201
    assert handed(ada, site.queue.id) == ["f", "a", "c", "d", "e", "b"]
    assert handed(bo, site.queue.id) == ["f", "c", "d", "e", "b"]
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []


def test_a_priority_of_a_task_of_another_queue_is_refused_whole(work: Work) -> None:
    site, grace = ordered(work, {"a": {}, "b": {}}), work.colleague(Role.MANAGER)
    known = task_of(work, site.queue, 1)
    refused = grace.ask("POST", f"/queues/{site.queue.id}/priorities", {"tasks": [known, "0" * 32], "priority": 5})
    assert refused.status_code == 422
    assert handed(work.worker(), site.queue.id) == ["a", "b"]


def test_in_breadth_every_ad_has_its_first_label_before_any_has_its_second(work: Work) -> None:
    with work.database.write() as session:
        site = make_site(session, work.store, clock=work.clock, ads=3, overlap=2)
        breadth = make_queue(
            session, site.project, clock=work.clock, overlap=2, order=Arrangement(spread=Spread.BREADTH)
        )
        making.fill(session, breadth, clock=work.clock)
    people = [work.worker(f"P{one}") for one in range(6)]

    def given_to_all(queue: str) -> list[str]:
        return [one.take(queue)["task"]["asset"]["external_id"] for one in people]

    assert given_to_all(site.queue.id) == ["ad-1", "ad-1", "ad-2", "ad-2", "ad-3", "ad-3"]
    assert given_to_all(breadth.id) == ["ad-1", "ad-2", "ad-3", "ad-1", "ad-2", "ad-3"]


@pytest.mark.parametrize("wishes", [{}, {"not_for_me": {"topic": ["none"]}}])
def test_to_go_on_with_what_was_begun_passes_nothing_over(work: Work, wishes: dict[str, Any]) -> None:
    site = ordered(work, {one: {} for one in "abc"}, order=Arrangement(spread=Spread.BREADTH), overlap=2)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    with work.database.write() as session:
        session.scalars(select(Person).where(Person.id == ada.person.id)).one().preferences = wishes
    lost = ada.take(site.queue.id)
    assert ada.on(lost, "DELETE", "").status_code == 204
    bo.label_next(site.queue.id)  # what she lost
    assert handed(ada, site.queue.id) == ["a", "b", "c"]
    with work.database.read() as session:
        layers = select(Slot.layer).join(Claim, Claim.slot_id == Slot.id).where(Claim.person_id == ada.person.id)
        assert session.scalars(layers.order_by(Claim.seq)).all() == [0, 1, 0, 0]


def test_an_order_that_is_changed_reaches_the_tasks_that_are_there(work: Work) -> None:
    site, grace = ordered(work, ADS), work.colleague(Role.MANAGER)
    ada = work.worker("Ada")
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "a"
    path = f"/queues/{site.queue.id}"
    assert grace.ask("PATCH", path, {"order": {"by": "metadata"}}).status_code == 422
    changed = grace.ask("PATCH", path, {"order": {"by": "metadata", "key": "reach", "descending": True}})
    assert changed.json()["order"] == {"by": "metadata", "key": "reach", "descending": True, "seed": ""}
    work.run_due()
    assert handed(work.worker("Bo"), site.queue.id) == ["d", "c", "b"]
    assert handed(ada, site.queue.id) == ["a"]


def test_what_models_say_later_moves_the_tasks_that_wait(work: Work) -> None:
    site = ordered(work, {one: {} for one in "abc"}, order=Arrangement(Order.UNCERTAINTY), overlap=2)
    engineer, ada = work.colleague(Role.ENGINEER), work.worker("Ada")
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "a", "nothing is known of any"
    for name, score in (("c", 0.2), ("b", 0.8)):
        body = {
            "asset": name, "schema_version": 1, "model": "m", "model_version": "1", "answers": {"verdict": "allow"},
            "scores": {"verdict": score},
        }  # fmt: skip
        assert engineer.ask("POST", f"/projects/{site.project.id}/suggestions", body).status_code == 201
    work.run_due()
    assert handed(work.worker("Bo"), site.queue.id) == ["c", "b", "a"]
    assert handed(ada, site.queue.id) == ["a", "c", "b"]


def test_nobody_gets_a_task_that_stems_from_one_they_had(work: Work) -> None:
    site = ordered(work, {"a": {}, "b": {}, "c": {}})
    with work.database.write() as session:
        first, second = session.scalars(
            select(Task).where(Task.queue_id == site.queue.id, Task.position < 2).order_by(Task.position)
        )
        second.root_id = first.root_id
        for slot in session.scalars(select(Slot).where(Slot.task_id == second.id)):
            slot.root_id = first.root_id
    ada, bo = work.worker("Ada"), work.worker("Bo")
    assert handed(ada, site.queue.id) == ["a", "c"]
    assert ada.ask("GET", f"/queues/{site.queue.id}").json()["left"] == 0
    assert handed(bo, site.queue.id) == ["b"]
