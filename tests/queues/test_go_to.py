"""Ctrl+K lists what the person may see, and nothing else."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.assets.store import Store
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from tests import making
from tests.conftest import FakeClock
from tests.making_assets import make_asset
from tests.making_labels import make_queue_row


@pytest.fixture
def labeler(database: Database, clock: FakeClock, tmp_path: Path) -> Person:
    """Beside a project open to their organisation, with one queue and one ad, and one that is closed to it."""
    with database.write() as session:
        person = making.make_person(session, clock=clock, organisation="Nordlys")
        making.make_person(session, clock=clock, name="rival", organisation="Atlantico")
        project = making.make_project(session, clock=clock)
        make_queue_row(session, project, clock=clock, name="Image ads")
        make_asset(session, Store(tmp_path), project=project, clock=clock)
        other = making.make_project(session, clock=clock, slug="other", organisations=["Atlantico"])
        make_queue_row(session, other, clock=clock, name="Secret ads")
    return person


def titles(client: TestClient, words: str = "") -> list[str]:
    page = client.get("/go-to", params={"words": words})
    assert page.status_code == 200
    return re.findall(r'<span class="truncate">([^<]*)</span>', page.text)


def test_a_vendors_labeler_goes_to_their_own_pages_and_queues(
    client: TestClient, database: Database, labeler: Person, clock: FakeClock
) -> None:
    making.sign_in(client, database, labeler, clock=clock)
    found = titles(client, "ad")
    assert "Image ads" in found
    assert "My labels" in found
    assert not {"Secret ads", "Alcohol: Assets", "ad-1"} & set(found)


@pytest.mark.usefixtures("labeler")
def test_the_company_goes_to_projects_and_to_ads_by_the_beginning_of_their_id(
    client: TestClient, database: Database, clock: FakeClock
) -> None:
    with database.write() as session:
        engineer = making.make_colleague(session, Role.ENGINEER, clock=clock)
    making.sign_in(client, database, engineer, clock=clock)
    assert {"Secret ads", "Image ads", "Alcohol: Assets"} <= set(titles(client))
    assert "ad-1" not in titles(client)
    assert "ad-1" in titles(client, "ad-")
    assert "ad-1" not in titles(client, "ad_")
