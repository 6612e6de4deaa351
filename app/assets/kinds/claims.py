"""What a video's container claims, against what is in it: the difference in sentences for whoever works with it."""

from typing import Any

import av

from app.assets.kinds import sound

OFF_SECONDS = 0.5  # a claim may be off by so much before it is called wrong
LEAST_SHARE = 0.98  # of the frames that are claimed; fewer, and the file is cut short
# Containers whose head says how long the whole lasts; of the others the length is only guessed.
SAY_HOW_LONG = frozenset({"mov", "matroska", "avi", "flv"})


def faults(container: Any, stream: Any, there: int) -> str:
    """Of a container whose packets were read; `there`: how many frames it holds. Nothing where all is well."""
    if stream.frames and there < stream.frames * LEAST_SHARE:
        return f"The file is cut short: it claims {stream.frames} frames and holds {there}."
    if container.format.name.split(",")[0] not in SAY_HOW_LONG or not container.duration:
        return ""
    claimed, lasts = container.duration / av.time_base, _last_moment(container)
    if claimed > lasts + OFF_SECONDS:
        return f"The file is cut short: it claims {claimed:.3f} s and holds {lasts:.3f} s."
    if lasts > claimed + OFF_SECONDS:
        return f"The file claims to last {claimed:.3f} s; it lasts {lasts:.3f} s."
    return ""


def with_damage(said: str | None, damage: sound.Damage, seconds: float) -> str:
    """The same with what was met while decoding; `seconds`: how long the pictures that are good last."""
    sentences = [said] if said else []
    if damage.gave_up:
        sentences.append(f"The file is damaged: only its first {seconds:.3f} s can be decoded.")
    elif damage.packets:
        pictures = "1 picture" if damage.packets == 1 else f"{damage.packets} pictures"
        sentences.append(f"The file is damaged: {pictures} could not be decoded and were left out.")
    return " ".join(sentences)


def _last_moment(container: Any) -> float:
    """Seconds from the start of the file to where its last packet ends, of pictures and sound."""
    begins = (container.start_time or 0) / av.time_base
    container.seek(0)
    last = 0.0
    demuxing = container.demux([*container.streams.video, *container.streams.audio])
    while True:
        try:
            packet = next(demuxing, None)
        except av.error.FFmpegError:
            return last
        if packet is None:
            return last
        if packet.size and packet.pts is not None and packet.time_base is not None:
            last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base) - begins)
