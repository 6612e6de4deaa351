"""Marks as a page draws them on their parts: positions and colours, no HTML. Pure.

Boxes and tracks lie in the original's pixels, times on a line of LINE units, text is cut where marks begin and end.
A kind of mark that can be drawn is one function and one line in DRAWERS.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.assets.rules import AssetFacts, PartFacts
from app.schemas import answers as schema_answers
from app.web.filters import localized

# Colours of choices that name none, by their place; static/js/annotate/colors.js and css/tokens.css hold the same.
PALETTE = (
    "#c2570c", "#0a7ec2", "#0d8a6a", "#b0529c", "#8a7300", "#5b6fd6",
    "#d03a4a", "#4f8a10", "#8b62c9", "#a8662b", "#2a8a92", "#7a7f87",
)  # fmt: skip
LINE = 1000
SHOWN_WIDTH, SHOWN_HEIGHT = 840, 475
SHORTEST_BAR = 4
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
    """One part with what was marked on it."""

    part: PartFacts
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
        return len(tracks) + len(self.spans)

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


Drawer = Callable[[Picture, Mapping[str, Any], Mark], None]


def draw(body: Mapping[str, Any], answers: Mapping[str, Any], facts: AssetFacts, language: str) -> list[Picture]:
    """A picture of every part of the ad, in order."""
    pictures = {part.name: Picture(part) for part in facts.parts}
    for asked in body["fields"]:
        drawer = DRAWERS.get(asked["kind"])
        if drawer is None:
            continue
        parts = list(schema_answers.present_parts(body, asked, facts))
        for given in answers.get(asked["name"]) or ():
            picture = pictures.get(given.get("part") or (parts[0] if parts else ""))
            if picture is not None:
                drawer(picture, given, mark_of(asked, given, language))
    for picture in pictures.values():
        picture.bars = _in_lanes(picture.bars)
    return list(pictures.values())


def mark_of(asked: Mapping[str, Any], given: Mapping[str, Any], language: str) -> Mark:
    value = given.get("choice", "")
    choice: Mapping[str, Any] = next((one for one in asked.get("choices", ()) if one["value"] == value), {})
    title = localized(choice.get("title"), language, str(value)) or localized(
        asked.get("title"), language, asked["name"]
    )
    return Mark(str(given.get("id", "")), title, color_of(asked, value), given.get("source") or "human")


def color_of(asked: Mapping[str, Any], value: Any) -> str:
    """The choice's own colour, else one of the palette by its place: as static/js/annotate/colors.js."""
    for place, choice in enumerate(asked.get("choices", ())):
        if choice["value"] == value:
            return str(choice.get("color") or PALETTE[place % len(PALETTE)])
    return PALETTE[0]


def representative(pictures: Sequence[Picture]) -> Picture | None:
    """The part that a small card shows: the one with most marks, else the first."""
    return max(pictures, key=lambda picture: picture.count, default=None)


def _draw_box(picture: Picture, given: Mapping[str, Any], mark: Mark) -> None:
    picture.boxes.append(_box(given, mark))


def _draw_track(picture: Picture, given: Mapping[str, Any], mark: Mark) -> None:
    keyframes = given["keyframes"]
    picture.tracks.append({"color": mark.color, "keyframes": keyframes})
    boxes = [_box(keyframe, mark) for keyframe in keyframes]
    picture.boxes.append(boxes[0])
    if len(boxes) > 1:
        picture.boxes.append(replace(boxes[-1], faint=True))
        centres = (box.centre for box in boxes)
        picture.trails.append(Trail(mark, " ".join(f"{x:g},{y:g}" for x, y in centres)))
    _add_bar(picture, keyframes[0]["time"], keyframes[-1]["time"], mark, [one["time"] for one in keyframes])


def _draw_segment(picture: Picture, given: Mapping[str, Any], mark: Mark) -> None:
    _add_bar(picture, given["start"], given["end"], mark)


def _draw_span(picture: Picture, given: Mapping[str, Any], mark: Mark) -> None:
    picture.spans.append((given["start"], given["end"], mark))


DRAWERS: dict[str, Drawer] = {
    "boxes": _draw_box,
    "tracks": _draw_track,
    "segments": _draw_segment,
    "spans": _draw_span,
}


def _box(given: Mapping[str, Any], mark: Mark) -> Box:
    box = Box(mark, given["x"], given["y"], given["width"], given["height"])
    turned = given.get("rotation") or 0
    x, y = box.centre
    return replace(box, turn=f"rotate({turned:g} {x:g} {y:g})") if turned else box


def _add_bar(picture: Picture, start: float, end: float, mark: Mark, ticks: Sequence[float] = ()) -> None:
    whole = picture.part.duration or max(end, 1e-6)
    first = round(start / whole * LINE)
    length = max(round((end - start) / whole * LINE), SHORTEST_BAR)
    marks = tuple(round(tick / whole * LINE) for tick in ticks)
    picture.bars.append(Bar(mark, min(first, LINE - length), length, ticks=marks))


def _in_lanes(bars: Sequence[Bar]) -> list[Bar]:
    """Each bar in the first lane where it meets no other."""
    ends: list[int] = []
    placed = []
    for bar in sorted(bars, key=lambda one: (one.start, -one.length)):
        lane = next((lane for lane, end in enumerate(ends) if end <= bar.start), len(ends))
        ends[lane : lane + 1] = [bar.start + bar.length]
        placed.append(replace(bar, lane=lane))
    return placed


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
