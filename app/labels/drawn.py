"""What is drawn of a label: marks placed on a part, and a text cut into runs. Pure."""

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
    """A stretch of text under the same marks."""

    text: str
    marks: tuple[Mark, ...] = ()


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

    def excerpt(self) -> list[Run]:
        """The text around the first mark, or its beginning."""
        return _shortened(self.runs(), min((start for start, _, _ in self.spans), default=0))


def _cut(text: str, spans: Sequence[tuple[int, int, Mark]]) -> Iterator[Run]:
    opening: dict[int, list[Mark]] = defaultdict(list)
    closing: dict[int, list[Mark]] = defaultdict(list)
    for start, end, mark in spans:
        opening[start].append(mark)
        closing[end].append(mark)
    live: list[Mark] = []
    at = 0
    for edge in sorted({*opening, *closing, len(text)}):
        if edge > at:
            yield Run(text[at:edge], tuple(live))
        live = [mark for mark in live if mark not in closing[edge]] + opening[edge]
        at = edge


def _shortened(runs: Sequence[Run], first_mark: int) -> list[Run]:
    start = max(0, first_mark - BEFORE_MARK)
    end = start + EXCERPT
    kept = []
    at = 0
    for run in runs:
        text = run.text[max(0, start - at) : max(0, end - at)]
        if text:
            kept.append(replace(run, text=text))
        at += len(run.text)
    if kept and start > 0:
        kept.insert(0, Run("…"))
    if at > end:
        kept.append(Run("…"))
    return kept
