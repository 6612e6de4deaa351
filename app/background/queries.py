"""Reading background work."""

from collections.abc import Mapping

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.jobs.models import Job
from app.jobs.rules import OPEN_STATES, JobState
from app.projects.models import Project

ENDED_SHOWN = 100  # before those that are alike are folded
OPEN_SHOWN = 20


def find_job(session: Session, job_id: str) -> Job | None:
    return session.scalar(select(Job).where(Job.id == job_id))


def jobs_of(*, state: JobState | None = None, kind: str | None = None, project_id: str | None = None) -> Select[Job]:
    query = select(Job)
    if state is not None:
        query = query.where(Job.state == state)
    if kind is not None:
        query = query.where(Job.kind == kind)
    if project_id is not None:
        query = query.where(Job.project_id == project_id)
    return query


def open_jobs(session: Session) -> list[Job]:
    """What runs, then what waits, each the longest first; the first of them."""
    found: list[Job] = []
    for state in (JobState.RUNNING, JobState.QUEUED):
        query = jobs_of(state=state).order_by(Job.run_after, Job.seq).limit(OPEN_SHOWN)
        found += session.scalars(query).all()
    return found[:OPEN_SHOWN]


def ended_jobs(session: Session) -> list[Job]:
    """What ended last, but for failures, which have a list of their own."""
    ended = Job.state.in_((JobState.DONE, JobState.CANCELLED, JobState.DROPPED))
    return list(session.scalars(select(Job).where(ended).order_by(Job.seq.desc()).limit(ENDED_SHOWN)))


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many jobs are open or have failed, by state and kind."""
    query = select(Job.state, Job.kind, func.count()).where(Job.state.in_((*OPEN_STATES, JobState.FAILED)))
    return {(state, kind): count for state, kind, count in session.execute(query.group_by(Job.state, Job.kind))}


def project_names(session: Session, jobs: list[Job]) -> Mapping[str, str]:
    ids = {job.project_id for job in jobs if job.project_id is not None}
    return {row.id: row.name for row in session.execute(select(Project.id, Project.name).where(Project.id.in_(ids)))}
