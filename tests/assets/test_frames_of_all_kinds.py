"""Every kind of video keeps its frames: numbered pictures are read back from what browsers are shown, and from stills."""

import json
import os
import random
from pathlib import Path
from typing import Any

import av
import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from app.assets.kinds import stills, video
from app.assets.sandbox.calling import SANDBOX
from app.assets.signing import Signer
from app.bench import frames_films
from app.bench.frames_films import KINDS
from app.db.session import Database
from app.people.rules import Role
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague

COUNT = 64
PROXIED = {"starts at 0.5 s", "edit list", "interlaced", "VP9 WebM, variable rate", "HEVC", "MPEG-2 stream", "ProRes"}


def derived(path: Path) -> tuple[dict[str, Any], Path, dict[str, Any]]:
    """What was found, what a browser is shown, and the table of frames."""
    paths = {name: path.with_suffix(f".{name}") for name in video.KIND.renditions}
    files = {name: output.open("w+b") for name, output in paths.items()}
    with path.open("rb") as source:
        facts = SANDBOX.run(video.KIND.probe, source, {})["facts"]
        found = SANDBOX.run(video.KIND.derive, source, facts, outputs=files, limits=video.KIND.derive_limits)
    for output in files.values():
        output.close()
    shown = paths["display"] if "display" in found["renditions"] else path
    return found, shown, json.loads(paths["frames"].read_bytes())


def number(image: Image.Image, *, turned: bool) -> int:
    return frames_films.read(image.rotate(90, expand=True) if turned else image)


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_there_once_and_its_still_is_proven_by_its_time(kind: str, tmp_path: Path) -> None:
    recipe = KINDS[kind]
    path = tmp_path / f"film.{recipe.suffix}"
    frames_films.make(path, recipe, COUNT)
    found, shown, table = derived(path)
    assert ("display" in found["renditions"]) == (kind in PROXIED)
    ticks = recipe.ticks(COUNT + recipe.hidden)[recipe.hidden :]
    if recipe.codec != "mpeg2video":
        wanted = [(tick - ticks[0]) * 1_000_000 / frames_films.TICKS for tick in ticks]
        assert table["times"] == pytest.approx(wanted, abs=1000)
    with av.open(str(shown)) as container:
        pictures = [frame.to_image().rotate(round(frame.rotation), expand=True) for frame in container.decode(video=0)]
    assert [number(picture, turned=recipe.turned) for picture in pictures] == list(range(COUNT))

    demuxer = stills.DEMUXERS[found["renditions"].get("display", video.TYPES[found["facts"]["format"]])]
    chance = random.Random(kind)
    for frame in [0, COUNT - 1, *(chance.randrange(COUNT) for _ in range(4))]:
        ends = [*table["times"], table["end"]]
        arguments = {"demuxer": demuxer, "microseconds": (ends[frame] + ends[frame + 1]) // 2}
        still = tmp_path / "still"
        with shown.open("rb") as source, still.open("w+b") as output:
            told = SANDBOX.run(stills.TASK, source, arguments, outputs={"still": output}, limits=stills.LIMITS)
        assert told["microseconds"] == pytest.approx(table["times"][frame], abs=500)
        assert number(Image.open(still), turned=recipe.turned) == frame


def test_a_still_comes_with_its_time_to_whom_the_address_was_made_for(
    app: FastAPI, client: TestClient, database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    frames_films.make(path, KINDS["variable rate, B-frames"], 30)
    with app.state.store.incoming() as incoming:
        incoming.file.write(path.read_bytes())
        sha256 = app.state.store.keep(incoming).sha256
    with database.write() as session:
        owner, other = (make_colleague(session, Role.ENGINEER, clock=clock, name=name) for name in ("Ada", "Grace"))
    url = Signer(app.state.secret_key, owner.id, clock()).url(sha256, "video/mp4", "clip")
    headers = bearer(database, owner, clock=clock)
    time = round(frames_films.uneven(30)[9] * 1_000_000 / frames_films.TICKS)
    answer = client.get(f"{url}/at/{time + 5000}", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert int(answer.headers["frame-time"]) == pytest.approx(time, abs=1)
    (tmp_path / "still").write_bytes(answer.content)
    assert frames_films.read(Image.open(tmp_path / "still")) == 9
    assert client.get(f"{url}/at/0", headers=bearer(database, other, clock=clock)).status_code == 404
    assert client.get(f"{url}/at/-5", headers=headers).status_code == 404
    sound = Signer(app.state.secret_key, owner.id, clock()).url(sha256, "audio/ogg", "voice")
    assert client.get(f"{sound}/at/0", headers=headers).status_code == 404


def test_making_a_film_leaves_the_thread_as_urgent_as_it_was(tmp_path: Path) -> None:
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    frames_films.make(tmp_path / "film.mp4", KINDS["AV1"], 3)
    assert (os.sched_getscheduler(0), os.sched_getparam(0)) == before
