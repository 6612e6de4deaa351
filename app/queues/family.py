"""Ads of one family, those with the same text under the metadata key `family`: what this person marked on the last one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.assets.rules import Modality
from app.labels import queries as labels
from app.labels.models import Label, Revision
from app.people.models import Person
from app.queues.models import Claim, Task
from app.queues.rules import ClaimState, same_family
from app.schemas.kinds import KINDS

LOOKED_AT = 50  # labels, newest first


@dataclass(frozen=True)
class Relative:
    """The person's newest label, of the same queue and schema version, on an ad of the same family."""

    external_id: str
    revision: Revision


def newest_relative(session: Session, claim: Claim, person: Person) -> Relative | None:
    """Among this person's last labels in the queue."""
    here = session.execute(
        select(Asset.id, Asset.meta).join(Task, Task.asset_id == Asset.id).where(Task.id == claim.task_id)
    ).one()
    if not here.meta.get("family"):
        return None
    rows = session.execute(
        select(Label, Asset.external_id, Asset.meta)
        .join(Claim, Claim.task_id == Label.task_id)
        .join(Asset, Asset.id == Label.asset_id)
        .where(
            Claim.person_id == person.id,
            Claim.queue_id == claim.queue_id,
            Claim.state == ClaimState.SUBMITTED,
            Label.person_id == person.id,
            Label.withdrawn_at.is_(None),
            Label.asset_id != here.id,
        )
        .order_by(Claim.seq.desc())
        .limit(LOOKED_AT)
    )
    for label, external_id, meta in rows:
        if same_family(here.meta, meta):
            revision = labels.revision(session, label)
            if revision.schema_version == claim.schema_version:
                return Relative(external_id, revision)
    return None


def marks_json(relative: Relative, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The marks on pictures, by field, and which ad they are from."""
    fields = [field["name"] for field in schema["fields"] if KINDS[field["kind"]].modalities == {Modality.IMAGE}]
    answers = relative.revision.answers
    return {"external_id": relative.external_id, "marks": {name: answers[name] for name in fields if answers.get(name)}}
