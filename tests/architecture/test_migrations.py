"""Migrations go up from empty, match the models, go down again, and have one head. On both databases."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select

from app.assets.models import Asset
from app.assets.store import Store
from app.db.migrate import configuration, configure_options, is_current, migrate, migrating
from app.db.session import Database
from app.tables import METADATA
from tests.conftest import FakeClock
from tests.making import make_person
from tests.making_labels import make_label
from tests.making_queues import make_site


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_the_migrated_database_matches_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {
            name: configure_options(connection)[name] for name in ("compare_type", "render_as_batch", "include_name")
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert differences == []


def test_migrations_go_down_to_nothing_and_up_again(database: Database) -> None:
    with migrating(database) as connection:
        command.downgrade(configuration(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate(database)
    with database.engine.connect() as connection:
        names = {name for name in inspect(connection).get_table_names() if not name.startswith("asset_search")}
        assert names == set(METADATA.tables) | {"alembic_version"}


def test_rows_live_through_every_migration(database: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A database at work goes down to the first revision and up again, and every row of the first is still there."""
    with database.write() as session:
        store = Store(tmp_path / "media")
        site = make_site(session, store, clock=clock)
        make_label(
            session, store, project=site.project, person=make_person(session, clock=clock), schema=site.schema,
            asset=session.scalars(select(Asset).limit(1)).one(), queue=site.queue, clock=clock,
        )  # fmt: skip
    before = counts(database)
    assert {"clauses", "guideline_versions", "labels", "revisions", "slots", "tasks"} <= set(before)
    with migrating(database) as connection:
        command.downgrade(configuration(connection), "0001")
    migrate(database)
    assert counts(database) == before
    with database.engine.connect() as connection:
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_what_breaks_a_reference_leaves_the_database_as_it_was(sqlite_database: Database) -> None:
    def halfway() -> None:
        with migrating(sqlite_database) as connection:
            command.downgrade(configuration(connection), "0001")
            connection.exec_driver_sql(
                "INSERT INTO clauses (id, created_at, guideline_id, clause_id, number, title, level)"
                " VALUES ('c', '2026-01-01', 'nowhere', '1', '1', 'Alcohol', 2)"
            )

    with pytest.raises(RuntimeError, match="references to nothing"):
        halfway()
    assert is_current(sqlite_database)
    assert counts(sqlite_database) == {}


def counts(database: Database) -> dict[str, int]:
    """The number of rows of every table that holds some."""
    with database.engine.connect() as connection:
        found = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in METADATA.tables.items()
        }
    return {name: count for name, count in found.items() if count}
