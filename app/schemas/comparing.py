"""Two versions of a schema beside each other, as the page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.schemas.differences import Change, Difference, compare
from app.schemas.layout import as_text
from app.schemas.models import SchemaVersion
from app.schemas.side_by_side import Row, side_by_side
from app.schemas.wording import Told, tell

BADGES = {Change.ADDED: "new", Change.REMOVED: "gone"}


@dataclass(frozen=True)
class Group:
    """What differs in one part or field, or (noun "schema") in the schema itself."""

    noun: str
    name: str
    title: Any  # localized
    badge: str  # where the whole thing is new or gone
    told: list[Told]


@dataclass(frozen=True)
class Comparison:
    """`before` is None where a version is the first of its project."""

    before: SchemaVersion | None
    after: SchemaVersion
    differences: list[Difference]
    groups: list[Group]
    rows: list[Row]


def comparison(before: SchemaVersion | None, after: SchemaVersion) -> Comparison:
    if before is None:
        return Comparison(None, after, [], [], [])
    found = compare(before.body, after.body)
    rows = side_by_side(as_text(before.body), as_text(after.body))
    return Comparison(before, after, found, list(_groups(found, before.body, after.body)), rows)


def _groups(differences: Sequence[Difference], before: Any, after: Any) -> Iterator[Group]:
    """In the order of the differences, those of one thing together."""
    by_thing: dict[tuple[str, str], list[Difference]] = {}
    for one in differences:
        first = one.place[0] if one.place else None
        by_thing.setdefault((first.noun, first.name) if first else ("schema", ""), []).append(one)
    for (noun, name), found in by_thing.items():
        whole = next((one for one in found if len(one.place) == 1 and one.change in BADGES), None)
        thing = _thing(noun, name, before if whole and whole.change is Change.REMOVED else after)
        told = [] if whole else [tell(one, within=1 if noun != "schema" else 0) for one in found]
        yield Group(noun, name, thing.get("title"), BADGES[whole.change] if whole else "", told)


def _thing(noun: str, name: str, body: Any) -> Any:
    things = body["fields"] if noun == "field" else body["parts"] if noun == "part" else []
    return next((thing for thing in things if thing["name"] == name), {})
