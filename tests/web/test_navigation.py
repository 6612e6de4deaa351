"""What stands in the navigation, by role."""

import re

import pytest
from starlette.testclient import TestClient

from app.db.session import Database
from app.people.rules import COMPANY_ROLES, Role
from tests import making
from tests.conftest import FakeClock


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def entries(client: TestClient, path: str = "/account") -> list[str]:
    nav = re.search(r'<nav class="topnav".*?</nav>', client.get(path).text, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]+)</a>", nav.group()) if nav else []


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.LABELER, ["Home", "My labels", "Account"]),
        (Role.VENDOR_LEAD, ["Home", "People", "Account"]),
        (Role.ENGINEER, ["Home", "Projects", "Background work", "Account"]),
        (Role.ADMIN, ["Home", "Projects", "Background work", "People", "Audit trail", "Account"]),
    ],
)
def test_each_role_sees_its_places(
    client: TestClient, database: Database, clock: FakeClock, role: Role, seen: list[str]
) -> None:
    with database.write() as session:
        make = making.make_colleague if role in COMPANY_ROLES else None
        person = make(session, role, clock=clock) if make else making.make_person(session, clock=clock, roles=[role])
    making.sign_in(client, database, person, clock=clock)
    assert entries(client) == seen
    assert 'aria-current="page">Account' in client.get("/account").text


def test_a_guest_sees_none(client: TestClient) -> None:
    assert entries(client, "/sign-in") == []
