"""Long media made quickly: a little of it is encoded, and its packets are written again and again."""

import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = 44_100
FRAME_RATE = 30
SIZE = (1920, 1080)
ENCODED_SOUND, ENCODED_FILM = 20, 2  # seconds


def made(path: Path, seconds: int) -> Path:
    """Speech or a film, by the name, made in a process of its own: its encoders keep memory that no import uses."""
    subprocess.run([sys.executable, "-m", __name__, str(path), str(seconds)], check=True)
    return path


def speech(path: Path, seconds: int) -> Path:
    """A stereo MP3 without Xing, of something as busy as speech over music."""
    short = path.with_name("short.mp3")
    with av.open(str(short), "w", format="mp3", options={"write_xing": "0"}) as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="stereo")
        stream.bit_rate = 128_000
        for packet in _encoded(stream, _voices(ENCODED_SOUND)):
            container.mux(packet)
    with av.open(str(short)) as source, av.open(str(path), "w", format="mp3", options={"write_xing": "0"}) as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        contents = [bytes(packet) for packet in source.demux(source.streams.audio[0]) if packet.size]
        samples = 1152
        for number in range(seconds * RATE // samples):
            _mux(target, stream, contents[number % len(contents)], number * samples, samples, Fraction(1, RATE))
    return path


def film(path: Path, seconds: int) -> Path:
    """1080p with sound. MP4: H.264 and AAC, as browsers play them; AVI: MPEG-4 part 2 and MP3, which they do not."""
    plays = path.suffix == ".mp4"
    short = path.with_name(f"short{path.suffix}")
    with av.open(str(short), "w") as container:
        stream = container.add_stream("libx264" if plays else "mpeg4", rate=FRAME_RATE)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.bit_rate = 8_000_000
        stream.codec_context.gop_size = FRAME_RATE
        if plays:
            stream.options = {"preset": "ultrafast", "bf": "0"}
        for number in range(ENCODED_FILM * FRAME_RATE):
            for packet in stream.encode(_picture(number)):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    with av.open(str(short)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        heard = target.add_stream("aac" if plays else "libmp3lame", rate=RATE, layout="stereo")
        packets = [(bytes(one), one.is_keyframe) for one in source.demux(source.streams.video[0]) if one.size]
        sounds = _encoded(heard, (piece for _ in range(0, seconds, ENCODED_SOUND) for piece in _voices(ENCODED_SOUND)))
        for number in range(seconds * FRAME_RATE):
            content, is_key = packets[number % len(packets)]
            _mux(target, stream, content, number, 1, Fraction(1, FRAME_RATE), is_key=is_key)
            _catch_up(target, sounds, (number + 1) / FRAME_RATE)
    return path


def _mux(target: Any, stream: Any, content: bytes, at: int, lasts: int, base: Fraction, *, is_key: bool = True) -> None:
    packet = av.Packet(content)
    packet.stream, packet.time_base = stream, base
    packet.pts = packet.dts = at
    packet.duration = lasts
    packet.is_keyframe = is_key
    target.mux(packet)


def _catch_up(target: Any, sounds: Iterator[Any], until: float) -> None:
    for packet in sounds:
        target.mux(packet)
        if packet.pts is not None and packet.pts * packet.time_base >= until:
            return


def _voices(seconds: int) -> Iterator[Any]:
    """(2, samples) of float32, a second at a time."""
    chance = np.random.default_rng(7)
    for second in range(seconds):
        time = second + np.arange(RATE) / RATE
        louder = 0.5 + 0.5 * np.sin(2 * np.pi * 2.3 * time)
        voice = 0.25 * louder * np.sin(2 * np.pi * (160 + 40 * np.sin(2 * np.pi * 0.7 * time)) * time)
        yield np.stack([voice + 0.02 * chance.standard_normal(RATE), 0.8 * voice]).astype(np.float32)


def _encoded(stream: Any, pieces: Iterator[Any]) -> Iterator[Any]:
    at = 0
    for piece in pieces:
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        at += piece.shape[1]
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _picture(number: int) -> Any:
    """A gradient that moves, and a bright square that wanders."""
    width, height = SIZE
    across = (np.arange(width, dtype=np.uint16) + 9 * number).astype(np.uint8)
    picture = np.repeat(np.tile(across, (height, 1))[:, :, None], 3, axis=2)
    left = 30 * number % (width - 200)
    picture[400:600, left : left + 200] = (240, 200, 40)
    return av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")


if __name__ == "__main__":
    wanted = Path(sys.argv[1])
    (speech if wanted.suffix == ".mp3" else film)(wanted, int(sys.argv[2]))
