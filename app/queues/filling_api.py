"""The JSON API of adding tasks to a queue."""

from typing import Any

from fastapi import APIRouter, Response, UploadFile

from app.labels.canonical import moment
from app.people.asking import SignedIn
from app.queues import fillings, listing
from app.queues.asking import SeenFilling, SteeredQueue
from app.queues.fillings import Filling
from app.queues.payloads import FillingIn
from app.web.idempotency import OnceOnly
from app.web.transaction import AppClock, DbSession

router = APIRouter(tags=["queues"])

ACCEPTED = 202


@router.post("/queues/{queue}/fillings", name="api.fillings.create", status_code=202)
def add_tasks(
    queue: SteeredQueue, body: FillingIn, person: SignedIn, session: DbSession, clock: AppClock, once: OnceOnly
) -> Response:
    """Tasks of listed ads, or of a sample; they follow in the background."""

    def make() -> dict[str, Any]:
        if body.external_ids is not None:
            ids = listing.checked(body.external_ids)
            made = fillings.ask_for_list(session, queue, ids, way="list", person=person, clock=clock)
        else:
            assert body.sample is not None, "the payload holds one of both"
            sample = body.sample
            made = fillings.ask_for_sample(
                session, queue, count=sample.count, seed=sample.seed, wanted=sample.filter, by=sample.by,
                share=sample.share, person=person, clock=clock,
            )  # fmt: skip
        return filling_json(made)

    return once(make, status=ACCEPTED)


@router.post("/queues/{queue}/fillings/files", name="api.fillings.create_of_file", status_code=202)
def add_tasks_of_file(
    queue: SteeredQueue, file: UploadFile, person: SignedIn, session: DbSession, clock: AppClock, once: OnceOnly
) -> Response:
    """Tasks of the ads whose external ids a CSV or JSONL file lists."""

    def make() -> dict[str, Any]:
        ids = listing.ids_of_file(file.file.read(listing.MOST_BYTES + 1))
        name = (file.filename or "")[:200]
        return filling_json(
            fillings.ask_for_list(session, queue, ids, way="file", source=name, person=person, clock=clock)
        )

    return once(make, status=ACCEPTED)


@router.get("/fillings/{filling}", name="api.fillings.show")
def show_filling(filling: SeenFilling) -> dict[str, Any]:
    """What was asked for, and what became of it."""
    return filling_json(filling)


def filling_json(filling: Filling) -> dict[str, Any]:
    spec = {key: value for key, value in filling.spec.items() if key != "external_ids"}
    if "external_ids" in filling.spec:
        spec["listed"] = len(filling.spec["external_ids"])
    return {
        "id": filling.id, "queue": filling.queue_id, "way": filling.way, "asked_by": filling.asked_by,
        "created_at": moment(filling.created_at), "state": "done" if filling.done_at else "running", **spec,
        "outcome": filling.outcome,
    }  # fmt: skip
