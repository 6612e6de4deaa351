"""Changing a queue that people work in: what each change means for them, and two managers at once."""

import json
import re
import threading
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from app.labels.models import Draft, Label, Revision
from app.people import actions as people
from app.people.models import Person
from app.people.rules import Role
from app.queues import checks
from app.queues.models import Claim, Queue, Slot, Task
from tests.making import sign_in
from tests.making_labels import BODY
from tests.making_queues import make_ads
from tests.queues.conftest import Work, Worker

PAGE = {"Accept": "text/html"}


def change(manager: Worker, queue: str, made_from: int | None = None, **changes: Any) -> Any:
    headers = {} if made_from is None else {"If_Match": f'"{made_from}"'}
    return manager.ask("PATCH", f"/queues/{queue}", changes, **headers)


def run_due(work: Work) -> None:
    work.run_due()


def faults(work: Work) -> list[str]:
    with work.database.read() as session:
        return list(checks.find_faults(session))


# Two managers ---------------------------------------------------------------------------------------------------


def test_who_changes_a_queue_second_is_told_what_the_first_did(work: Work) -> None:
    site = work.site()
    grace, hal = work.colleague(Role.MANAGER), work.colleague(Role.MANAGER, name="Hal")
    seen = grace.ask("GET", f"/queues/{site.queue.id}").json()["revision"]
    assert change(grace, site.queue.id, seen, overlap=2, name="Second pass").json()["revision"] == seen + 1
    refused = change(hal, site.queue.id, seen, overlap=3, state="paused")
    assert refused.status_code == 412
    for words in ("Grace at 09:00 UTC", "overlap changed from 1 to 2", "name changed from First pass to Second pass"):
        assert words in refused.json()["detail"]
    now = hal.ask("GET", f"/queues/{site.queue.id}").json()
    assert (now["overlap"], now["state"], now["revision"]) == (2, "open", seen + 1)
    assert change(hal, site.queue.id, seen + 1, state="paused").status_code == 200
    assert change(hal, site.queue.id, state="open").status_code == 200  # without If-Match: whatever it is now
    assert change(hal, site.queue.id, "x", state="open").status_code == 422  # type: ignore[arg-type]  # the very thing that is refused


def test_of_two_changes_at_once_from_one_revision_one_is_made(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    answers: list[int] = []
    ready = threading.Barrier(4)

    def one(number: int) -> None:
        ready.wait()
        answers.append(change(manager, site.queue.id, 1, name=f"Name {number}").status_code)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412, 412]


def test_the_form_comes_back_as_typed_with_what_changed(work: Work) -> None:
    site, manager = work.site(filter={"metadata.market": ["NO"], "external_id": ["ad-1"]}), work.colleague(Role.MANAGER)
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    address = f"/queues/{site.queue.id}/settings"
    page = work.client.get(address, headers=PAGE)
    assert (page.status_code, "market = NO" in page.text) == (200, True)
    form = {
        "csrf_token": token, "revision": "1", "name": "Mine", "overlap": "1", "claim_minutes": "15", "undo_minutes": "5",
        "priority": "2", "due": "2026-12-24T17:00", "schema_version": "1", "metadata": "market = NO, SE",
    }  # fmt: skip
    change(work.colleague(Role.MANAGER, name="Hal"), site.queue.id, name="Theirs")
    refused = work.client.post(address, data=form, headers=PAGE)
    assert refused.status_code == 412
    for words in ("Hal at 09:00 UTC: name changed from First pass to Theirs", 'value="Mine"', "Now: Theirs."):
        assert words in refused.text
    assert 'name="revision" value="2"' in refused.text
    assert work.client.post(address, data={**form, "revision": "2"}, headers=PAGE).status_code == 303
    with work.database.read() as session:
        queue = session.scalars(select(Queue)).one()
    assert (queue.name, queue.priority, queue.filter) == (
        "Mine", 2, {"external_id": ["ad-1"], "metadata.market": ["NO", "SE"]},
    )  # fmt: skip
    assert f"{queue.due_at:%Y-%m-%d %H:%M}" == "2026-12-24 17:00"


def test_what_was_only_sent_along_follows_the_other_and_their_change_is_told_in_words(work: Work) -> None:
    site, manager = work.site(filter={"metadata.market": ["NO"]}), work.colleague(Role.MANAGER)
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    address = f"/queues/{site.queue.id}/settings"
    found = re.search(r'name="shown" value="([^"]*)"', work.client.get(address, headers=PAGE).text)
    assert found is not None
    form = {
        "csrf_token": token, "revision": "1", "shown": unescape(found.group(1)), "name": "Mine", "overlap": "1",
        "claim_minutes": "15", "undo_minutes": "5", "priority": "0", "schema_version": "1", "metadata": "market = NO",
    }  # fmt: skip
    theirs: dict[str, Any] = {
        "name": "Theirs",
        "overlap": 3,
        "filter": {"metadata.market": ["SE", "DK"]},
        "muted": True,
    }
    theirs |= {
        "requires": {"languages": ["nb"]},
        "limits": {"organisations": {work.worker().person.organisation.name: {"most": 5}}},
    }
    assert change(work.colleague(Role.MANAGER, name="Hal"), site.queue.id, **theirs).status_code == 200
    refused = work.client.post(address, data=form, headers=PAGE)
    assert refused.status_code == 412
    for words in (
        'value="Mine"', "Now: Theirs.", 'value="3"', "market = SE, DK", "filter changed from market NO to market SE, DK",
        "requirements changed from nothing to languages nb", "limits changed from nothing to Nordlys most 5",
    ):  # fmt: skip
        assert words in refused.text
    assert refused.text.count("Now: ") == 1, "the one thing that both changed"


def handing_page(work: Work, address: str) -> dict[str, str]:
    """The form of what is handed out, as the page shows it and a browser sends it."""
    page = work.client.get(address, headers=PAGE).text
    found = re.search(r'name="shown" value="([^"]*)"', page)
    assert found is not None
    shown = json.loads(unescape(found.group(1)))
    return {
        key: str(value).replace("\n", "\r\n")
        for key, value in shown.items()
        if value is not None and value is not False
    } | {"shown": unescape(found.group(1))}


def test_of_two_who_change_what_is_handed_out_the_second_gets_a_form_of_both(work: Work) -> None:
    site, manager, hal = work.site(), work.colleague(Role.MANAGER), work.colleague(Role.MANAGER, name="Hal")
    nordlys = work.worker().person.organisation.name
    windows = [{"days": [day], "from": "08:00", "to": "16:00"} for day in ("mon", "tue")]
    begun = change(manager, site.queue.id, hours={"windows": windows}, priority=1)
    assert begun.status_code == 200, begun.text
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    address = f"/queues/{site.queue.id}/handing-out"
    form = handing_page(work, address) | {"csrf_token": token, "languages": "nb", "priority": "7"}
    theirs: dict[str, Any] = {
        "priority": 3, "order": {"by": "random", "seed": "s"}, "limits": {"person": 0, "organisations": {nordlys: {"most": 5}}},
        "requires": {"markets": ["NO"]}, "due_at": "2026-12-24T17:00:30Z",
    }  # fmt: skip
    assert change(hal, site.queue.id, **theirs).status_code == 200
    back = work.client.post(address, data=form, headers=PAGE)
    assert back.status_code == 412
    for words in (
        "Hal at 09:00 UTC: priority changed from 1 to 3", 'value="7"', "Now: 3.", 'value="nb"', 'value="NO"', "Now: none.",
        f"{nordlys} = 5", '<option value="random" selected>', 'value="2026-12-24T17:00"', 'name="revision" value="3"',
    ):  # fmt: skip
        assert words in back.text, words
    assert back.text.count("Now: ") == 2, "what both changed, and what is new"
    found = re.search(r'name="shown" value="([^"]*)"', back.text)
    assert found is not None
    merged = {
        **form, "revision": "3", "shown": unescape(found.group(1)), "markets": "NO", "order_by": "random", "person": "0",
        "organisations": f"{nordlys} = 5", "due_at": "2026-12-24T17:00",
    }  # fmt: skip
    assert work.client.post(address, data=merged, headers=PAGE).status_code == 303
    queue = manager.ask("GET", f"/queues/{site.queue.id}").json()
    assert (queue["priority"], queue["order"]["by"], queue["requires"]) == (
        7,
        "random",
        {"languages": ["nb"], "markets": ["NO"]},
    )
    assert queue["limits"] == {"person": 0, "organisations": {nordlys: {"most": 5}}}
    assert queue["due_at"] == "2026-12-24T17:00:30.000000Z", "the form shows it without its seconds"
    assert len(queue["hours"]["windows"]) == 2


def test_a_share_that_the_form_shows_rounded_stays_exact(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    nordlys = work.worker().person.organisation.name
    third = {"organisations": {nordlys: {"share": 0.333}}}
    assert change(manager, site.queue.id, limits=third).status_code == 200
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    address = f"/queues/{site.queue.id}/handing-out"
    form = handing_page(work, address) | {"csrf_token": token, "languages": "nb"}
    assert work.client.post(address, data=form, headers=PAGE).status_code == 303
    assert manager.ask("GET", f"/queues/{site.queue.id}").json()["limits"] == third
    again = handing_page(work, address) | {"csrf_token": token, "organisations": f"{nordlys} = 40 %"}
    assert work.client.post(address, data=again, headers=PAGE).status_code == 303
    assert manager.ask("GET", f"/queues/{site.queue.id}").json()["limits"]["organisations"] == {nordlys: {"share": 0.4}}


def test_a_filter_too_long_for_the_form_stays_when_others_are_saved(work: Work) -> None:
    wanted = {"metadata.advertiser": [f"Advertiser number {number:03}" for number in range(190)]}
    site, manager = work.site(filter=wanted), work.colleague(Role.MANAGER)
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    address = f"/queues/{site.queue.id}"
    assert "Advertiser number 019 and 170 more" in work.client.get(address, headers=PAGE).text.replace("\u00a0", " ")
    page = work.client.get(f"{address}/settings", headers=PAGE)
    assert (page.status_code, "asks for more than fits here" in page.text) == (200, True)
    form = {
        "csrf_token": token, "revision": "1", "name": "Renamed", "overlap": "1", "claim_minutes": "15", "undo_minutes": "5",
        "priority": "0", "metadata": "", "modality": "text", "escalation_hours": "24", "rework_hours": "24",
    }  # fmt: skip
    assert work.client.post(f"{address}/settings", data=form, headers=PAGE).status_code == 303
    assert manager.ask("GET", address).json()["filter"] == wanted | {"modality": ["text"]}


def test_what_the_form_shows_rounded_stays_exact_where_nothing_was_typed(work: Work) -> None:
    site = work.site(claim_seconds=90, filter={"metadata.level": [1], "metadata.market": ["NO"]})
    manager = work.colleague(Role.MANAGER)
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    form = {
        "csrf_token": token, "revision": "1", "name": "Renamed", "overlap": "1", "claim_minutes": "1", "undo_minutes": "5",
        "priority": "0", "metadata": "level = 1\r\nmarket = NO", "escalation_hours": "24", "rework_hours": "24",
    }  # fmt: skip
    assert work.client.post(f"/queues/{site.queue.id}/settings", data=form, headers=PAGE).status_code == 303
    with work.database.read() as session:
        queue = session.scalars(select(Queue)).one()
    assert (queue.name, queue.claim_seconds, queue.filter["metadata.level"]) == ("Renamed", 90, [1])


def test_a_button_of_an_old_page_is_told_what_changed(work: Work) -> None:
    site, manager = work.site(), work.colleague(Role.MANAGER)
    token = sign_in(work.client, work.database, manager.person, clock=work.clock)
    change(work.colleague(Role.MANAGER, name="Hal"), site.queue.id, overlap=2)
    form = {"csrf_token": token, "state": "closed", "revision": "1"}
    refused = work.client.post(f"/queues/{site.queue.id}/state", data=form, headers=PAGE)
    assert (refused.status_code, "overlap changed from 1 to 2" in refused.text) == (412, True)


# Deadline and filter --------------------------------------------------------------------------------------------


def test_a_deadline_in_the_past_is_refused_and_one_that_passes_stops_nothing(work: Work) -> None:
    site, manager, ada = work.site(), work.colleague(Role.MANAGER), work.worker()
    refused = change(manager, site.queue.id, due_at="2025-12-24T17:00:00Z", name="x")
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "/due_at")
    assert manager.ask("GET", f"/queues/{site.queue.id}").json()["name"] == "First pass"
    body = {"name": "Q", "kind": "production", "due_at": "2026-11-02T08:59:59Z"}
    assert manager.ask("POST", f"/projects/{site.project.id}/queues", body).status_code == 422
    change(manager, site.queue.id, due_at="2026-11-02T10:00:00Z")
    work.clock.forward(hours=2)
    ada.label_next(site.queue.id)
    assert change(manager, site.queue.id, due_at="2026-11-02T10:00:00Z", name="y").status_code == 200  # as it was
    assert change(manager, site.queue.id, due_at=None).json()["due_at"] is None


def test_a_filter_that_matches_nothing_is_kept_and_told(work: Work) -> None:
    site, manager = work.site(filled=False, filter={"metadata.market": ["XX"]}), work.colleague(Role.MANAGER)
    look = lambda: manager.ask("GET", f"/queues/{site.queue.id}/watch").json()["stuck"]  # noqa: E731  # one line
    assert look() == []  # not looked through yet
    run_due(work)
    assert [one["reason"] for one in look()] == ["nothing matches"]
    with work.database.write() as session:
        make_ads(session, work.store, site.project, clock=work.clock, count=1, first=50, metadata={"market": "XX"})
    run_due(work)
    assert manager.ask("GET", f"/queues/{site.queue.id}").json()["tasks"]["open"] == 1


def test_a_filter_that_is_opened_to_everything_fills_the_rest_and_a_narrowed_one_takes_nothing_away(work: Work) -> None:
    site, manager = work.site(ads=4, filter={"external_id": ["ad-2"]}), work.colleague(Role.MANAGER)
    assert change(manager, site.queue.id, filter={}).status_code == 200
    run_due(work)
    tasks = lambda: manager.ask("GET", f"/queues/{site.queue.id}").json()["tasks"]["open"]  # noqa: E731  # one line
    assert tasks() == 4
    change(manager, site.queue.id, filter={"external_id": ["none"]})
    run_due(work)
    assert tasks() == 4
    refused = change(manager, site.queue.id, filter={"market": ["NO"]})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "/filter/market")


# Overlap --------------------------------------------------------------------------------------------------------


def overlaps(work: Work) -> list[tuple[str, int, int]]:
    with work.database.read() as session:
        rows = session.execute(
            select(Task.state, Task.overlap, func.count())
            .join(Slot, Slot.task_id == Task.id)
            .where(Slot.state != "dropped")
            .group_by(Task.seq, Task.state, Task.overlap)
            .order_by(Task.seq)
        )
        return [(str(state), overlap, count) for state, overlap, count in rows]


def test_raised_overlap_reaches_what_is_not_done(work: Work) -> None:
    site, manager = work.site(ads=4), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    ada.label_next(site.queue.id)
    held = ada.take(site.queue.id)
    bo.end(bo.take(site.queue.id), "flag", "which?")
    change(manager, site.queue.id, overlap=2)
    run_due(work)
    assert overlaps(work) == [("done", 1, 1), ("open", 2, 2), ("on_hold", 2, 2), ("open", 2, 2)]
    assert faults(work) == []
    assert bo.take(site.queue.id)["task"]["id"] == held["task"]["id"]
    assert ada.submit(held).status_code == 201
    assert overlaps(work)[1] == ("open", 2, 2)
    assert faults(work) == []


def test_lowered_overlap_drops_what_nobody_holds_and_loses_no_label(work: Work) -> None:
    site, manager = work.site(ads=4, overlap=3), work.colleague(Role.MANAGER)
    ada, bo, cleo = work.worker("Ada"), work.worker("Bo"), work.worker("Cleo")
    for worker in (ada, bo):
        worker.label_next(site.queue.id)  # ad-1 has two labels
    for worker in (ada, bo):
        worker.take(site.queue.id)  # ad-2 is held twice
    skipped = cleo.take(site.queue.id)
    cleo.end(skipped, "skip")
    change(manager, site.queue.id, overlap=1)
    run_due(work)
    assert overlaps(work) == [("done", 2, 2), ("open", 2, 2), ("open", 1, 1), ("open", 1, 1)]
    with work.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Label).where(Label.withdrawn_at.is_(None))) == 2
    assert faults(work) == []
    change(manager, site.queue.id, overlap=3)
    run_due(work)
    assert overlaps(work) == [("done", 2, 2), ("open", 3, 3), ("open", 3, 3), ("open", 3, 3)]
    assert faults(work) == []


@pytest.mark.parametrize("way", ["released", "skipped", "expired", "recalled"])
def test_a_place_too_many_that_is_given_back_goes_and_its_task_is_done_with_the_label_it_has(
    work: Work, way: str
) -> None:
    site, manager = work.site(ads=1, overlap=2), work.colleague(Role.MANAGER)
    ada, bo, cleo = work.worker("Ada"), work.worker("Bo"), work.worker("Cleo")
    held = ada.take(site.queue.id)
    bo.label_next(site.queue.id)
    change(manager, site.queue.id, overlap=1)
    run_due(work)
    assert overlaps(work) == [("open", 2, 2)]
    if way == "skipped":
        assert ada.end(held, "skip").status_code == 201
    elif way == "expired":
        work.clock.forward(seconds=901)
    elif way == "recalled":
        assert manager.ask("POST", f"/claims/{held['claim']['id']}/recall").status_code == 204
    else:
        assert ada.on(held, "DELETE", "").status_code == 204
    assert cleo.claim(site.queue.id).status_code == 204
    assert overlaps(work) == [("done", 1, 1)]
    assert faults(work) == []
    late = ada.submit(held)
    assert late.status_code == 409
    assert ada.claim(site.queue.id).status_code == 204


def test_of_two_who_hold_a_task_too_many_the_last_place_is_handed_on(work: Work) -> None:
    site, manager = work.site(ads=1, overlap=2), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    first, second = ada.take(site.queue.id), bo.take(site.queue.id)
    change(manager, site.queue.id, overlap=1)
    run_due(work)
    assert ada.on(first, "DELETE", "").status_code == 204
    assert work.worker("Cleo").claim(site.queue.id).status_code == 204
    assert bo.on(second, "DELETE", "").status_code == 204
    assert overlaps(work) == [("open", 1, 1)]
    ada.label_next(site.queue.id)
    assert overlaps(work) == [("done", 1, 1)]
    assert faults(work) == []


def test_a_person_who_has_gone_far_is_handed_the_slots_that_were_added_behind_them(work: Work) -> None:
    site, manager = work.site(ads=4), work.colleague(Role.MANAGER)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    first = ada.take(site.queue.id)
    for _ in range(3):
        bo.label_next(site.queue.id)
    assert bo.claim(site.queue.id).status_code == 204
    change(manager, site.queue.id, overlap=2)
    run_due(work)
    assert bo.take(site.queue.id)["task"]["id"] == first["task"]["id"]


# Versions, people, clocks ---------------------------------------------------------------------------------------


def test_open_claims_finish_on_the_schema_version_they_started(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker()
    manager, engineer = work.colleague(Role.MANAGER), work.colleague(Role.ENGINEER, name="Eve")
    started, ahead = ada.take(site.queue.id), ada.reserve(site.queue.id)
    body = {**BODY, "fields": [*BODY["fields"], {"name": "added", "kind": "text", "required": True}]}
    assert engineer.ask("POST", f"/projects/{site.project.id}/schemas", body).status_code == 201
    change(manager, site.queue.id, schema_version=2)
    assert ada.submit(started).status_code == 201
    assert ada.take(site.queue.id)["task"]["schema"]["version"] == ahead["task"]["schema"]["version"] == 1
    assert ada.submit(ahead).status_code == 201
    assert ada.take(site.queue.id)["task"]["schema"]["version"] == 2
    with work.database.read() as session:
        assert set(session.scalars(select(Revision.schema_version))) == {1}


def test_what_a_disabled_person_held_goes_on_to_others_and_their_work_is_kept(work: Work) -> None:
    site = work.site(ads=1)
    ada, bo, admin = work.worker("Ada"), work.worker("Bo"), work.colleague(Role.ADMIN)
    got = ada.take(site.queue.id)
    ada.on(got, "PUT", "draft", {"seq": 1, "answers": {"verdict": "allow"}})
    assert bo.claim(site.queue.id).status_code == 204
    token = sign_in(work.client, work.database, admin.person, clock=work.clock)
    done = work.client.post(f"/people/{ada.person.id}/disablement", data={"csrf_token": token}, headers=PAGE)
    assert done.status_code == 303, done.text
    run_due(work)
    assert bo.take(site.queue.id)["task"]["id"] == got["task"]["id"]
    with work.database.read() as session:
        draft = session.scalars(select(Draft).where(Draft.person_id == ada.person.id)).one()
        assert session.scalars(select(Claim.state).where(Claim.person_id == ada.person.id)).one() == "released"
    assert (draft.content["answers"], draft.closed_at) == ({"verdict": "allow"}, None)
    assert faults(work) == []


def test_who_is_enabled_again_before_the_job_comes_to_it_keeps_what_they_hold(work: Work) -> None:
    site, ada, admin = work.site(ads=1), work.worker("Ada"), work.colleague(Role.ADMIN)
    ada.take(site.queue.id)
    for change_person in (people.disable, people.enable):
        with work.database.write() as session:
            person = session.scalars(select(Person).where(Person.id == ada.person.id)).one()
            actor = session.scalars(select(Person).where(Person.id == admin.person.id)).one()
            change_person(session, person=person, actor=actor, clock=work.clock)
    run_due(work)
    with work.database.read() as session:
        assert session.scalars(select(Claim.state)).one() == "live"


@pytest.mark.parametrize("hours", [30, -30], ids=["forwards", "backwards"])
def test_a_clock_that_jumps_loses_no_work_and_keeps_no_task_from_others_for_long(work: Work, hours: int) -> None:
    site = work.site(ads=2)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    got, left = ada.take(site.queue.id), bo.take(site.queue.id)
    work.clock.forward(hours=hours)
    answer = ada.submit(got)
    if hours > 0:
        assert answer.status_code == 409
        assert ada.ask("GET", "/me/drafts").json()["items"][0]["answers"] == {"verdict": "allow"}
        again = ada.take(site.queue.id)
        assert again["task"]["draft"]["answers"] == {"verdict": "allow"}
        answer = ada.submit(again)
    assert answer.status_code == 201, answer.text
    cleo = work.worker("Cleo")
    cleo.claim(site.queue.id)
    work.clock.forward(minutes=20)
    assert cleo.take(site.queue.id)["task"]["id"] == left["task"]["id"]  # Bo's page is gone
    assert faults(work) == []
