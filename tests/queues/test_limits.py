"""How much of a queue one person and one organisation may take, also when many ask at one moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.people.rules import Role
from app.queues import checks, handing
from app.queues.choosing import Limits, Reason, Why, most_for_organisation
from app.queues.models import Claim, OrganisationLimit, Queue
from tests.making import make_person
from tests.making_queues import make_queue
from tests.queues.conftest import Work


@pytest.mark.parametrize(
    ("most", "share", "slots", "allowed"),
    [
        (None, None, 10, None),
        (3, None, 10, 3),
        (None, 0.6, 10, 6),
        (None, 0.6, 9, 5),
        (4, 0.6, 10, 4),
        (None, 0.0, 9, 0),
    ],
)
def test_a_share_is_rounded_down_and_the_lower_of_both_counts(
    most: int | None, share: float | None, slots: int, allowed: int | None
) -> None:
    assert most_for_organisation(most=most, share=share, slots=slots) == allowed


def test_a_limit_is_reached_at_its_number() -> None:
    assert Limits(person=3, taken=2).reached() == []
    assert Limits(person=3, taken=3, person_a_day=3, taken_today=3).reached() == [
        Reason(Why.PERSON_LIMIT, "3"), Reason(Why.DAY_LIMIT, "3"),
    ]  # fmt: skip


def test_a_person_gets_so_many_tasks_and_what_they_give_back_does_not_count(work: Work) -> None:
    site, ada = work.site(ads=5, limits={"person": 2}), work.worker("Ada")
    first = ada.take(site.queue.id)
    assert ada.on(first, "DELETE", "").status_code == 204
    ada.label_next(site.queue.id)
    got = ada.take(site.queue.id)
    assert ada.claim(site.queue.id, ahead=True).status_code == 204, "what is held counts"
    assert ada.end(got, "skip").status_code == 201
    ada.label_next(site.queue.id)
    assert ada.claim(site.queue.id).status_code == 204
    assert "2 tasks" in ada.ask("GET", f"/queues/{site.queue.id}").json()["kept_from"]
    work.worker("Bo").label_next(site.queue.id)


def test_a_days_limit_begins_anew_at_midnight_of_the_queues_zone(work: Work) -> None:
    always = {"zone": "Asia/Tokyo", "windows": [{"days": ["mon", "tue"], "from": "00:00", "to": "00:00"}]}
    site, ada = work.site(ads=5, limits={"person_a_day": 1}, hours=always), work.worker()
    ada.label_next(site.queue.id)  # 18:00 there
    assert ada.claim(site.queue.id).status_code == 204
    work.clock.forward(hours=5, minutes=59)
    assert ada.claim(site.queue.id).status_code == 204
    work.clock.forward(minutes=1)
    ada.label_next(site.queue.id)


def test_an_organisation_gets_its_share_and_another_one_the_rest(work: Work) -> None:
    with work.database.write() as session:
        make_person(session, clock=work.clock, name="Cy", organisation="Nordlys")
    site = work.site(ads=5, limits={"organisations": {"Nordlys": {"share": 0.6}}})
    ada, bo, rui = work.worker("Ada"), work.worker("Bo"), work.worker("Rui", organisation="Atlantico")
    held = ada.take(site.queue.id)
    bo.label_next(site.queue.id)
    bo.label_next(site.queue.id)
    assert bo.claim(site.queue.id).status_code == 204
    assert ada.on(held, "DELETE", "").status_code == 204
    bo.label_next(site.queue.id)
    assert ada.claim(site.queue.id).status_code == 204
    assert "organisation" in ada.ask("GET", f"/queues/{site.queue.id}").json()["kept_from"]
    rui.label_next(site.queue.id)
    rui.label_next(site.queue.id)
    assert rui.claim(site.queue.id).status_code == 204
    with work.database.write() as session:
        assert list(checks.find_faults(session)) == []
        session.execute(update(OrganisationLimit).values(handed=9))
        assert list(checks.find_faults(session)) == ["Queue First pass counts 9 claims of Nordlys, but has 4."]


def test_a_share_is_of_the_places_that_there_are_by_now(work: Work) -> None:
    ada, grace = work.worker("Ada"), work.colleague(Role.MANAGER)
    site = work.site(ads=8, limits={"organisations": {"Nordlys": {"share": 0.5}}})
    queue = site.queue.id
    ada.label_next(queue)
    ada.label_next(queue)
    with work.database.write() as session:
        other = make_queue(session, site.project, clock=work.clock, name="Second", fills_itself=False).id
    move = {"deed": "move", "to": other, "external_ids": ["ad-5", "ad-6", "ad-7", "ad-8"]}
    token = grace.ask("POST", f"/queues/{queue}/bulk/preview", move).json()["token"]
    assert grace.ask("POST", f"/queues/{queue}/bulk", {**move, "token": token}).status_code == 201
    assert ada.claim(queue).status_code == 204, "two of four"
    assert grace.ask("PATCH", f"/queues/{queue}", {"overlap": 2}).status_code == 200
    work.run_due()
    ada.label_next(queue)
    assert ada.claim(queue).status_code == 204, "three of six: two are done by one person each"


def test_a_limit_that_is_set_later_counts_what_is_done(work: Work) -> None:
    site, ada, grace = work.site(ads=5), work.worker("Ada"), work.colleague(Role.MANAGER)
    ada.label_next(site.queue.id)
    ada.label_next(site.queue.id)
    path = f"/queues/{site.queue.id}"
    limits = {"person": 50, "organisations": {"Nordlys": {"most": 2}}}
    assert grace.ask("PATCH", path, {"limits": limits}).json()["limits"] == limits
    assert ada.claim(site.queue.id).status_code == 204
    assert grace.ask("PATCH", path, {"limits": {"organisations": {"Nobody": {"most": 2}}}}).status_code == 422
    assert grace.ask("PATCH", path, {"limits": {"organisations": {"Nordlys": {"most": 3}}}}).status_code == 200
    ada.label_next(site.queue.id)
    assert ada.claim(site.queue.id).status_code == 204


def test_taking_a_label_back_goes_on_though_the_limit_is_reached(work: Work) -> None:
    site, ada = work.site(ads=3, limits={"person": 1}), work.worker()
    label = ada.label_next(site.queue.id)
    assert ada.ask("POST", f"/labels/{label}/withdrawal").status_code == 201
    ada.label_next(site.queue.id)
    assert ada.claim(site.queue.id).status_code == 204


def test_what_is_reserved_is_begun_though_the_limit_leaves_no_room_for_what_was_lost(work: Work) -> None:
    ada, bo = work.worker("Ada"), work.worker("Bo")
    site = work.site(ads=4, overlap=2, limits={"organisations": {"Nordlys": {"most": 2}}})
    lost, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    assert ada.on(lost, "DELETE", "").status_code == 204
    assert bo.take(site.queue.id)["task"]["id"] == lost["task"]["id"]
    assert ada.take(site.queue.id)["claim"]["id"] == ahead["claim"]["id"]
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []


@pytest.mark.parametrize(("limits", "allowed"), [({"organisations": {"Nordlys": {"most": 5}}}, 5), ({"person": 1}, 16)])
def test_limits_hold_when_many_ask_at_one_moment(work: Work, limits: dict[str, Any], allowed: int) -> None:
    people = [work.worker(f"P{one}").person for one in range(16)]
    site = work.site(ads=20, limits=limits)

    def ask(person: Any) -> None:
        for seat in (handing.claim_next, handing.reserve_next):
            with work.database.write() as session:
                queue = session.scalars(select(Queue).where(Queue.id == site.queue.id)).one()
                seat(session, queue, person=person, holder=None, clock=work.clock)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, [one for one in people for _ in range(2)]))
    with work.database.read() as session:
        live = session.scalar(select(func.count()).select_from(Claim).where(Claim.state == "live"))
        most = session.scalar(
            select(func.count()).where(Claim.state == "live").group_by(Claim.person_id).order_by(func.count().desc())
        )
    assert live == allowed
    assert "person" not in limits or most == 1
