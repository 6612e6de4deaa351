"""Marks as a page draws them on their parts: positions and colours, no HTML. Pure.

Shapes lie in the original's pixels, times on a line of LINE units, text is cut where marks begin and end. Of a picture
that moves, each frame with marks is a picture of its own. A kind of mark that can be drawn is one function and one line
in DRAWERS, or in OUTLINES of shapes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.assets.rules import AssetFacts
from app.labels.drawn import LINE, Bar, Box, End, Mark, Picture, Shape, Tie, Trail
from app.labels.shapes import OUTLINES
from app.schemas import answers as schema_answers
from app.schemas.kinds import KINDS
from app.web.filters import localized

# Colours of choices that name none, by their place; static/js/annotate/colors.js and css/tokens.css hold the same.
PALETTE = (
    "#c2570c", "#0a7ec2", "#0d8a6a", "#b0529c", "#8a7300", "#5b6fd6",
    "#d03a4a", "#4f8a10", "#8b62c9", "#a8662b", "#2a8a92", "#7a7f87",
)  # fmt: skip
SHORTEST_BAR = 4
# How many cells a mask's longer side is drawn by: on a page, and on a card.
FINE, COARSE = 320, 96


Drawer = Callable[[Picture, Mapping[str, Any], Mark], None]


def draw(
    body: Mapping[str, Any], answers: Mapping[str, Any], facts: AssetFacts, language: str, *, finest: int = FINE
) -> list[Picture]:
    """A picture of every part of the ad, in order; of one that moves, those of its frames that have marks."""
    pictures: dict[str, dict[int | None, Picture]] = {part.name: {None: Picture(part)} for part in facts.parts}
    ends: dict[str, tuple[Picture, End]] = {}
    ties = []
    for asked in (asked for asked in body["fields"] if KINDS[asked["kind"]].makes_marks):
        parts = list(schema_answers.present_parts(body, asked, facts))
        for given in answers.get(asked["name"]) or ():
            mark = mark_of(asked, given, language)
            frames = pictures.get(given.get("part") or (parts[0] if parts else ""))
            if KINDS[asked["kind"]].is_tie:
                ties.append((given, mark))
            elif frames is not None:
                picture = _picture(frames, given.get("frame"))
                _draw(picture, asked, given, mark, finest)
                ends[mark.id] = picture, End(mark, str(given.get("text") or ""))
    _tie(ties, ends)
    return [picture for frames in pictures.values() for picture in _in_order(frames)]


def _picture(frames: dict[int | None, Picture], frame: int | None) -> Picture:
    if frame not in frames:
        frames[frame] = Picture(frames[None].part, frame)
    return frames[frame]


def _draw(picture: Picture, asked: Mapping[str, Any], given: Mapping[str, Any], mark: Mark, finest: int) -> None:
    kind = asked["kind"]
    if kind in OUTLINES:
        picture.shapes.append(Shape(mark, OUTLINES[kind](asked, given, finest)))
    elif kind in DRAWERS:
        DRAWERS[kind](picture, given, mark)


def _tie(ties: Sequence[tuple[Mapping[str, Any], Mark]], ends: Mapping[str, tuple[Picture, End]]) -> None:
    """Each relation onto the picture that it begins on."""
    for given, mark in ties:
        if given["from"] in ends and given["to"] in ends:
            picture, start = ends[given["from"]]
            picture.ties.append(Tie(mark, start, ends[given["to"]][1]))


def _in_order(frames: Mapping[int | None, Picture]) -> list[Picture]:
    whole = frames[None]
    marked = [frames[number] for number in sorted(number for number in frames if number is not None)]
    for picture in frames.values():
        picture.bars = _in_lanes(picture.bars)
    return marked or [whole]


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
