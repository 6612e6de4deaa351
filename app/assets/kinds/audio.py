"""Audio, by PyAV: exact length in samples, a working copy that browsers seek to the sample, and pictures of that copy.

The working copy is lossless, at the original's rate, and its sample n is the decoder's sample n (0 after what the container
declares as skipped). What is drawn, measured and snapped to comes from the very samples that are played.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, BinaryIO

import av
import numpy as np

from app.assets.kinds import containers, sound, waveform
from app.assets.kinds.kind import Facts, MediaKind, Outputs, Report
from app.assets.kinds.loudness import Loudness
from app.assets.kinds.silences import Silences
from app.assets.kinds.spectrogram import Spectrogram
from app.assets.kinds.waveform import Waveform
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
LOWEST_RATE, HIGHEST_RATE = 3000, 384_000  # Hz: what browsers play
CLAIM_OFF_SECONDS = 0.1  # a claimed length may be off by less: frames of padding
FULL_SCALE = 32_768
# Room for the index in front of the copy, so that playing can start before the end has arrived.
_INDEX_BASE, _INDEX_PER_PACKET, _PACKET_SAMPLES = 16_384, 16, 1024

KIND = MediaKind(
    modality=Modality.AUDIO,
    probe=f"{__name__}:probe",
    derive=f"{__name__}:derive",
    renditions=("display", "peaks", "spectrogram", "silences", "thumbnail"),
    probe_limits=Limits(memory=1 << 30, cpu_seconds=60, wall_seconds=60),
    derive_limits=Limits(memory=1 << 30, cpu_seconds=600, wall_seconds=900),
)


def probe(source: BinaryIO, _outputs: Outputs, _arguments: Facts, _report: Report) -> dict[str, Any]:
    """Counts by decoding: what a header says of the length may be a guess (MP3 without Xing)."""
    demuxer = containers.audio_demuxer(source)
    claims = demuxer not in {"aac", "ogg"} and (demuxer != "mp3" or containers.counts_mp3(source))
    is_short = containers.is_cut_short(source)
    with sound.open_media(source, demuxer) as container:
        stream = _stream(container)
        # Elsewhere the demuxer only guesses.
        claimed = float(stream.duration * stream.time_base) if claims and stream.duration is not None else None
        damage = sound.Damage()
        rate, samples = 0, 0
        for frame, lasts in sound.presented_frames(container, stream, damage):
            if rate and frame.sample_rate != rate:
                raise Undecodable("The sample rate changes within the file, so its times would be ambiguous.")
            rate = frame.sample_rate
            samples += lasts
        if not samples:
            raise Undecodable("There is no sound in this file that can be decoded.")
        if not LOWEST_RATE <= rate <= HIGHEST_RATE:
            taken = f"rates from {LOWEST_RATE} to {HIGHEST_RATE} Hz are taken"
            raise Undecodable(f"The sound has {rate} samples a second; {taken}.")
        facts = {
            "format": demuxer,
            "codec": stream.codec_context.codec.canonical_name,
            "sample_rate": rate,
            "samples": samples,
            "duration": samples / rate,
            "channels": stream.codec_context.channels,
        }
    said = _damage_words(samples / rate, damage, claimed, is_short=is_short)
    return {"facts": facts | ({"damage": said} if said else {}), "content_type": TYPES[demuxer]}


def derive(source: BinaryIO, outputs: Outputs, arguments: Facts, report: Report) -> dict[str, Any]:
    rate, total = int(arguments["sample_rate"]), int(arguments["samples"])
    with sound.open_media(source, str(arguments["format"])) as container:
        stream = _stream(container)
        channels = sound.channels_shown(stream)
        peaks = Waveform(rate=rate, channels=channels)
        pictures = Spectrogram(rate=rate, total=total)
        quiet, loudness = Silences(rate=rate), Loudness(rate=rate, channels=channels)
        pieces = _exactly(total, _samples(container, stream, channels, rate), channels)
        done = 0
        for piece in _copied(pieces, outputs["display"], channels, rate, total):
            for measure in (peaks, pictures, quiet, loudness):
                measure.add(piece)
            done += piece.shape[1]
            report(done, total)
    waveform.draw(peaks.write(outputs["peaks"]), outputs["thumbnail"])
    pictures.write(outputs["spectrogram"])
    quiet.write(outputs["silences"])
    made = {
        "display": "audio/mp4",
        "peaks": "application/octet-stream",
        "spectrogram": "application/octet-stream",
        "silences": "application/json",
        "thumbnail": "image/webp",
    }
    measured = {"loudness": loudness.integrated(), "peak_level": loudness.peak()}
    return {"facts": {**arguments, **measured}, "renditions": made}


def _stream(container: Any) -> Any:
    if not container.streams.audio:
        raise Undecodable("There is no sound in this file.")
    if any(not stream.disposition & stream.disposition.attached_pic for stream in container.streams.video):
        raise Undecodable("There are moving pictures in this file; bring it as a part of modality video.")
    stream = container.streams.audio[0]
    if stream.codec_context is None:
        raise Undecodable("This sound is coded in a way that is not known here.")
    return stream


def _damage_words(seconds: float, damage: sound.Damage, claimed: float | None, *, is_short: bool) -> str:
    """What is wrong with the file, in sentences for whoever works with it; nothing where nothing is."""
    said = []
    if is_short or (claimed is not None and seconds < claimed - CLAIM_OFF_SECONDS and not damage.gave_up):
        claim = (
            f"it claims {claimed:.3f} s"
            if claimed and claimed > seconds + CLAIM_OFF_SECONDS
            else "its head claims more"
        )
        said.append(f"The file is cut short: {claim}, it holds {seconds:.3f} s.")
    elif claimed is not None and seconds > claimed + CLAIM_OFF_SECONDS:
        said.append(f"The file claims to last {claimed:.3f} s; decoded, it lasts {seconds:.3f} s.")
    if damage.gave_up:
        said.append(f"The file is damaged: only its first {seconds:.3f} s can be decoded.")
    elif damage.packets:
        pieces = "1 piece" if damage.packets == 1 else f"{damage.packets} pieces"
        said.append(f"The file is damaged: {pieces} of it could not be decoded and were left out.")
    return " ".join(said)


def _samples(container: Any, stream: Any, channels: int, rate: int) -> Iterator[sound.Samples]:
    """As 16 bits hold them, which is what is played: (channels, samples), no resampling in time."""
    converter = av.AudioResampler(format="s16", layout=sound.LAYOUTS[channels], rate=rate)
    for frame in sound.decoded(container, stream, sound.Damage()):
        frame.pts = None
        for piece in converter.resample(frame):
            yield piece.to_ndarray().reshape(-1, channels).T.astype(np.float32) / np.float32(FULL_SCALE)


def _exactly(total: int, pieces: Iterator[sound.Samples], channels: int) -> Iterator[sound.Samples]:
    """In pieces of about a second: each costs every measure a call."""
    held: list[sound.Samples] = []
    length = 0
    for piece in sound.of_length(pieces, channels, total):
        held.append(piece)
        length += piece.shape[1]
        if length >= sound.SHOWN_RATE:
            yield np.concatenate(held, axis=1)
            held, length = [], 0
    if held:
        yield np.concatenate(held, axis=1)


def _copied(
    pieces: Iterator[sound.Samples], output: BinaryIO, channels: int, rate: int, total: int
) -> Iterator[sound.Samples]:
    """Writes FLAC in MP4, whose index leads to every sample, and hands the pieces on."""
    index = _INDEX_BASE + total // _PACKET_SAMPLES * _INDEX_PER_PACKET
    options = {"moov_size": str(index), "fflags": "+bitexact"}
    with av.open(output, "w", format="mp4", container_options=options) as target:
        stream = target.add_stream("flac", rate=rate, layout=sound.LAYOUTS[channels])
        stream.format = "s16"
        at = 0
        for piece in pieces:
            whole = np.ascontiguousarray((piece * FULL_SCALE).T.astype(np.int16)).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(whole, format="s16", layout=sound.LAYOUTS[channels])
            frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            at += piece.shape[1]
            for packet in stream.encode(frame):
                target.mux(packet)
            yield piece
        for packet in stream.encode(None):
            target.mux(packet)
