"""Queues that ask for a language, a market or a certificate hand out tasks to those alone who have it."""

from typing import Any

import pytest

from app.people import qualifications
from app.people.rules import QualificationKind, Role
from app.queues.choosing import Applicant, Reason, Why, asked, lacking, refusals, told
from tests import making
from tests.queues.conftest import Work, Worker

NB = (QualificationKind.LANGUAGE, "nb")
NO = (QualificationKind.MARKET, "NO")
ALCOHOL = (QualificationKind.CERTIFICATE, "Alcohol")
ALL: dict[str, list[str]] = {"languages": ["NB"], "markets": ["no"], "qualifications": ["Alcohol"]}


@pytest.mark.parametrize(
    ("requires", "held", "missing"),
    [
        pytest.param({}, [], [], id="nothing is asked for"),
        pytest.param(ALL, [NB, NO, ALCOHOL], [], id="all is there, however it is written"),
        pytest.param(ALL, [NB, ALCOHOL], ["market NO"], id="one is missing"),
        pytest.param({"languages": ["nb", "sv"]}, [NB], ["language sv"], id="all that is listed is asked for"),
        pytest.param({"languages": ["no"]}, [NO], ["language no"], id="a market is no language"),
    ],
)
def test_what_is_lacking(requires: dict[str, list[str]], held: list[Any], missing: list[str]) -> None:
    assert lacking(requires, held) == missing


def test_what_is_asked_for_is_kept_once_and_in_one_way_of_writing() -> None:
    assert asked({"languages": ["NB", "nb", " "], "markets": []}) == {"languages": ["nb"]}


def test_every_reason_is_given_and_told_without_a_word_of_others() -> None:
    found = refusals(Applicant(is_open_to_them=False, requires=ALL, held=[NB]))
    assert found == [
        Reason(Why.NOT_OPEN_TO_THEM), Reason(Why.LACKS, "market NO"), Reason(Why.LACKS, "certificate Alcohol"),
    ]  # fmt: skip
    assert "market NO, certificate Alcohol" in told(found[1:])
    assert told([]) == ""


def give(work: Work, worker: Worker, *held: tuple[QualificationKind, str]) -> None:
    with work.database.write() as session:
        for kind, name in held:
            qualifications.give(session, person=worker.person, kind=kind, name=name, giver=None, clock=work.clock)


def test_only_who_has_all_that_is_asked_for_is_handed_a_task(work: Work) -> None:
    site = work.site(requires=ALL)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    give(work, ada, NB, NO, ALCOHOL)
    give(work, bo, NB, NO)
    assert bo.claim(site.queue.id).status_code == 204
    assert bo.claim(site.queue.id, ahead=True).status_code == 204
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-1"
    seen = bo.ask("GET", f"/queues/{site.queue.id}").json()
    assert (seen["left"], "certificate Alcohol" in seen["kept_from"]) == (0, True)
    assert ada.ask("GET", f"/queues/{site.queue.id}").json()["kept_from"] is None


def test_one_who_loses_it_finishes_what_they_hold_and_gets_no_more(work: Work) -> None:
    site, ada = work.site(requires={"qualifications": ["Alcohol"]}), work.worker()
    give(work, ada, ALCOHOL)
    got = ada.take(site.queue.id)
    with work.database.write() as session:
        held = qualifications.of_person(session, ada.person.id)[0]
        grace = making.make_colleague(session, Role.MANAGER, clock=work.clock)
        qualifications.end(session, person=ada.person, qualification_id=held.id, ender=grace, clock=work.clock)
    assert ada.take(site.queue.id) == got
    assert ada.submit(got).status_code == 201
    assert ada.claim(site.queue.id).status_code == 204


def test_what_a_queue_asks_for_changes_while_people_work(work: Work) -> None:
    site, ada, grace = work.site(), work.worker(), work.colleague(Role.MANAGER)
    path = f"/queues/{site.queue.id}"
    assert grace.ask("PATCH", path, {"requires": {"languages": ["NB"]}}).json()["requires"] == {"languages": ["nb"]}
    assert ada.claim(site.queue.id).status_code == 204
    assert grace.ask("PATCH", path, {"requires": {}}).json()["requires"] == {}
    assert ada.claim(site.queue.id).status_code == 201


def test_the_page_says_kindly_what_is_asked_for(work: Work) -> None:
    site, ada = work.site(requires={"languages": ["nb"]}), work.worker()
    token = making.sign_in(ada.client, work.database, ada.person, clock=work.clock)
    region = ada.client.post(f"/queues/{site.queue.id}/work/claims", headers={"x-csrf-token": token})
    assert "This queue asks for more than is noted about you: language nb." in region.text
    assert "language nb" in ada.client.get("/").text


def test_a_queue_that_asks_is_made_with_the_form(work: Work) -> None:
    site = work.site()
    with work.database.write() as session:
        grace = making.make_colleague(session, Role.MANAGER, clock=work.clock)
    token = making.sign_in(work.client, work.database, grace, clock=work.clock)
    form = {"csrf_token": token, "name": "In Norwegian", "languages": "NB, sv", "certificates": "Alcohol"}
    made = work.client.post(f"/projects/{site.project.slug}/queues", data=form)
    assert made.status_code == 303, made.text
    page = work.client.get(made.headers["location"]).text
    assert "Asks for languages" in page
    assert "nb, sv" in page
    assert "Asks for certificates" in page
