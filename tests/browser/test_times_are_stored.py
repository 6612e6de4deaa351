"""What is heard and seen and marked by keys alone arrives in the record as exact samples and frames of the originals."""

import io
import re
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets.intake import GivenPart
from app.labels.models import Revision
from tests.browser import ads_site, making_video
from tests.browser.labeling_site import Site
from tests.browser.making_video import Film
from tests.browser.working import sign_in

pytestmark = pytest.mark.browser
SLOW = 20_000
RATE = 44100
SCHEMA = {
    "name": "Times",
    "parts": [{"name": "voice", "modality": "audio", "require_played": 0.05}, {"name": "clip", "modality": "video"}],
    "fields": [
        {"name": "claims", "kind": "segments", "part": "voice", "choices": [{"value": "claim"}, {"value": "price"}]},
        {"name": "scenes", "kind": "segments", "part": "clip", "choices": [{"value": "party"}]},
        {"name": "bottles", "kind": "tracks", "part": "clip", "choices": [{"value": "bottle"}]},
    ],
}


def hum(seconds: float) -> io.BytesIO:
    time = np.arange(int(seconds * RATE)) / RATE
    stream = io.BytesIO()
    with wave.open(stream, "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(RATE)
        output.writeframes((8000 * np.sin(2 * np.pi * 300 * time)).astype("<i2").tobytes())
    stream.seek(0)
    return stream


@pytest.fixture(scope="module", params=["clip.mp4", "clip.webm"])
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Film:
    path = tmp_path_factory.mktemp("film") / request.param
    codec = "libvpx-vp9" if path.suffix == ".webm" else "libx264"
    return making_video.film(path, making_video.uneven(70), codec=codec, sound=True)


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path, film: Film) -> Iterator[Site]:
    with film.path.open("rb") as picture:
        parts = [GivenPart("voice", "audio", file=hum(9.5)), GivenPart("clip", "video", file=picture)]
        with ads_site.served(migrated_sqlite, tmp_path, schema=SCHEMA, ads=[("ad", parts)], language="nb") as site:
            yield site


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def start(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(page.locator("fasit-video:not([aria-busy])")).to_be_attached(timeout=SLOW)


def test_segments_and_tracks_made_by_keys_are_stored_to_the_sample_and_the_frame(
    page: Page, site: Site, film: Film
) -> None:
    start(page, site)
    expect(page.locator("fasit-audio .timeline")).to_be_focused()
    press(page, "ArrowRight", *["."] * 7, "i", "ArrowRight", "ArrowRight", ",", "2", "o", "Enter")
    page.keyboard.type("Kun i dag 🎉")
    press(page, "Escape", "Shift+Digit2")
    press(page, *["."] * 9, "i", *["."] * 20, "o")
    press(page, "n", *["Shift+ArrowLeft"] * 4, "Enter", *["Shift+ArrowRight"] * 3, *["Shift+ArrowDown"] * 2, "Enter")
    press(page, *["."] * 15, "Shift+ArrowRight", "Alt+ArrowDown")
    expect(page.locator("fasit-video .timeline-keyframe")).to_have_count(2)
    expect(page.locator("fasit-video .media-frame:not([data-pending])")).to_have_text(re.compile("^frame 44 of 70"))
    press(page, "Control+Enter")
    unplayed = "0 % of voice was played, 5 % is asked for: play it from 0:00 on"
    expect(page.locator(".work-missing")).to_have_text(unplayed)
    expect(page.locator("fasit-audio .timeline")).to_be_focused()
    press(page, "k")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.7", timeout=SLOW)
    press(page, "k", "Control+Enter")
    expect(page.locator("fasit-video")).to_have_count(0, timeout=SLOW)
    with site.database.read() as session:
        answers, timing = session.execute(select(Revision.answers, Revision.timing)).one()
    assert 0.05 < timing["media_coverage"]["voice"] < 0.5
    assert list(timing["media_speeds"]) == ["voice"]

    [claim] = answers["claims"]
    assert {key: claim[key] for key in ("choice", "start", "end", "start_sample", "end_sample", "transcript")} == {
        "choice": "price", "start": 1.07, "end": 3.06, "start_sample": 47187, "end_sample": 134946,
        "transcript": "Kun i dag 🎉",
    }  # fmt: skip
    times = [at / 1e6 for at in film.table["times"]]
    [scene] = answers["scenes"]
    assert (scene["start_frame"], scene["end_frame"]) == (9, 30)
    assert (scene["start"], scene["end"]) == (times[9], times[30])
    [bottle] = answers["bottles"]
    assert [(key["frame"], key["time"]) for key in bottle["keyframes"]] == [(29, times[29]), (44, times[44])]
    assert [[key[side] for side in ("x", "y", "width", "height")] for key in bottle["keyframes"]] == [
        [120, 96, 30, 20],
        [130, 96, 30, 21],
    ]


def test_the_parts_of_an_ad_play_one_at_a_time(page: Page, site: Site) -> None:
    start(page, site)
    playing = "() => [...document.querySelectorAll('fasit-work :is(audio, video)')].filter((one) => !one.paused).map((one) => one.localName)"
    press(page, "Space")
    page.wait_for_function(f"() => ({playing})().join() === 'audio'")
    press(page, "Shift+Digit2", "Space")
    page.wait_for_function(f"() => ({playing})().join() === 'video'")
    page.locator("fasit-audio [data-action=back]").evaluate("(button) => button.click()")
    page.wait_for_function(f"() => ({playing})().join() === ''")
