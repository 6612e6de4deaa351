"""A window of a sound's working copy: its samples as they are played, and their frequencies from close by."""

from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from app.assets.kinds import sound, spectrogram
from app.assets.kinds.kind import Facts, Outputs, Report
from app.assets.sandbox.rules import Undecodable

FULL_SCALE = 32_768

Window = npt.NDArray[np.int16]  # (samples, channels)


def window(source: BinaryIO, outputs: Outputs, arguments: Facts, _report: Report) -> dict[str, Any]:
    """Writes the samples from `start` on, at most `count`: little-endian int16, channel beside channel."""
    found = _read(source, int(arguments["start"]), int(arguments["count"]))
    outputs["window"].write(found.astype("<i2").tobytes())
    return {"count": len(found)}


def picture(source: BinaryIO, outputs: Outputs, arguments: Facts, _report: Report) -> dict[str, Any]:
    """Writes tile `column` of the frequencies with `hop` samples a column."""
    hop, column = int(arguments["hop"]), int(arguments["column"])
    with sound.open_media(source, "mov") as container:
        rate = _stream(container).rate
    start, count = spectrogram.window_of(column, hop, rate)
    found = _read(source, max(start, 0), count + min(start, 0))
    if not len(found):
        raise Undecodable("The sound ends before.")
    before = np.zeros((max(-start, 0), found.shape[1]), np.int16)
    whole = np.concatenate([before, found]).T.astype(np.float32) / np.float32(FULL_SCALE)
    spectrogram.write_tile(whole, outputs["window"], hop=hop, rate=rate)
    return {"count": len(found)}


def _stream(container: Any) -> Any:
    if not container.streams.audio or container.streams.audio[0].codec_context is None:
        raise Undecodable("There is no sound in this file.")
    return container.streams.audio[0]


def _read(source: BinaryIO, start: int, count: int) -> Window:
    with sound.open_media(source, "mov") as container:
        stream = _stream(container)
        rate, channels = stream.rate, stream.codec_context.channels
        container.seek(int(start / rate / stream.time_base), stream=stream)
        pieces = []
        for frame in sound.decoded(container, stream):
            at = round(frame.pts * frame.time_base * rate)
            if at >= start + count:
                break
            if at + frame.samples <= start:
                continue
            piece = frame.to_ndarray().reshape(-1, channels)
            pieces.append(piece[max(start - at, 0) : start + count - at])
        return np.concatenate(pieces).astype(np.int16) if pieces else np.zeros((0, channels), np.int16)
