"""A label as the contract writes it, built from rows that were loaded before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.assets.rules import AssetFacts, PartFacts
from app.labels.models import Label, Revision


@dataclass(frozen=True)
class Entry:
    """One revision with what its canonical form needs."""

    label: Label
    revision: Revision
    asset: AssetFacts
    organisation: str


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, with microseconds."""
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def part_json(part: PartFacts) -> dict[str, Any]:
    return {
        "name": part.name,
        "modality": str(part.modality),
        "sha256": part.sha256,
        "width": part.width,
        "height": part.height,
        "duration": part.duration,
        "fps": part.fps,
        "text": part.text,
    } | ({"damage": part.damage} if part.damage else {})


def label_json(entry: Entry) -> dict[str, Any]:
    """The canonical label, keys in the contract's order."""
    label, revision, asset = entry.label, entry.revision, entry.asset
    return {
        "id": label.id,
        "revision": revision.number,
        "project": label.project_id,
        "queue": label.queue_id,
        "queue_kind": label.queue_kind,
        "task": label.task_id,
        "asset": {
            "id": asset.id,
            "revision": revision.asset_revision,
            "external_id": asset.external_id,
            "metadata": dict(asset.metadata),
            "parts": [part_json(part) for part in asset.parts],
        },
        "schema_name": revision.schema_name,
        "schema_version": revision.schema_version,
        "guideline_version": revision.guideline_version,
        "labeler": {"id": label.person_id, "organisation": entry.organisation},
        "answers": revision.answers,
        "sources": revision.sources,
        "evidence": revision.evidence,
        "status": str(label.status),
        "claimed_at": moment(revision.claimed_at),
        "submitted_at": moment(revision.submitted_at),
        "timing": revision.timing,
        "marks_timing": revision.marks_timing,
        "suggested_by": revision.suggested_by,
        "record_hash": revision.record_hash,
        "history_hash": revision.history_hash,
    }


def immutable_fields(label: Label, revision: Revision) -> dict[str, Any]:
    """What the record hash is made of: everything about the revision that never changes."""
    suggestions = {"suggestions": revision.suggestions} if revision.suggestions else {}
    return suggestions | {
        "label": label.id,
        "revision": revision.number,
        "project": label.project_id,
        "queue": label.queue_id,
        "queue_kind": label.queue_kind,
        "task": label.task_id,
        "claim": revision.claim_id,
        "asset": {"id": label.asset_id, "revision": revision.asset_revision},
        "schema_name": revision.schema_name,
        "schema_version": revision.schema_version,
        "guideline_version": revision.guideline_version,
        "labeler": label.person_id,
        "organisation": label.organisation_id,
        "made_by": revision.made_by,
        "answers": revision.answers,
        "sources": revision.sources,
        "evidence": revision.evidence,
        "claimed_at": moment(revision.claimed_at),
        "submitted_at": moment(revision.submitted_at),
        "timing": revision.timing,
        "marks_timing": revision.marks_timing,
        "suggested_by": revision.suggested_by,
    }


def event_fields(
    event_kind: str, label_id: str, person_id: str, details: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """The same for what happened to a label later."""
    return {"label": label_id, "event": event_kind, "by": person_id, "details": dict(details), "at": moment(at)}
