"""The trail of administrative acts: who did what to which thing, when."""

from typing import Any

from sqlalchemy.orm import Session

from app.clock import Clock
from app.people.models import AuditEvent, Person


def record(
    session: Session,
    *,
    actor: Person | None,
    verb: str,
    subject_kind: str,
    subject_id: str,
    details: dict[str, Any],
    clock: Clock,
) -> None:
    """Adds a row. `actor` is None for acts of the command line; `details` never holds a secret."""
    session.add(
        AuditEvent(
            created_at=clock(),
            actor_id=actor.id if actor else None,
            verb=verb,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=details,
        )
    )
