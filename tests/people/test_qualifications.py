"""What people are qualified for: who says so, who learns of it, and when it ends."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db.session import Database
from app.people import qualifications
from app.people.models import Person
from app.people.rules import QualificationKind, Role, fault_of_qualification, may_qualify, qualification_name
from tests import making
from tests.conftest import NINE, FakeClock


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        (QualificationKind.LANGUAGE, " NB ", "nb"),
        (QualificationKind.MARKET, "no", "NO"),
        (QualificationKind.CERTIFICATE, " Alcohol  2026 ", "Alcohol 2026"),
    ],
)
def test_a_name_is_kept_in_one_way_of_writing(kind: QualificationKind, written: str, kept: str) -> None:
    assert qualification_name(kind, written) == kept


def test_a_lead_says_what_their_people_speak_but_gives_no_certificates() -> None:
    assert may_qualify([Role.VENDOR_LEAD], QualificationKind.LANGUAGE)
    assert not may_qualify([Role.VENDOR_LEAD], QualificationKind.CERTIFICATE)
    assert may_qualify([Role.MANAGER], QualificationKind.CERTIFICATE)
    assert not may_qualify([Role.LABELER, Role.TRAINER], QualificationKind.MARKET)


def test_what_would_have_ended_already_or_has_no_name_is_refused() -> None:
    assert fault_of_qualification("nb", NINE + timedelta(seconds=1), NINE) is None
    assert fault_of_qualification("nb", NINE, NINE)
    assert fault_of_qualification("", None, NINE)


@pytest.fixture
def ada(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        return making.make_person(session, clock=clock, name="Ada")


def asker(client: TestClient, database: Database, clock: FakeClock, role: Role, organisation: str = "Nordlys") -> Any:
    with database.write() as session:
        person = making.make_person(
            session, clock=clock, name=f"{role} {organisation}", roles=[role], organisation=organisation
        )
    headers = making.bearer(database, person, clock=clock)
    return lambda method, path, json=None: client.request(method, f"/api/v1{path}", json=json, headers=headers)


def held(database: Database, person: Person, clock: FakeClock) -> set[str]:
    with database.read() as session:
        return {name for _, name in qualifications.held_by(session, person.id, clock())}


def test_it_holds_until_its_end_and_given_anew_it_has_the_new_end(
    client: TestClient, database: Database, clock: FakeClock, ada: Person
) -> None:
    manager = asker(client, database, clock, Role.MANAGER, making.COMPANY)
    path = f"/people/{ada.email}/qualifications"
    body = {"kind": "certificate", "name": "Alcohol", "until": "2026-11-02T10:00:00Z"}
    assert manager("POST", path, body).status_code == 201
    assert held(database, ada, clock) == {"Alcohol"}
    clock.forward(hours=1)
    assert held(database, ada, clock) == set(), "at the very end it does not hold any more"
    clock.forward(hours=1)
    assert held(database, ada, clock) == set()
    assert manager("POST", path, body | {"until": None}).status_code == 201
    assert held(database, ada, clock) == {"Alcohol"}
    assert [one["until"] for one in manager("GET", path).json()["items"]] == [None]


def test_taken_away_it_does_not_hold_any_more(
    client: TestClient, database: Database, clock: FakeClock, ada: Person
) -> None:
    manager = asker(client, database, clock, Role.MANAGER, making.COMPANY)
    path = f"/people/{ada.id}/qualifications"
    given = manager("POST", path, {"kind": "market", "name": "no"}).json()
    assert manager("POST", f"{path}/{given['id']}/withdrawal").json()["ended_at"] == "2026-11-02T09:00:00.000000Z"
    assert held(database, ada, clock) == set()


def test_a_lead_sees_and_changes_their_own_people_only(
    client: TestClient, database: Database, clock: FakeClock, ada: Person
) -> None:
    lead = asker(client, database, clock, Role.VENDOR_LEAD)
    rival = asker(client, database, clock, Role.VENDOR_LEAD, "Atlantico")
    path = f"/people/{ada.id}/qualifications"
    assert lead("POST", path, {"kind": "language", "name": "nb"}).status_code == 201
    assert lead("POST", path, {"kind": "certificate", "name": "Alcohol"}).status_code == 403
    assert (rival("GET", path).status_code, rival("POST", path, {"kind": "language", "name": "sv"}).status_code) == (
        404,
        404,
    )
    assert held(database, ada, clock) == {"nb"}


def test_a_certificate_that_a_manager_gave_is_not_a_leads_to_take(
    client: TestClient, database: Database, clock: FakeClock, ada: Person
) -> None:
    manager, lead = (
        asker(client, database, clock, Role.MANAGER, making.COMPANY),
        asker(client, database, clock, Role.VENDOR_LEAD),
    )
    path = f"/people/{ada.id}/qualifications"
    given = manager("POST", path, {"kind": "certificate", "name": "Alcohol"}).json()
    assert lead("POST", f"{path}/{given['id']}/withdrawal").status_code == 403
    assert held(database, ada, clock) == {"Alcohol"}


def test_a_manager_gives_and_takes_on_the_persons_page_and_the_person_reads_it_on_theirs(
    client: TestClient, database: Database, clock: FakeClock, ada: Person
) -> None:
    with database.write() as session:
        grace = making.make_colleague(session, Role.MANAGER, clock=clock)
    token = making.sign_in(client, database, grace, clock=clock)
    page = f"/people/{ada.id}/qualifications"
    form = {"csrf_token": token, "kind": "language", "name": "NB", "last_day": "2026-12-24"}
    assert page in client.get("/people").text
    assert client.post(page, data=form).status_code == 303
    assert client.post(page, data=form | {"last_day": "9999-12-31"}).status_code == 422, (
        "its end is in no year there is"
    )
    shown = client.get(page).text
    assert "nb" in shown
    assert "2026-12-25 00:00" in shown, "it ends with its last day"
    making.sign_in(client, database, ada, clock=clock)
    assert "nb until" in client.get("/account").text
    assert client.get(page).status_code == 404
    assert client.get("/api/v1/me/qualifications").json()["items"][0]["name"] == "nb"
