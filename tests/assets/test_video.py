"""Video: the frame table is what is presented, and the rendition has the very same frames."""

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from app.assets.kinds import video
from app.assets.sandbox.calling import SANDBOX
from app.errors import Invalid
from tests.making_media import clicks, encode_video

VARIABLE = [0, 40, 80, 200, 210, 290, 500, 533, 600, 900]
STEADY = [n * 40 for n in range(12)]


def derive(content: bytes, folder: Path) -> tuple[dict[str, Any], dict[str, Path]]:
    """In the sandbox, as it is done for real."""
    source = folder / "source"
    source.write_bytes(content)
    paths = {name: folder / name for name in video.KIND.renditions}
    files = {name: path.open("w+b") for name, path in paths.items()}
    with source.open("rb") as file:
        facts = SANDBOX.run(video.KIND.probe, file, {})["facts"]
        found = SANDBOX.run(video.KIND.derive, file, facts, outputs=files, limits=video.KIND.derive_limits)
    for output in files.values():
        output.close()
    return found, paths


def table(paths: dict[str, Path]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(paths["frames"].read_bytes())
    return found


def shown(path: Path) -> list[tuple[int, float]]:
    """(microsecond, brightness) of every frame of a rendition."""
    with av.open(str(path)) as container:
        return [
            (round(frame.pts * frame.time_base * 1_000_000), float(frame.to_ndarray(format="gray").mean()))
            for frame in container.decode(video=0)
        ]


def keyframes(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [n for n, packet in enumerate(one for one in container.demux(video=0) if one.size) if packet.is_keyframe]


@pytest.mark.parametrize(
    "options", [{"bf": "0"}, {"bf": "3", "b-adapt": "0"}], ids=["without B-frames", "with B-frames"]
)
def test_a_variable_rate_is_kept_to_the_microsecond(tmp_path: Path, options: dict[str, str]) -> None:
    found, paths = derive(encode_video(VARIABLE, options=options), tmp_path)
    assert table(paths)["times"] == [tick * 1000 for tick in VARIABLE]
    assert table(paths)["count"] == found["facts"]["frame_count"] == 10
    assert "display" not in found["renditions"]  # a browser plays it as it is


def test_facts_of_a_steady_video(tmp_path: Path) -> None:
    found, paths = derive(encode_video(STEADY, size=(64, 48)), tmp_path)
    facts = found["facts"]
    assert (facts["width"], facts["height"], facts["fps"], facts["duration"]) == (64, 48, 25.0, 0.48)
    assert table(paths)["end"] == 480_000
    assert paths["poster"].read_bytes()[8:12] == b"WEBP"


@pytest.mark.parametrize(
    ("codec", "form", "pixels", "options"),
    [
        pytest.param("mpeg4", "avi", "yuv420p", {}, id="MPEG-4 in AVI"),
        pytest.param("libx264", "mp4", "yuv444p", {}, id="H.264 of 4:4:4"),
        pytest.param("libx264", "mpegts", "yuv420p", {}, id="H.264 in a transport stream"),
        pytest.param("libvpx", "webm", "yuv420p", {"deadline": "realtime"}, id="variable VP8"),
        pytest.param("libvpx-vp9", "webm", "yuv420p", {"deadline": "realtime"}, id="variable VP9"),
    ],
)
def test_a_rendition_has_one_picture_per_frame_at_the_same_times(
    tmp_path: Path, codec: str, form: str, pixels: str, options: dict[str, str]
) -> None:
    ticks = STEADY if form == "avi" else VARIABLE
    base = Fraction(1, 25) if form == "avi" else Fraction(1, 1000)
    given = list(range(12)) if form == "avi" else ticks
    content = encode_video(given, codec=codec, form=form, pixels=pixels, options=options, time_base=base, last=1)
    found, paths = derive(content, tmp_path)
    assert found["renditions"]["display"] == "video/mp4"
    times = table(paths)["times"]
    assert times == pytest.approx([tick * 1000 for tick in ticks], abs=1000)
    made = shown(paths["display"])
    assert [time for time, _ in made] == pytest.approx(times, abs=500)
    for number, (_, brightness) in enumerate(made):
        assert brightness == pytest.approx(10 * number, abs=12)


def test_a_steady_webm_is_played_as_it_is(tmp_path: Path) -> None:
    content = encode_video(STEADY, codec="libvpx-vp9", form="webm", options={"deadline": "realtime"})
    found, _ = derive(content, tmp_path)
    assert "display" not in found["renditions"]


def test_a_rendition_has_a_keyframe_at_least_every_thirty_frames_and_its_index_in_front(tmp_path: Path) -> None:
    ticks = [n * 40 for n in range(100)]
    content = encode_video(ticks, codec="mpeg4", form="mp4", options={"g": "250"})
    _, paths = derive(content, tmp_path)
    keys = keyframes(paths["display"])
    assert max(b - a for a, b in zip(keys, [*keys[1:], 100], strict=True)) <= 30
    display = paths["display"].read_bytes()
    assert display.find(b"moov") < display.find(b"mdat")


def test_a_video_that_starts_late_starts_at_zero(tmp_path: Path) -> None:
    late = [tick + 500 for tick in VARIABLE]
    content = encode_video(
        late, codec="libvpx-vp9", form="webm", options={"deadline": "realtime"}, sound=clicks(72_000)
    )
    found, paths = derive(content, tmp_path)
    assert table(paths)["times"][0] == 0
    made = shown(paths["display"])
    assert [time for time, _ in made] == pytest.approx([tick * 1000 for tick in VARIABLE], abs=1500)
    assert found["renditions"]["peaks"] == "application/octet-stream"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_the_size_is_upright(tmp_path: Path, degrees: int) -> None:
    content = _turned(encode_video(STEADY), degrees)
    found, paths = derive(content, tmp_path)
    facts = found["facts"]
    assert (facts["width"], facts["height"]) == ((64, 48) if degrees == 180 else (48, 64))
    with av.open(str(paths["poster"]), format="webp_pipe") as poster:
        frame = next(poster.decode(video=0))
    assert (frame.width, frame.height) == (facts["width"], facts["height"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"#EXTM3U\n#EXT-X-STREAM-INF:\nhttp://127.0.0.1/x.ts\n", "playlist"),
        (b"<MPD></MPD>", "playlist"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(64), "damaged|no moving pictures"),
        (b"GIF89a", "none of the videos"),
        (bytes(5000), "none of the videos"),
    ],
)
def test_what_is_no_video_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "no.mp4"
    path.write_bytes(content)
    with path.open("rb") as file, pytest.raises(Invalid, match=reason):
        SANDBOX.run(video.KIND.probe, file, {})


def _turned(content: bytes, degrees: int) -> bytes:
    """The same video with a display matrix in its track header."""
    matrices = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
    a, b, c, d = matrices[degrees]
    at = content.index(b"tkhd") + 4 + 40
    matrix = b"".join(
        value.to_bytes(4, "big", signed=True) for value in (a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    )
    return io.BytesIO(content).getvalue()[:at] + matrix + content[at + 36 :]
