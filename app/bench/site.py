"""A Fasit with one project to be measured: people who label, a schema, a guideline, ads, and queues of them."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.store import Store
from app.clock import system_clock
from app.db.migrate import migrate
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.people import actions as people
from app.people import queries as people_queries
from app.people.rules import Role
from app.projects import actions as projects
from app.projects import queries as project_queries
from app.queues import actions as queues
from app.queues import making
from app.schemas import actions as schemas

LABELER, PASSWORD = "labeler@example.org", "six sturdy words for a benchmark"
PROJECT = "bench"
Ad = tuple[str, Sequence[GivenPart]]  # its external id and its parts


def build(
    own: Path,
    url: str,
    *,
    schema: dict[str, Any],
    ads: Iterable[Ad],
    labelers: Sequence[str] = (LABELER,),
    overlap: int = 1,
) -> str:
    """All ads in one queue, whose id it gives. `own`: the folder of the media; `labelers`: their e-mails."""
    with closing(Database(url)) as database:
        _load(database, own, schema, ads, labelers)
        with database.write() as session:
            return _queue(session, "Bench", {}, overlap)


def tokens(url: str, labelers: Sequence[str]) -> list[str]:
    """A bearer token of each of them."""
    with closing(Database(url)) as database, database.write() as session:
        found = [people_queries.person_by_email(session, email) for email in labelers]
        return [people.add_token(session, person=one, name="bench", clock=system_clock) for one in found if one]


def build_apart(own: Path, url: str, *, schema: dict[str, Any], ads: Iterable[Ad]) -> dict[str, str]:
    """Each ad in a queue of its own. Gives the queues' ids by the ads' external ids."""
    with closing(Database(url)) as database:
        names = _load(database, own, schema, ads, (LABELER,))
        with database.write() as session:
            return {name: _queue(session, name, {"metadata.ad": [name]}) for name in names}


def _load(
    database: Database, own: Path, schema: dict[str, Any], ads: Iterable[Ad], labelers: Sequence[str]
) -> list[str]:
    store, names = Store(own / "media"), []
    migrate(database)
    with database.write() as session:
        for email in labelers:
            people.add_person(
                session, email=email, name=email, roles=[Role.LABELER], organisation="Company", password=PASSWORD,
                clock=system_clock,
            )  # fmt: skip
        project = projects.create_project(
            session, name="Bench", slug=PROJECT, languages=["en"], markets=[], person=None, clock=system_clock
        )
        schemas.publish(session, project=project, body=schema, person=None, clock=system_clock)
        guidelines.publish(
            session, project=project, title="Policy", body="# 1 Marks\n\nMark what is there.\n", change="new",
            clauses_changed=[], person=None, clock=system_clock,
        )  # fmt: skip
        for name, parts in ads:
            assets.add_asset(
                session, store, project=project, external_id=name, metadata={"ad": name}, parts=list(parts), person=None,
                clock=system_clock,
            )  # fmt: skip
            names.append(name)
    deriving.derive_all_due(database, store, clock=system_clock)
    return names


def _queue(session: Session, name: str, chosen: dict[str, list[str]], overlap: int = 1) -> str:
    project = project_queries.find_project(session, PROJECT)
    assert project is not None
    queue = queues.create_queue(
        session, project=project, name=name, filter=chosen, overlap=overlap, person=None, clock=system_clock
    )
    making.fill(session, queue, clock=system_clock)
    queue_id: str = queue.id
    return queue_id
