"""One frame of a video by itself, for browsers that cannot decode frames: the picture, and the time that proves it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, BinaryIO

from app.assets.kinds import frames, pictures, proxies, sound, video
from app.assets.kinds.kind import Facts, Outputs, Report
from app.assets.sandbox.rules import Limits, Undecodable

TASK = f"{__name__}:still"
LIMITS = Limits(cpu_seconds=60, wall_seconds=60)
# Content types of what browsers are shown, to the demuxer that reads them.
DEMUXERS = {"video/mp4": "mov", "video/webm": "matroska", "video/ogg": "ogg"}
_BACK = (0, 10, 60)  # seconds before the moment at which reading begins; where none serves, at the start


def still(source: BinaryIO, outputs: Outputs, arguments: Facts, _report: Report) -> dict[str, Any]:
    """The frame on the screen `microseconds` after the first: a JPEG, and that frame's own time in microseconds."""
    demuxer, wanted = str(arguments["demuxer"]), int(arguments["microseconds"])
    with sound.open_media(source, demuxer) as container:
        stream = video.pictures_of(container)
        origin, frame = _first(container, stream)
        time = 0
        if wanted > 0:
            time, frame = _shown_at(container, stream, origin, wanted) or (time, frame)
        picture = frame.to_image().rotate(round(frame.rotation) % 360, expand=True)
    pictures.save_jpeg_within(picture, proxies.LONGEST_SHOWN, outputs["still"])
    return {"microseconds": time}


def _first(container: Any, stream: Any) -> tuple[int, Any]:
    found = next(frames.presented(container, stream), None)
    if found is None:
        raise Undecodable("There is no picture in this file that can be decoded.")
    return found


def _shown_at(container: Any, stream: Any, origin: int, wanted: int) -> tuple[int, Any] | None:
    """Read from a keyframe before the moment. What comes before the first keyframe after a jump may lack its ground."""
    base: Fraction = stream.time_base
    target = origin + int(Fraction(wanted, frames.MICRO) / base)
    for back in _BACK:
        container.seek(max(origin, target - round(back / base)), stream=stream)
        found = _last_until(target, frames.presented(container, stream))
        if found is not None:
            return round((found[0] - origin) * base * frames.MICRO), found[1]
    container.seek(origin, stream=stream)
    found = _last_until(target, frames.presented(container, stream), from_keyframe=False)
    return None if found is None else (round((found[0] - origin) * base * frames.MICRO), found[1])


def _last_until(target: int, shown: Iterator[tuple[int, Any]], *, from_keyframe: bool = True) -> tuple[int, Any] | None:
    found = None
    for tick, frame in shown:
        if tick > target:
            break
        if found is not None or frame.key_frame or not from_keyframe:
            found = (tick, frame)
    return found
