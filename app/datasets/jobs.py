"""The background side of exports: a handler for the worker."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.clock import Clock
from app.datasets import actions
from app.db.session import Database
from app.jobs.runs import Kind, Run


def export_kind(database: Database, folder: Path, clock: Clock) -> Kind:
    """Runs `datasets.export`; `folder` is where finished files lie under their export's id."""

    def handle(payload: Mapping[str, Any], run: Run) -> None:
        actions.run_export(database, folder, str(payload["export"]), run=run, clock=clock)

    return Kind("Exporting labels", handle, may_cancel=True)
