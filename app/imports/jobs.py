"""The background side of imports: a kind of job for the worker."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.assets.store import Store
from app.clock import Clock
from app.db.session import Database
from app.imports import actions, queries, uploads
from app.jobs.runs import Kind, Run


def import_kind(database: Database, store: Store, folder: Path, clock: Clock) -> Kind:
    """Runs `imports.run`; `folder` is where uploads lie under their import's id."""

    def handle(payload: Mapping[str, Any], run: Run) -> None:
        with database.read() as session:
            wanted = queries.with_uploads(session)
        uploads.remove_all_but(folder, wanted, clock())
        actions.run_import(database, store, folder, str(payload["import"]), run=run, clock=clock)

    return Kind("Importing ads", handle, may_cancel=True, about=queries.about_jobs, counts="rows")
