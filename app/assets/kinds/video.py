"""Video, by PyAV: upright size, the frame table, and a rendition that browsers play with the very same frames."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, BinaryIO

from PIL import Image

from app.assets.kinds import claims, containers, fingerprint, frames, pictures, proxies, sound
from app.assets.kinds.frames import FrameTable
from app.assets.kinds.kind import Facts, MediaKind, Outputs, Report
from app.assets.kinds.shots import ShotFinder
from app.assets.kinds.waveform import Waveform
from app.assets.rules import Modality
from app.assets.sandbox.rules import Limits, Undecodable

TYPES = {
    "mov": "video/mp4",
    "matroska": "video/webm",
    "ogg": "video/ogg",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "flv": "video/x-flv",
}
MOST_PIXELS = 8192 * 4320
PLAYED_PIXELS = frozenset({"yuv420p", "yuvj420p"})
PLAYED_PICTURES = {"mov": frozenset({"h264", "vp9", "av1"}), "matroska": frozenset({"vp8", "vp9", "av1"})}
PLAYED_SOUNDS = {"mov": frozenset({"aac", "mp3", "opus", "flac"}), "matroska": frozenset({"opus", "vorbis"})}

KIND = MediaKind(
    modality=Modality.VIDEO,
    probe=f"{__name__}:probe",
    derive=f"{__name__}:derive",
    renditions=("display", "poster", "thumbnail", "peaks", "frames"),
    probe_limits=Limits(cpu_seconds=60, wall_seconds=60),
    derive_limits=Limits(memory=3 << 30, cpu_seconds=7200, wall_seconds=5400),
)


@dataclass
class _Notes:
    """What is found on the way through the frames, beside their times."""

    prints: fingerprint.OfVideo
    shots: ShotFinder = field(default_factory=ShotFinder)
    damage: sound.Damage = field(default_factory=sound.Damage)


def probe(source: BinaryIO, _outputs: Outputs, _arguments: Facts, _report: Report) -> dict[str, Any]:
    """Reads packets, and decodes one picture: what the container tells. `derive` counts by decoding."""
    demuxer = containers.video_demuxer(source)
    with sound.open_media(source, demuxer) as container:
        stream = pictures_of(container)
        width, height = stream.codec_context.width, stream.codec_context.height
        if width * height > MOST_PIXELS:
            raise Undecodable(f"The video declares {width} x {height} pixels; the most taken is 8192 x 4320.")
        first = next((frame for _, frame in frames.presented(container, stream)), None)
        if first is None:
            raise Undecodable("There is no picture in this file that can be decoded.")
    with sound.open_media(source, demuxer) as container:
        table, hidden = frames.demuxed(container, pictures_of(container))
        facts = {"format": demuxer, **_picture_facts(container, first), **table.facts()}
        said = claims.faults(container, pictures_of(container), len(table.ticks) + hidden)
    return {"facts": facts | ({"damage": said} if said else {}), "content_type": TYPES[demuxer]}


def derive(source: BinaryIO, outputs: Outputs, arguments: Facts, report: Report) -> dict[str, Any]:
    demuxer = str(arguments["format"])
    expected = int(arguments["frame_count"])
    notes = _Notes(fingerprint.OfVideo(expected))
    shots, damage = notes.shots, notes.damage
    table, keys = _decode(source, demuxer, outputs, notes, _progress(report, expected))
    starts = shots.starts(table.times)
    facts = {**arguments, **table.facts(), "shots": len(starts), "fingerprints": notes.prints.found}
    said = claims.with_damage(arguments.get("damage"), damage, table.end_time / frames.MICRO)
    facts |= {"damage": said} if said else {}
    table.write(outputs["frames"], keys=keys, shots=starts)
    made = {"poster": "image/webp", "thumbnail": "image/webp", "frames": "application/json"}
    played = source
    way = proxies.Way.ENCODE if facts.get("interlaced") or said else _way(source, demuxer, table)
    if way is not proxies.Way.NONE:
        proxies.write(source, demuxer, table, way, outputs["display"], _progress(report, len(table.ticks)))
        made["display"] = "video/mp4"
        played, demuxer = outputs["display"], "mov"
    if facts["has_sound"]:
        _peaks_of(played, demuxer, table).write(outputs["peaks"])
        made["peaks"] = "application/octet-stream"
    return {"facts": facts, "renditions": made}


def pictures_of(container: Any) -> Any:
    """The stream of moving pictures; a cover is none. Raises `Undecodable` where there is none to decode."""
    streams = [stream for stream in container.streams.video if not stream.disposition & stream.disposition.attached_pic]
    if not streams:
        raise Undecodable("There are no moving pictures in this file.")
    if streams[0].codec_context is None:
        raise Undecodable("The pictures of this video are coded in a way that is not known here.")
    streams[0].thread_type = "AUTO"
    return streams[0]


def _sounds(container: Any) -> list[Any]:
    """Sound that can be decoded; what cannot is as good as silence."""
    return [stream for stream in container.streams.audio if stream.codec_context is not None]


def _picture_facts(container: Any, first: Any) -> dict[str, Any]:
    stream = pictures_of(container)
    sounds = _sounds(container)
    rotation = round(first.rotation) % 360
    on_side = rotation in {90, 270}
    return {
        "width": first.height if on_side else first.width,
        "height": first.width if on_side else first.height,
        "rotation": rotation,
        "interlaced": bool(first.interlaced_frame),
        "codec": stream.codec_context.codec.canonical_name,
        "pixel_format": stream.codec_context.pix_fmt,
        "has_sound": bool(sounds),
        "sound_codec": sounds[0].codec_context.codec.canonical_name if sounds else None,
    }


def _decode(
    source: BinaryIO,
    demuxer: str,
    outputs: Outputs,
    notes: "_Notes",
    seen: Callable[[int], None],
) -> tuple[FrameTable, list[int]]:
    """Every frame decoded once: the table as it is truly presented and its keyframes, poster and thumbnail of the first."""
    shown: list[tuple[int, int]] = []
    keys: list[int] = []
    with sound.open_media(source, demuxer) as container:
        stream = pictures_of(container)
        for tick, frame in frames.presented(container, stream, notes.damage):
            if not shown:
                _write_pictures(frame, outputs)
            if frame.key_frame:
                keys.append(len(shown))
            notes.shots.add(frame)
            notes.prints.add(len(shown), partial(_upright, frame))
            shown.append((tick, frame.duration or 0))
            seen(len(shown))
        return frames.table_of(shown, stream.time_base), keys


def _write_pictures(frame: Any, outputs: Outputs) -> None:
    turned = _upright(frame)
    pictures.save_within(turned, pictures.POSTER, outputs["poster"], quality=85)
    pictures.save_within(turned, pictures.THUMBNAIL, outputs["thumbnail"])


def _upright(frame: Any) -> Image.Image:
    picture: Image.Image = frame.to_image()
    return picture.rotate(round(frame.rotation) % 360, expand=True)


def _way(source: BinaryIO, demuxer: str, table: FrameTable) -> proxies.Way:
    """Nothing where a browser plays the original with these very frames; new clothes where only the container is in
    the way; else new pictures.
    """
    with sound.open_media(source, demuxer) as container:
        stream = pictures_of(container)
        told, hidden = frames.demuxed(container, stream)
        codec = stream.codec_context.codec.canonical_name
        plain = (
            stream.codec_context.pix_fmt in PLAYED_PIXELS
            and codec in PLAYED_PICTURES["mov"] | PLAYED_PICTURES["matroska"]
            and not hidden
            and told.ticks == table.ticks
        )
        sounds = {audio.codec_context.codec.canonical_name for audio in _sounds(container)}
    if not plain:
        return proxies.Way.ENCODE
    clean = table.start == 0 and sounds <= PLAYED_SOUNDS.get(demuxer, frozenset())
    if demuxer == "mov" and clean and codec in PLAYED_PICTURES["mov"]:
        return proxies.Way.NONE
    steady = demuxer == "matroska" and _is_steady(table)
    if steady and clean:
        return proxies.Way.NONE
    copied = demuxer in PLAYED_PICTURES and codec in PLAYED_PICTURES["mov"]
    return proxies.Way.COPY if copied else proxies.Way.ENCODE


def _is_steady(table: FrameTable) -> bool:
    """One rate throughout, but for the container's rounding to whole ticks."""
    steps = [later - earlier for earlier, later in zip(table.ticks, table.ticks[1:], strict=False)]
    return not steps or max(steps) - min(steps) <= 1


def _peaks_of(played: BinaryIO, demuxer: str, table: FrameTable) -> Waveform:
    total = round(table.end_time * sound.SHOWN_RATE / frames.MICRO)
    with sound.open_media(played, demuxer) as container:
        stream = _sounds(container)[0]
        channels = sound.channels_shown(stream)
        peaks = Waveform(rate=sound.SHOWN_RATE, channels=channels)
        # What is played starts at 0: the original where it does, else a rendition made so.
        line = sound.on_time_line(container, stream, channels, origin=Fraction(0))
        for piece in sound.of_length(line, channels, total):
            peaks.add(piece)
        return peaks


def _progress(report: Report, total: int) -> Callable[[int], None]:
    """Reports every hundredth frame."""

    def seen(done: int) -> None:
        if done % 100 == 0:
            report(min(done, total), total)

    return seen
