"""What a person keeps about their pages follows them, and takes only what it knows."""

import pytest
from starlette.testclient import TestClient

from app.db.session import Database
from app.people.models import Person
from app.people.rules import LARGEST_PREFERENCES
from tests import making
from tests.conftest import FakeClock

ADDRESS = "/api/v1/me/preferences"


@pytest.fixture
def ada(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        return making.make_person(session, clock=clock)


@pytest.fixture
def headers(database: Database, ada: Person, clock: FakeClock) -> dict[str, str]:
    return making.bearer(database, ada, clock=clock)


def test_what_is_named_is_replaced_and_the_rest_stays(client: TestClient, headers: dict[str, str]) -> None:
    keys = {"keys": {"submit": "Ctrl+m"}}
    assert client.patch(ADDRESS, json=keys | {"single_keys": False}, headers=headers).json() == {
        **keys,
        "single_keys": False,
    }
    assert client.patch(ADDRESS, json={"single_keys": None}, headers=headers).json() == keys
    assert client.get(ADDRESS, headers=headers).json() == keys


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"theme_song": {}}, "/theme_song"),
        ({"single_keys": "no"}, "/single_keys"),
        ({"keys": ["a"]}, "/keys"),
        ({"keys": {"page.skip": "s t"}}, "/keys"),
        ({"keys": {"page.skip": 4}}, "/keys"),
        ({"image_view": {"note": "x" * LARGEST_PREFERENCES}}, ""),
    ],
)
def test_what_is_no_preference_is_refused_by_name(
    client: TestClient, headers: dict[str, str], changes: dict[str, object], path: str
) -> None:
    answer = client.patch(ADDRESS, json={"text_view": {"wrap": True}, **changes}, headers=headers)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert client.get(ADDRESS, headers=headers).json() == {}


def test_a_page_carries_the_preferences_of_its_person(
    client: TestClient, database: Database, ada: Person, clock: FakeClock
) -> None:
    token = making.sign_in(client, database, ada, clock=clock)
    changed = client.patch(ADDRESS, json={"text_view": {"tag": "</script>"}}, headers={"X-CSRF-Token": token})
    assert changed.status_code == 200
    page = client.get("/account").text
    assert (
        '<script type="application/json" id="preferences">{"text_view": {"tag": "\\u003c/script\\u003e"}}</script>'
        in page
    )
