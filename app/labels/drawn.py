"""What is drawn of a label: marks placed on a part, and a text cut into runs. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.assets.rules import PartFacts
from app.labels.shapes import Outline

LINE = 1000
SHOWN_WIDTH, SHOWN_HEIGHT = 840, 475
EXCERPT = 170
BEFORE_MARK = 40
MOST_LANES = 8
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Mark:
    """What every drawn mark is known by."""

    id: str
    title: str
    color: str
    source: str


@dataclass(frozen=True)
class Box:
    mark: Mark
    x: float
    y: float
    width: float
    height: float
    turn: str = ""
    faint: bool = False

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Shape:
    mark: Mark
    outline: Outline


@dataclass(frozen=True)
class Tie:
    """A relation, with what its two ends are."""

    mark: Mark
    start: "End"
    end: "End"


@dataclass(frozen=True)
class End:
    mark: Mark
    quote: str


@dataclass(frozen=True)
class Trail:
    """Where a track's box goes, centre by centre."""

    mark: Mark
    points: str


@dataclass(frozen=True)
class Bar:
    mark: Mark
    start: int
    length: int
    lane: int = 0
    ticks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Run:
    """A stretch of text under the same marks, each in its lane: those that overlap never share one."""

    text: str
    marks: tuple[Mark, ...] = ()
    lanes: tuple[int, ...] = ()

    @property
    def layers(self) -> list[tuple[Mark, int]]:
        """(mark, lane) from the outermost to the innermost."""
        return sorted(zip(self.marks, self.lanes, strict=True), key=lambda layer: -layer[1])


@dataclass
class Picture:
    """One part, or one frame of it, with what was marked on it."""

    part: PartFacts
    frame: int | None = None
    shapes: list[Shape] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    trails: list[Trail] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    spans: list[tuple[int, int, Mark]] = field(default_factory=list)
    tracks: list[dict[str, Any]] = field(
        default_factory=list
    )  # for the script that moves their boxes as the video plays

    @property
    def count(self) -> int:
        tracks = {bar.mark.id for bar in self.bars} | {box.mark.id for box in self.boxes}
        return len(tracks) + len(self.spans) + len(self.shapes)

    @property
    def lanes(self) -> int:
        return max((bar.lane for bar in self.bars), default=-1) + 1

    @property
    def pen(self) -> float:
        """About one pixel of the screen in those of the picture, for names that are read whatever its size."""
        return max((self.part.width or 0) / SHOWN_WIDTH, (self.part.height or 0) / SHOWN_HEIGHT, 0.1)

    def runs(self) -> list[Run]:
        return list(_cut(self.part.text or "", self.spans))

    def lines(self) -> list[list[Run]]:
        """The runs of each line, without what ends it."""
        lines: list[list[Run]] = [[]]
        for run in self.runs():
            first, *others = _LINE_END.split(run.text)
            lines[-1] += [replace(run, text=first)] if first else []
            lines += [[replace(run, text=text)] if text else [] for text in others]
        return lines

    def excerpt(self) -> list[Run]:
        """The text around the first mark, or its beginning."""
        text = self.part.text or ""
        start = max(0, min((start for start, _, _ in self.spans), default=0) - BEFORE_MARK)
        end = min(start + EXCERPT, len(text))
        near = [
            (max(at, start) - start, min(to, end) - start, mark)
            for at, to, mark in self.spans
            if at < end and to > start
        ]
        before, after = [Run("…")] * (start > 0), [Run("…")] * (end < len(text))
        return [*before, *_cut(text[start:end], near), *after]


def _cut(text: str, spans: Sequence[tuple[int, int, Mark]]) -> Iterator[Run]:
    opening: dict[int, list[tuple[Mark, int]]] = defaultdict(list)
    closing: dict[int, set[str]] = defaultdict(set)
    for (start, end, mark), lane in _in_lanes(spans):
        opening[start].append((mark, lane))
        closing[end].add(mark.id)
    live: list[tuple[Mark, int]] = []
    at = 0
    for edge in sorted({*opening, *closing, len(text)}):
        if edge > at:
            yield Run(text[at:edge], tuple(mark for mark, _ in live), tuple(lane for _, lane in live))
        live = [(mark, lane) for mark, lane in live if mark.id not in closing[edge]] + opening[edge]
        at = edge


def _in_lanes(spans: Sequence[tuple[int, int, Mark]]) -> Iterator[tuple[tuple[int, int, Mark], int]]:
    """Each span with the lowest lane that is free, in reading order; as static/js/annotate/spans.js."""
    ends: list[int] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        lane = next((lane for lane, end in enumerate(ends) if end <= span[0]), len(ends))
        ends[lane : lane + 1] = [span[1]]
        yield span, min(lane, MOST_LANES - 1)
