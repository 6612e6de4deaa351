"""Claims over HTTP: who gets what, for how long, and what happens to what they wrote."""

import pytest
from sqlalchemy import select

from app.people.rules import Role
from app.queues.models import Claim, Slot, Task
from tests.making import sign_in
from tests.making_queues import ANSWER, make_ads, make_guideline, make_queue, make_site
from tests.queues.conftest import Work


def test_a_claim_gives_the_task_with_everything_to_work_on(work: Work) -> None:
    site = work.site()
    got = work.worker().take(site.queue.id)
    assert set(got["claim"]) == {"id", "token", "expires_at"}
    assert got["claim"]["expires_at"] == "2026-11-02T09:15:00.000000Z"
    assert got["task"]["asset"]["external_id"] == "ad-1"
    assert got["task"]["asset"]["parts"][0]["text"] == "Buy now 🙂"
    assert (got["task"]["schema"]["version"], got["task"]["guideline"]["version"]) == (1, 1)
    assert "draft" not in got["task"]


def test_one_who_holds_a_claim_gets_that_claim_again(work: Work) -> None:
    site, ada = work.site(), work.worker()
    assert ada.take(site.queue.id) == ada.take(site.queue.id)


def test_two_people_get_different_tasks_and_the_third_gets_nothing(work: Work) -> None:
    site = work.site(ads=2)
    first = work.worker("Ada").take(site.queue.id)
    second = work.worker("Bo").take(site.queue.id)
    assert first["task"]["id"] != second["task"]["id"]
    assert work.worker("Cy").claim(site.queue.id).status_code == 204


def test_an_overlap_of_three_goes_to_three_people_and_then_the_task_is_done(work: Work) -> None:
    site = work.site(ads=1, overlap=3)
    people = [work.worker(name) for name in ("Ada", "Bo", "Cy", "Di")]
    tasks = {one.take(site.queue.id)["task"]["id"] for one in people[:3]}
    assert len(tasks) == 1
    assert people[3].claim(site.queue.id).status_code == 204
    for one in people[:3]:
        one.label_next(site.queue.id)
    with work.database.read() as session:
        assert session.scalars(select(Task.state)).all() == ["done"]
    assert people[0].claim(site.queue.id).status_code == 204


def test_nobody_gets_the_same_task_twice_after_submitting_or_skipping_it(work: Work) -> None:
    site, ada = work.site(ads=3, overlap=2), work.worker()
    seen = []
    for number in range(3):
        got = ada.take(site.queue.id)
        seen.append(got["task"]["asset"]["external_id"])
        done = ada.submit(got) if number % 2 else ada.end(got, "skip")
        assert done.status_code == 201
    assert seen == ["ad-1", "ad-2", "ad-3"]
    assert ada.claim(site.queue.id).status_code == 204


def test_an_expired_claim_goes_to_somebody_else(work: Work) -> None:
    site = work.site(ads=1)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    ada.take(site.queue.id)
    assert bo.claim(site.queue.id).status_code == 204
    work.clock.forward(seconds=900)
    assert bo.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-1"
    assert ada.claim(site.queue.id).status_code == 204


def test_an_expired_task_comes_back_first_to_the_one_who_began_it(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker("Ada")
    first = ada.take(site.queue.id)
    work.clock.forward(hours=1)
    again = ada.take(site.queue.id)
    assert again["task"]["id"] == first["task"]["id"]
    assert again["claim"]["id"] != first["claim"]["id"]


def test_released_work_keeps_its_draft_and_comes_back_with_it(work: Work) -> None:
    site, ada = work.site(), work.worker()
    got = ada.take(site.queue.id)
    assert ada.on(got, "PUT", "draft", {"seq": 3, "answers": {"note": "half"}}).status_code == 204
    assert ada.on(got, "DELETE", "").status_code == 204
    assert [item["answers"] for item in ada.ask("GET", "/me/drafts").json()["items"]] == [{"note": "half"}]
    again = ada.take(site.queue.id)
    assert again["task"]["id"] == got["task"]["id"]
    assert again["task"]["draft"] == {"seq": 3, "answers": {"note": "half"}, "sources": {}, "evidence": []}
    assert ada.ask("GET", "/me/drafts").json()["items"] == []


def test_a_lower_draft_seq_is_ignored(work: Work) -> None:
    site, ada = work.site(), work.worker()
    got = ada.take(site.queue.id)
    for seq, note in ((5, "newer"), (4, "older")):
        assert ada.on(got, "PUT", "draft", {"seq": seq, "answers": {"note": note}}).status_code == 204
    assert ada.take(site.queue.id)["task"]["draft"]["answers"] == {"note": "newer"}


def test_a_write_after_the_claim_died_is_kept_and_refused(work: Work) -> None:
    site, ada = work.site(), work.worker()
    got = ada.take(site.queue.id)
    work.clock.forward(minutes=20)
    late = ada.on(got, "PUT", "draft", {"seq": 1, "answers": {"note": "late"}})
    assert late.status_code == 409
    assert late.headers["content-type"] == "application/problem+json"
    assert "09:15 UTC" in late.json()["detail"]
    assert ada.ask("GET", "/me/drafts").json()["items"][0]["answers"] == {"note": "late"}
    refused = ada.submit(got, {**ANSWER, "answers": {"verdict": "reject"}})
    assert refused.status_code == 409
    assert ada.take(site.queue.id)["task"]["draft"]["answers"] == {"verdict": "reject"}


def test_another_page_sees_the_claim_without_its_token_and_may_take_it_over(work: Work) -> None:
    site, here = work.site(), work.worker(holder="page-1")
    there = type(here)(here.client, here.headers, here.person, "page-2")
    got = here.take(site.queue.id)
    assert "token" not in there.take(site.queue.id)["claim"]
    taken = there.ask("POST", f"/claims/{got['claim']['id']}/takeover")
    assert taken.status_code == 200
    assert taken.json()["claim"]["token"] != got["claim"]["token"]
    late = here.on(got, "PUT", "draft", {"seq": 9, "answers": {"note": "of the first page"}})
    assert late.status_code == 409
    assert there.on(taken.json(), "PUT", "draft", {"seq": 1, "answers": {"note": "of the second"}}).status_code == 204
    drafts = here.ask("GET", "/me/drafts").json()["items"]
    assert [draft["answers"]["note"] for draft in drafts] == ["of the first page"]
    assert "token" not in here.take(site.queue.id)["claim"]
    assert there.submit(taken.json()).status_code == 201


def test_a_lease_is_renewed_until_nobody_was_active_for_four_claims_lengths(work: Work) -> None:
    site, ada = work.site(claim_seconds=60), work.worker()
    got = ada.take(site.queue.id)
    ends = []
    for _ in range(6):
        work.clock.forward(seconds=50)
        answer = ada.on(got, "PUT", "lease")
        ends.append(answer.json().get("expires_at", answer.status_code))
    assert ends[:3] == [f"2026-11-02T09:0{at}.000000Z" for at in ("1:50", "2:40", "3:30")]
    assert ends[3:] == ["2026-11-02T09:04:00.000000Z", 409, 409]


def test_activity_keeps_a_lease_renewable(work: Work) -> None:
    site, ada = work.site(claim_seconds=60), work.worker()
    got = ada.take(site.queue.id)
    for _ in range(10):
        work.clock.forward(seconds=50)
        assert ada.on(got, "PUT", "lease", {"active": True}).status_code == 200
    for seq in range(10):
        work.clock.forward(seconds=50)
        assert ada.on(got, "PUT", "draft", {"seq": seq, "answers": {}}).status_code == 204
        assert ada.on(got, "PUT", "lease").status_code == 200


def test_a_project_without_a_guideline_refuses_claims(work: Work) -> None:
    with work.database.write() as session:
        site = make_site(session, work.store, clock=work.clock, ads=0, filled=False)
        other = make_site(session, work.store, clock=work.clock, slug="bare", ads=0, filled=False)
        session.execute(Slot.__table__.delete())
        from app.guidelines.models import Clause, GuidelineVersion  # noqa: PLC0415

        session.execute(Clause.__table__.delete())
        session.execute(GuidelineVersion.__table__.delete())
    ada = work.worker()
    assert ada.claim(other.queue.id).status_code == 409
    assert "guideline" in ada.claim(site.queue.id).json()["detail"]


def test_a_claim_pins_the_guideline_that_is_newest_when_it_is_made(work: Work) -> None:
    site, ada = work.site(), work.worker()
    first = ada.take(site.queue.id)
    with work.database.write() as session:
        make_guideline(session, site.project, clock=work.clock, title="Ad policy, sharper")
    assert ada.take(site.queue.id)["task"]["guideline"]["version"] == 1
    assert ada.submit(first).json()["guideline_version"] == 1
    assert ada.take(site.queue.id)["task"]["guideline"] == {"version": 2, "title": "Ad policy, sharper"}


def test_a_claim_that_finds_nothing_fills_before_it_says_so(work: Work) -> None:
    site, ada = work.site(ads=1), work.worker()
    ada.label_next(site.queue.id)
    with work.database.write() as session:
        make_ads(session, work.store, site.project, clock=work.clock, count=1, first=2)
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-2"


def test_a_paused_queue_hands_nothing_out_but_takes_what_is_held(work: Work) -> None:
    site, ada, manager = work.site(), work.worker(), work.colleague(Role.MANAGER)
    got = ada.take(site.queue.id)
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"state": "paused"}).json()["state"] == "paused"
    assert ada.take(site.queue.id) == got
    assert ada.submit(got).status_code == 201
    assert ada.claim(site.queue.id).status_code == 409


def test_claims_of_others_do_not_exist_for_one(work: Work) -> None:
    site, ada, bo = work.site(), work.worker("Ada"), work.worker("Bo")
    got = ada.take(site.queue.id)
    for method, what, body in (
        ("PUT", "lease", None), ("PUT", "draft", {"seq": 1, "answers": {}}), ("POST", "label", ANSWER),
        ("POST", "outcome", {"outcome": "skip"}), ("DELETE", "", None), ("POST", "takeover", None),
    ):  # fmt: skip
        assert bo.on(got, method, what, body).status_code == 404


def test_a_queue_for_another_organisation_does_not_exist(work: Work) -> None:
    bo = work.worker("Bo", organisation="Sør")
    with work.database.write() as session:
        site = make_site(session, work.store, clock=work.clock, ads=1, organisations=["Sør"])
    ada = work.worker("Ada")
    assert ada.claim(site.queue.id).status_code == 404
    assert ada.ask("GET", f"/queues/{site.queue.id}").status_code == 404
    assert ada.ask("GET", f"/projects/{site.project.slug}/queues").status_code == 404
    assert bo.claim(site.queue.id).status_code == 201


@pytest.mark.parametrize("kind", ["gold", "adjudication"])
def test_what_smes_answer_does_not_exist_for_vendors_it_does_not_name(work: Work, kind: str) -> None:
    ada, siv, mia = work.worker("Ada"), work.colleague(Role.SME, name="Siv"), work.colleague(Role.MANAGER)
    work.worker("Bo", organisation="Sør")
    site = work.site(ads=2, overlap=2, kind=kind, name="Standard")
    path = f"/queues/{site.queue.id}"
    assert ada.claim(site.queue.id).status_code == 404
    assert ada.ask("GET", path).status_code == 404
    assert ada.ask("GET", f"/projects/{site.project.slug}/queues").status_code == 404
    assert ada.ask("POST", "/claims").status_code == 204
    sign_in(work.client, work.database, ada.person, clock=work.clock)
    assert "Standard" not in work.client.get("/").text
    assert siv.claim(site.queue.id).status_code == 201
    for named, status in (["Sør"], 404), (["Nordlys"], 201):
        assert mia.ask("PATCH", path, {"organisations": named}).status_code == 200
        assert ada.claim(site.queue.id).status_code == status


def test_a_vendors_queue_is_seen_by_the_company_and_worked_in_by_the_vendor(work: Work) -> None:
    work.worker("Bo", organisation="Sør")
    with work.database.write() as session:
        site = make_site(session, work.store, clock=work.clock, ads=2, organisations=["Sør"])
        for_all = make_queue(session, site.project, clock=work.clock, name="For all")
    mia = work.colleague(Role.MANAGER)
    assert mia.ask("GET", f"/queues/{site.queue.id}").status_code == 200
    refused = mia.claim(site.queue.id)
    assert (refused.status_code, "other organisations" in refused.json()["detail"]) == (403, True)
    assert mia.claim(for_all.id).status_code == 201


def test_a_person_may_hold_one_claim_in_each_queue(work: Work) -> None:
    site, ada = work.site(), work.worker()
    with work.database.write() as session:
        other = make_queue(session, site.project, clock=work.clock, name="Second pass")
    one, two = ada.take(site.queue.id), ada.take(other.id)
    assert one["task"]["asset"]["id"] == two["task"]["asset"]["id"]
    with work.database.read() as session:
        assert session.scalars(select(Claim.state)).all() == ["live", "live"]


def test_the_same_key_gives_the_first_claim_again(work: Work) -> None:
    site, ada = work.site(), work.worker()
    path = f"/queues/{site.queue.id}/claims"
    first = ada.ask("POST", path, Idempotency_Key="k1")
    again = ada.ask("POST", path, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    empty = work.worker("Bo")
    with work.database.write() as session:
        bare = make_site(session, work.store, clock=work.clock, slug="bare", ads=0)
    for _ in range(2):
        assert empty.ask("POST", f"/queues/{bare.queue.id}/claims", Idempotency_Key="k2").status_code == 204
