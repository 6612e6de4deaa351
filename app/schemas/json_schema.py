"""The JSON Schema (2020-12) of a label schema's answers, for programs that want to check before they send.

It says what can be said without the ad: kinds, values, conditions. Whether a mark lies in its part, only the server knows.
"""

from collections.abc import Mapping
from typing import Any

from app.schemas.kinds import KINDS
from app.schemas.kinds.kind import Field

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def of_answers(body: Mapping[str, Any]) -> dict[str, Any]:
    certain = {part["name"] for part in body["parts"] if part.get("required", True)}
    modalities = {part["modality"] for part in body["parts"] if part["name"] in certain}
    always = {field["name"] for field in body["fields"] if _is_always_there(field, certain, modalities)}
    return {"$schema": DIALECT, "title": body["name"], **_of_fields(body["fields"], always)}


def _is_always_there(field: Field, certain: set[str], modalities: set[str]) -> bool:
    """Whether the parts that the field goes on are there in every ad."""
    if "part" in field:
        return field["part"] in certain
    if "parts" in field:
        return bool(certain & set(field["parts"]))
    kind = KINDS[field["kind"]]
    return not kind.makes_marks or bool(modalities & kind.modalities)


def _of_fields(fields: list[Field], always: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field["name"]: _of_field(field) for field in fields},
        "additionalProperties": False,
    }
    required = [f["name"] for f in fields if f.get("required") and f["name"] in always and not f.get("when")]
    conditions = [_condition(field, fields, always) for field in fields if field.get("when")]
    if required:
        schema["required"] = required
    if conditions:
        schema["allOf"] = conditions
    return schema


def _of_field(field: Field) -> dict[str, Any]:
    kind = KINDS[field["kind"]]
    schema = kind.json_schema(field)
    if field.get("required") and schema.get("type") == "array":
        schema["minItems"] = max(1, schema.get("minItems", 0))
    if field.get("required") and schema.get("type") == "string":
        schema["pattern"] = r"\S"
    inner: list[Field] = field.get("fields", [])
    if kind.makes_marks and inner:
        mark = schema["items"]
        if kind.is_keyframed:
            changing: list[Field] = [{**one, "required": False} for one in inner if one.get("changes")]
            inner = [one for one in inner if not one.get("changes")]
            mark["properties"]["keyframes"]["items"]["properties"]["fields"] = _of_fields(changing, set())
        names = {one["name"] for one in inner}
        mark["properties"] = mark["properties"] | {"fields": _of_fields(inner, names)}
        if any(one.get("required") and not one.get("when") for one in inner):
            mark["required"] = [*mark["required"], "fields"]
    return schema


def _condition(field: Field, fields: list[Field], always: set[str]) -> dict[str, Any]:
    """Where `when` holds the field may be answered, and must be if it is required; elsewhere it may not."""
    name = field["name"]
    kinds = {other["name"]: KINDS[other["kind"]] for other in fields}
    holds = {
        "properties": {other: kinds[other].has_one_of(values) for other, values in field["when"].items()},
        "required": list(field["when"]),
    }
    then: dict[str, Any] = {"required": [name]} if field.get("required") and name in always else {}
    return {"if": holds, "then": then, "else": {"properties": {name: False}}}
