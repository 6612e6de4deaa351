"""Single samples and close pictures of a sound over HTTP, for whom the address was made and for nobody else."""

import io

import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from app.assets import windows
from app.assets.kinds import audio
from app.assets.signing import Signer
from app.db.session import Database
from app.people.rules import Role
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague
from tests.making_media import clicks, encode_sound

SAMPLES = 30_000


@pytest.fixture
def owner(database: Database, clock: FakeClock) -> tuple[str, dict[str, str]]:
    with database.write() as session:
        person = make_colleague(session, Role.ENGINEER, clock=clock)
    return person.id, bearer(database, person, clock=clock)


@pytest.fixture
def url(app: FastAPI, owner: tuple[str, dict[str, str]], clock: FakeClock) -> str:
    """Of the working copy of a sound with a click at every 4410th sample."""
    source = io.BytesIO(encode_sound("flac", "flac", clicks(SAMPLES, 2)))
    facts = audio.probe(source, {}, {}, lambda *_: None)["facts"]
    with app.state.store.incoming() as display:
        outputs = {name: io.BytesIO() for name in audio.KIND.renditions} | {"display": display.file}
        audio.derive(source, outputs, facts, lambda *_: None)
        kept = app.state.store.keep(display).sha256
    return Signer(app.state.secret_key, owner[0], clock()).url(kept, "audio/mp4", "voice")


def test_samples_and_pictures_of_a_stretch(client: TestClient, url: str, owner: tuple[str, dict[str, str]]) -> None:
    _, headers = owner
    answer = client.get(f"{url}/samples/8000/2000", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    found = np.frombuffer(answer.content, "<i2").reshape(-1, 2)
    assert found.shape == (2000, 2)
    assert int(np.flatnonzero(found[:, 1] > 20_000)[0]) == 2 * 4410 - 8000
    rest = client.get(f"{url}/samples/{SAMPLES - 5}/100", headers=headers)
    assert len(rest.content) == 5 * 2 * 2
    picture = client.get(f"{url}/spectrogram/20/1", headers=headers)
    assert Image.open(io.BytesIO(picture.content)).size == (512, 128)
    assert "immutable" in picture.headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("samples/0/0", 422),
        (f"samples/0/{windows.MOST_SAMPLES + 1}", 422),
        ("samples/-1/10", 422),
        ("samples/a/10", 404),
        ("spectrogram/0/0", 422),
        ("spectrogram/20/9999", 422),
    ],
)
def test_what_is_no_stretch_is_refused(
    client: TestClient, url: str, owner: tuple[str, dict[str, str]], path: str, status: int
) -> None:
    assert client.get(f"{url}/{path}", headers=owner[1]).status_code == status


def test_nobody_else_gets_them_and_only_of_a_sound(
    app: FastAPI, client: TestClient, database: Database, url: str, owner: tuple[str, dict[str, str]], clock: FakeClock
) -> None:
    assert client.get(f"{url}/samples/0/10", follow_redirects=False).status_code in {303, 401}
    with database.write() as session:
        other = make_colleague(session, Role.ENGINEER, clock=clock, name="Olav")
    assert client.get(f"{url}/samples/0/10", headers=bearer(database, other, clock=clock)).status_code == 404
    with app.state.store.incoming() as incoming:
        incoming.file.write(b"no sound")
        kept = app.state.store.keep(incoming).sha256
    picture = Signer(app.state.secret_key, owner[0], clock()).url(kept, "image/png", "creative")
    assert client.get(f"{picture}/samples/0/10", headers=owner[1]).status_code == 404
