"""Shapes on a picture as SVG draws them: paths and dots in the original's pixels. Pure.

A kind of mark that lies on a picture is one function and one line in OUTLINES.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.measures import outlines, rle
from app.schemas.kinds import keypoints
from app.schemas.kinds.keypoints import OCCLUDED, UNLABELLED


@dataclass(frozen=True)
class Dot:
    """A named point; `is_hollow` where it is occluded."""

    x: float
    y: float
    name: str
    is_hollow: bool = False


@dataclass(frozen=True)
class Outline:
    """`at` is where its name stands: the left end of its upper edge."""

    path: str
    at: tuple[float, float]
    is_filled: bool = True
    dots: tuple[Dot, ...] = ()


Draw = Callable[[Mapping[str, Any], Mapping[str, Any], int], Outline]


def _polygon(_asked: Mapping[str, Any], given: Mapping[str, Any], _finest: int) -> Outline:
    points = given["points"]
    return Outline(f"{_through(points)}z", corner(points))


def _polyline(_asked: Mapping[str, Any], given: Mapping[str, Any], _finest: int) -> Outline:
    points = given["points"]
    return Outline(_through(points), corner(points), is_filled=False)


def _keypoints(asked: Mapping[str, Any], given: Mapping[str, Any], _finest: int) -> Outline:
    placed = {name: point for name, point in given["points"].items() if point[2] != UNLABELLED}
    lines = keypoints.template_of(asked, given.get("choice")).get("skeleton", ())
    path = "".join(_through((placed[one], placed[two])) for one, two in lines if one in placed and two in placed)
    dots = tuple(Dot(x, y, name, is_hollow=seen == OCCLUDED) for name, (x, y, seen) in placed.items())
    return Outline(path, corner(placed.values()), is_filled=False, dots=dots)


def _mask(_asked: Mapping[str, Any], given: Mapping[str, Any], finest: int) -> Outline:
    height, width = given["rle"]["size"]
    rings = outlines.rings(rle.read(given["rle"]["counts"], width=width, height=height), finest=finest)
    corners = [corner for ring in rings for corner in ring]
    return Outline("".join(f"{_through(ring)}z" for ring in rings), corner(corners))


OUTLINES: dict[str, Draw] = {
    "polygons": _polygon,
    "polylines": _polyline,
    "keypoints": _keypoints,
    "masks": _mask,
}


def _through(points: Iterable[Sequence[float]]) -> str:
    return "M" + "L".join(f"{round(x, 2):.10g} {round(y, 2):.10g}" for x, y, *_ in points)


def corner(points: Iterable[Sequence[float]]) -> tuple[float, float]:
    """The upper left corner of the area that holds these points."""
    listed = list(points)
    return min(point[0] for point in listed), min(point[1] for point in listed)
