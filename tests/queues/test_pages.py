"""The pages of queues and of the work in them: they show, they act, and the wrong person finds nothing."""

import re
from html import unescape
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from app.labels.models import Label
from app.people.models import Person
from app.people.rules import Role
from app.queues.models import Claim, Queue, Task
from tests.making import make_person, sign_in
from tests.making_queues import ANSWER, make_queue
from tests.queues.conftest import Work

PAGE = {"Accept": "text/html"}
SCRIPT = {**PAGE, "X-Fasit": "1"}


def enter(work: Work, person: Person) -> dict[str, str]:
    """Signs the browser in; gives the headers of its scripts."""
    return {**SCRIPT, "X-CSRF-Token": sign_in(work.client, work.database, person, clock=work.clock)}


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'class="work-data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    shown: dict[str, Any] = orjson.loads(unescape(found.group(1)))
    return shown


def test_home_offers_a_labeler_the_queues_and_the_way_in(work: Work) -> None:
    site, ada = work.site(), work.worker()
    enter(work, ada.person)
    page = work.client.get("/", headers=PAGE)
    assert page.status_code == 200
    for words in ("First pass", "<b>3</b>", "Start", f"/queues/{site.queue.id}/work"):
        assert words in page.text
    ada.take(site.queue.id)
    assert "Continue" in work.client.get("/", headers=PAGE).text


def test_home_offers_kept_drafts_and_shows_the_latest_labels(work: Work) -> None:
    site, ada = work.site(), work.worker()
    label = ada.label_next(site.queue.id)
    got = ada.take(site.queue.id)
    ada.on(got, "PUT", "draft", {"seq": 1, "answers": {"note": "x"}})
    work.clock.forward(hours=1)
    enter(work, ada.person)
    page = work.client.get("/", headers=PAGE).text
    assert "Unfinished work that was kept" in page
    assert f"/labels/{label}" in page


def test_the_company_is_offered_work_only_in_queues_that_are_open_to_it(work: Work) -> None:
    work.worker("Bo", organisation="Sør")
    site = work.site(organisations=["Sør"])
    with work.database.write() as session:
        for_all = make_queue(session, site.project, clock=work.clock, name="For all")
    enter(work, work.colleague(Role.MANAGER).person)
    shown = {queue.id: work.client.get(f"/queues/{queue.id}", headers=PAGE).text for queue in (site.queue, for_all)}
    assert {queue: "Work in it" in page for queue, page in shown.items()} == {site.queue.id: False, for_all.id: True}


def test_home_shows_the_company_what_is_going_on(work: Work) -> None:
    site = work.site()
    enter(work, work.colleague(Role.MANAGER).person)
    page = work.client.get("/", headers=PAGE)
    assert page.status_code == 200
    assert f"/queues/{site.queue.id}" in page.text
    assert "0 of 3" in page.text


def test_a_manager_makes_a_queue_by_its_form(work: Work) -> None:
    site = work.site()
    token = enter(work, work.colleague(Role.MANAGER).person)["X-CSRF-Token"]
    assert work.client.get(f"/projects/{site.project.slug}/queues/new", headers=PAGE).status_code == 200
    form = {
        "csrf_token": token, "name": "Norwegian texts", "kind": "production", "schema_version": "1",
        "guideline_version": "", "overlap": "2", "claim_minutes": "10", "modality": ["text"],
        "metadata": "market = NO, SE\n", "organisations": [],
    }  # fmt: skip
    made = work.client.post(f"/projects/{site.project.slug}/queues", data=form, headers=PAGE)
    assert made.status_code == 303
    assert work.client.get(made.headers["location"], headers=PAGE).status_code == 200
    with work.database.read() as session:
        queue = session.scalars(select(Queue).where(Queue.name == "Norwegian texts")).one()
    assert queue.filter == {"modality": ["text"], "metadata.market": ["NO", "SE"]}
    assert (queue.overlap, queue.claim_seconds) == (2, 600)
    refused = work.client.post(
        f"/projects/{site.project.slug}/queues", data={**form, "metadata": "market"}, headers=PAGE
    )
    assert refused.status_code == 422
    assert "NAME = VALUE" in refused.text


def test_watching_shows_who_works_on_what_and_what_waits(work: Work) -> None:
    site = work.site()
    ada, bo, manager = work.worker("Ada"), work.worker("Bo"), work.colleague(Role.MANAGER)
    bo.end(bo.take(site.queue.id), "flag", "which <country>?")
    ada.take(site.queue.id)
    token = enter(work, manager.person)["X-CSRF-Token"]
    for address in (f"/queues/{site.queue.id}", f"/queues/{site.queue.id}/watch"):
        page = work.client.get(address, headers=PAGE)
        assert page.status_code == 200
        for words in ("Ada", "which &lt;country&gt;?", "Back to the queue"):
            assert words in page.text
    with work.database.read() as session:
        task = session.scalars(select(Task.id).where(Task.state == "on_hold")).one()
    back = work.client.post(f"/tasks/{task}/return", data={"csrf_token": token}, headers=PAGE)
    assert back.status_code == 303
    paused = work.client.post(
        f"/queues/{site.queue.id}/state", data={"csrf_token": token, "state": "paused"}, headers=PAGE
    )
    assert paused.status_code == 303
    with work.database.read() as session:
        assert session.scalars(select(Queue.state)).one() == "paused"
        assert session.scalars(select(Task.state).where(Task.id == task)).one() == "open"


def test_a_vendor_sees_what_is_left_and_nothing_of_others(work: Work) -> None:
    site, ada, bo = work.site(), work.worker("Ada"), work.worker("Bo")
    bo.take(site.queue.id)
    enter(work, ada.person)
    page = work.client.get(f"/queues/{site.queue.id}", headers=PAGE)
    assert page.status_code == 200
    assert "Bo" not in page.text
    assert "<b>2</b>" in page.text
    for address in (
        f"/queues/{site.queue.id}/watch", f"/projects/{site.project.slug}/queues/new", "/queues/none", "/queues/none/work",
    ):  # fmt: skip
        assert work.client.get(address, headers=PAGE).status_code in {403, 404}, address
    shown = ada.ask("GET", f"/queues/{site.queue.id}").json()
    assert not {"tasks", "overlap", "filter", "gold_rate", "organisations"} & set(shown)


def test_home_shows_a_vendor_lead_what_their_organisation_may_work_in(work: Work) -> None:
    site = work.site(ads=3)
    with work.database.write() as session:
        lead = make_person(session, clock=work.clock, name="Liv", roles=[Role.VENDOR_LEAD])
    enter(work, lead)
    page = work.client.get("/", headers=PAGE).text
    assert site.queue.name in page
    assert site.project.name in page
    assert '<td class="number">3</td>' in page


def test_the_labeling_page_claims_submits_and_goes_on(work: Work) -> None:
    site, ada = work.site(ads=2), work.worker()
    headers = {**enter(work, ada.person), "Claim-Holder": "page-1"}
    assert work.client.get(f"/queues/{site.queue.id}/work", headers=PAGE).status_code == 200
    with work.database.read() as session:
        assert session.scalars(select(Claim)).all() == []
    region = work.client.post(f"/queues/{site.queue.id}/work/claims", headers=headers)
    data = data_of(region.text)
    claim = data["claim"]
    sending = {**headers, "Claim-Token": claim["token"], "Idempotency-Key": "k1"}
    second = work.client.post(f"/work/claims/{claim['id']}/label", json=ANSWER, headers=sending)
    again = work.client.post(f"/work/claims/{claim['id']}/label", json=ANSWER, headers=sending)
    assert data_of(second.text)["claim"]["id"] == data_of(again.text)["claim"]["id"] != claim["id"]
    assert second.headers["x-fasit-label"] == again.headers["x-fasit-label"]
    claim = data_of(second.text)["claim"]
    putting = {**headers, "Claim-Token": claim["token"]}
    for _ in range(2):
        last = work.client.post(f"/work/claims/{claim['id']}/outcome", json={"outcome": "skip"}, headers=putting)
        assert (last.status_code, "Nothing left for you" in last.text) == (200, True)


def test_a_second_page_may_look_and_take_over(work: Work) -> None:
    site, ada = work.site(), work.worker()
    headers = enter(work, ada.person)
    first = work.client.post(f"/queues/{site.queue.id}/work/claims", headers={**headers, "Claim-Holder": "one"})
    second = work.client.post(f"/queues/{site.queue.id}/work/claims", headers={**headers, "Claim-Holder": "two"})
    claim = data_of(first.text)["claim"]
    assert "token" not in data_of(second.text)["claim"]
    taken = work.client.post(f"/work/claims/{claim['id']}/takeover", headers={**headers, "Claim-Holder": "two"})
    assert data_of(taken.text)["claim"]["token"] != claim["token"]
    late = work.client.post(
        f"/work/claims/{claim['id']}/label", json=ANSWER, headers={**headers, "Claim-Token": claim["token"]}
    )
    assert late.status_code == 409


def test_a_queue_paused_meanwhile_does_not_undo_a_submit(work: Work) -> None:
    site, ada = work.site(), work.worker()
    headers = enter(work, ada.person)
    claim = data_of(work.client.post(f"/queues/{site.queue.id}/work/claims", headers=headers).text)["claim"]
    work.colleague(Role.MANAGER).ask("PATCH", f"/queues/{site.queue.id}", {"state": "paused"})
    answer = work.client.post(
        f"/work/claims/{claim['id']}/label", json=ANSWER, headers={**headers, "Claim-Token": claim["token"]}
    )
    assert (answer.status_code, "is paused" in answer.text) == (200, True)
    with work.database.read() as session:
        assert len(session.scalars(select(Label)).all()) == 1


@pytest.mark.parametrize("who", ["author", "manager", "other"])
def test_only_the_author_opens_a_label_to_revise_it(work: Work, who: str) -> None:
    site, ada = work.site(), work.worker("Ada")
    label = ada.label_next(site.queue.id)
    person = {
        "author": lambda: ada,
        "manager": lambda: work.colleague(Role.MANAGER),
        "other": lambda: work.worker("Bo"),
    }
    headers = enter(work, person[who]().person)
    expected = 200 if who == "author" else 404
    assert work.client.get(f"/labels/{label}/revise", headers=PAGE).status_code == expected
    region = work.client.post(f"/labels/{label}/revise/task", headers=headers)
    assert region.status_code == expected
    if who == "author":
        data = data_of(region.text)
        assert (data["revises"], data["task"]["draft"]["answers"]) == (
            {"label": label, "revision": 1}, {"verdict": "allow"},
        )  # fmt: skip
        body = {**ANSWER, "answers": {"verdict": "reject"}}
        done = work.client.post(f"/labels/{label}/revise", json=body, headers={**headers, "If-Match": "1"})
        assert (done.status_code, done.headers["location"]) == (204, f"/labels/{label}")


@pytest.mark.parametrize(
    ("came_from", "sent_to", "leads_back"),
    [("settings", "settings", True), ("bulk/preview", "bulk", False), ("bulk/preview", "bulk/preview", False)],
)
def test_a_form_that_is_refused_is_led_back_to_where_its_page_can_be_asked_for(
    work: Work, came_from: str, sent_to: str, leads_back: bool
) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    headers = {"X-CSRF-Token": enter(work, manager.person)["X-CSRF-Token"], **PAGE}
    address = f"/queues/{site.queue.id}"
    headers["Referer"] = f"http://testserver{address}/{came_from}"
    refused = work.client.post(f"{address}/{sent_to}", data={"priority": "high"}, headers=headers)
    assert refused.status_code == 422
    assert (f'href="{address}/{came_from}"' in refused.text) == leads_back
