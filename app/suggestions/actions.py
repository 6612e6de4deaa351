"""Taking suggestions in, and noting whom they were shown to."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.assets import queries as assets
from app.assets.actions import ARRANGE
from app.assets.models import Asset
from app.assets.rules import AssetState
from app.assets.store import Store
from app.clock import Clock
from app.db.base import Row, new_id
from app.errors import AppError, Conflict, Invalid, NotFound, Problem
from app.jobs import actions as jobs
from app.people.models import Person
from app.projects.models import Project
from app.schemas import answers as schema_answers
from app.schemas import queries as schemas
from app.schemas.models import SchemaVersion
from app.suggestions import queries
from app.suggestions.models import ShownSuggestion, Suggestion
from app.suggestions.rules import check_scores

HASHED = ("asset_id", "asset_revision", "schema_version", "model", "model_version", "answers", "scores")


@dataclass(frozen=True)
class Given:
    """One suggestion as it came; `asset` is an id or an external id."""

    asset: str
    schema_version: int
    model: str
    model_version: str
    answers: Mapping[str, Any]
    scores: Mapping[str, Any] | None = None


def add(
    session: Session, store: Store, given: Given, *, project: Project, person: Person, clock: Clock
) -> tuple[Suggestion, bool]:
    """The suggestion, and whether it is new: the same content again is the one there is. Refused with every fault."""
    asset = _find_asset(session, project, given.asset)
    schema = schemas.find_version(session, project.id, given.schema_version)
    if schema is None:
        raise NotFound(f"Schema version {given.schema_version} is not published in this project.")
    _check(session, store, given, asset, schema)
    content = {
        "asset_id": asset.id, "asset_revision": asset.revision, "schema_version": given.schema_version,
        "model": given.model, "model_version": given.model_version, "answers": given.answers, "scores": given.scores,
    }  # fmt: skip
    hashed = _hash(content)
    known = queries.find_same(session, project.id, hashed)
    if known is not None:
        return known, False
    values = content | {
        "id": new_id(), "created_at": clock(), "project_id": project.id, "content_hash": hashed, "made_by": person.id,
    }  # fmt: skip
    adding = _insert(session, Suggestion).values(**values)
    session.execute(adding.on_conflict_do_nothing(index_elements=["project_id", "content_hash"]))
    if given.scores:
        jobs.enqueue_unless_waiting(session, ARRANGE, {"project": project.id}, clock=clock, project_id=project.id)
    made = queries.find_same(session, project.id, hashed)
    assert made is not None, "just added, by this request or by one at the same moment"
    return made, made.id == values["id"]


def add_all(
    session: Session, store: Store, lines: Sequence[Given], *, project: Project, person: Person, clock: Clock
) -> list[tuple[Suggestion, bool]]:
    """All of them, or with the faults of every line none."""
    done: list[tuple[Suggestion, bool]] = []
    problems: list[Problem] = []
    for number, given in enumerate(lines):
        path = f"/lines/{number}"
        try:
            done.append(add(session, store, given, project=project, person=person, clock=clock))
        except Invalid as refused:
            problems += [Problem(f"{path}{one.path}", one.message) for one in refused.problems]
        except (NotFound, Conflict) as refused:
            problems.append(Problem(path, _as_message(refused)))
    if problems:
        raise Invalid("Some of these suggestions do not fit, so none was kept.", problems=problems)
    return done


def note_shown(
    session: Session,
    found: Sequence[Suggestion],
    *,
    task_id: str,
    claim_id: str,
    person_id: str,
    first_answers: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """A label may name only suggestions that its person was shown. What was noted first stays."""
    if not found:
        return
    rows = [
        {
            "id": new_id(), "created_at": now, "task_id": task_id, "claim_id": claim_id, "person_id": person_id,
            "suggestion_id": one.id, "first_answers": first_answers,
        }
        for one in found
    ]  # fmt: skip
    noting = _insert(session, ShownSuggestion)
    session.execute(noting.on_conflict_do_nothing(index_elements=["task_id", "person_id", "suggestion_id"]), rows)


def _find_asset(session: Session, project: Project, name: str) -> Asset:
    asset = queries.find_asset(session, project.id, name)
    if asset is None:
        raise NotFound(f"There is no ad {name} in this project.")
    if asset.withdrawn_at is not None:
        raise Conflict(f"The ad {name} was withdrawn, so nothing is suggested for it.")
    if asset.state != AssetState.READY:
        raise Conflict(f"The ad {name} is not ready to be labelled yet. Send its suggestion once it is.")
    return asset


def _check(session: Session, store: Store, given: Given, asset: Asset, schema: SchemaVersion) -> None:
    """As a draft is: partial answers, each of which fits the schema and the ad."""
    facts = assets.facts(session, store, asset, frames=schema_answers.needs_frames(schema.body))
    problems = schema_answers.check(schema.body, dict(given.answers), facts=facts, complete=False)
    if not given.answers:
        problems = [Problem("/answers", "must have at least one answer")]
    if not problems and given.scores:
        problems = list(check_scores(given.scores, given.answers))
    if problems:
        raise Invalid("This suggestion does not fit its schema and its ad, so it was not kept.", problems=problems)


def content_hash(suggestion: Suggestion) -> str:
    """Of a suggestion as it is kept."""
    return _hash({name: getattr(suggestion, name) for name in HASHED})


def _hash(content: Any) -> str:
    try:
        return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    except rfc8785.CanonicalizationError:
        raise Invalid("A number in this suggestion is too large to be kept exactly.") from None


def _insert(session: Session, table: type[Row]) -> Any:
    """An insert that can pass over what is there already."""
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)


def _as_message(refused: AppError) -> str:
    return refused.sentence[:1].lower() + refused.sentence[1:].rstrip(".")
