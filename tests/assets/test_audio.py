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
from PIL import Image

from app.assets.kinds import audio, containers, samples
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


def test_the_working_copy_has_the_very_samples_at_every_rate(tmp_path: Path) -> None:
    original = clicks(SAMPLES, 2)
    found, paths = derive(encode_sound("flac", "flac", original), tmp_path)
    assert found["renditions"]["display"] == "audio/mp4"
    with av.open(str(paths["display"])) as container:
        assert container.streams.audio[0].rate == 44_100
        shown = np.concatenate([one.to_ndarray().reshape(-1, 2).T for one in container.decode(audio=0)], axis=1)
    assert shown.shape == (2, SAMPLES)
    assert np.abs(shown / 32_768 - original).max() < 2 / 32_768


def test_the_peaks_are_those_of_the_copy_channel_by_channel_at_every_level(tmp_path: Path) -> None:
    sound = clicks(SAMPLES, 2)
    sound[1] = 0
    _, paths = derive(encode_sound("flac", "flac", sound), tmp_path)
    content = paths["peaks"].read_bytes()
    magic, rate, channels, levels, total = struct.unpack_from("<4sIIIQ", content)
    assert (magic, rate, channels, total) == (b"FPK2", 44_100, 2, SAMPLES)
    for number in range(levels):
        per_peak, count, offset = struct.unpack_from("<IIQ", content, 24 + 16 * number)
        assert count == -(-SAMPLES // per_peak)
        pairs = np.frombuffer(content, np.int8, count=4 * count, offset=offset).reshape(count, 2, 2)
        loud = {int(at) for at in np.flatnonzero(pairs[:, 0, 1] > 60)}
        assert loud == {at // per_peak for click in range(0, SAMPLES, CLICK_EVERY) for at in (click, click + 19)}
        assert not pairs[:, 1].any()


def test_a_window_of_the_copy_holds_exactly_its_samples(tmp_path: Path) -> None:
    _, paths = derive(encode_sound("libmp3lame", "mp3", clicks(SAMPLES)), tmp_path)
    with paths["display"].open("rb") as copy:
        whole = window(copy, tmp_path, 0, SAMPLES)
        assert len(whole) == SAMPLES
        for start, count in ((0, 10), (20_000, 5000), (SAMPLES - 7, 100)):
            assert (window(copy, tmp_path, start, count) == whole[start : start + count]).all()
    onsets = [int(at) for at in np.flatnonzero((whole[1:] > 8000) & (whole[:-1] <= 8000)) + 1]
    wanted = range(CLICK_EVERY, SAMPLES, CLICK_EVERY)
    assert all(any(abs(onset - click) <= 2 for onset in onsets) for click in wanted)


def window(copy: Any, tmp_path: Path, start: int, count: int) -> Any:
    with (tmp_path / "window").open("w+b") as made:
        task = f"{samples.__name__}:window"
        SANDBOX.run(task, copy, {"start": start, "count": count}, outputs={"window": made})
        made.seek(0)
        return np.frombuffer(made.read(), "<i2")


def test_a_damaged_end_leaves_the_good_beginning_and_it_is_said(tmp_path: Path) -> None:
    whole = tone(44_100)
    assert "damage" not in probe(whole)["facts"]
    found, paths = derive(whole[: 44 + 2 * 20_000], tmp_path)
    assert found["facts"]["samples"] == 20_000
    assert found["facts"]["damage"] == "The file is cut short: its head claims more, it holds 0.454 s."
    with av.open(str(paths["display"])) as container:
        assert sum(one.samples for one in container.decode(audio=0)) == 20_000


def test_a_length_that_the_file_only_claims_is_not_believed() -> None:
    content = bytearray(encode_sound("libmp3lame", "mp3", clicks(SAMPLES)))
    at = content.index(b"Info") + 8
    content[at : at + 4] = (10 * int.from_bytes(content[at : at + 4], "big")).to_bytes(4, "big")
    facts = probe(bytes(content))["facts"]
    assert abs(facts["samples"] - SAMPLES) < 2 * 1152
    assert "claims" in facts["damage"]


def test_a_rate_of_zero_is_refused_and_so_is_one_that_no_browser_plays() -> None:
    for rate in (0, 100):
        content = bytearray(tone(4000))
        content[24:28] = rate.to_bytes(4, "little")
        with pytest.raises(Undecodable, match=r"samples a second|damaged|no sound"):
            probe(bytes(content))


def test_a_cover_and_tags_that_are_no_text_do_not_matter() -> None:
    sound = encode_sound("libmp3lame", "mp3", clicks(SAMPLES))
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), (200, 10, 10)).save(picture, "JPEG")
    cover = tag(b"APIC", b"\0image/jpeg\0\x03\0" + picture.getvalue())
    title = tag(b"TIT2", b"\x03\xff\xfe\xc3\x28\x80broken")
    body = cover + title
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    facts = probe(b"ID3\x03\0\0" + size + body + sound)["facts"]
    assert (facts["samples"], facts.get("damage")) == (SAMPLES, None)


def tag(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "big") + b"\0\0" + content


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
