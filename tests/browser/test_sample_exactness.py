"""A click is where the server decodes it: in what is heard on the page, in what is marked there, in what is stored."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.assets.kinds import audio
from app.assets.rules import Modality, PartFacts
from app.assets.sandbox.calling import SANDBOX
from app.bench import samples_sounds
from app.bench.samples_sounds import KINDS
from app.schemas.kinds.segments import Segments
from tests.browser import media_page
from tests.browser.media_page import MediaPage, Shown, answers

pytestmark = pytest.mark.browser

MILLISECOND = 0.001
FIELDS = [{"name": "claims", "kind": "segments", "part": "voice", "choices": [{"value": "claim"}]}]


@pytest.fixture(scope="module")
def serving() -> Iterator[MediaPage]:
    with media_page.serving() as served:
        yield served


def imported(path: Path) -> tuple[dict[str, float], dict[str, Path | bytes]]:
    """What the server knows of the sound, and what it made of it."""
    made: dict[str, Path | bytes] = {}
    files = {name: (path.parent / name).open("w+b") for name in audio.KIND.renditions}
    with path.open("rb") as source:
        facts = SANDBOX.run(audio.KIND.probe, source, {})["facts"]
        SANDBOX.run(audio.KIND.derive, source, facts, outputs=files, limits=audio.KIND.derive_limits)
    for name, file in files.items():
        file.close()
        made[f"voice.{name}"] = path.parent / name
    return facts, made


@pytest.mark.parametrize("kind", KINDS)
def test_a_click_is_heard_marked_and_stored_where_the_server_decodes_it(
    kind: str, page: Page, serving: MediaPage, tmp_path: Path
) -> None:
    path = tmp_path / f"clicks.{KINDS[kind].suffix}"
    samples_sounds.make(path, KINDS[kind], 4)
    facts, files = imported(path)
    onsets = samples_sounds.onsets(path)
    assert len(onsets) == 4
    urls = {"display": "/media/voice.display", "peaks": "/media/voice.peaks", "spectrogram": "/media/voice.spectrogram"}
    known = {key: facts[key] for key in ("duration", "sample_rate", "samples", "channels")}
    part = {"name": "voice", "modality": "audio", "sha256": "0" * 64, "urls": urls, **known}
    serving.open(page, Shown(part=part, fields=FIELDS, files=files, types={"voice.display": "audio/mp4"}))
    expect(page.locator(".timeline[data-wave=ready]")).to_be_visible()

    samples_sounds.mark(page, onsets[1], onsets[3])
    [claim] = answers(page)["claims"]
    assert samples_sounds.heard(page, onsets[2]) == pytest.approx(onsets[2], abs=MILLISECOND)
    stored = Segments().enrich_mark(claim, PartFacts("voice", Modality.AUDIO, "0" * 64, **known))
    for edge, onset in (("start", onsets[1]), ("end", onsets[3])):
        assert stored[edge] == pytest.approx(onset, abs=MILLISECOND)
        assert stored[f"{edge}_sample"] == round(onset * facts["sample_rate"])
