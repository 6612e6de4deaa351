"""Coming in as somebody of the demo by one click, and only there."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.assets.store import Store
from app.db.session import Database
from app.main import create_app
from app.people import actions, queries
from app.people.models import AuditEvent, Person
from app.people.rules import Role
from app.serving import demo as loading
from app.settings import Settings
from tests import making
from tests.conftest import FakeClock
from tests.people.test_signing_in import form_token


@pytest.fixture
def people(database: Database, clock: FakeClock) -> tuple[Person, Person]:
    """One of the demo, one real."""
    with database.write() as session:
        real = making.make_person(session, clock=clock)
        shown = actions.add_person(
            session, email="bo@demo.fasit.example", name="Bo", roles=[Role.LABELER], organisation="Nordlys", clock=clock
        )
        return shown, real


@pytest.fixture
def demo(settings: Settings, database: Database, clock: FakeClock) -> Iterator[TestClient]:
    application = create_app(settings.model_copy(update={"demo": True}), clock=clock, database=database)
    with TestClient(application, follow_redirects=False) as client:
        yield client


def test_the_demo_offers_its_people_by_what_they_do_and_one_click_signs_in(
    demo: TestClient, people: tuple[Person, Person]
) -> None:
    shown, _real = people
    page = demo.get("/sign-in").text
    assert "Vendor labeler" in page
    assert "Bo at Nordlys" in page
    assert "Ada" not in page
    answer = demo.post("/demo/sign-in", data={"person": shown.id, "csrf_token": form_token(demo)})
    assert answer.status_code == 303
    assert demo.get("/account").status_code == 200


def test_a_real_person_cannot_be_come_in_as(demo: TestClient, people: tuple[Person, Person]) -> None:
    _shown, real = people
    assert demo.post("/demo/sign-in", data={"person": real.id, "csrf_token": form_token(demo)}).status_code == 404


def test_loading_the_demo_again_changes_nobody(
    settings: Settings, database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PEOPLE", loading.PEOPLE[:2])
    monkeypatch.setattr(loading, "_policy", lambda *_: {})
    monkeypatch.setattr(loading.project_queries, "find_project", lambda *_: object())
    store = Store(settings.media_folder)
    loading.load(database, store, clock=clock)
    with database.write() as session:
        ada = queries.person_by_email(session, "ada@demo.fasit.example")
        assert ada is not None
        ada.name = "Ada Lovelace"
        events = len(session.scalars(select(AuditEvent)).all())
    loading.load(database, store, clock=clock)
    with database.read() as session:
        ada = queries.person_by_email(session, "ada@demo.fasit.example")
        assert ada is not None
        assert ada.name == "Ada Lovelace"
        assert len(session.scalars(select(AuditEvent)).all()) == events


def test_outside_a_demo_nobody_is_offered(client: TestClient, people: tuple[Person, Person]) -> None:
    shown, _real = people
    assert "Bo at" not in client.get("/sign-in").text
    assert client.post("/demo/sign-in", data={"person": shown.id, "csrf_token": form_token(client)}).status_code == 404
