"""A project of very many ads, all but a few in a queue. Rows are written straight into tables, the catalogue by its own code."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.assets.catalog import upkeep
from app.assets.catalog.terms import Ad
from app.assets.models import Asset, AssetRevision, Part
from app.bench.claims_site import BODY
from app.clock import system_clock
from app.db.base import new_id
from app.db.migrate import migrate
from app.db.session import Database
from app.people import actions as people
from app.people import sign_ins
from app.people.rules import Role, SignInWay
from app.projects import actions as projects
from app.projects.models import Project
from app.queues import actions as queues
from app.queues.models import Queue, Task
from app.schemas import actions as schemas
from app.web.cookies import SIGN_IN_COOKIE

PROJECT = "bench"
BATCH = 1000
ON_HOLD, LEFT_OUT = frozenset({11, 222, 3333}), frozenset({7, 777, 7777})
COUNTRIES = {"NO": ("nb", "Norge"), "SE": ("sv", "Sverige")}
WORDS = (
    "sommer", "vinter", "pils", "juice", "sko", "reise", "strøm", "lån", "spill", "kaffe", "rømme", "brød", "øl", "vår",
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """`ids`: of each `step`th ad, the newest first. `upkeep_ms`: what one ad's place in the catalogue took to write."""

    cookie: str
    ids: Sequence[str]
    step: int
    some_id: str
    upkeep_ms: float


def build(url: str, *, ads: int) -> Site:
    database = Database(url)
    migrate(database)
    with database.write() as session:
        cookie = f"{SIGN_IN_COOKIE}={_sign_in(session)}"
        project, queue = _project(session)
    step = max(1, ads // 1000)
    ids: list[str] = []
    spent = 0.0
    for first in range(0, ads, BATCH):
        with database.write() as session:
            rows = [_row(project, number, ads) for number in range(first, min(first + BATCH, ads))]
            spent += _write(session, project, queue, rows, first)
        ids += [row["id"] for number, row in enumerate(rows, start=first) if number % step == 0]
    with database.engine.connect().execution_options(fasit_write=True, isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")
    database.close()
    return Site(cookie, ids[::-1], step, f"ad-{ads // 3:07d}", round(spent / ads * 1000, 4))


def _sign_in(session: Session) -> str:
    engineer = people.add_person(
        session, email="engineer@example.org", name="Eir", roles=[Role.ENGINEER], organisation="Company",
        clock=system_clock,
    )  # fmt: skip
    return sign_ins.begin(session, person=engineer, way=SignInWay.LINK, browser="bench", clock=system_clock)


def _project(session: Session) -> tuple[Project, Queue]:
    project = projects.create_project(
        session, name="Bench", slug=PROJECT, languages=["nb"], markets=[], person=None, clock=system_clock
    )
    schemas.publish(session, project=project, body=BODY, person=None, clock=system_clock)
    queue = queues.create_queue(session, project=project, name="Bench", person=None, clock=system_clock)
    return project, queue


def _row(project: Project, number: int, ads: int) -> dict[str, Any]:
    market = "NO" if number % 2 else "SE"
    language, country = COUNTRIES[market]
    late = {"group": "late"} if number >= ads // 2 else {}
    alone = {"one": "only"} if number == ads // 2 + 1 else {}
    words = " ".join(WORDS[(number * step) % len(WORDS)] for step in (3, 5, 7, 11, 13))
    rare = " sjelden" if number % (ads // 20) == 0 else ""
    return {
        "id": new_id(), "created_at": system_clock(), "project_id": project.id, "external_id": f"ad-{number:07d}",
        "revision": 1, "content_hash": secrets.token_hex(32), "state": "ready",
        "meta": {
            "market": market, "language": language, "advertiser": f"Advertiser {number % 300}",
            "campaign": f"campaign-{number % 5000}", **late, **alone,
        },
        "text": f"Tilbud i {country}: {words}, {number % 100},90{rare}. Bare denne helgen, så lenge det varer.",
    }  # fmt: skip


def _write(session: Session, project: Project, queue: Queue, rows: list[dict[str, Any]], first: int) -> float:
    """Gives the seconds that the catalogue took of it."""
    texts = [row.pop("text") for row in rows]
    seqs = session.scalars(insert(Asset).returning(Asset.seq, sort_by_parameter_order=True), rows).all()
    base = [{"id": new_id(), "created_at": row["created_at"], "asset_id": row["id"]} for row in rows]
    session.execute(
        insert(Part),
        [
            one | {"name": "caption", "modality": "text", "text": text, "sha256": secrets.token_hex(32), "facts": {}, "since_revision": 1}
            for one, text in zip(base, texts, strict=True)
        ],
    )  # fmt: skip
    revisions = [{**one, "id": new_id(), "number": 1, "meta": row["meta"]} for one, row in zip(base, rows, strict=True)]
    session.execute(insert(AssetRevision), revisions)
    tasks = [
        {
            **one, "id": new_id(), "project_id": project.id, "queue_id": queue.id, "schema_version": 1, "overlap": 1,
            "position": number, "origin": "fill", "state": _state(number), "state_at": one["created_at"],
        }
        for number, one in enumerate(base, start=first)
        if number not in LEFT_OUT
    ]  # fmt: skip
    session.execute(insert(Task), tasks)
    begun = time.perf_counter()
    upkeep.add(
        session,
        [
            Ad(seq, project.id, row["external_id"], row["meta"], "ready", [("caption", "text", text)])
            for seq, row, text in zip(seqs, rows, texts, strict=True)
        ],
    )
    return time.perf_counter() - begun


def _state(number: int) -> str:
    if number in ON_HOLD:
        return "on_hold"
    return "done" if number % 10 < 3 else "open"  # noqa: PLR2004  # three of ten are done
