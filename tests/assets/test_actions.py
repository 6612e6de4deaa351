"""Adding, changing and withdrawing ads."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.assets import actions, deriving, queries
from app.assets.intake import GivenPart
from app.assets.models import Asset, Media, Rendition
from app.assets.rules import AssetState
from app.assets.store import Store
from app.db.session import Database
from app.errors import Conflict, Invalid
from app.jobs.models import Job
from app.jobs.rules import RETRY_AFTER
from app.people.rules import Role
from app.projects.models import Project
from tests.conftest import FakeClock
from tests.making import make_colleague, make_project
from tests.making_assets import file_part, make_asset, picture, tone


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


@pytest.fixture
def project(database: Database, clock: FakeClock) -> Project:
    with database.write() as session:
        return make_project(session, clock=clock)


def add(database: Database, store: Store, project: Project, clock: FakeClock, **given: object) -> Asset:
    with database.write() as session:
        return make_asset(session, store, project=project, clock=clock, **given)  # type: ignore[arg-type]


def reload(database: Database, asset: Asset) -> Asset:
    with database.read() as session:
        found = queries.find_asset(session, asset.id)
    assert found is not None
    return found


def test_a_text_ad_is_ready_at_once_and_queues_are_told(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    asset = add(database, store, project, clock)
    assert asset.state == AssetState.READY
    with database.read() as session:
        facts = queries.facts(session, store, asset)
        assert session.scalars(select(Job.kind)).all() == ["queues.fill"]
        assert session.scalars(select(Project.asset_changes)).one() == 1
    part = facts.parts[0]
    assert (part.name, part.text, part.byte_size) == ("creative", "Buy now 🙂", 12)


def test_many_ads_leave_one_job_to_fill_queues(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    with database.write() as session:
        for number in range(5):
            make_asset(session, store, project=project, clock=clock, external_id=f"ad-{number}")
    with database.read() as session:
        assert session.scalars(select(Job.kind)).all() == ["queues.fill"]


def test_a_mixed_ad_waits_for_its_media_and_is_then_ready(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    parts = [
        file_part(picture()),
        GivenPart("caption", "text", text="Tørst?"),
        file_part(tone(), name="voice", modality="audio"),
    ]
    asset = add(database, store, project, clock, parts=parts)
    assert asset.state == AssetState.PREPARING
    assert deriving.derive_all_due(database, store, clock=clock) == 2
    asset = reload(database, asset)
    assert asset.state == AssetState.READY
    with database.read() as session:
        facts = queries.facts(session, store, asset)
    creative, voice = facts.part("creative"), facts.part("voice")
    assert creative is not None
    assert (creative.width, creative.height) == (60, 40)
    assert voice is not None
    assert (voice.samples, voice.sample_rate, voice.duration) == (4410, 44_100, 0.1)


def test_the_same_file_in_two_ads_is_stored_and_derived_once(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    first = add(database, store, project, clock, external_id="one", parts=[file_part(picture())])
    assert deriving.derive_all_due(database, store, clock=clock) == 1
    second = add(database, store, project, clock, external_id="two", parts=[file_part(picture())])
    assert deriving.derive_all_due(database, store, clock=clock) == 0
    assert reload(database, first).state == second.state == AssetState.READY
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Media)) == 1


def test_the_same_ad_again_is_the_same_ad(database: Database, store: Store, project: Project, clock: FakeClock) -> None:
    with database.write() as session:
        given = {"external_id": "ad", "metadata": {"market": "NO"}, "parts": [GivenPart("creative", "text", text="x")]}
        first, new = actions.add_asset(session, store, project=project, person=None, clock=clock, **given)  # type: ignore[arg-type]
        again, new_again = actions.add_asset(session, store, project=project, person=None, clock=clock, **given)  # type: ignore[arg-type]
    assert (first.id, new, new_again) == (again.id, True, False)


@pytest.mark.parametrize(
    "other", [{"metadata": {"market": "SE"}}, {"parts": [GivenPart("creative", "text", text="other")]}]
)
def test_the_same_external_id_with_other_content_is_refused(
    database: Database, store: Store, project: Project, clock: FakeClock, other: dict[str, object]
) -> None:
    add(database, store, project, clock)
    with pytest.raises(Conflict, match="other content"):
        add(database, store, project, clock, **other)


def test_a_change_makes_a_revision_and_the_earlier_ones_stay_readable(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    asset = add(database, store, project, clock, metadata={"market": "NO", "old": 1})
    with database.write() as session:
        person = make_colleague(session, Role.ENGINEER, clock=clock)
        parts = [GivenPart("caption", "text", text="new")]
        changed = actions.change_asset(
            session, store, asset, metadata={"market": "SE", "old": None}, parts=parts, person=person, clock=clock
        )
        assert changed.revision == 2
        same = actions.change_asset(session, store, asset, metadata={}, parts=parts, person=person, clock=clock)
        assert same.revision == 2
    with database.read() as session:
        before, now = queries.facts(session, store, asset, revision=1), queries.facts(session, store, asset)
    assert (before.metadata, [part.name for part in before.parts]) == ({"market": "NO", "old": 1}, ["creative"])
    assert (now.metadata, [part.name for part in now.parts]) == ({"market": "SE"}, ["creative", "caption"])
    # What was imported first is still known as the same ad.
    assert add(database, store, project, clock, metadata={"market": "NO", "old": 1}).id == asset.id


def test_a_part_is_never_replaced(database: Database, store: Store, project: Project, clock: FakeClock) -> None:
    asset = add(database, store, project, clock)
    with database.write() as session:
        person = make_colleague(session, Role.ENGINEER, clock=clock)
        parts = [GivenPart("creative", "text", text="other")]
        with pytest.raises(Conflict, match="never replaced"):
            actions.change_asset(session, store, asset, metadata=None, parts=parts, person=person, clock=clock)


def test_withdrawing_needs_a_reason_and_keeps_the_ad_readable(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    asset = add(database, store, project, clock)
    with database.write() as session:
        person = make_colleague(session, Role.MANAGER, clock=clock)
        with pytest.raises(Invalid, match="why"):
            actions.withdraw_asset(session, asset, reason=" ", person=person, clock=clock)
        actions.withdraw_asset(session, asset, reason="Wrong campaign", person=person, clock=clock)
        with pytest.raises(Conflict, match="withdrawn"):
            actions.change_asset(session, store, asset, metadata={"a": 1}, parts=[], person=person, clock=clock)
    found = reload(database, asset)
    assert (found.withdrawn_reason, found.withdrawn_by, found.withdrawn_at) == ("Wrong campaign", person.id, clock())


def test_every_fault_is_named_at_its_path_and_nothing_is_kept(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    parts = [file_part(b"<svg></svg>"), GivenPart("caption", "text", text="")]
    with pytest.raises(Invalid) as refused:
        add(database, store, project, clock, parts=parts)
    assert [problem.path for problem in refused.value.problems] == ["/parts/0", "/parts/1"]
    assert list(store.hashes()) == []


def test_a_medium_that_breaks_while_it_is_derived_fails_its_ads_with_the_reason(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    asset = add(database, store, project, clock, parts=[file_part(picture())])
    with database.read() as session:
        media = session.scalars(select(Media)).one()
    store.path(media.sha256).write_bytes(picture()[:80])
    deriving.derive_all_due(database, store, clock=clock)
    found = reload(database, asset)
    assert found.state == AssetState.FAILED
    assert found.failure is not None
    assert found.failure.startswith("creative: ")
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Rendition)) == 0


def test_a_derivation_that_never_succeeds_fails_its_ads_after_the_last_try(
    database: Database, store: Store, project: Project, clock: FakeClock
) -> None:
    asset = add(database, store, project, clock, parts=[file_part(picture())])
    with database.read() as session:
        media = session.scalars(select(Media)).one()
    store.path(media.sha256).unlink()
    for delay in (timedelta(), *RETRY_AFTER):
        assert reload(database, asset).state == AssetState.PREPARING
        clock.now += delay
        deriving.derive_all_due(database, store, clock=clock)
    found = reload(database, asset)
    assert (found.state, found.failure) == (
        AssetState.FAILED,
        "creative: What browsers show of it could not be made. Bring the file again.",
    )
    # Bringing the file again mends it.
    add(database, store, project, clock, external_id="again", parts=[file_part(picture())])
    deriving.derive_all_due(database, store, clock=clock)
    assert reload(database, asset).state == AssetState.READY
