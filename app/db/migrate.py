"""Bringing a database to the newest revision, and telling whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.db.answering import answering
from app.db.base import Row
from app.db.session import Database
from app.db.types import Json, UtcDateTime

ROOT = Path(__file__).resolve().parents[2]

# Any number: processes that migrate the same PostgreSQL database take turns by it.
_ADVISORY_LOCK = 7_264_411


def configuration(connection: Connection | None = None) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def configure_options(connection: Connection) -> dict[str, Any]:
    """How Alembic compares and writes our types."""
    return {
        "target_metadata": Row.metadata,
        "render_as_batch": connection.dialect.name == "sqlite",
        "compare_type": True,
        "render_item": _render_item,
        "include_name": _is_ours,
    }


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Not the table of full-text search, which each database writes in its own way, nor those that SQLite makes for it."""
    return kind != "table" or name is None or not name.startswith("asset_search")


def _render_item(kind: str, item: Any, context: AutogenContext) -> str | bool:
    if kind == "type" and isinstance(item, UtcDateTime | Json):
        context.imports.add("from app.db.types import Json, UtcDateTime")
        return f"{type(item).__name__}()"
    return False


def migrate(database: Database) -> None:
    """To the newest revision, in one transaction."""
    with answering(), migrating(database) as connection:
        command.upgrade(configuration(connection), "head")


@contextmanager
def migrating(database: Database) -> Iterator[Connection]:
    """A connection in which tables may be changed; committed when the block ends. Who comes second waits."""
    with database.engine.connect().execution_options(fasit_write=True) as connection:
        taking_turns = _unheld_references(connection) if database.is_sqlite else _one_at_a_time(connection)
        with taking_turns:
            yield connection


@contextmanager
def _unheld_references(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew and dropping the old one, which rows that refer to it would forbid. So
    references are held to at the end instead, over all tables.
    """
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")  # means nothing within a transaction, so before it
    try:
        connection.begin()  # ours, else Alembic commits each migration by itself
        yield
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"a migration left references to nothing: {broken[:5]}")
        connection.commit()
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _one_at_a_time(connection: Connection) -> Iterator[None]:
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
    yield
    connection.commit()
    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
    connection.commit()


def is_current(database: Database) -> bool:
    """Whether the database stands at the newest revision. A file that is not there stays so: to open it would make it."""
    if database.is_sqlite and "uri" not in database.url.query and not Path(str(database.url.database)).exists():
        return False
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with answering(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
