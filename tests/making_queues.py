"""A project at work: ads, a schema, a guideline, an open queue, and people who may work in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.assets.store import Store
from app.clock import Clock
from app.guidelines import actions as guidelines
from app.people.models import Person
from app.projects.models import Project
from app.queues import actions, making
from app.queues.models import Queue
from app.schemas.models import SchemaVersion
from tests.making import make_project
from tests.making_assets import make_asset
from tests.making_labels import make_schema

TIMING = {"page": "p1", "slices": [{"seq": 0, "state": "active", "start_ms": 0, "duration_ms": 5}]}
ANSWER: dict[str, Any] = {"answers": {"verdict": "allow"}, "timing": TIMING}


@dataclass
class Site:
    project: Project
    schema: SchemaVersion
    queue: Queue


def make_guideline(session: Session, project: Project, *, clock: Clock, title: str = "Ad policy") -> None:
    guidelines.publish(
        session, project=project, title=title, body="# 1 Alcohol\n\nNo alcohol.\n\n# 2 Minors\n\nNo minors.\n",
        change="new", clauses_changed=[], person=None, clock=clock,
    )  # fmt: skip


def make_ads(
    session: Session, store: Store, project: Project, *, clock: Clock, count: int, first: int = 1, **options: Any
) -> None:
    for number in range(first, first + count):
        make_asset(session, store, project=project, clock=clock, external_id=f"ad-{number}", **options)


def make_site(
    session: Session,
    store: Store,
    *,
    clock: Clock,
    ads: int = 3,
    person: Person | None = None,
    slug: str = "alcohol",
    filled: bool = True,
    **queue: Any,
) -> Site:
    """An open queue; its tasks are there already when `filled`."""
    project = make_project(session, clock=clock, slug=slug)
    schema = make_schema(session, project, clock=clock)
    make_guideline(session, project, clock=clock)
    make_ads(session, store, project, clock=clock, count=ads)
    made = make_queue(session, project, clock=clock, person=person, **queue)
    if filled:
        making.fill(session, made, clock=clock)
    return Site(project, schema, made)


def make_queue(
    session: Session, project: Project, *, clock: Clock, person: Person | None = None, **queue: Any
) -> Queue:
    given: Mapping[str, Any] = {"name": "First pass", **queue}
    return actions.create_queue(session, project=project, person=person, clock=clock, **given)
