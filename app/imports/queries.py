"""Reading imports."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.imports.models import Import, ImportFault
from app.imports.rules import IMPORT_JOB, MOST_FAULTS_SHOWN
from app.jobs.models import Job
from app.jobs.rules import OPEN_STATES, JobState
from app.jobs.runs import About
from app.people.models import Person
from app.projects.models import Project


def find_import(session: Session, import_id: str) -> Import | None:
    return session.scalar(select(Import).where(Import.id == import_id))


def import_with_its_own(session: Session, import_id: str) -> tuple[Import, Project, Person]:
    """The import, where it goes, and whose it is."""
    wanted = find_import(session, import_id)
    if wanted is None:
        raise NotFound("This import is not there any more.")
    project = session.scalars(select(Project).where(Project.id == wanted.project_id)).one()
    person = session.scalars(select(Person).where(Person.id == wanted.requested_by)).one()
    return wanted, project, person


def imports_of(project_id: str) -> Select[Import]:
    return select(Import).where(Import.project_id == project_id)


def jobs_of(session: Session, imports: Sequence[Import]) -> dict[str, Job]:
    """The jobs of these imports by their id: they know how far the work is."""
    ids = [one.job_id for one in imports if one.job_id is not None]
    return {job.id: job for job in session.scalars(select(Job).where(Job.id.in_(ids)))}


def about_jobs(session: Session, jobs: Sequence[Job]) -> dict[str, About]:
    """The file that each of these jobs reads."""
    wanted = select(Import).where(Import.job_id.in_([job.id for job in jobs]))
    return {
        str(one.job_id): About(one.file_name, "imports.show", {"project": one.project_id, "import_id": one.id})
        for one in session.scalars(wanted)
    }


def faults_of(import_id: str) -> Select[ImportFault]:
    return select(ImportFault).where(ImportFault.import_id == import_id)


def first_faults(session: Session, import_id: str) -> Sequence[ImportFault]:
    return session.scalars(faults_of(import_id).order_by(ImportFault.seq).limit(MOST_FAULTS_SHOWN)).all()


def with_uploads(session: Session) -> set[str]:
    """Imports whose file is needed yet: they go on, or may be tried again."""
    states = (*OPEN_STATES, JobState.FAILED)
    query = select(Job.payload).where(Job.kind == IMPORT_JOB, Job.state.in_(states))
    return {str(payload["import"]) for payload in session.scalars(query)}
