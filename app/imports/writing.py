"""Writing a batch of rows that were taken: texts by many-row statements, ads with media one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.assets import actions as assets
from app.assets import many
from app.assets.store import Store
from app.clock import Clock
from app.errors import AppError, Unavailable
from app.imports.formats.manifest import BadRow
from app.imports.reading import Taken, reason
from app.people.models import Person
from app.projects.models import Project


@dataclass
class Outcome:
    """What became of some rows. `refused` are (place, reason) pairs."""

    added: int = 0
    same: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def write(
    session: Session,
    store: Store,
    taken: Sequence[Taken | BadRow],
    *,
    project: Project,
    person: Person | None,
    clock: Clock,
) -> Outcome:
    """No two of the rows have one external id."""
    outcome = Outcome()
    texts: dict[str, many.TextAd] = {}
    for one in taken:
        if isinstance(one, Taken):
            ad = many.text_ad(one.row.external_id, one.row.metadata, one.parts)
            if ad is not None:
                texts[ad.external_id] = ad
    there = many.add_text_ads(session, list(texts.values()), project=project, person=person, clock=clock)
    for one in taken:
        if isinstance(one, BadRow):
            outcome.refused.append((one.place, one.reason))
            continue
        text = texts.get(one.row.external_id)
        if text is not None and text.external_id not in there:
            outcome.added += 1
        elif text is not None and text.content_hash == there[text.external_id]:
            outcome.same += 1
        else:
            _write_one(session, store, one, outcome, project=project, person=person, clock=clock)
    return outcome


def _write_one(
    session: Session,
    store: Store,
    one: Taken,
    outcome: Outcome,
    *,
    project: Project,
    person: Person | None,
    clock: Clock,
) -> None:
    try:
        with session.begin_nested():
            _, new = assets.add_asset(
                session, store, project=project, external_id=one.row.external_id, metadata=one.row.metadata,
                parts=one.parts, person=person, clock=clock,
            )  # fmt: skip
    except Unavailable:
        raise
    except AppError as refused:
        outcome.refused.append((one.row.place, reason(refused)))
    else:
        outcome.added += new
        outcome.same += not new
