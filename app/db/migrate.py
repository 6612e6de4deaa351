"""Bringing a database to the newest revision, and telling whether it is there."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.db.base import Row
from app.db.session import Database, answering
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
    }


def _render_item(kind: str, item: Any, context: AutogenContext) -> str | bool:
    if kind == "type" and isinstance(item, UtcDateTime | Json):
        context.imports.add("from app.db.types import Json, UtcDateTime")
        return f"{type(item).__name__}()"
    return False


def migrate(database: Database) -> None:
    """To the newest revision, in one transaction."""
    with answering(), database.engine.connect().execution_options(fasit_write=True) as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
        command.upgrade(configuration(connection), "head")
        connection.commit()
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
            connection.commit()


def is_current(database: Database) -> bool:
    """Whether the database stands at the newest revision."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with answering(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
