"""Tasks that are asked for by name or by chance: of listed ads, or of a sample. Each asking is a row with its outcome."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.assets.models import Asset
from app.clock import Clock
from app.db.base import Row, new_id, refers_to
from app.db.session import Database
from app.db.types import Json, UtcDateTime
from app.errors import Conflict, Invalid
from app.jobs import actions as jobs
from app.jobs.models import Job
from app.jobs.runs import About, Kind, Run
from app.people.models import Person
from app.queues import abouts, actions, candidates, making
from app.queues.models import Queue
from app.queues.rules import AdFacts, QueueState, check_filter, looked_up, matches
from app.queues.sampling import NO_VALUE, Draw, Share
from app.schemas import answers as schema_answers

KIND = "queues.add"
STEP = 500
READ_AT_ONCE = 2000
MOST_NAMED = 100


class Filling(Row):
    """Somebody asked for tasks. `spec`: of which ads; `outcome`: what became of it, None while it goes on."""

    __tablename__ = "fillings"
    queue_id: Mapped[str] = refers_to("queues.id", index=True)
    asked_by: Mapped[str] = refers_to("people.id")
    way: Mapped[str] = mapped_column(String(10))  # list, file, sample
    spec: Mapped[dict[str, Any]] = mapped_column(Json)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def ask_for_list(
    session: Session, queue: Queue, ids: Sequence[str], *, way: str, person: Person, clock: Clock, source: str = ""
) -> Filling:
    """Tasks of the ads with these external ids; those that are unknown or do not fit are told in the outcome."""
    return _ask(session, queue, way, {"external_ids": list(ids), "source": source}, person=person, clock=clock)


def ask_for_sample(
    session: Session,
    queue: Queue,
    *,
    count: int,
    seed: str,
    wanted: Mapping[str, Any] | None,
    by: str | None,
    share: Share,
    person: Person,
    clock: Clock,
) -> Filling:
    """Tasks of `count` ads drawn from those that fit `wanted`, or the queue's filter; `by`: a metadata key of strata."""
    problems = check_filter(wanted or {})
    if problems:
        raise Invalid("The sample cannot be drawn as it is described.", problems=problems)
    spec = {
        "count": count, "seed": seed, "filter": dict(queue.filter if wanted is None else wanted), "by": by,
        "share": str(share),
    }  # fmt: skip
    return _ask(session, queue, "sample", spec, person=person, clock=clock)


def _ask(session: Session, queue: Queue, way: str, spec: dict[str, Any], *, person: Person, clock: Clock) -> Filling:
    if queue.state == QueueState.CLOSED:
        raise Conflict("This queue is closed. Open it, then add tasks.")
    filling = Filling(id=new_id(), queue_id=queue.id, asked_by=person.id, way=way, spec=spec, created_at=clock())
    session.add(filling)
    session.flush()
    told = {key: value for key, value in spec.items() if key != "external_ids"} | {"filling": filling.id, "way": way}
    actions.note(session, person, "queue tasks added", queue, told, clock)
    jobs.enqueue(session, KIND, {"filling": filling.id}, clock=clock, project_id=queue.project_id)
    return filling


def job_kind(database: Database, clock: Clock) -> Kind:
    def add(payload: Mapping[str, Any], run: Run) -> None:
        with database.read() as session:
            filling = session.scalars(select(Filling).where(Filling.id == payload["filling"])).one()
            queue = session.scalars(select(Queue).where(Queue.id == filling.queue_id)).one()
            if filling.outcome is not None:
                return
        chosen, told = (
            _sampled(database, queue, filling.spec, run) if filling.way == "sample"
            else _listed(database, queue, filling.spec["external_ids"])
        )  # fmt: skip
        made = int(run.checkpoint.get("made", 0))  # by a run that was broken off; what it made is there already
        for first in range(0, len(chosen), STEP):
            run.rest()
            with run.write() as session:
                here = session.scalars(select(Queue).where(Queue.id == queue.id)).one()
                made += making.make_tasks(session, here, chosen[first : first + STEP], clock=clock)
                run.note_checkpoint(session, {"made": made}, done=first, total=len(chosen))
        with run.write() as session:
            kept = session.scalars(select(Filling).where(Filling.id == filling.id)).one()
            kept.outcome = {"chosen": len(chosen), "made": made, "already": len(chosen) - made, **told}
            kept.done_at = clock()

    return Kind("Adding tasks to a queue", add, about=_about, counts="ads")


def _about(session: Session, jobs: Sequence[Job]) -> dict[str, About]:
    """The queue that each of these jobs adds to."""
    filling_of = {job.id: str(job.payload["filling"]) for job in jobs}
    rows = session.execute(select(Filling.id, Filling.queue_id).where(Filling.id.in_(set(filling_of.values()))))
    queue_of = {row.id: row.queue_id for row in rows}
    return abouts.of_queues(session, {job_id: queue_of[one] for job_id, one in filling_of.items() if one in queue_of})


def _listed(database: Database, queue: Queue, external_ids: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """Ids of the ads that can have a task here, in the order they were listed, and those that cannot, by why."""
    chosen: list[str] = []
    refused: dict[str, list[str]] = {"unknown": [], "withdrawn": [], "not_ready": [], "unfit": []}
    with database.read() as session:
        body = making.schema_body(session, queue)
        for first in range(0, len(external_ids), STEP):
            some = external_ids[first : first + STEP]
            rows = session.execute(
                select(Asset.external_id, Asset.id, Asset.state, Asset.withdrawn_at).where(
                    Asset.project_id == queue.project_id, Asset.external_id.in_(some)
                )
            )
            found = {row.external_id: row for row in rows}
            parts = candidates.parts_of(session, [row.id for row in found.values()])
            for external_id in some:
                row = found.get(external_id)
                if row is None:
                    refused["unknown"].append(external_id)
                elif row.withdrawn_at is not None:
                    refused["withdrawn"].append(external_id)
                elif row.state != "ready":
                    refused["not_ready"].append(external_id)
                elif not schema_answers.fits(body, dict(parts[row.id])):
                    refused["unfit"].append(external_id)
                else:
                    chosen.append(row.id)
    told = {why: {"count": len(ids), "examples": ids[:MOST_NAMED]} for why, ids in refused.items() if ids}
    return chosen, told


def _sampled(database: Database, queue: Queue, spec: Mapping[str, Any], run: Run) -> tuple[list[str], dict[str, Any]]:
    draw = Draw(spec["seed"], spec["count"])
    for asset_id, ad in _fitting(database, queue, spec["filter"], run):
        draw.take(_stratum(ad, spec["by"]), ad.external_id, asset_id)
    chosen, of_each = draw.drawn(Share(spec["share"]))
    told: dict[str, Any] = {"of": sum(draw.sizes.values())}
    if spec["by"]:
        told["strata"] = {name: {"of": draw.sizes[name], "chosen": count} for name, count in of_each.items()}
    return chosen, told


def _stratum(ad: AdFacts, by: str | None) -> str:
    if not by:
        return ""
    value = looked_up(ad.metadata, by)
    return NO_VALUE if value is None or value == "" else str(value)


def _fitting(database: Database, queue: Queue, wanted: Mapping[str, Any], run: Run) -> Iterator[tuple[str, AdFacts]]:
    """Every ready ad of the project that fits the schema and matches, in short reads."""
    after = -1
    with database.read() as session:
        body = making.schema_body(session, queue)
    while True:
        run.rest()
        with database.read() as session:
            found = candidates.ready_ads(session, queue.project_id, after=after, limit=READ_AT_ONCE)
        for _, asset_id, ad in found:
            if matches(wanted, ad) and schema_answers.fits(body, dict(ad.parts)):
                yield asset_id, ad
        if len(found) < READ_AT_ONCE:
            return
        after = found[-1][0]
        run.beat()


# Reading --------------------------------------------------------------------------------------------------------


def find(session: Session, filling_id: str) -> Filling | None:
    return session.scalar(select(Filling).where(Filling.id == filling_id))


def of_queue(session: Session, queue: Queue, *, most: int = 50) -> Sequence[Filling]:
    """The newest first."""
    return session.scalars(
        select(Filling).where(Filling.queue_id == queue.id).order_by(Filling.seq.desc()).limit(most)
    ).all()
