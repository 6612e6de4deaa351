"""Whether a schema may be published: every fault with its path."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from app.assets.rules import Modality
from app.errors import Problem
from app.schemas import keys, one_key, shapes
from app.schemas.kinds import KINDS
from app.schemas.kinds.kind import Field, Kind
from app.schemas.rules import (
    FIELDS_AT_MOST,
    MARK_FIELDS_AT_MOST,
    PARTS_AT_MOST,
    SCHEMA_BYTES_AT_MOST,
    ShowSuggestions,
    SubmitBy,
)
from app.schemas.shapes import step


def _share(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        yield Problem(path, "must be a share above 0 and at most 1")


_PART = {
    "name": shapes.name,
    "modality": shapes.one_of([word.value for word in Modality]),
    "required": shapes.flag,
    "require_played": _share,
}
_COMMON = {
    "name": shapes.name,
    "kind": shapes.anything,
    "title": shapes.title,
    "help": shapes.help_text,
    "required": shapes.flag,
    "when": shapes.anything,
    "clause": shapes.clause,
}
_PLACED = _COMMON | {
    "part": shapes.name,
    "parts": shapes.list_of(shapes.name, at_least=1, at_most=PARTS_AT_MOST),
}
_BODY = {
    "name": shapes.text(200),
    "title": shapes.title,
    "help": shapes.help_text,
    "parts": shapes.list_of(shapes.record(_PART, ["name", "modality"]), at_least=1, at_most=PARTS_AT_MOST),
    "fields": shapes.list_of(shapes.anything, at_least=1, at_most=FIELDS_AT_MOST),
    "suggestions": shapes.one_of([word.value for word in ShowSuggestions]),
    "submit": shapes.one_of([word.value for word in SubmitBy]),
}
_body = shapes.record(_BODY, ["name", "parts", "fields"])
_mark_fields = shapes.list_of(shapes.anything, at_most=MARK_FIELDS_AT_MOST)


def check_schema(body: Any) -> list[Problem]:
    """The faults of a schema in order of the text; none means that it may be published."""
    problems = list(_body(body, ""))
    if not isinstance(body, dict):
        return problems
    fields = body.get("fields")
    parts_hold = not any(problem.path.startswith("/parts") for problem in problems)
    if parts_hold:
        problems += _check_names(body["parts"], "/parts")
        problems += _check_played(body["parts"])
    if isinstance(fields, list) and len(fields) <= FIELDS_AT_MOST:
        problems += _check_all(fields, body["parts"] if parts_hold else None)
    if not problems and body.get("submit") == SubmitBy.KEY and not one_key.may_submit_by_choice(body):
        problems = [Problem("/submit", one_key.NEEDS)]
    if not problems and len(orjson.dumps(body)) > SCHEMA_BYTES_AT_MOST:
        problems = [Problem("", f"is larger than {SCHEMA_BYTES_AT_MOST // 1000} kB")]
    return sorted(problems, key=lambda problem: _order(problem.path))


def _check_played(parts: list[Any]) -> Iterator[Problem]:
    for index, part in enumerate(parts):
        if "require_played" in part and part["modality"] not in {Modality.AUDIO, Modality.VIDEO}:
            yield Problem(f"/parts/{index}/require_played", "goes with audio and video; nothing else is played")


def _check_all(fields: list[Any], parts: list[Any] | None) -> Iterator[Problem]:
    """Shapes first. A field whose own shape is wrong is left out of what follows, as None; so are the parts."""
    sound: list[Field | None] = []
    for index, field in enumerate(fields):
        faults = list(_check_shape(field, f"/fields/{index}", top=True))
        yield from faults
        sound.append(None if faults else field)
    yield from _check_fields(sound, "/fields")
    yield from _check_beside(sound)
    if parts is not None:
        modalities = {part["name"]: Modality(part["modality"]) for part in parts}
        yield from _check_places(sound, modalities)
        yield from keys.check_keys(sound, modalities.values())


def _check_beside(fields: Sequence[Field | None]) -> Iterator[Problem]:
    """What fields say of each other; where one is faulty in itself, nobody knows yet what it is."""
    kinds = {field["name"]: KINDS[field["kind"]] for field in fields if field is not None}
    for index, field in enumerate(fields):
        if field is not None and None not in fields:
            yield from KINDS[field["kind"]].check_beside(field, kinds, f"/fields/{index}")


def _check_shape(field: Any, path: str, *, top: bool, over_time: bool = False) -> Iterator[Problem]:
    kind = _kind_of(field)
    if kind is None:
        yield from _no_kind(field, path)
    elif kind.makes_marks and not top:
        yield Problem(f"{path}/kind", "must be a plain kind: marks have no marks of their own")
    else:
        common = _PLACED if top else _COMMON | ({"changes": shapes.flag} if over_time else {})
        yield from shapes.record({**common, **kind.options}, ["name", "kind", *kind.needed])(field, path)
        if "fields" in field and kind.makes_marks:
            yield from _check_inner(field["fields"], f"{path}/fields", over_time=kind.is_keyframed)


def _check_inner(fields: Any, path: str, *, over_time: bool) -> Iterator[Problem]:
    problems = list(_mark_fields(fields, path))
    yield from problems
    if not problems:
        for index, field in enumerate(fields):
            yield from _check_shape(field, step(path, index), top=False, over_time=over_time)


def _kind_of(field: Any) -> Kind | None:
    kind = field.get("kind") if isinstance(field, dict) else None
    return KINDS.get(kind) if isinstance(kind, str) else None


def _no_kind(field: Any, path: str) -> Iterator[Problem]:
    if not isinstance(field, dict):
        yield Problem(path, "must be an object")
    elif "kind" not in field:
        yield Problem(f"{path}/kind", "is required")
    else:
        yield Problem(f"{path}/kind", f"must be one of {', '.join(KINDS)}")


def _check_names(named: Sequence[Any], path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, one in enumerate(named):
        if one is not None and one["name"] in seen:
            yield Problem(f"{step(path, index)}/name", f"{one['name']} is the name of an earlier one")
        seen |= {one["name"]} if one is not None else set()


def _check_fields(fields: Sequence[Field | None], path: str) -> Iterator[Problem]:
    """Names, options and conditions of fields whose shapes are right."""
    yield from _check_names(fields, path)
    for index, field in enumerate(fields):
        if field is None:
            continue
        here = step(path, index)
        yield from KINDS[field["kind"]].check_options(field, here)
        yield from _check_when(field, fields[:index], here)
        if field.get("fields"):
            yield from _check_fields(field["fields"], f"{here}/fields")


def _check_when(field: Field, earlier: Sequence[Field | None], path: str) -> Iterator[Problem]:
    """A condition speaks of earlier fields only, so there are no circles."""
    when = field.get("when", {})
    if not isinstance(when, dict):
        yield Problem(f"{path}/when", 'must be an object, as {"verdict": ["reject"]}')
        return
    known = {other["name"]: other for other in earlier if other is not None}
    for name, values in when.items():
        here = step(f"{path}/when", name)
        if not isinstance(values, list) or not values:
            yield Problem(here, "must be a list of values")
        elif name in known:
            yield from _check_values(known[name], values, here)
        elif None not in earlier:  # else it may be the one with a fault of its own
            yield Problem(here, f"{name} is not an earlier field")


def _check_values(field: Field, values: list[Any], path: str) -> Iterator[Problem]:
    for index, value in enumerate(values):
        if not KINDS[field["kind"]].may_be(field, value):
            yield Problem(step(path, index), f"{value!r} is not a value that {field['name']} can have")


def _check_places(fields: Sequence[Field | None], parts: Mapping[str, Modality]) -> Iterator[Problem]:
    """Every field goes on parts that there are, of a modality that its kind goes on."""
    for index, field in enumerate(fields):
        if field is None:
            continue
        path = step("/fields", index)
        kind = KINDS[field["kind"]]
        if "part" in field and "parts" in field:
            yield Problem(f"{path}/parts", "does not go with part; keep one of the two")
        elif "part" in field:
            yield from _check_place(field["part"], f"{path}/part", parts, kind)
        elif "parts" in field:
            for number, name in enumerate(field["parts"]):
                yield from _check_place(name, f"{path}/parts/{number}", parts, kind)
            if len(set(field["parts"])) < len(field["parts"]):
                yield Problem(f"{path}/parts", "names a part twice")
        elif not kind.modalities & set(parts.values()):
            yield Problem(f"{path}/kind", f"{kind.name} go on {_words(kind)}, and the schema has no such part")


def _check_place(name: str, path: str, parts: Mapping[str, Modality], kind: Kind) -> Iterator[Problem]:
    if name not in parts:
        yield Problem(path, f"{name} is not a part of this schema")
    elif parts[name] not in kind.modalities:
        yield Problem(path, f"{kind.name} go on {_words(kind)}, and {name} is {parts[name].value}")


def _words(kind: Kind) -> str:
    return " and ".join(sorted(modality.value for modality in kind.modalities))


def _order(path: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in path.split("/")]
