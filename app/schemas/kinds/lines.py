"""What polygons and polylines share: a list of points in pixels of the upright image."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.kind import Field
from app.schemas.kinds.marks import MarkKind
from app.schemas.kinds.on_pictures import FRAME, PictureMarkKind, check_inside
from app.schemas.rules import POINTS_AT_MOST
from app.schemas.shapes import step

_POINT_SCHEMA = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}


def _point(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - x and y
        yield Problem(path, "must be a point: [x, y]")
        return
    for place, inner in enumerate(value):
        yield from shapes.number(inner, step(path, place))


class LineKind(PictureMarkKind):
    """Points joined by lines; `least` is how many it takes to be one."""

    least: ClassVar[int]
    options: ClassVar = {
        **MarkKind.options,
        "min_points": shapes.whole(1, POINTS_AT_MOST),
        "max_points": shapes.whole(1, POINTS_AT_MOST),
    }
    shape: ClassVar = {**FRAME, "points": shapes.list_of(_point, at_most=POINTS_AT_MOST)}
    shape_needed = ("points",)

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        yield from super().check_options(field, path)
        for option in ("min_points", "max_points"):
            if field.get(option, self.least) < self.least:
                yield Problem(f"{path}/{option}", f"must be at least {self.least}")
        if self._fewest(field) > field.get("max_points", POINTS_AT_MOST) >= self.least:
            yield Problem(f"{path}/min_points", "is above max_points")

    def _fewest(self, field: Field) -> int:
        wanted: int = field.get("min_points", self.least)
        return max(self.least, wanted)

    def check_place(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
        points, here = mark["points"], f"{path}/points"
        fewest = self._fewest(field)
        if len(points) < fewest:
            yield Problem(here, f"must have at least {fewest}")
        elif len(points) > field.get("max_points", len(points)):
            yield Problem(here, f"must have at most {field['max_points']}")
        elif len({(x, y) for x, y in points}) < self.least:
            yield Problem(here, f"must have at least {self.least} that lie apart")
        for index, point in enumerate(points):
            yield from check_inside(point, step(here, index), part)

    def place_schema(self, field: Field) -> dict[str, Any]:
        most = field.get("max_points", POINTS_AT_MOST)
        points = {"type": "array", "items": _POINT_SCHEMA, "minItems": self._fewest(field), "maxItems": most}
        return {"points": points}
