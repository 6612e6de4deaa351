"""An ad's rows as the catalogue takes them."""

from collections.abc import Iterable

from app.assets.catalog.terms import Ad, Term
from app.assets.models import Asset, Part


def entry(asset: Asset, parts: Iterable[Part], families: Iterable[str | None] = ()) -> Ad:
    """Of a flushed ad, all of its parts, and the families of its media."""
    held = [(part.name, str(part.modality), part.text) for part in parts]
    return Ad(
        asset.seq,
        asset.project_id,
        asset.external_id,
        dict(asset.meta),
        shown_state(asset),
        held,
        [family for family in families if family],
    )


def shown_state(asset: Asset) -> str:
    """`withdrawn` over whatever else it is."""
    return "withdrawn" if asset.withdrawn_at is not None else str(asset.state)


def state_term(state: str) -> Term:
    return ("state", state)
