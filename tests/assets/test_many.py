"""Many text ads by statements of many rows are the ads that one at a time would be, also when several bring the same."""

import threading

from sqlalchemy import select

from app.assets import actions, intake, many
from app.assets.intake import GivenPart
from app.assets.models import Asset, AssetRevision, Part
from app.assets.store import Store
from app.db.session import Database
from app.jobs.models import Job
from app.projects.models import Project
from tests.conftest import FakeClock
from tests.making import make_project


def text_ad(name: str, text: str = "Skål 🍺\r\n") -> many.TextAd:
    metadata = {"market": "NO", "spend": 1.5, "tags": ["a", None]}
    parts = intake.take_texts(
        external_id=name,
        metadata=metadata,
        parts=[GivenPart("caption", "text", text=text), GivenPart("title", "text", text="To")],
    )
    ad = many.text_ad(name, metadata, parts)
    assert ad is not None
    return ad


def shape(database: Database, name: str) -> tuple[object, ...]:
    """Everything of an ad but what is its own: ids."""
    with database.read() as session:
        asset = session.scalars(select(Asset).where(Asset.external_id == name)).one()
        parts = session.scalars(select(Part).where(Part.asset_id == asset.id).order_by(Part.seq)).all()
        [revision] = session.scalars(select(AssetRevision).where(AssetRevision.asset_id == asset.id))
    own = {"seq", "id", "asset_id", "external_id"}
    return tuple(
        {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs if column.key not in own}
        for row in (asset, revision, *parts)
    )


def test_they_are_the_ads_that_one_at_a_time_would_be(database: Database, clock: FakeClock, tmp_path_factory) -> None:
    ad = text_ad("one")
    store = Store(tmp_path_factory.mktemp("store"))
    with database.write() as session:
        project = make_project(session, clock=clock)
        actions.add_asset(
            session, store, project=project, external_id="slow", metadata=ad.metadata, parts=list(ad.parts),
            person=None, clock=clock,
        )  # fmt: skip
        assert many.add_text_ads(session, [ad], project=project, person=None, clock=clock) == {}
    assert shape(database, "one") == shape(database, "slow")
    with database.read() as session:
        fills = session.scalars(select(Job).where(Job.kind == actions.FILL)).all()
    assert len(fills) == 1


def test_what_is_there_is_told_with_its_content_and_left(database: Database, clock: FakeClock) -> None:
    first, other = text_ad("one"), text_ad("one", "Other")
    with database.write() as session:
        project = make_project(session, clock=clock)
        many.add_text_ads(session, [first], project=project, person=None, clock=clock)
        there = many.add_text_ads(session, [other, text_ad("two")], project=project, person=None, clock=clock)
    assert there == {"one": first.content_hash}
    with database.read() as session:
        assert session.scalars(select(Asset.external_id).order_by(Asset.seq)).all() == ["one", "two"]
        assert "Other" not in session.scalars(select(Part.text)).all()


def test_of_several_that_bring_the_same_ads_at_once_each_ad_is_added_once(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        project_id = make_project(session, clock=clock).id
    ads = [text_ad(f"ad-{number}") for number in range(300)]
    added: list[str] = []
    start = threading.Barrier(4)

    def bring(turn: int) -> None:
        start.wait()
        for first in range(0, len(ads), 50):
            some = ads[first : first + 50] if turn % 2 else ads[first : first + 50][::-1]
            with database.write() as session:
                project = session.scalars(select(Project).where(Project.id == project_id)).one()
                there = many.add_text_ads(session, some, project=project, person=None, clock=clock)
            added.extend(ad.external_id for ad in some if ad.external_id not in there)

    threads = [threading.Thread(target=bring, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == sorted(ad.external_id for ad in ads)
    with database.read() as session:
        assert len(session.scalars(select(Asset.id)).all()) == 300
