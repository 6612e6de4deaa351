"""The gallery and an ad's own page."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.models import Asset
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person, make_project, sign_in
from tests.making_assets import file_part, make_asset, picture, tone


@pytest.fixture
def project(database: Database, clock: FakeClock) -> Project:
    with database.write() as session:
        return make_project(session, clock=clock)


@pytest.fixture
def engineer(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        return make_colleague(session, Role.ENGINEER, clock=clock)


@pytest.fixture
def csrf(client: TestClient, database: Database, engineer: Person, clock: FakeClock) -> str:
    return sign_in(client, database, engineer, clock=clock)


@pytest.fixture
def ad(app: FastAPI, database: Database, project: Project, clock: FakeClock) -> Asset:
    parts = [
        file_part(picture()),
        file_part(tone(), name="voice", modality="audio"),
        GivenPart("caption", "text", text="<b>Hei</b> 🙂"),
    ]
    with database.write() as session:
        asset = make_asset(
            session, app.state.store, project=project, clock=clock, metadata={"market": "NO"}, parts=parts
        )
    deriving.derive_all_due(database, app.state.store, clock=clock)
    return asset


def test_an_empty_gallery_says_what_to_do(client: TestClient, project: Project, csrf: str) -> None:
    page = client.get("/projects/alcohol/assets")
    assert page.status_code == 200
    assert "Add the first ad" in page.text


def test_the_gallery_shows_ads_and_filters_them(client: TestClient, ad: Asset, csrf: str) -> None:
    for query, shown in [("", True), ("?q=AD-1", True), ("?q=hei", True), ("?modality=video", False),
                         ("?modality=audio", True), ("?state=withdrawn", False), ("?state=nonsense", False),
                         ("?metadata.market=NO", True), ("?key=market&value=SE", False), ("?view=table", True),
                         ("?queue_state=none", True), ("?queue_state=done", False), ("?sort=nonsense", True)]:  # fmt: skip
        page = client.get(f"/projects/alcohol/assets{query}")
        assert page.status_code == 200
        assert (f"/assets/{ad.id}" in page.text) is shown, query


def test_the_gallery_takes_few_queries_however_many_ads(
    client: TestClient, app: FastAPI, database: Database, project: Project, csrf: str, clock: FakeClock
) -> None:
    with database.write() as session:
        for number in range(65):
            make_asset(session, app.state.store, project=project, clock=clock, external_id=f"ad-{number}")
    page = client.get("/projects/alcohol/assets")
    assert page.text.count('class="card-target"') == 60
    assert "Next page" in page.text


def test_an_ad_shows_its_parts_and_facts_and_never_markup_of_its_own(client: TestClient, ad: Asset, csrf: str) -> None:
    page = client.get(f"/assets/{ad.id}").text
    for words in (
        "60 × 40 pixels",
        "44100 Hz, mono, 4410 samples",
        "&lt;b&gt;Hei&lt;/b&gt;",
        "market",
        "In no queue yet",
    ):
        assert words in page
    assert "<b>Hei" not in page


def test_an_ad_is_added_by_form(client: TestClient, project: Project, csrf: str) -> None:
    form = {
        "csrf_token": csrf,
        "external_id": "by form",
        "metadata": '{"market": "NO"}',
        "text": "a\r\nb",
        "text_name": "caption",
    }
    answer = client.post("/projects/alcohol/assets", data=form, files=[("files", ("pic.png", picture()))])
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"]).text
    assert "by form" in page
    refused = client.post(
        "/projects/alcohol/assets", data={**form, "metadata": "{"}, files=[("files", ("a.png", picture()))]
    )
    assert refused.status_code == 422


def test_an_ad_is_withdrawn_by_form_and_still_shown(client: TestClient, ad: Asset, csrf: str) -> None:
    answer = client.post(f"/assets/{ad.id}/withdrawal", data={"csrf_token": csrf, "reason": "Wrong market"})
    assert answer.status_code == 303
    assert "Wrong market" in client.get(f"/assets/{ad.id}").text
    assert f"/assets/{ad.id}" in client.get("/projects/alcohol/assets?state=withdrawn").text


@pytest.mark.parametrize("path", ["/projects/alcohol/assets", "/projects/alcohol/assets/new", "/assets/{id}"])
def test_a_vendor_finds_none_of_these_pages(
    client: TestClient, database: Database, ad: Asset, clock: FakeClock, path: str
) -> None:
    with database.write() as session:
        labeler = make_person(session, clock=clock)
    sign_in(client, database, labeler, clock=clock)
    assert client.get(path.replace("{id}", ad.id)).status_code == 404
