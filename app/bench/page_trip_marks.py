"""Random marks of every kind for the round trip: how each is drawn, and what of it must come back.

A plan is a list of marks {"draw", "field", "choice", ...}, as page_trip.js draws them; `expected` says what the export must
hold: plain values, of which numbers may be `NEAR` away, and masks as the places where their runs begin and end.
"""

import itertools
import math
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from app.measures import rle

WIDTH, HEIGHT = 640, 480
RATE, SECONDS = 16_000, 8
FRAMES_PER_SECOND, FRAMES = 24, 48
TEMPLATE = ("left_eye", "right_eye", "nose", "mouth")
NEAR = 0.01  # pixels; half of one microsecond of time is far below
CLICK = 20  # pixels: what is dragged no further might be taken for a click
BRUSHES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40)
# Each is one character to a reader: emoji joined by ZWJ, flags, combining marks, other directions, surrogates.
CHARACTERS = (
    "a", "drink", "99", "é", "e\u0301", "👩\u200d👩\u200d👧", "🇳🇴", "👍🏽", "שלום", "مرحبا", "漢", "𝒳", "क\u094dष", "ก\u0e47", "ß", "🍷",
)  # fmt: skip
BETWEEN = (" ", " ", " ", "\t", ", ", "\r\n", "\n", "\u00a0")

Plan = list[dict[str, Any]]
Edges = npt.NDArray[np.int64]
SCHEMA: dict[str, Any] = {
    "name": "Every mark",
    "parts": [
        {"name": "creative", "modality": "image"},
        {"name": "caption", "modality": "text"},
        {"name": "voice", "modality": "audio"},
        {"name": "clip", "modality": "video"},
    ],
    "fields": [
        {"name": name, "kind": kind, "choices": [{"value": value, **more} for value in ("one", "other")], **options}
        for name, kind, more, options in (
            ("objects", "boxes", {}, {}),
            ("areas", "polygons", {}, {}),
            ("edges", "polylines", {}, {}),
            ("pose", "keypoints", {"template": "face"}, {"templates": {"face": {"points": list(TEMPLATE)}}}),
            ("paint", "masks", {}, {}),
            ("statements", "spans", {}, {"overlapping": True}),
            ("links", "relations", {}, {}),
            ("words", "segments", {}, {"part": "voice"}),
            ("scenes", "segments", {}, {"part": "clip"}),
            ("bottles", "tracks", {}, {}),
        )
    ],
}
FIELDS = {
    "box": "objects", "turned": "objects", "polygon": "areas", "ellipse": "areas", "polyline": "edges",
    "keypoints": "pose", "mask": "paint", "noise": "paint", "span": "statements", "relation": "links",
    "sound": "words", "scene": "scenes", "track": "bottles",
}  # fmt: skip


@dataclass(frozen=True)
class Caption:
    """A text of whole characters, and where each begins, in code points."""

    text: str
    words: list[tuple[int, int]]


def caption(chance: Random, words: int) -> Caption:
    text, places = "", []
    for _ in range(words):
        word = "".join(chance.choices(CHARACTERS, k=chance.randint(1, 3)))
        places.append((len(text), len(text) + len(word)))
        text += word + chance.choice(BETWEEN)
    return Caption(text, places)


def frame_time(frame: int) -> float:
    """When a frame is shown, in seconds."""
    return round(frame * 1_000_000 / FRAMES_PER_SECOND) / 1_000_000


class Planner:
    """Draws marks out of `chance` for one ad with this caption."""

    def __init__(self, chance: Random, caption: Caption) -> None:
        self.chance = chance
        self.caption = caption
        self._said: set[tuple[int, int, str]] = set()

    def plan(self, count: int) -> Plan:
        """`count` marks, as many of each kind; what is tied comes after what it ties."""
        kinds = [list(FIELDS)[at % len(FIELDS)] for at in range(count)]
        self.chance.shuffle(kinds)
        kinds.sort(key="relation".__eq__)
        spans = [at for at, kind in enumerate(kinds) if kind == "span"]
        return [self._mark(kind, spans) for kind in kinds]

    def _mark(self, kind: str, spans: list[int]) -> dict[str, Any]:
        choice = self.chance.choice(("one", "other"))
        mark = {"draw": kind, "field": FIELDS[kind], "choice": choice}
        if kind == "span":
            return mark | self._span(choice)
        if kind == "relation":
            start, end = self.chance.sample(spans, 2)
            return mark | {"from": start, "to": end, "expected": {"from": start, "to": end}}
        made: dict[str, Any] = getattr(self, f"_{kind}")()
        return mark | made

    def _often(self) -> bool:
        return self.chance.choice((True, False))

    def _seldom(self) -> bool:
        return self.chance.choice((True, False, False, False, False))

    def _point(self) -> list[int]:
        return [self.chance.randint(0, WIDTH), self.chance.randint(0, HEIGHT)]

    def _apart(self, least: int, most: int) -> list[list[int]]:
        wanted = self.chance.randint(least, most)
        points: list[list[int]] = []
        while len(points) < wanted:
            point = self._point()
            if point not in points:
                points.append(point)
        return points

    def _corners(self) -> list[list[int]]:
        while True:
            one, other = self._point(), self._point()
            if one[0] != other[0] and one[1] != other[1]:
                return [one, other]

    def _fraction(self) -> dict[str, float]:
        x, y = self.chance.uniform(0, WIDTH - 2), self.chance.uniform(0, HEIGHT - 2)
        width, height = self.chance.uniform(1, WIDTH - x), self.chance.uniform(1, HEIGHT - y)
        return {"x": x, "y": y, "width": width, "height": height, "rotation": 0}

    # Pictures -------------------------------------------------------------------------------------------------------

    def _box(self) -> dict[str, Any]:
        points = self._corners()
        dragged = self._often() and math.dist(*points) > CLICK
        made = {"points": points, "dragged": dragged}
        if self._often():
            then = self._fraction()
            return made | {"then": then, "expected": then}
        return made | {"expected": upright(*points)}

    def _turned(self) -> dict[str, Any]:
        while True:
            points = [self._point() for _ in range(3)]
            box = turned(*points)
            if box and 0 <= box["x"] + box["width"] / 2 <= WIDTH and 0 <= box["y"] + box["height"] / 2 <= HEIGHT:
                return {"points": points, "expected": box}

    def _polygon(self) -> dict[str, Any]:
        points = self._apart(3, 12)
        return {"points": points, "expected": {"points": points}}

    def _polyline(self) -> dict[str, Any]:
        points = self._apart(2, 12)
        return {"points": points, "expected": {"points": points}}

    def _ellipse(self) -> dict[str, Any]:
        points = self._corners()
        return {"points": points, "expected": {"points": ellipse(upright(*points))}}

    def _keypoints(self) -> dict[str, Any]:
        seen = [2, *(self.chance.randint(0, 2) for _ in TEMPLATE[1:])]
        self.chance.shuffle(seen)
        points = [[*self._point(), visibility] if visibility else [0, 0, 0] for visibility in seen]
        return {"points": points, "expected": {"points": dict(zip(TEMPLATE, points, strict=True))}}

    def _mask(self) -> dict[str, Any]:
        while True:
            stroke, erased = self._stroke(BRUSHES[3:]), self._stroke(BRUSHES[:4])
            mask = swept(**stroke)
            if self._often():
                return stroke | {"expected": {"mask": edges(mask)}}
            left = mask & ~swept(**erased)
            if left.any():
                return stroke | {"erased": erased, "expected": {"mask": edges(left)}}

    def _stroke(self, sizes: tuple[int, ...]) -> dict[str, Any]:
        """A way without steps of a whole length: there a pixel may lie on the very edge of the brush."""
        points = self._apart(2, 5)
        while any(math.dist(*step).is_integer() for step in itertools.pairwise(points)):
            points = self._apart(2, 5)
        return {"points": points, "size": self.chance.choice(sizes)}

    def _noise(self) -> dict[str, Any]:
        width, height = self.chance.randint(1, 24), self.chance.randint(1, 24)
        x, y = self.chance.randint(0, WIDTH - width), self.chance.randint(0, HEIGHT - height)
        data = [1, *(self.chance.randint(0, 1) for _ in range(width * height - 1))]
        mask = np.zeros((HEIGHT, WIDTH), bool)
        mask[y : y + height, x : x + width] = np.array(data, bool).reshape(width, height).T
        bitmap = {"x": x, "y": y, "width": width, "height": height, "data": data}
        return {"bitmap": bitmap, "expected": {"mask": edges(mask)}}

    # Text -----------------------------------------------------------------------------------------------------------

    def _span(self, choice: str) -> dict[str, Any]:
        while True:
            first = self.chance.randrange(len(self.caption.words))
            last = min(first + self.chance.randint(0, 6), len(self.caption.words) - 1)
            start, end = self.caption.words[first][0], self.caption.words[last][1]
            if (start, end, choice) not in self._said:
                self._said.add((start, end, choice))
                break
        text = self.caption.text
        units = [len(text[:at].encode("utf-16-le")) // 2 for at in (start, end)]
        return {
            "from": units[0], "to": units[1], "expected": {"start": start, "end": end, "text": text[start:end]},
        }  # fmt: skip

    # Time -----------------------------------------------------------------------------------------------------------

    def _sound(self) -> dict[str, Any]:
        start, end = (round(at * 1_000_000 / RATE) / 1_000_000 for at in self._two(RATE * SECONDS))
        return {"draw": "segment", "from": start, "to": end, "expected": {"start": start, "end": end}}

    def _scene(self) -> dict[str, Any]:
        start, end = (frame_time(frame) for frame in self._two(FRAMES))
        return {"draw": "segment", "from": start, "to": end, "expected": {"start": start, "end": end}}

    def _two(self, below: int) -> list[int]:
        return sorted(self.chance.sample(range(below), 2))

    def _track(self) -> dict[str, Any]:
        steps, keyframes, occluded = [], [], False
        for frame in sorted(self.chance.sample(range(FRAMES), self.chance.randint(1, 6))):
            box = self._fraction() | {"rotation": self.chance.choice((0, 0, 17.5))}
            toggles = [state for state in ("outside", "occluded") if self._seldom()]
            occluded ^= "occluded" in toggles
            steps.append({"frame": frame, "box": box, "toggles": toggles})
            keyframes.append(
                {
                    "frame": frame,
                    "time": frame_time(frame),
                    **box,
                    "outside": "outside" in toggles,
                    "occluded": occluded,
                }
            )
        return {"steps": steps, "expected": {"keyframes": keyframes}}


# What it must come out as ---------------------------------------------------------------------------------------------


def upright(one: list[int], other: list[int]) -> dict[str, float]:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return {"x": left, "y": top, "width": abs(one[0] - other[0]), "height": abs(one[1] - other[1]), "rotation": 0}


def turned(start: list[int], end: list[int], across: list[int]) -> dict[str, float] | None:
    """The box with a side from the first point to the second whose opposite side goes through the third."""
    along = complex(end[0] - start[0], end[1] - start[1])
    width = abs(along)
    if width < 1:
        return None
    deep = (complex(across[0] - start[0], across[1] - start[1]) * along.conjugate()).imag / width
    if abs(deep) < 1:
        return None
    centre = complex(*start) + along / 2 + along / width * 1j * deep / 2
    height = abs(deep)
    rotation = math.degrees(math.atan2(along.imag, along.real))
    return {
        "x": centre.real - width / 2, "y": centre.imag - height / 2, "width": width, "height": height,
        "rotation": rotation,
    }  # fmt: skip


def ellipse(box: dict[str, float]) -> list[list[float]]:
    """Corners no further than a quarter of a pixel beside the curve, from the right end clockwise."""
    across, down = box["width"] / 2, box["height"] / 2
    needed = math.pi / math.acos(max(1 - 0.25 / max(across, down, 1), 0))
    count = min(max(math.ceil(needed / 4) * 4, 16), 128)
    angles = [2 * math.pi * at / count for at in range(count)]
    middle = box["x"] + across, box["y"] + down
    return [[middle[0] + across * math.cos(angle), middle[1] + down * math.sin(angle)] for angle in angles]


def swept(*, points: list[list[int]], size: int) -> npt.NDArray[np.bool_]:
    """Every pixel whose middle a round brush passes over."""
    shift = 0.5 if size % 2 else 0
    places = [(min(x, WIDTH) + shift, min(y, HEIGHT) + shift) for x, y in points]
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    found = np.zeros((HEIGHT, WIDTH), bool)
    for (x, y), (to_x, to_y) in itertools.pairwise(places):
        way_x, way_y = to_x - x, to_y - y
        share = np.clip(((columns - x) * way_x + (rows - y) * way_y) / (way_x**2 + way_y**2), 0, 1)
        found |= (columns - x - share * way_x) ** 2 + (rows - y - share * way_y) ** 2 <= (size / 2) ** 2
    return found


def edges(mask: npt.NDArray[np.bool_]) -> list[int]:
    """Where runs begin and end, column by column."""
    flat = np.concatenate(([0], mask.T.reshape(-1).astype(np.int8), [0]))
    return [int(at) for at in np.flatnonzero(np.diff(flat))]


def comes_back(expected: dict[str, Any], mark: dict[str, Any], ids: list[str | None]) -> bool:
    """Whether a mark of the export is what was planned."""
    if "mask" in expected:
        return bool(mark["rle"]["size"] == [HEIGHT, WIDTH]) and _edges_of(mark) == expected["mask"]
    if "from" in expected:
        return [mark["from"], mark["to"]] == [ids[expected["from"]], ids[expected["to"]]]
    return all(_same(value, mark.get(key)) for key, value in expected.items())


def _edges_of(mark: dict[str, Any]) -> list[int]:
    lengths = rle.decoded(mark["rle"]["counts"])
    places: list[int] = np.cumsum(lengths).tolist()
    return places[: -1 if len(places) % 2 else None]


def _same(planned: Any, found: Any) -> bool:
    if isinstance(planned, bool | str):
        return bool(planned == found)
    if isinstance(planned, dict):
        return (
            isinstance(found, dict)
            and set(planned) <= set(found)
            and all(_same(planned[key], found[key]) for key in planned)
        )
    if isinstance(planned, list):
        return isinstance(found, list) and len(planned) == len(found) and all(map(_same, planned, found))
    return isinstance(found, int | float) and abs(planned - found) <= NEAR
