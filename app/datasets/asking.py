"""Finding the export of a path as the person who asks may see it."""

from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from app.datasets import queries
from app.datasets.models import Export
from app.datasets.rules import ExportState
from app.errors import NotFound
from app.people.asking import ENGINEERS
from app.projects.asking import ProjectFor
from app.projects.models import Project
from app.web.transaction import DbSession

# Exports are a page: to others than engineers and admins it does not exist.
EngineersOwnProject = Annotated[Project, Depends(ProjectFor(ENGINEERS))]


def exports_folder(request: Request) -> Path:
    folder: Path = request.app.state.exports_folder
    return folder


def finished_export(
    export: str,
    project: EngineersOwnProject,
    session: DbSession,
    folder: Annotated[Path, Depends(exports_folder)],
) -> Export:
    found = queries.find_export(session, export)
    if found is None or found.project_id != project.id or found.state != ExportState.DONE:
        raise NotFound
    if not (folder / found.id).is_file():
        raise NotFound("This file is not kept any more. Export again.")
    return found


FinishedExport = Annotated[Export, Depends(finished_export)]
