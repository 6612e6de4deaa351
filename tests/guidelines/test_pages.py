"""The pages of guidelines: written with a preview, published, read, and open beside the work."""

import io

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person, make_project, sign_in

HOME = "/projects/alcohol/guidelines"
BODY = "## 1 Alcohol\n\nNo beer.\n\n## 2 Gambling\n\nNo casino.\n"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Pages ask nothing of the database that the API's tests have not asked of both."""
    return sqlite_database


@pytest.fixture
def token(client: TestClient, database: Database, clock: FakeClock) -> str:
    with database.write() as session:
        person = make_colleague(session, Role.TRAINER, clock=clock, name="Tor")
        make_project(session, clock=clock)
    return sign_in(client, database, person, clock=clock)


def save(client: TestClient, token: str, body: str = BODY, **more: str) -> str:
    answer = client.post(f"{HOME}/draft", data={"csrf_token": token, "title": "Policy", "body": body, **more})
    assert answer.status_code == 303
    return answer.headers["location"]


def publish(client: TestClient, token: str, body: str = BODY, changed: tuple[str, ...] = ()) -> str:
    save(client, token, body)
    data = {"csrf_token": token, "change": "new", "clauses_changed": list(changed)}
    answer = client.post(f"{HOME}/draft/publication", data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_an_empty_project_says_what_to_do_first(client: TestClient, token: str) -> None:
    assert "Write the guideline" in client.get(HOME).text
    assert "The first case" in client.get(f"{HOME}/draft").text


def test_a_script_gets_the_preview_of_what_was_typed(client: TestClient, token: str) -> None:
    data = {"csrf_token": token, "title": "Policy", "body": BODY}
    answer = client.post(f"{HOME}/draft", data=data, headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<section id="preview"')
    assert '<h2 id="clause-2">2 Gambling</h2>' in answer.text
    assert "No casino" in client.get(f"{HOME}/draft").text


def test_publishing_asks_first_and_then_shows_the_version(client: TestClient, token: str) -> None:
    assert save(client, token, then="publish") == f"{HOME}/draft/publication"
    assert "Publish version 1" in client.get(f"{HOME}/draft/publication").text
    assert publish(client, token) == f"{HOME}/1"
    page = client.get(f"{HOME}/1").text
    assert 'href="#clause-2"' in page
    assert 'id="clause-2"' in page
    assert client.get(f"{HOME}/draft/publication").status_code == 404


def test_the_next_draft_goes_on_from_the_newest_version_and_ticks_what_changed(client: TestClient, token: str) -> None:
    publish(client, token)
    assert "No casino" in client.get(f"{HOME}/draft").text
    save(client, token, BODY.replace("No casino.", "Only the licensed ones."))
    page = client.get(f"{HOME}/draft/publication").text
    assert 'value="2" checked' in page
    assert 'value="1" checked' not in page
    assert publish(client, token, BODY + "\nMore.", changed=("2",)) == f"{HOME}/2"
    assert "This is not the newest version" in client.get(f"{HOME}/1").text
    assert "changed" in client.get(f"{HOME}/2").text


def test_a_draft_with_faults_stays_and_says_why(client: TestClient, token: str) -> None:
    save(client, token, "## 1 A\n\n## 1 B")
    assert "the number 1 stands twice" in client.get(f"{HOME}/draft/publication").text
    answer = client.post(f"{HOME}/draft/publication", data={"csrf_token": token, "change": "new"})
    assert answer.status_code == 422
    assert "1 B" in client.get(f"{HOME}/draft").text


def test_a_draft_may_be_discarded(client: TestClient, token: str) -> None:
    save(client, token, "## 1 Mistake")
    assert client.post(f"{HOME}/draft/removal", data={"csrf_token": token}).headers["location"] == HOME
    assert "Mistake" not in client.get(f"{HOME}/draft").text


def picture(kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, kind)
    return stream.getvalue()


def upload(client: TestClient, token: str, content: bytes) -> int:
    files = {"picture": ("bottle.png", content, "image/png")}
    return client.post(f"{HOME}/pictures", data={"csrf_token": token}, files=files).status_code


def address_of_picture(client: TestClient) -> str:
    page = client.get(f"{HOME}/draft").text
    return HOME + "/pictures/" + page.partition("picture:")[2][:32]


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_a_picture_is_stored_and_served_as_what_it_is(
    client: TestClient, token: str, kind: str, content_type: str
) -> None:
    content = picture(kind)
    assert upload(client, token, content) == 303
    answer = client.get(address_of_picture(client))
    assert answer.content == content
    assert answer.headers["content-type"] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415),
        (b"<html>", 415),
        (b"\x89PNG\r\n\x1a\n", 415),
        (picture() + b"0" * 5_000_000, 413),
    ],
)
def test_what_is_no_small_picture_is_refused(client: TestClient, token: str, content: bytes, status: int) -> None:
    assert upload(client, token, content) == status


def test_a_picture_stands_in_the_text(client: TestClient, token: str) -> None:
    upload(client, token, picture())
    address = address_of_picture(client)
    publish(client, token, f"## 1 A\n\n![A bottle](picture:{address[-32:]})")
    assert f'<img src="{address}" alt="A bottle" loading="lazy">' in client.get(f"{HOME}/1").text


def test_labelers_read_the_panel_of_projects_they_see_and_nothing_else(
    client: TestClient, database: Database, token: str, app: FastAPI, clock: FakeClock
) -> None:
    upload(client, token, picture())
    address = address_of_picture(client)
    publish(client, token)
    with database.write() as session:
        labeler: Person = make_person(session, clock=clock)
    token = sign_in(client, database, labeler, clock=clock)
    app.state.sees_project = lambda _session, _person, _project: True
    panel = client.get(f"{HOME}/1/panel")
    assert panel.text.lstrip().startswith('<section id="guideline-panel"')
    assert 'id="clause-1"' in panel.text
    for path in ("", "/1"):
        assert client.get(HOME + path).status_code == 200
    assert client.get(address).status_code == 200
    assert client.get(f"{HOME}/draft").status_code == 403
    assert client.post(f"{HOME}/draft", data={"csrf_token": token, "body": "x"}).status_code == 403
    app.state.sees_project = lambda _session, _person, _project: False
    for path in (HOME, f"{HOME}/1", f"{HOME}/1/panel", address):
        assert client.get(path).status_code == 404
