"""Audio: exact in samples, whatever the container declares; picture and sound agree."""

import io
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from app.assets.kinds import audio, containers
from app.assets.sandbox.calling import SANDBOX
from app.assets.sandbox.rules import Undecodable
from app.errors import Invalid
from tests.making_assets import tone
from tests.making_media import CLICK_EVERY, clicks, encode_sound

SAMPLES = 50_000  # no multiple of any frame size


def probe(content: bytes) -> dict[str, Any]:
    return audio.probe(io.BytesIO(content), {}, {}, lambda *_: None)


def derive(content: bytes, tmp_path: Path) -> tuple[dict[str, Any], dict[str, Path]]:
    """In the sandbox, as it is done for real."""
    source = tmp_path / "source"
    source.write_bytes(content)
    paths = {name: tmp_path / name for name in audio.KIND.renditions}
    files = {name: path.open("w+b") for name, path in paths.items()}
    with source.open("rb") as file:
        facts = SANDBOX.run(audio.KIND.probe, file, {})["facts"]
        found = SANDBOX.run(audio.KIND.derive, file, facts, outputs=files)
    for output in files.values():
        output.close()
    return found, paths


@pytest.mark.parametrize(
    ("codec", "form", "expected"),
    [
        pytest.param("pcm_s16le", "wav", SAMPLES, id="WAV"),
        pytest.param("pcm_s24le", "wav", SAMPLES, id="WAV of 24 bits"),
        pytest.param("pcm_s16be", "aiff", SAMPLES, id="AIFF"),
        pytest.param("flac", "flac", SAMPLES, id="FLAC"),
        pytest.param("libmp3lame", "mp3", SAMPLES, id="MP3 with LAME's delay"),
        pytest.param("aac", "ipod", SAMPLES, id="M4A with an edit list"),
    ],
)
def test_samples_are_those_that_were_encoded(codec: str, form: str, expected: int) -> None:
    facts = probe(encode_sound(codec, form, clicks(SAMPLES)))["facts"]
    assert (facts["samples"], facts["sample_rate"], facts["channels"]) == (expected, 44_100, 1)
    assert facts["duration"] == expected / 44_100


def test_opus_counts_after_its_pre_skip() -> None:
    facts = probe(encode_sound("libopus", "ogg", clicks(SAMPLES, 2), rate=48_000))["facts"]
    assert (facts["samples"], facts["sample_rate"], facts["channels"]) == (SAMPLES, 48_000, 2)


def test_an_mp3_without_xing_is_counted_not_believed() -> None:
    # Written raw, so without the first frame that tells the length; and of a varying rate.
    content = encode_sound("libmp3lame", "mp3", clicks(SAMPLES), write_xing="0", q="4")
    assert abs(probe(content)["facts"]["samples"] - SAMPLES) < 3 * 1152


def test_a_wav_cut_short_is_refused_with_the_reason() -> None:
    whole = tone(44_100)
    assert probe(whole)["facts"]["samples"] == 44_100
    with pytest.raises(Undecodable, match="cut short"):
        probe(whole[: 44 + 2 * 20_000])


def test_the_rendition_has_the_same_moments_and_the_peaks_are_its_own(tmp_path: Path) -> None:
    found, paths = derive(encode_sound("flac", "flac", clicks(SAMPLES, 2)), tmp_path)
    assert found["renditions"]["display"] == "audio/ogg"
    with av.open(str(paths["display"])) as container:
        shown = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    assert shown.shape[1] == -(-SAMPLES * 48_000 // 44_100)
    content = paths["peaks"].read_bytes()
    magic, rate, per_peak, count, total = struct.unpack_from("<4sIIIQ", content)
    assert (magic, rate, per_peak, total) == (b"FPK1", 48_000, 256, shown.shape[1])
    pairs = np.frombuffer(content, np.int8, offset=24).reshape(-1, 2)
    assert len(pairs) == count == -(-total // 256)
    loud = {int(at) for at in np.flatnonzero(pairs[:, 1] > 60)}
    for click in range(1, SAMPLES // CLICK_EVERY):
        assert click * CLICK_EVERY * 48_000 // 44_100 // 256 in loud


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(lambda: b"", "empty", id="nothing"),
        pytest.param(lambda: b"RIFF\0\0\0\0WAVEjunk", "no sound|damaged", id="WAV without data"),
        pytest.param(lambda: b"#EXTM3U\nfile:///etc/passwd\n", "playlist", id="HLS"),
        pytest.param(lambda: b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist", id="concat"),
        pytest.param(lambda: b"v=0\no=- 0 0 IN IP4 127.0.0.1\n", "playlist", id="SDP"),
        pytest.param(lambda: b"<html></html>", "none of the audio", id="a page"),
        pytest.param(lambda: b"OggS" + bytes(2000), "damaged|no sound", id="an empty Ogg"),
        pytest.param(lambda: tone(0), "no sound", id="no samples"),
    ],
)
def test_what_is_no_sound_is_refused_with_the_reason(content: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(Undecodable, match=reason):
        probe(content())


def test_noise_after_a_good_beginning_costs_one_refusal_or_a_shorter_sound(tmp_path: Path) -> None:
    content = bytearray(encode_sound("flac", "flac", clicks(SAMPLES)))
    content[len(content) // 2 :] = np.random.default_rng(1).bytes(len(content) - len(content) // 2)
    path = tmp_path / "noise"
    path.write_bytes(bytes(content))
    with path.open("rb") as file, suppress(Invalid):
        assert SANDBOX.run(audio.KIND.probe, file, {})["facts"]["samples"] <= SAMPLES * 2


def test_a_wav_that_ends_before_its_header_says_is_cut_short() -> None:
    whole = b"RIFF" + (2036).to_bytes(4, "little") + b"WAVE" + bytes(2032)
    assert not containers.is_cut_short(io.BytesIO(whole))
    assert containers.is_cut_short(io.BytesIO(whole[:1000]))
    streamed = b"RIFF" + b"\xff\xff\xff\xff" + b"WAVE" + bytes(100)
    assert not containers.is_cut_short(io.BytesIO(streamed))
