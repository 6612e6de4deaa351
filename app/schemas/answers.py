"""Answers against a schema: do they fit, what does the server add, which of them are the labeler's own words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.assets.rules import AssetFacts, Modality, PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds import KINDS
from app.schemas.kinds.kind import Asked, Field
from app.schemas.kinds.marks import SOURCE, suggestion_id
from app.schemas.shapes import step

Body = Mapping[str, Any]
_source = shapes.record({"source": SOURCE, "suggestion_id": suggestion_id}, ["source"])
_evidence = shapes.record(
    {"field": shapes.anything, "choice": shapes.anything, "clause": shapes.clause, "marks": shapes.anything}, ["field"]
)


@dataclass(frozen=True)
class _Sheet:
    """The fields of one level with their answers: those of a label, or those of one mark."""

    fields: list[Field]
    answers: Mapping[str, Any]
    path: str
    complete: bool
    marks: Mapping[str, str]  # mark id -> field, of all that a relation may tie


def check(
    body: Body,
    answers: Any,
    *,
    facts: AssetFacts,
    complete: bool,
    sources: Any = None,
    evidence: Any = None,
) -> list[Problem]:
    """Every fault with its path under `/answers`, `/sources` or `/evidence`. A draft need not be complete."""
    if not isinstance(answers, dict):
        return [Problem("/answers", "must be an object")]
    asked = asked_fields(body, answers, facts)
    marks = _marks(body, answers)
    ends = {mark.id: mark.field for mark in marks if not mark.is_tie}
    sheet = _Sheet(list(body["fields"]), answers, "/answers", complete, ends)
    problems = list(_check_sheet(sheet, asked))
    problems += _check_ids(marks)
    problems += _check_sources({} if sources is None else sources, body, answers)
    problems += _check_evidence([] if evidence is None else evidence, body, answers, {mark.id for mark in marks})
    return problems


def asked_fields(body: Body, answers: Mapping[str, Any], facts: AssetFacts) -> dict[str, Asked]:
    """The fields that are asked of this ad given these answers, with the parts they go on, in the schema's order."""
    asked: dict[str, Asked] = {}
    for field in body["fields"]:
        parts = present_parts(body, field, facts)
        if (parts or not _is_placed(field)) and _holds(field, body["fields"], answers, asked):
            asked[field["name"]] = Asked(parts, several=len(_places(body, field)) > 1)
    return asked


def present_parts(body: Body, field: Field, facts: AssetFacts) -> dict[str, PartFacts]:
    """The parts of this ad that a field goes on."""
    places = _places(body, field)
    return {part.name: part for part in facts.parts if places.get(part.name) == part.modality}


def enrich(body: Body, answers: Mapping[str, Any], facts: AssetFacts) -> dict[str, Any]:
    """Checked answers with what the server adds: frames and samples of segments."""
    enriched = dict(answers)
    for field in body["fields"]:
        name = field["name"]
        if name in enriched:
            asked = Asked(present_parts(body, field, facts))
            enriched[name] = KINDS[field["kind"]].enrich(enriched[name], asked)
    return enriched


def free_text_values(body: Body, answers: Mapping[str, Any], path: str = "/answers") -> dict[str, str]:
    """What the labeler wrote in their own words in checked answers, by path: texts and transcripts, marks' own included."""
    found: dict[str, str] = {}
    for field in body["fields"]:
        name = field["name"]
        if name not in answers:
            continue
        here = step(path, name)
        kind = KINDS[field["kind"]]
        found |= dict(kind.free_text(answers[name], here))
        if kind.makes_marks and field.get("fields"):
            for index, mark in enumerate(answers[name]):
                found |= free_text_values(field, mark.get("fields", {}), f"{step(here, index)}/fields")
                for number, keyframe in enumerate(mark.get("keyframes", ())):
                    there = f"{step(step(here, index) + '/keyframes', number)}/fields"
                    found |= free_text_values(field, keyframe.get("fields", {}), there)
    return found


def fits(body: Body, parts: Mapping[str, Modality | str]) -> bool:
    """Whether an ad with these parts (name -> modality) can be answered: every required part is there."""
    return all(parts.get(part["name"]) == part["modality"] for part in body["parts"] if part.get("required", True))


def needs_frames(body: Body) -> bool:
    """Whether checking answers takes the frame tables of video parts."""
    return any(part["modality"] == Modality.VIDEO for part in body["parts"]) and any(
        KINDS[field["kind"]].makes_marks and Modality.VIDEO in KINDS[field["kind"]].modalities
        for field in body["fields"]
    )


def _is_placed(field: Field) -> bool:
    return "part" in field or "parts" in field or KINDS[field["kind"]].makes_marks


def _places(body: Body, field: Field) -> dict[str, str]:
    """The schema's parts that a field goes on: those it names, else all of its kind's modalities."""
    named = [field["part"]] if "part" in field else field.get("parts")
    kind = KINDS[field["kind"]]
    return {
        part["name"]: part["modality"]
        for part in body["parts"]
        if (part["name"] in named if named is not None else part["modality"] in kind.modalities)
    }


def _holds(field: Field, fields: list[Field], answers: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether every field that `when` speaks of is asked itself and has one of the values."""
    kinds = {other["name"]: KINDS[other["kind"]] for other in fields}
    return all(
        name in asked and any(kinds[name].has(answers.get(name), value) for value in values)
        for name, values in field.get("when", {}).items()
    )


def _check_sheet(sheet: _Sheet, asked: Mapping[str, Asked]) -> Iterator[Problem]:
    known = {field["name"] for field in sheet.fields}
    for name in sheet.answers:
        if name not in known:
            yield Problem(step(sheet.path, name), shapes.unknown(name, known))
    for field in sheet.fields:
        name, path = field["name"], step(sheet.path, field["name"])
        if name not in asked:
            if name in sheet.answers:
                yield Problem(path, "is not asked here")
            continue
        kind = KINDS[field["kind"]]
        answer = sheet.answers.get(name)
        if sheet.complete and field.get("required") and kind.is_empty(answer):
            yield Problem(path, "is required")
        elif name in sheet.answers:
            here = asked[name]
            yield from kind.check(field, answer, path, Asked(here.parts, here.several, sheet.complete, sheet.marks))
            if kind.makes_marks and isinstance(answer, list):
                yield from _check_mark_fields(field, answer, path, complete=sheet.complete)


def _check_mark_fields(field: Field, marks: list[Any], path: str, *, complete: bool) -> Iterator[Problem]:
    """Each mark's own answers. Its fields are asked of the mark, so no part decides about them."""
    fields = [inner for inner in field.get("fields", []) if not inner.get("changes")]
    changing = [inner for inner in field.get("fields", []) if inner.get("changes")]
    for index, mark in enumerate(marks):
        if not isinstance(mark, dict):
            continue
        here = f"{step(path, index)}/fields"
        if KINDS[field["kind"]].is_keyframed and isinstance(mark.get("keyframes"), list):
            yield from _check_keyframes(
                changing, mark["keyframes"], f"{step(path, index)}/keyframes", complete=complete
            )
        answers = mark.get("fields", {})
        if not isinstance(answers, dict):
            yield Problem(here, "must be an object")
            continue
        asked: dict[str, Asked] = {}
        for inner in fields:
            if _holds(inner, fields, answers, asked):
                asked[inner["name"]] = Asked({})
        yield from _check_sheet(_Sheet(fields, answers, here, complete, {}), asked)


def _check_keyframes(fields: list[Field], keyframes: list[Any], path: str, *, complete: bool) -> Iterator[Problem]:
    """Answers that change: each keyframe may give some, and the first one all that must be given."""
    asked = {field["name"]: Asked({}) for field in fields}
    for index, keyframe in enumerate(keyframes):
        here = f"{step(path, index)}/fields"
        answers = keyframe.get("fields", {}) if isinstance(keyframe, dict) else {}
        if not isinstance(answers, dict):
            yield Problem(here, "must be an object")
        elif answers or index == 0:
            yield from _check_sheet(_Sheet(fields, answers, here, complete and index == 0, {}), asked)


@dataclass(frozen=True)
class _Mark:
    id: str
    field: str
    path: str
    is_tie: bool


def _marks(body: Body, answers: Mapping[str, Any]) -> list[_Mark]:
    """Every mark that has an id."""
    return [
        _Mark(mark["id"], field["name"], f"/answers/{field['name']}/{index}", KINDS[field["kind"]].is_tie)
        for field in body["fields"]
        if KINDS[field["kind"]].makes_marks and isinstance(answers.get(field["name"]), list)
        for index, mark in enumerate(answers[field["name"]])
        if isinstance(mark, dict) and isinstance(mark.get("id"), str)
    ]


def _check_ids(marks: list[_Mark]) -> Iterator[Problem]:
    seen: set[str] = set()
    for mark in marks:
        if mark.id in seen:
            yield Problem(f"{mark.path}/id", f"{mark.id} is the id of another mark of this label")
        seen.add(mark.id)


def _check_sources(sources: Any, body: Body, answers: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(sources, dict):
        yield Problem("/sources", "must be an object")
        return
    plain = {field["name"] for field in body["fields"] if not KINDS[field["kind"]].makes_marks}
    for name, source in sources.items():
        path = step("/sources", name)
        if name not in plain:
            yield Problem(path, f"{name} is not a plain field; marks carry their own source")
        elif name not in answers:
            yield Problem(path, f"{name} has no answer")
        else:
            yield from _source(source, path)


def _check_evidence(evidence: Any, body: Body, answers: Mapping[str, Any], marks: set[str]) -> Iterator[Problem]:
    if not isinstance(evidence, list):
        yield Problem("/evidence", "must be a list")
        return
    fields = {field["name"]: field for field in body["fields"]}
    for index, one in enumerate(evidence):
        path = step("/evidence", index)
        problems = list(_evidence(one, path))
        yield from problems
        if problems:
            continue
        field = fields.get(one["field"]) if isinstance(one["field"], str) else None
        if field is None or one["field"] not in answers:
            yield Problem(f"{path}/field", f"{one['field']!r} is not a field with an answer")
        elif "choice" in one and not KINDS[field["kind"]].has(answers[one["field"]], one["choice"]):
            yield Problem(f"{path}/choice", f"{one['choice']!r} is not what {one['field']} was answered")
        yield from _check_marks_of(one.get("marks", []), f"{path}/marks", marks)


def _check_marks_of(named: Any, path: str, marks: set[str]) -> Iterator[Problem]:
    if not isinstance(named, list):
        yield Problem(path, "must be a list of mark ids")
        return
    for index, mark_id in enumerate(named):
        if not isinstance(mark_id, str) or mark_id not in marks:
            yield Problem(step(path, index), f"{mark_id!r} is not a mark of this label")
