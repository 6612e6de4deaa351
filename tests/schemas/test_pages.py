"""The pages of schemas: a draft is kept, checked and published."""

import re

import pytest
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from app.schemas import views
from app.schemas.models import SchemaDraft, SchemaVersion
from app.schemas.validation import check_schema
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person, make_project, sign_in

HOME = "/projects/alcohol/schemas"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Pages ask nothing of the database that the API's tests have not asked of both."""
    return sqlite_database


@pytest.fixture
def engineer(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        person = make_colleague(session, Role.ENGINEER, clock=clock, name="Eir")
        make_project(session, clock=clock)
        return person


@pytest.fixture
def token(client: TestClient, database: Database, engineer: Person, clock: FakeClock) -> str:
    return sign_in(client, database, engineer, clock=clock)


def start(client: TestClient, token: str, what: str = "example:1-image") -> str:
    answer = client.post(f"{HOME}/drafts", data={"csrf_token": token, "start": what})
    assert answer.status_code == 303
    return answer.headers["location"]


@pytest.mark.parametrize("example", views.examples(), ids=lambda example: example.name)
def test_every_example_may_be_published_as_it_is(client: TestClient, token: str, example: views.Example) -> None:
    draft = start(client, token, f"example:{example.name}")
    answer = client.post(draft, data={"csrf_token": token, "text": example.text, "then": "publish"})
    assert answer.headers["location"] == f"{HOME}/1"
    page = client.get(f"{HOME}/1").text
    assert example.title in page
    assert client.get(draft).status_code == 404


def test_a_draft_keeps_the_text_as_typed_and_shows_faults_with_their_lines(client: TestClient, token: str) -> None:
    draft = start(client, token)
    text = '{\n "name": "Øl & <b>vin</b>",\n "parts": [],\n'
    assert client.post(draft, data={"csrf_token": token, "text": text}).headers["location"] == draft
    page = client.get(draft).text
    assert "Øl &amp; &lt;b&gt;vin&lt;/b&gt;" in page
    assert 'data-line="4"' in page


def test_a_script_gets_the_faults_and_the_preview_only_where_there_are_none(client: TestClient, token: str) -> None:
    draft = start(client, token)

    def typed(text: str, **more: str) -> str:
        data = {"csrf_token": token, "text": text, **more}
        answer = client.post(draft, data=data, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert answer.text.lstrip().startswith('<section id="faults"')
        return answer.text

    assert 'id="preview"' not in typed("{}")
    sound = typed(views.examples()[0].text)
    assert '<section id="preview"' in sound
    assert 'hx-swap-oob="true"' in sound
    assert 'data-language="nb"' in typed(views.examples()[0].text, language="nb")


def test_a_preview_speaks_any_language_of_the_schema(client: TestClient, token: str) -> None:
    body = views.examples()[0].text

    def shown(language: str, text: str = body) -> Response:
        data = {"csrf_token": token, "body": text, "language": language}
        return client.post(f"{HOME}/previews", data=data, headers={"HX-Request": "true"})

    assert "Avgjørelse" in shown("nb").text
    assert "Verdict" in shown("en").text
    assert 'data-language="en"' in shown("fr").text
    assert shown("en", '{"name": 1}').status_code == 422


def test_a_draft_with_faults_is_kept_and_not_published(client: TestClient, token: str, database: Database) -> None:
    draft = start(client, token)
    answer = client.post(draft, data={"csrf_token": token, "text": "{}", "then": "publish"})
    assert answer.headers["location"] == f"{draft}?refused=true"
    assert "Not published: 3 faults" in client.get(answer.headers["location"]).text
    with database.read() as session:
        assert session.scalars(select(SchemaVersion)).all() == []
        assert len(session.scalars(select(SchemaDraft)).all()) == 1


def test_the_next_version_starts_from_one(client: TestClient, token: str) -> None:
    first = start(client, token)
    client.post(first, data={"csrf_token": token, "text": views.examples()[0].text, "then": "publish"})
    page = client.get(start(client, token, "version:1")).text
    assert re.search(r"&#34;name&#34;: &#34;Image ad&#34;", page)


@pytest.mark.parametrize("what", ["", "version:9", "version:x", "version:99999999999999999999", "example:ghost"])
def test_an_unknown_start_is_a_blank_page(client: TestClient, token: str, what: str) -> None:
    assert client.get(start(client, token, what)).status_code == 200


def test_a_draft_may_be_discarded(client: TestClient, token: str) -> None:
    draft = start(client, token)
    assert client.post(f"{draft}/removal", data={"csrf_token": token}).headers["location"] == HOME
    assert client.get(draft).status_code == 404


def publish(client: TestClient, token: str, text: str) -> None:
    draft = start(client, token, "")
    answer = client.post(draft, data={"csrf_token": token, "text": text, "then": "publish"})
    assert answer.status_code == 303
    assert "refused" not in answer.headers["location"]


def test_a_version_is_compared_with_the_one_of_its_name_before_it_or_with_any(client: TestClient, token: str) -> None:
    image, text = (example.text for example in views.examples()[:2])
    for body in (image, text, image.replace('"Reject"', '"Refuse"')):
        publish(client, token, body)
    page = client.get(f"{HOME}/3/differences").text
    assert "1 difference from version 1" in page
    assert "<del>Reject</del>" in page
    assert "<ins>Refuse</ins>" in page
    assert "from version 2" in client.get(f"{HOME}/3/differences?from=2").text
    assert "from version 3" in client.get(f"{HOME}/1/differences?from=3").text
    assert "Nothing differs" in client.get(f"{HOME}/1/differences?from=1").text
    assert "is the first" in client.get(f"{HOME}/1/differences").text
    assert client.get(f"{HOME}/3/differences?from=9").status_code == 404
    assert client.get(f"{HOME}/9/differences").status_code == 404
    assert client.get(f"{HOME}/3/differences?from=x").status_code == 422
    assert f"{HOME}/3/differences" in client.get(HOME).text
    assert f"{HOME}/3/differences" in client.get(f"{HOME}/3").text


def test_colleagues_read_but_do_not_write(
    client: TestClient, database: Database, engineer: Person, token: str, clock: FakeClock
) -> None:
    draft = start(client, token)
    with database.write() as session:
        other = make_colleague(session, Role.AUDITOR, clock=clock, name="Ari")
    token = sign_in(client, database, other, clock=clock)
    assert client.get(HOME).status_code == 200
    assert client.get(draft).status_code == 403
    assert client.post(f"{HOME}/drafts", data={"csrf_token": token}).status_code == 403


def test_vendors_see_none_of_it(client: TestClient, database: Database, engineer: Person, clock: FakeClock) -> None:
    with database.write() as session:
        labeler = make_person(session, clock=clock)
    sign_in(client, database, labeler, clock=clock)
    for path in ("", "/1", "/drafts/x"):
        assert client.get(HOME + path).status_code == 404


def test_nonsense_addresses_are_not_found(client: TestClient, token: str) -> None:
    assert client.get(f"{HOME}/7").status_code == 404
    assert client.get(f"{HOME}/x").status_code == 404
    assert client.get(f"{HOME}/99999999999999999999").status_code == 404
    assert client.get(f"{HOME}/drafts/ghost").status_code == 404


def test_examples_are_one_of_each_modality_and_of_what_else_can_be_asked() -> None:
    names = [example.name.partition("-")[2] for example in views.examples()]
    assert names == ["image", "text", "audio", "video", "mixed", "regions", "relations", "ranking"]
    assert check_schema([]) != []
