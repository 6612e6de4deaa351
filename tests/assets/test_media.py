"""Serving media: ranges and conditions by the book, and only for whom the address was made."""

from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.assets import signing
from app.assets.signing import Address, Signer
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_person

CONTENT = bytes(range(256)) * 8192  # 2 MiB: more than one piece
SIZE = len(CONTENT)


@pytest.fixture
def owner(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        return make_colleague(session, Role.ENGINEER, clock=clock)


@pytest.fixture
def headers(database: Database, owner: Person, clock: FakeClock) -> dict[str, str]:
    return bearer(database, owner, clock=clock)


@pytest.fixture
def sha256(app: FastAPI) -> str:
    with app.state.store.incoming() as incoming:
        incoming.file.write(CONTENT)
        kept: str = app.state.store.keep(incoming).sha256
    return kept


@pytest.fixture
def url(app: FastAPI, owner: Person, clock: FakeClock, sha256: str) -> str:
    return Signer(app.state.secret_key, owner.id, clock()).url(sha256, "video/mp4", "creative")


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        pytest.param(None, 200, 0, SIZE, id="all"),
        pytest.param("bytes=0-0", 206, 0, 1, id="one byte"),
        pytest.param("bytes=100-199", 206, 100, 200, id="inside"),
        pytest.param("Bytes=100-199", 206, 100, 200, id="a unit is one whatever its case"),
        pytest.param("bytes=1048570-1048590", 206, 1048570, 1048591, id="across pieces"),
        pytest.param("bytes=0-" + "9" * 5000, 200, 0, SIZE, id="absurdly long"),
        pytest.param("bytes=2097000-", 206, 2097000, SIZE, id="open end"),
        pytest.param("bytes=2097000-9999999", 206, 2097000, SIZE, id="past the end"),
        pytest.param("bytes=-10", 206, SIZE - 10, SIZE, id="suffix"),
        pytest.param("bytes=-9999999", 206, 0, SIZE, id="suffix longer than the file"),
        pytest.param("bytes=0-1,5-6", 200, 0, SIZE, id="several: the whole"),
        pytest.param("bytes=9-5", 200, 0, SIZE, id="backwards: no range"),
        pytest.param("bytes=a-b", 200, 0, SIZE, id="no numbers"),
        pytest.param("lines=1-2", 200, 0, SIZE, id="another unit"),
        pytest.param("bytes=-", 200, 0, SIZE, id="nothing"),
    ],
)
def test_ranges(
    client: TestClient, headers: dict[str, str], url: str, asked: str | None, status: int, start: int, end: int
) -> None:
    response = client.get(url, headers={**headers, **({"Range": asked} if asked else {})})
    assert response.status_code == status
    assert response.content == CONTENT[start:end]
    assert response.headers["content-length"] == str(end - start)
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers.get("content-range") == (f"bytes {start}-{end - 1}/{SIZE}" if status == 206 else None)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=99999999-", "bytes=-0"])
def test_a_range_outside_the_file_is_416_with_its_size(
    client: TestClient, headers: dict[str, str], url: str, asked: str
) -> None:
    response = client.get(url, headers={**headers, "Range": asked})
    assert (response.status_code, response.headers["content-range"]) == (416, f"bytes */{SIZE}")
    assert response.content == b""


def test_conditions(client: TestClient, headers: dict[str, str], url: str, sha256: str) -> None:
    etag = client.head(url, headers=headers).headers["etag"]
    assert etag == f'"{sha256}"'
    for named in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        same = client.get(url, headers={**headers, "If-None-Match": named})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    assert client.get(url, headers={**headers, "If-None-Match": '"x"'}).status_code == 200
    ranged = {**headers, "Range": "bytes=0-9"}
    assert client.get(url, headers={**ranged, "If-Range": etag}).status_code == 206
    assert client.get(url, headers={**ranged, "If-Range": '"x"'}).status_code == 200


def test_head_tells_what_get_would_and_sends_nothing(client: TestClient, headers: dict[str, str], url: str) -> None:
    told = client.head(url, headers={**headers, "Range": "bytes=5-9"})
    assert (told.status_code, told.content, told.headers["content-length"]) == (206, b"", "5")


def test_what_the_answer_says_of_itself(client: TestClient, headers: dict[str, str], url: str) -> None:
    said = client.get(url, headers=headers).headers
    assert said["content-type"] == "video/mp4"
    assert said["cache-control"].startswith("private")
    assert said["x-content-type-options"] == "nosniff"
    assert said["content-disposition"] == 'inline; filename="creative.mp4"'
    assert "sandbox" in said["content-security-policy"]


def test_what_no_browser_should_show_is_a_download(
    client: TestClient, app: FastAPI, headers: dict[str, str], owner: Person, clock: FakeClock, sha256: str
) -> None:
    signer = Signer(app.state.secret_key, owner.id, clock())
    tiff = client.get(signer.url(sha256, "image/tiff", "a"), headers=headers)
    assert tiff.headers["content-disposition"].startswith("attachment")
    page = client.get(signer.url(sha256, "text/html", quote('a"\r\nx: y', safe="")), headers=headers)
    assert page.headers["content-type"] == "application/octet-stream"
    assert page.headers["content-disposition"] == 'attachment; filename="a___x__y.bin"'


def test_an_address_is_for_one_person(
    client: TestClient, database: Database, headers: dict[str, str], url: str, clock: FakeClock
) -> None:
    with database.write() as session:
        others = [
            make_person(session, clock=clock, name="Ada"),
            make_colleague(session, Role.ADMIN, clock=clock, name="Ann"),
        ]
    for other in others:
        assert client.get(url, headers=bearer(database, other, clock=clock)).status_code == 404
    assert client.get(url, headers={"Accept": "application/json"}).status_code == 401


def test_an_address_ends(client: TestClient, headers: dict[str, str], url: str, clock: FakeClock) -> None:
    clock.forward(minutes=119)
    assert client.get(url, headers=headers).status_code == 200
    clock.forward(minutes=1)
    assert client.get(url, headers=headers).status_code == 404


def test_an_address_of_a_claim_lives_as_the_claim_does(
    client: TestClient, app: FastAPI, headers: dict[str, str], owner: Person, clock: FakeClock, sha256: str
) -> None:
    live = {("c" * 32, owner.id)}
    app.state.claim_is_live = lambda _session, claim_id, person_id, _now: (claim_id, person_id) in live
    url = Signer(app.state.secret_key, owner.id, clock(), claim_id="c" * 32).url(sha256, "video/mp4", "creative")
    clock.forward(days=3)
    with_token = {**headers}
    assert client.get(url, headers=with_token).status_code == 200
    live.clear()
    assert client.get(url, headers=with_token).status_code == 404


def test_a_token_cannot_be_made_up(
    client: TestClient, headers: dict[str, str], url: str, owner: Person, clock: FakeClock, sha256: str
) -> None:
    forged = signing.mint(
        b"another key", Address(sha256, "video/mp4", owner.id, expires_at=clock.now.replace(year=2030))
    )
    token = url.split("/")[2]
    for wrong in (forged, token[:-2] + "AA", token[:40], "x", "æøå", "A" * 500):
        assert client.get(f"/media/{wrong}/creative.mp4", headers=headers).status_code == 404


def test_a_token_tells_what_was_put_in(clock: FakeClock) -> None:
    by_time = Address("ab" * 32, "audio/ogg", "cd" * 16, expires_at=clock())
    by_claim = Address("ab" * 32, "image/webp", "cd" * 16, claim_id="ef" * 16)
    for address in (by_time, by_claim):
        assert signing.read(b"key", signing.mint(b"key", address)) == address
        assert signing.read(b"other", signing.mint(b"key", address)) is None
