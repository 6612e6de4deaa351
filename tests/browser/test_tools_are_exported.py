"""What the tools of sound and picture do by keys alone stands in the export, to the sample and the frame."""

import io
import json
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.assets.intake import GivenPart
from app.people.rules import Role
from app.queues.models import Queue
from tests.browser import ads_site
from tests.browser.labeling_site import Site
from tests.browser.working import answered, sign_in

pytestmark = pytest.mark.browser
SLOW = 30_000
RATE = 44_100
FRAMES, CUT = 60, 30
SCHEMA: dict[str, Any] = {
    "name": "Tools",
    "parts": [{"name": "voice", "modality": "audio"}, {"name": "clip", "modality": "video"}],
    "fields": [
        {"name": "claims", "kind": "segments", "part": "voice", "lanes": "speaker", "choices": [{"value": "claim"}],
         "fields": [{"name": "speaker", "kind": "choice", "title": {"en": "Speaker"},
                     "choices": [{"value": "host", "key": "r"}, {"value": "guest", "key": "t"}]}]},
        {"name": "scenes", "kind": "segments", "part": "clip", "choices": [{"value": "party"}]},
        {"name": "bottles", "kind": "tracks", "part": "clip", "choices": [{"value": "bottle"}]},
    ],
}  # fmt: skip


def voice() -> io.BytesIO:
    """Five seconds, of which something is heard from 1 to 3."""
    time = np.arange(5 * RATE) / RATE
    heard = 9000 * np.sin(2 * np.pi * 300 * time) * ((time >= 1) & (time < 3))
    stream = io.BytesIO()
    with wave.open(stream, "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(RATE)
        output.writeframes(heard.astype("<i2").tobytes())
    stream.seek(0)
    return stream


def clip() -> io.BytesIO:
    """Two shots at 25 frames a second."""
    stream = io.BytesIO()
    grounds = [np.random.default_rng(seed).integers(20, 235, (6, 8, 3), np.uint8) for seed in (1, 2)]
    with av.open(stream, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=25, options={"bf": "2"})
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 192, 144, "yuv420p"
        for n in range(FRAMES):
            picture = grounds[n >= CUT].repeat(24, axis=0).repeat(24, axis=1)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = n, Fraction(1, 25)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    stream.seek(0)
    return stream


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    ads = [("ad", [GivenPart("voice", "audio", file=voice()), GivenPart("clip", "video", file=clip())])]
    company = {"roles": (Role.LABELER, Role.MANAGER), "organisation": "Company"}
    with ads_site.served(migrated_sqlite, tmp_path, schema=SCHEMA, ads=ads, **company) as site:
        yield site


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def expect_frame(page: Page, frame: int) -> None:
    shown = page.locator(".media-frame:not([data-pending])")
    expect(shown).to_have_text(f"frame {frame} of {FRAMES}", timeout=SLOW)


def start(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(page.locator("fasit-audio .timeline[data-wave=ready]")).to_be_visible(timeout=SLOW)
    expect(page.locator("fasit-video:not([aria-busy])")).to_be_attached(timeout=SLOW)


def mark_the_voice(page: Page) -> None:
    """One fitted to the silences around it; one put by the playhead and nudged by 1 and by 100 ms; both with a speaker."""
    press(page, "ArrowRight", *["."] * 9, "i", "ArrowRight", "ArrowRight", "o", "r", "Alt+Q")
    expect(page.locator("fasit-audio .timeline-mark")).to_have_text("host · claim")
    press(page, "Home", "i", "ArrowRight", "o", "t")
    press(page, "ArrowRight", "ArrowRight", "ArrowRight", "Alt+O", "ArrowLeft", "ArrowLeft", "Alt+I")
    press(page, "Alt+ArrowDown", "Alt+ArrowRight", "Alt+ArrowUp", "Alt+ArrowUp", "Alt+Shift+ArrowLeft")
    expect(page.locator("fasit-audio .timeline-lane")).to_have_text(["host", "guest"])


def mark_the_clip(page: Page) -> None:
    """The second shot as a segment, nudged by frames; a box that is hidden at 4, gone from 6, and had a keyframe at 2."""
    press(page, "Shift+Digit2", "Control+ArrowRight")
    expect_frame(page, CUT)
    press(page, "Alt+I", "Alt+ArrowRight", "Alt+ArrowRight", "Alt+Shift+ArrowLeft", "Home")
    expect_frame(page, 0)
    press(page, "n", "Enter", *["Shift+ArrowRight"] * 3, *["Shift+ArrowDown"] * 2, "Enter", "Escape")
    press(page, ".", ".", "Shift+K", ".", ".", "Shift+K", "Shift+C", ".", ".", "Shift+K", "Shift+O")
    expect(page.locator(".timeline-keyframe")).to_have_count(4)
    press(page, "Alt+,", "Alt+,")
    expect_frame(page, 2)
    press(page, "Shift+Delete")
    expect(page.locator(".timeline-keyframe")).to_have_count(3)


def test_what_was_made_by_keys_is_exported(page: Page, site: Site) -> None:
    start(page, site)
    mark_the_voice(page)
    mark_the_clip(page)
    with answered(page):
        press(page, "Control+Enter")
    asked = {"Accept": "application/x-ndjson"}
    exported = page.request.get(f"{site.url}/api/v1/projects/ads/labels", headers=asked)
    answers = json.loads(exported.text().splitlines()[0])["answers"]
    fitted, placed = answers["claims"]
    assert (fitted["fields"], placed["fields"]) == ({"speaker": "host"}, {"speaker": "guest"})
    assert (fitted["start"], fitted["end"]) == (pytest.approx(1, abs=0.01), pytest.approx(3, abs=0.01))
    assert (placed["start"], placed["end"]) == (pytest.approx(2.001, abs=1 / RATE), pytest.approx(3.9, abs=1 / RATE))
    for mark in (fitted, placed):
        ends = round(mark["start"] * RATE), round(mark["end"] * RATE)
        assert (mark["start_sample"], mark["end_sample"]) == ends
    [scene] = answers["scenes"]
    assert [scene[name] for name in ("start_frame", "end_frame", "start", "end")] == [32, 59, 32 / 25, 59 / 25]
    [bottle] = answers["bottles"]
    seen = [
        (key["frame"], key["time"], key.get("occluded", False), key.get("outside", False))
        for key in bottle["keyframes"]
    ]
    assert seen == [(0, 0, False, False), (4, 4 / 25, True, False), (6, 6 / 25, True, True)]
    assert [bottle["keyframes"][0][side] for side in ("x", "y", "width", "height")] == [96, 72, 30, 20]


def test_a_muted_queue_starts_its_media_muted_and_a_key_brings_the_sound(page: Page, site: Site) -> None:
    with site.database.write() as session:
        session.scalars(select(Queue)).one().muted = True
    start(page, site)
    silent = "() => [...document.querySelectorAll('fasit-work :is(audio, video)')].map((one) => one.muted)"
    assert page.evaluate(silent) == [True, True]
    press(page, "m")
    assert page.evaluate(silent) == [False, True]
