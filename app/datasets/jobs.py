"""The background side of exports: a handler for the worker."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.clock import Clock
from app.datasets import actions
from app.db.session import Database
from app.jobs.worker import Handler, Progress


def export_handler(database: Database, folder: Path, clock: Clock) -> Handler:
    """Runs `datasets.export`; `folder` is where finished files lie under their export's id."""

    def handle(payload: Mapping[str, Any], progress: Progress) -> None:
        def advance(done: int, total: int | None) -> None:
            progress.update(done, total or done)

        actions.run_export(database, folder, str(payload["export"]), progress=advance, clock=clock)

    return handle
