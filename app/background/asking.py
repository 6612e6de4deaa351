"""Finding the job of a path. Background work is for those who bring ads in; to others it does not exist."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from app.background import queries
from app.errors import NotFound
from app.jobs.models import Job
from app.jobs.runs import Kind
from app.people.asking import Importer
from app.web.transaction import DbSession


def _wanted(session: DbSession, job: str, _person: Importer) -> Job:
    found = queries.find_job(session, job)
    if found is None:
        raise NotFound
    return found


def _kinds(request: Request) -> Mapping[str, Kind]:
    kinds: Mapping[str, Kind] = request.app.state.job_kinds
    return kinds


WantedJob = Annotated[Job, Depends(_wanted)]
JobKinds = Annotated[Mapping[str, Kind], Depends(_kinds)]
