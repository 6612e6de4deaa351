"""Named points on an image, by a template that says which there are and what lies between them."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds import options
from app.schemas.kinds.kind import Field
from app.schemas.kinds.marks import MarkKind
from app.schemas.kinds.on_pictures import FRAME, PictureMarkKind, check_inside
from app.schemas.rules import CHOICES_AT_MOST, KEYPOINTS_AT_MOST, TEMPLATES_AT_MOST
from app.schemas.shapes import step

UNLABELLED, OCCLUDED, SEEN = 0, 1, 2
_VISIBILITIES = (UNLABELLED, OCCLUDED, SEEN)
_CHOICES = shapes.list_of(
    shapes.record(options.CHOICE | {"template": shapes.name}, ["value"]), at_least=1, at_most=CHOICES_AT_MOST
)


def _pair(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a line has two ends
        yield Problem(path, "must be the two points that a line joins, as [from, to]")
        return
    for place, inner in enumerate(value):
        yield from shapes.name(inner, step(path, place))


def _titles(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, 'must give titles by point, as {"left_eye": {"en": "Left eye"}}')
        return
    for name, inner in value.items():
        yield from shapes.title(inner, step(path, name))


_template = shapes.record(
    {
        "points": shapes.list_of(shapes.name, at_least=1, at_most=KEYPOINTS_AT_MOST),
        "skeleton": shapes.list_of(_pair, at_most=KEYPOINTS_AT_MOST * 4),
        "titles": _titles,
    },
    ["points"],
)


def _templates(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict) or not value:
        yield Problem(path, 'must give templates by name, as {"face": {"points": ["left_eye", ...]}}')
    elif len(value) > TEMPLATES_AT_MOST:
        yield Problem(path, f"has {len(value)}, at most {TEMPLATES_AT_MOST} are allowed")
    else:
        for name, inner in value.items():
            yield from shapes.name(name, step(path, name))
            yield from _template(inner, step(path, name))


def _point(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, list) or len(value) != 3:  # noqa: PLR2004 - x, y and visibility
        yield Problem(path, "must be [x, y, visibility]")
        return
    for place in (0, 1):
        yield from shapes.number(value[place], step(path, place))
    if not shapes.is_whole(value[2]) or value[2] not in _VISIBILITIES:
        yield Problem(step(path, 2), "must be 0 (not labelled), 1 (occluded) or 2 (seen)")


def _points(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, 'must give the points by name, as {"left_eye": [x, y, 2]}')
        return
    for name, inner in value.items():
        yield from _point(inner, step(path, name))


def template_of(field: Field, value: Any) -> Mapping[str, Any]:
    """The template of a choice: the one it names, else the only one there is."""
    named = next((choice.get("template", "") for choice in field["choices"] if choice["value"] == value), "")
    templates: Mapping[str, Any] = field["templates"]
    template: Mapping[str, Any] = templates.get(named) or next(iter(templates.values()))
    return template


class Keypoints(PictureMarkKind):
    name = "keypoints"
    title = "Key points"
    summary = "Named points by a template, each seen, occluded or not labelled, with lines between them."
    options: ClassVar = {**MarkKind.options, "choices": _CHOICES, "templates": _templates}
    needed = ("choices", "templates")
    shape: ClassVar = {**FRAME, "points": _points}
    shape_needed = ("points",)

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        yield from super().check_options(field, path)
        templates = field["templates"]
        for name, template in templates.items():
            yield from _check_template(template, step(f"{path}/templates", name))
        for index, choice in enumerate(field["choices"]):
            here = f"{path}/choices/{index}/template"
            if "template" not in choice and len(templates) > 1:
                yield Problem(here, f"is required: there is more than one, {', '.join(templates)}")
            elif choice.get("template", next(iter(templates))) not in templates:
                yield Problem(here, f"{choice['template']} is not one of the templates, {', '.join(templates)}")

    def check_place(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
        points, here = mark["points"], f"{path}/points"
        names = template_of(field, mark["choice"])["points"]
        for name in (name for name in names if name not in points):
            yield Problem(step(here, name), "is required; a point that is not labelled is [0, 0, 0]")
        for name, point in points.items():
            where = step(here, name)
            if name not in names:
                yield Problem(where, shapes.unknown(name, names))
            elif point[2] != UNLABELLED:
                yield from check_inside(point, where, part)
            elif point[:2] != [0, 0]:
                yield Problem(where, "must be [0, 0, 0]: a point that is not labelled has no place")
        if not any(point[2] for point in points.values()):
            yield Problem(here, "must have at least one that is labelled")

    def place_schema(self, field: Field) -> dict[str, Any]:
        number = {"type": "number"}
        point = {
            "type": "array",
            "prefixItems": [number, number, {"enum": list(_VISIBILITIES)}],
            "minItems": 3,
            "maxItems": 3,
        }
        kinds = [
            {
                "type": "object",
                "properties": dict.fromkeys(template["points"], point),
                "required": template["points"],
                "additionalProperties": False,
            }
            for template in field["templates"].values()
        ]
        return {"points": kinds[0] if len(kinds) == 1 else {"anyOf": kinds}}


def _check_template(template: Mapping[str, Any], path: str) -> Iterator[Problem]:
    points = template["points"]
    for index, name in enumerate(points):
        if name in points[:index]:
            yield Problem(f"{path}/points/{index}", f"{name} is an earlier point")
    for index, pair in enumerate(template.get("skeleton", ())):
        here = f"{path}/skeleton/{index}"
        for place, name in enumerate(pair):
            if name not in points:
                yield Problem(step(here, place), f"{name} is not one of the points")
        if pair[0] == pair[1]:
            yield Problem(here, "must join two points that differ")
    for name in template.get("titles", ()):
        if name not in points:
            yield Problem(step(f"{path}/titles", name), shapes.unknown(name, points))
