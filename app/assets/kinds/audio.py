"""Audio, by PyAV: exact length in samples, a rendition that browsers seek exactly, and peaks of that same rendition."""

from typing import Any, BinaryIO

from app.assets.kinds import containers, sound
from app.assets.kinds.kind import Facts, MediaKind, Outputs, Report
from app.assets.rules import Modality
from app.assets.sandbox.rules import Limits, Undecodable

TYPES = {
    "wav": "audio/wav",
    "aiff": "audio/aiff",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "mov": "audio/mp4",
    "matroska": "audio/webm",
}

KIND = MediaKind(
    modality=Modality.AUDIO,
    probe=f"{__name__}:probe",
    derive=f"{__name__}:derive",
    renditions=("display", "peaks", "thumbnail"),
    probe_limits=Limits(memory=1 << 30, cpu_seconds=60, wall_seconds=60),
    derive_limits=Limits(memory=1 << 30, cpu_seconds=600, wall_seconds=900),
)


def probe(source: BinaryIO, _outputs: Outputs, _arguments: Facts, _report: Report) -> dict[str, Any]:
    """Counts by decoding: what a header says of the length may be a guess (MP3 without Xing)."""
    demuxer = containers.audio_demuxer(source)
    if containers.is_cut_short(source):
        raise Undecodable("The file is cut short: its header promises more sound than there is.")
    with sound.open_media(source, demuxer) as container:
        stream = _stream(container)
        rate, samples = 0, 0
        for frame, lasts in sound.presented_frames(container, stream):
            if rate and frame.sample_rate != rate:
                raise Undecodable("The sample rate changes within the file, so its times would be ambiguous.")
            rate = frame.sample_rate
            samples += lasts
        if not samples:
            raise Undecodable("There is no sound in this file.")
        facts = {
            "format": demuxer,
            "codec": stream.codec_context.codec.canonical_name,
            "sample_rate": rate,
            "samples": samples,
            "duration": samples / rate,
            "channels": stream.codec_context.channels,
        }
    return {"facts": facts, "content_type": TYPES[demuxer]}


def derive(source: BinaryIO, outputs: Outputs, arguments: Facts, report: Report) -> dict[str, Any]:
    total = -(-int(arguments["samples"]) * sound.SHOWN_RATE // int(arguments["sample_rate"]))
    with sound.open_media(source, str(arguments["format"])) as container:
        stream = _stream(container)
        channels = sound.channels_shown(stream)
        pieces = sound.of_length(sound.at_shown_rate(container, stream, channels), channels, total)
        sound.write_opus(outputs["display"], pieces, channels)
    report(1, 2)
    peaks = _peaks_of(outputs["display"], channels)
    sound.draw_waveform(peaks.write(outputs["peaks"]), outputs["thumbnail"])
    made = {"display": "audio/ogg", "peaks": "application/octet-stream", "thumbnail": "image/webp"}
    return {"facts": dict(arguments), "renditions": made}


def _stream(container: Any) -> Any:
    if not container.streams.audio:
        raise Undecodable("There is no sound in this file.")
    if any(not stream.disposition & stream.disposition.attached_pic for stream in container.streams.video):
        raise Undecodable("There are moving pictures in this file; bring it as a part of modality video.")
    stream = container.streams.audio[0]
    if stream.codec_context is None:
        raise Undecodable("This sound is coded in a way that is not known here.")
    return stream


def _peaks_of(rendition: BinaryIO, channels: int) -> sound.Peaks:
    """Of the rendition that is played, so that picture and sound agree."""
    peaks = sound.Peaks()
    with sound.open_media(rendition, "ogg") as container:
        for piece in sound.at_shown_rate(container, container.streams.audio[0], channels):
            peaks.add(piece)
    return peaks
