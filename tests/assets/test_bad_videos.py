"""Broken videos are used up to their last good frame, with that said, or refused with the reason; nothing is followed."""

import io
import socket
import struct
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import pytest

from app.assets.intake import GivenPart, TakenPart, take_all
from app.assets.kinds import video
from app.assets.rules import Modality, PartFacts
from app.assets.sandbox.calling import SANDBOX
from app.assets.store import Store
from app.bench import frames_films
from app.bench.frames_films import KINDS, Recipe
from app.errors import Invalid
from app.labels.canonical import part_json
from tests.assets.test_frames_of_all_kinds import derived, number
from tests.making_media import clicks, encode_sound

COUNT = 60


def film(folder: Path, recipe: Recipe, *, sound: bool = False) -> Path:
    path = folder / f"film.{recipe.suffix}"
    frames_films.make(path, recipe, COUNT, sound=sound)
    return path


def numbers(shown: Path) -> list[int]:
    with av.open(str(shown), metadata_errors="replace") as container:
        return [number(frame.to_image(), turned=False) for frame in container.decode(video=0)]


def front_index(path: Path) -> None:
    """The same MP4 with its index before its frames, as one that is sent over a network has it."""
    made = io.BytesIO()
    with (
        av.open(str(path)) as source,
        av.open(made, "w", format="mp4", container_options={"moov_size": "4000"}) as output,
    ):
        stream = output.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                output.mux(packet)
    path.write_bytes(made.getvalue())


@pytest.mark.parametrize("kind", ["constant rate, B-frames", "VP9 WebM"])
def test_a_video_cut_short_is_used_up_to_its_last_good_frame(kind: str, tmp_path: Path) -> None:
    path = film(tmp_path, KINDS[kind])
    if path.suffix == ".mp4":
        front_index(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    found, shown, table = derived(path)
    assert "The file is cut short: it claims" in found["facts"]["damage"]
    assert 20 < table["count"] < COUNT
    assert numbers(shown) == list(range(table["count"]))
    part = PartFacts("clip", Modality.VIDEO, "0" * 64, damage=found["facts"]["damage"])
    assert part_json(part)["damage"] == found["facts"]["damage"]  # the record says so too


def test_what_is_broken_in_the_middle_is_left_out_and_said(tmp_path: Path) -> None:
    path = film(tmp_path, Recipe("mpeg2video", "ts", options={"b": "2M", "g": "5", "bf": "0"}))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 188 * 188
    content[middle : middle + 188 * 12] = b"".join(b"G\x01\x00\x10" + b"\xff" * 184 for _ in range(12))
    path.write_bytes(content)
    found, shown, table = derived(path)
    seen = numbers(shown)
    assert len(seen) == table["count"]
    assert seen == sorted(set(seen))
    assert (seen[0], seen[-1]) == (0, COUNT - 1)
    if len(seen) < COUNT:
        assert "could not be decoded and were left out" in found["facts"]["damage"]


@pytest.mark.parametrize(
    ("claimed", "words"), [(20_000, "cut short: it claims"), (500, "The file claims to last 0.500 s")]
)
def test_a_wrong_claim_of_its_length_is_said(claimed: int, words: str, tmp_path: Path) -> None:
    path = film(tmp_path, KINDS["VP9 WebM"])
    content = bytearray(path.read_bytes())
    at = content.index(b"\x44\x89") + 3  # the Duration of the segment, a float of eight bytes
    content[at : at + 8] = struct.pack(">d", float(claimed))
    path.write_bytes(content)
    found, shown, table = derived(path)
    assert words in found["facts"]["damage"]
    assert found["facts"]["duration"] == pytest.approx(2.0, abs=0.01)
    assert numbers(shown) == list(range(table["count"])) == list(range(COUNT))


def test_a_rate_of_zero_means_nothing(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    recipe = Recipe("mpeg4", "avi", options={"b": "2M"}, rate=25)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg4", rate=25, options=dict(recipe.options))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = frames_films.WIDTH, frames_films.HEIGHT, "yuv420p"
        for n in range(COUNT):
            frame = av.VideoFrame.from_ndarray(frames_films.picture(n), format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = n, Fraction(1, 25)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    content = bytearray(path.read_bytes())
    at = content.index(b"strh") + 8 + 20  # dwScale, dwRate
    content[at + 4 : at + 8] = bytes(4)
    path.write_bytes(content)
    found, shown, table = derived(path)
    assert numbers(shown) == list(range(table["count"])) == list(range(COUNT))
    assert found["facts"]["duration"] > 0


def test_tags_that_are_no_text_do_not_matter(tmp_path: Path) -> None:
    path = film(tmp_path, KINDS["constant rate, B-frames"])
    tagged = io.BytesIO()
    with av.open(str(path)) as source, av.open(tagged, "w", format="mp4") as output:
        stream = output.add_stream_from_template(source.streams.video[0])
        output.metadata["title"] = "TITLETITLE"
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                output.mux(packet)
    content = tagged.getvalue().replace(b"TITLETITLE", b"\xff\xfe\x80\x00\xc3(\xed\xa0\x80\x01")
    assert content != tagged.getvalue()
    path.write_bytes(content)
    _, shown, table = derived(path)
    assert numbers(shown) == list(range(table["count"])) == list(range(COUNT))


def refusal(content: bytes, folder: Path) -> str:
    path = folder / "film.mp4"
    path.write_bytes(content)
    with path.open("rb") as file, pytest.raises(Invalid) as refused:
        SANDBOX.run(video.KIND.probe, file, {})
    return refused.value.sentence


def test_what_cannot_be_shown_is_refused_with_the_reason(tmp_path: Path) -> None:
    assert refusal(b"", tmp_path) == "The file is empty."
    voice = encode_sound("aac", "mp4", clicks(44_100))
    assert refusal(voice, tmp_path) == "There are no moving pictures in this file."
    coded = film(tmp_path, KINDS["constant rate, B-frames"]).read_bytes().replace(b"avc1", b"zq1x")
    assert "coded in a way that is not known" in refusal(coded, tmp_path)
    headless = film(tmp_path, KINDS["constant rate, B-frames"]).read_bytes()
    assert "damaged or cut short" in refusal(headless[: len(headless) // 2], tmp_path)


def take(store: Store, part: GivenPart) -> TakenPart:
    [taken] = take_all(store, external_id="ad", metadata={}, parts=[part])
    return taken


POINTERS = {
    "HLS": b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\n{address}/a.ts\n#EXT-X-ENDLIST\n",
    "HLS after a byte order mark": b"\xef\xbb\xbf#EXTM3U\n#EXTINF:1,\n{address}/a.ts\n",
    "DASH": b'<?xml version="1.0"?><MPD mediaPresentationDuration="PT1S"><Period><BaseURL>{address}/</BaseURL></Period></MPD>',
    "concat": b"ffconcat version 1.0\nfile '{address}/a.mp4'\n",
    "concat without its head": b"file '{address}/a.mp4'\nfile '/etc/passwd'\n",
    "SDP": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "ASX": b'<asx version="3.0"><entry><ref href="{address}/a.wmv"/></entry></asx>',
    "PLS": b"[playlist]\nFile1={address}/a.mp3\n",
    "M3U": b"{address}/a.mp3\n",
    "RealMedia": b"rtsp://127.0.0.1:{port}/a.rm\n",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/a.png"/></svg>',
}


def test_files_that_point_elsewhere_are_refused_and_nobody_calls(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        address = f"http://127.0.0.1:{port}".encode()
        for name, text in POINTERS.items():
            content = text.replace(b"{address}", address).replace(b"{port}", str(port).encode())
            for modality in ("video", "audio", "image"):
                with pytest.raises(Invalid) as refused:
                    take(store, GivenPart(f"part-{modality}", modality, file=io.BytesIO(content)))
                assert refused.value.sentence, name
        called_by_reference(store, tmp_path, address)
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()


def called_by_reference(store: Store, folder: Path, address: bytes) -> None:
    """A film whose track says that its frames lie elsewhere: it is read as if they did not, or refused."""
    content = film(folder, KINDS["constant rate, B-frames"]).read_bytes()
    at = content.index(b"url \x00\x00\x00\x01")  # "in this very file"
    elsewhere = content[:at] + b"url \x00\x00\x00\x00" + content[at + 8 :]
    assert len(elsewhere) == len(content)
    with suppress(Invalid):
        take(store, GivenPart("clip", "video", file=io.BytesIO(elsewhere)))
    grown = content.replace(b"url \x00\x00\x00\x01", b"url \x00\x00\x00\x00" + address)
    with suppress(Invalid):
        take(store, GivenPart("clip", "video", file=io.BytesIO(grown)))
