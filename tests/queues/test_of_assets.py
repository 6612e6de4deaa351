"""The catalogue of ads filtered and counted by what state their tasks are in."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.assets.catalog import finding
from app.assets.catalog.finding import Asked, Place, Sort
from app.assets.models import Asset
from app.assets.store import Store
from app.queues import of_assets
from app.queues.models import Task
from tests.conftest import FakeClock
from tests.making_assets import make_asset
from tests.making_queues import Site, make_site


@pytest.fixture
def site(session: Session, clock: FakeClock, tmp_path: Any) -> Site:
    """ad-1 to ad-4 in a queue, ad-2 done, ad-3 on hold; `alone` in none."""
    store = Store(tmp_path / "media")
    site = make_site(session, store, clock=clock, ads=4)
    for name, state in (("ad-2", "done"), ("ad-3", "on_hold")):
        of_ad = select(Asset.id).where(Asset.external_id == name).scalar_subquery()
        session.execute(update(Task).where(Task.asset_id == of_ad).values(state=state))
    make_asset(session, store, project=site.project, clock=clock, external_id="alone")
    return site


def names(session: Session, site: Site, **wanted: list[str]) -> list[str]:
    selection = finding.select_ads(session, site.project.id, Asked(wanted), of_assets.InStates)
    seqs = finding.page(session, selection, Sort.OLDEST, Place(10)).seqs
    return [session.get_one(Asset, seq).external_id for seq in seqs]


# Kept as a set; and asked of the candidates, as a stretch and as a list.
@pytest.mark.parametrize(("most", "close"), [(8000, of_assets.CLOSE), (0, of_assets.CLOSE), (0, 0)])
def test_ads_are_found_by_the_states_of_their_tasks(
    session: Session, site: Site, most: int, close: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_assets, "MOST_JOINED", most)
    monkeypatch.setattr(of_assets, "CLOSE", close)
    assert names(session, site, queue_state=["open"]) == ["ad-1", "ad-4"]
    assert names(session, site, queue_state=["done", "on_hold"]) == ["ad-2", "ad-3"]
    assert names(session, site, queue_state=["none"]) == ["alone"]
    assert names(session, site, queue_state=["none", "done"], external_id=["ad-2", "alone", "ad-1"]) == [
        "ad-2",
        "alone",
    ]
    assert names(session, site, queue_state=["nonsense"]) == []


def numbers(session: Session, site: Site, asked: Asked) -> dict[str, tuple[int | None, bool]]:
    selection = finding.select_ads(session, site.project.id, asked, of_assets.InStates)
    return {one.value: (one.number, one.at_least) for one in of_assets.facet(session, selection, asked).values}


def test_an_ad_of_several_tasks_in_a_state_counts_once(session: Session, site: Site) -> None:
    of_ad = session.scalars(select(Task).where(Task.state == "done")).one()
    again = {
        name: getattr(of_ad, name) for name in ("project_id", "queue_id", "asset_id", "state", "state_at", "created_at")
    }
    session.add(Task(**again, schema_version=1, overlap=1, position=9, origin="audit"))
    session.flush()
    assert numbers(session, site, Asked({}))["done"] == (1, False)
    assert names(session, site, queue_state=["done"]) == ["ad-2"]


def test_states_are_counted_exactly_where_that_is_quick_and_as_many_where_not(
    session: Session, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = numbers(session, site, Asked({}))
    assert everything == {"open": (2, False), "done": (1, False), "on_hold": (1, False), "none": (None, False)}
    few = Asked({"external_id": ["ad-1", "ad-2", "alone"]})
    assert numbers(session, site, few) == {"open": (1, False), "done": (1, False), "none": (1, False)}
    monkeypatch.setattr(of_assets, "MOST_COUNTED", 1)
    assert numbers(session, site, Asked({}))["open"] == (1, True)
    monkeypatch.setattr(of_assets, "MOST_ASKED_OF", 1)
    assert numbers(session, site, few)["open"] == (None, False)
