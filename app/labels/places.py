"""Where a mark lies, in words: one function and one line of PLACES a kind. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from app.labels.shapes import corner
from app.measures import outlines, rle
from app.schemas.kinds.keypoints import OCCLUDED, UNLABELLED
from app.web.filters import clock_time

Names = Mapping[str, str]


def where(kind: str, given: Mapping[str, Any], names: Names) -> str:
    """`names` is what a relation calls each mark, by its id."""
    frame = f" on frame {given['frame']}" if "frame" in given else ""
    return f"{PLACES[kind](given, names)}{frame}" if kind in PLACES else ""


def _box(given: Mapping[str, Any], _names: Names) -> str:
    turned = f", turned {given['rotation']:g}°" if given.get("rotation") else ""
    return f"{given['width']:g} × {given['height']:g} px at {given['x']:g}, {given['y']:g}{turned}"


def _points(given: Mapping[str, Any], _names: Names) -> str:
    x, y = corner(given["points"])
    return f"{len(given['points'])} points, from {x:g}, {y:g}"


def _keypoints(given: Mapping[str, Any], _names: Names) -> str:
    all_points = given["points"].values()
    placed = [point for point in all_points if point[2] != UNLABELLED]
    occluded = sum(point[2] == OCCLUDED for point in placed)
    x, y = corner(placed)
    return f"{len(placed)} of {len(all_points)} points, {occluded} occluded, from {x:g}, {y:g}"


def _mask(given: Mapping[str, Any], _names: Names) -> str:
    height, width = given["rle"]["size"]
    runs = rle.read(given["rle"]["counts"], width=width, height=height)
    area = outlines.area_of(runs)
    size = f"{area.right - area.left} × {area.bottom - area.top} px at {area.left}, {area.top}"
    return f"{runs.area} pixels within {size}"


def _span(given: Mapping[str, Any], _names: Names) -> str:
    return f"characters {given['start']} to {given['end']}"


def _relation(given: Mapping[str, Any], names: Names) -> str:
    return f"{names.get(given['from'], given['from'])} → {names.get(given['to'], given['to'])}"


def _segment(given: Mapping[str, Any], _names: Names) -> str:
    frames = f", frames {given['start_frame']} to {given['end_frame']}" if "start_frame" in given else ""
    return f"{clock_time(given['start'])} to {clock_time(given['end'])}{frames}"


def _track(given: Mapping[str, Any], _names: Names) -> str:
    first, last = given["keyframes"][0], given["keyframes"][-1]
    return (
        f"{clock_time(first['time'])} to {clock_time(last['time'])}, frames {first['frame']} to {last['frame']}, "
        f"{len(given['keyframes'])} keyframes"
    )


PLACES: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "boxes": _box,
    "polygons": _points,
    "polylines": _points,
    "keypoints": _keypoints,
    "masks": _mask,
    "spans": _span,
    "relations": _relation,
    "segments": _segment,
    "tracks": _track,
}
