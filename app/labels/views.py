"""Labels as answers show them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.labels import queries
from app.labels.canonical import Entry, label_json, moment
from app.labels.models import Label, LabelEvent, Revision


def canonical(session: Session, label: Label, *, number: int | None = None) -> dict[str, Any]:
    """The contract's JSON of a label's newest revision, or of that one."""
    return label_json(queries.entries(session, [queries.revision(session, label, number)])[0])


def canonical_of(session: Session, revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    return [label_json(entry) for entry in queries.entries(session, revisions)]


def whole(session: Session, label: Label) -> dict[str, Any]:
    """The newest revision with all of them, what happened to the label since, and where its marks came from."""
    shown = queries.entries(session, queries.revisions(session, label))
    newest = shown[-1]
    return label_json(newest) | {
        "withdrawn_at": None if label.withdrawn_at is None else moment(label.withdrawn_at),
        "revisions": [label_json(entry) for entry in shown],
        "reviews": [],
        "events": [_event_json(event) for event in queries.events(session, label)],
        "provenance": _provenance(newest),
    }


def _provenance(entry: Entry) -> dict[str, Any]:
    revision = entry.revision
    marks = {
        mark["id"]: {"source": mark.get("source", "human"), "suggestion_id": mark.get("suggestion_id")}
        for answer in revision.answers.values()
        if isinstance(answer, list)
        for mark in answer
        if isinstance(mark, dict) and "id" in mark
    }
    suggestions = revision.suggestions or {"shown": [], "refused": []}
    return {
        "claim": revision.claim_id,
        "made_by": revision.made_by,
        "suggested_by": revision.suggested_by,
        "answers": revision.sources,
        "marks": marks,
        "suggestions": suggestions,
    }


def _event_json(event: LabelEvent) -> dict[str, Any]:
    return {
        "kind": event.kind, "by": event.person_id, "at": moment(event.created_at), "details": event.details,
        "record_hash": event.record_hash, "history_hash": event.history_hash,
    }  # fmt: skip
