"""Migrations go up from empty, match the models, go down again, and have one head. On both databases."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.db.migrate import configuration, configure_options
from app.db.session import Database
from app.tables import METADATA


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_the_migrated_database_matches_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"compare_type": True, "render_as_batch": configure_options(connection)["render_as_batch"]}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert differences == []


def test_migrations_go_down_to_nothing_and_up_again(database: Database) -> None:
    with database.engine.connect().execution_options(fasit_write=True) as connection:
        command.downgrade(configuration(connection), "base")
        connection.commit()
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    with database.engine.connect().execution_options(fasit_write=True) as connection:
        command.upgrade(configuration(connection), "head")
        connection.commit()
        assert set(inspect(connection).get_table_names()) == set(METADATA.tables) | {"alembic_version"}
