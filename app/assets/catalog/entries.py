"""An ad's rows as the catalogue takes them."""

from collections.abc import Iterable

from app.assets.catalog.terms import Ad, Term
from app.assets.models import Asset, Part


def entry(asset: Asset, parts: Iterable[Part]) -> Ad:
    """Of a flushed ad and all of its parts."""
    held = [(part.name, str(part.modality), part.text) for part in parts]
    return Ad(asset.seq, asset.project_id, asset.external_id, dict(asset.meta), shown_state(asset), held)


def shown_state(asset: Asset) -> str:
    """`withdrawn` over whatever else it is."""
    return "withdrawn" if asset.withdrawn_at is not None else str(asset.state)


def state_term(state: str) -> Term:
    return ("state", state)
