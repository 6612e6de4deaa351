"""What jobs of queues are about, for the page of background work."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.jobs.models import Job
from app.jobs.runs import About
from app.queues.models import Queue


def named(session: Session, jobs: Sequence[Job]) -> dict[str, About]:
    """The queue or the ad that each of these jobs names, where it names one."""
    queues = {job.id: str(job.payload["queue"]) for job in jobs if "queue" in job.payload}
    return of_queues(session, queues) | _of_ads(
        session, {job.id: str(job.payload["asset"]) for job in jobs if "asset" in job.payload}
    )


def _of_ads(session: Session, ad_of: Mapping[str, str]) -> dict[str, About]:
    rows = session.execute(select(Asset.id, Asset.external_id).where(Asset.id.in_(set(ad_of.values()))))
    names = {row.id: row.external_id for row in rows}
    return {job_id: About(names[ad], "assets.show", {"asset": ad}) for job_id, ad in ad_of.items() if ad in names}


def of_queues(session: Session, queue_of: Mapping[str, str]) -> dict[str, About]:
    """`queue_of`: ids of queues by jobs' ids."""
    rows = session.execute(select(Queue.id, Queue.name).where(Queue.id.in_(set(queue_of.values()))))
    names = {row.id: row.name for row in rows}
    return {
        job_id: About(names[queue], "queues.show", {"queue": queue})
        for job_id, queue in queue_of.items()
        if queue in names
    }
