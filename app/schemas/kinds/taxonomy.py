"""Paths through a tree of choices."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds import options
from app.schemas.kinds.kind import Asked, Field, Kind
from app.schemas.rules import CHOICES_AT_MOST, NODES_AT_MOST, NODES_DEEP_AT_MOST
from app.schemas.shapes import step

_NODE = options.CHOICE | {"children": shapes.anything}
_node = shapes.record(_NODE, ["value"])
_LISTS = ("nodes", "choices", "children")


def branch(owner: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The list below a field or a node, with its name; an empty one below a leaf."""
    for name in _LISTS:
        if name in owner:
            return name, owner[name]
    return "children", []


def paths(owner: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every path of the tree, parents before children."""
    for node in branch(owner)[1]:
        here = (*above, node["value"])
        yield here
        yield from paths(node, here)


def _check_tree(nodes: Any, path: str, depth: int = 1) -> Iterator[Problem]:
    if not isinstance(nodes, list) or not nodes:
        yield Problem(path, "must be a list of nodes")
        return
    if depth > NODES_DEEP_AT_MOST:
        yield Problem(path, f"is more than {NODES_DEEP_AT_MOST} levels deep")
        return
    for index, node in enumerate(nodes):
        here = step(path, index)
        yield from _node(node, here)
        if isinstance(node, dict) and "children" in node:
            yield from _check_tree(node["children"], f"{here}/children", depth + 1)


def _check_distinct(owner: Mapping[str, Any], path: str) -> Iterator[Problem]:
    name, nodes = branch(owner)
    seen: set[str] = set()
    for index, node in enumerate(nodes):
        here = f"{path}/{name}/{index}"
        if node["value"] in seen:
            yield Problem(f"{here}/value", f"{node['value']} is the value of an earlier node beside it")
        seen.add(node["value"])
        yield from _check_distinct(node, here)


class Taxonomy(Kind):
    name = "taxonomy"
    title = "Taxonomy"
    summary = "Paths through a tree, as deep as the labeler can tell; `min` and `max` bound how many."
    options: ClassVar = {
        "nodes": _check_tree,
        "choices": _check_tree,
        "min": shapes.whole(0, CHOICES_AT_MOST),
        "max": shapes.whole(1, CHOICES_AT_MOST),
    }

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        if ("nodes" in field) == ("choices" in field):
            yield Problem(f"{path}/nodes", "is required")
            return
        yield from _check_distinct(field, path)
        if sum(1 for _ in paths(field)) > NODES_AT_MOST:
            yield Problem(f"{path}/nodes", f"has more than {NODES_AT_MOST} nodes")
        if field.get("min", 0) > field.get("max", CHOICES_AT_MOST):
            yield Problem(f"{path}/min", "is more than can be chosen")

    def keys(self, field: Field, path: str) -> Iterator[tuple[str, str]]:
        name, nodes = branch(field)
        for index, node in enumerate(nodes):
            here = f"{path}/{name}/{index}"
            if "key" in node:
                yield f"{here}/key", node["key"]
            yield from self.keys(node, here)

    def listed(self, field: Field, depth: int = 0) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for node in branch(field)[1]:
            yield depth, node
            yield from self.listed(node, depth + 1)

    def may_be(self, field: Field, value: Any) -> bool:
        """A whole path, or a value of the first level, which stands for everything below it."""
        return any(value in (one[0], list(one)) for one in paths(field))

    def has(self, answer: Any, value: Any) -> bool:
        return isinstance(answer, list) and any(
            one == value or (isinstance(one, list) and one[:1] == [value]) for one in answer
        )

    def has_one_of(self, values: list[Any]) -> dict[str, Any]:
        return {"contains": {"anyOf": [{"enum": values}, {"prefixItems": [{"enum": values}], "minItems": 1}]}}

    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]:
        if not isinstance(answer, list):
            yield Problem(path, "must be a list of paths")
            return
        known = set(paths(field))
        for index, one in enumerate(answer):
            if not isinstance(one, list) or not all(isinstance(value, str) for value in one):
                yield Problem(step(path, index), "must be a path: a list of values from the root down")
            elif tuple(one) not in known:
                yield Problem(step(path, index), f"{' > '.join(one) or 'an empty path'} is not in the tree")
        yield from options.check_no_repeat(answer, path)
        yield from options.check_count(field, len(answer), path, complete=asked.complete)

    def json_schema(self, field: Field) -> dict[str, Any]:
        schema: dict[str, Any] = {
            "type": "array",
            "items": {"enum": [list(one) for one in paths(field)]},
            "uniqueItems": True,
        }
        if "max" in field:
            schema["maxItems"] = field["max"]
        return schema
