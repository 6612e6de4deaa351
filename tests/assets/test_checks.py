"""`fasit check` names what is wrong in the store, and nothing when all is well."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from app.assets import checks, deriving
from app.assets.intake import GivenPart
from app.assets.models import Asset, AssetRevision, Media, Part, Rendition
from app.assets.store import Store
from app.db.session import Database
from tests.conftest import FakeClock
from tests.making import make_project
from tests.making_assets import file_part, make_asset, picture


@pytest.fixture
def store(tmp_path: Path, database: Database, clock: FakeClock) -> Store:
    store = Store(tmp_path / "media")
    with database.write() as session:
        project = make_project(session, clock=clock)
        parts = [file_part(picture()), GivenPart("caption", "text", text="Hei")]
        make_asset(session, store, project=project, clock=clock, parts=parts)
    deriving.derive_all_due(database, store, clock=clock)
    return store


def faults(database: Database, store: Store) -> list[str]:
    with database.read() as session:
        return list(checks.find_faults(session, store))


def stored(database: Database) -> str:
    with database.read() as session:
        return session.scalars(select(Media.sha256)).one()


def test_nothing_is_wrong_with_what_was_stored(database: Database, store: Store) -> None:
    assert faults(database, store) == []


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "words"),
    [(Path.unlink, "is missing"), (flip, "holds other bytes")],
)
def test_a_harmed_file_is_named(database: Database, store: Store, harm: Callable[[Path], None], words: str) -> None:
    harm(store.path(stored(database)))
    assert [words in fault for fault in faults(database, store)] == [True]


def test_a_file_of_nobody_is_named_and_is_no_fault(database: Database, store: Store) -> None:
    left = store.put(io.BytesIO(b"left over"))
    with database.read() as session:
        assert list(checks.files_of_nobody(session, store)) == [left.sha256]
        assert list(checks.files_of_nobody(session, store, kept_by_others={left.sha256})) == []
    assert faults(database, store) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (delete(Rendition), ["no thumbnail"]),
        (update(Media).values(state="failed"), ["part creative is not"]),
        (update(Part).where(Part.name == "caption").values(text="Hopp"), ["not the text"]),
        (delete(AssetRevision), ["history ends at 0"]),
        (
            update(Asset).values(meta={"market": "SE"}),
            ["are not what was stored", "counts 0 ads whose metadata.market is SE, but there are 1"],
        ),
        (update(AssetRevision).values(meta={"market": "SE"}), ["are not what was stored"]),
    ],
)
def test_rows_that_do_not_agree_are_named(
    database: Database, store: Store, statement: object, words: list[str]
) -> None:
    with database.write() as session:
        session.execute(statement)  # type: ignore[call-overload]
    found = faults(database, store)
    assert len(found) == len(words)
    assert all(word in fault for word, fault in zip(words, found, strict=True))
