"""Finding the import of a path. Imports are for those who bring ads in; to others they do not exist."""

from typing import Annotated

from fastapi import Depends

from app.errors import NotFound
from app.imports import queries
from app.imports.models import Import
from app.people.asking import IMPORTERS, Importer
from app.projects.asking import ProjectFor
from app.projects.models import Project
from app.web.transaction import DbSession

# The pages of imports are not there for others.
ImportersOwnProject = Annotated[Project, Depends(ProjectFor(IMPORTERS))]


def _wanted(session: DbSession, import_id: str, _person: Importer) -> Import:
    found = queries.find_import(session, import_id)
    if found is None:
        raise NotFound
    return found


def _wanted_in_project(session: DbSession, import_id: str, project: ImportersOwnProject) -> Import:
    found = queries.find_import(session, import_id)
    if found is None or found.project_id != project.id:
        raise NotFound
    return found


WantedImport = Annotated[Import, Depends(_wanted)]
ImportOfProject = Annotated[Import, Depends(_wanted_in_project)]
