"""Alembic's environment. `app.db.migrate` hands in the connection; the `alembic` command builds its own."""

from alembic import context
from sqlalchemy import Connection

import app.tables  # noqa: F401  # the metadata must be whole
from app.db.migrate import configure_options, migrating
from app.db.session import Database
from app.settings import read_settings


def run(connection: Connection) -> None:
    context.configure(connection=connection, **configure_options(connection))
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(read_settings().database_url)
    with migrating(database) as own:
        run(own)
