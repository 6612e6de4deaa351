"""The frame table: when each presented frame of a video is shown, in the order shown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO

from app.assets.kinds import sound
from app.assets.sandbox.rules import Undecodable

MICRO = 1_000_000


@dataclass(frozen=True)
class FrameTable:
    """`ticks` are presentation times in `time_base`, rising; `end` is where the last frame ends."""

    ticks: tuple[int, ...]
    end: int
    time_base: Fraction

    @property
    def times(self) -> tuple[int, ...]:
        """Microseconds from the first frame."""
        return tuple(self._micro(tick) for tick in self.ticks)

    @property
    def end_time(self) -> int:
        return self._micro(self.end)

    @property
    def start(self) -> Fraction:
        """When the first frame is shown, on the container's clock."""
        return self.ticks[0] * self.time_base

    def facts(self) -> dict[str, Any]:
        duration = self.end_time / MICRO
        return {
            "frame_count": len(self.ticks),
            "frame_end": self.end_time,
            "duration": duration,
            "fps": round(len(self.ticks) / duration, 6),
        }

    def write(self, output: BinaryIO, *, keys: list[int], shots: list[int]) -> None:
        """`keys`: the frames that the file holds whole; `shots`: those at which a shot begins."""
        times = {"count": len(self.ticks), "times": list(self.times), "end": self.end_time}
        table = {**times, "keys": keys, "shots": shots}
        output.write(json.dumps(table, separators=(",", ":")).encode())

    def _micro(self, tick: int) -> int:
        return round((tick - self.ticks[0]) * self.time_base * MICRO)


def table_of(shown: list[tuple[int, int]], time_base: Fraction) -> FrameTable:
    """From (presentation tick, duration in ticks or 0) of every frame, in any order."""
    if not shown:
        raise Undecodable("There is no picture in this file that can be decoded.")
    shown.sort()
    ticks = tuple(tick for tick, _ in shown)
    between = ticks[-1] - ticks[-2] if len(ticks) > 1 else round(Fraction(1, 25) / time_base)
    return FrameTable(ticks, ticks[-1] + max(1, shown[-1][1] or between), time_base)


def demuxed(container: Any, stream: Any) -> tuple[FrameTable, int]:
    """The table as the container tells it, without decoding, and how many packets an edit list hides."""
    shown: list[tuple[int, int]] = []
    hidden = 0
    for packet in sound.packets(container, stream):
        if packet.is_discard:
            hidden += 1
        elif packet.pts is not None or packet.dts is not None:
            shown.append((packet.dts if packet.pts is None else packet.pts, packet.duration or 0))
    return table_of(_rising(shown), stream.time_base), hidden


def presented(container: Any, stream: Any, damage: sound.Damage | None = None) -> Iterator[tuple[int, Any]]:
    """(presentation tick, decoded frame), rising, up to the last good one. Left out is a frame that shows at no moment of its
    own, and one that is damaged, which `damage` counts.
    """
    met = damage or sound.Damage()
    last: int | None = None
    for frame in sound.decoded(container, stream, met):
        if frame.is_corrupt:
            met.packets += 1
            continue
        tick = frame.pts
        if tick is None:
            tick = frame.dts if frame.dts is not None else (0 if last is None else last + 1)
        if last is None or tick > last:
            last = tick
            yield tick, frame


def _rising(shown: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return list({tick: (tick, duration) for tick, duration in shown}.values())
