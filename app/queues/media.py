"""The ad of a claim or a label as the labeling page shows it, with addresses that live as long as the claim."""

from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from app.assets import views as assets
from app.assets.signing import Signer


def asset_json(
    request: Request, session: Session, asset_id: str, revision: int, *, person_id: str, claim_id: str | None
) -> dict[str, Any]:
    """The revision that the claim pins."""
    state = request.app.state
    signer = Signer(state.secret_key, person_id, state.clock(), claim_id)
    return assets.task_asset_json(session, asset_id, revision=revision, signer=signer)
