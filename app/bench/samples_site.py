"""A Fasit with one sound a queue, each with a task for one labeler."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.store import Store
from app.clock import system_clock
from app.db.migrate import migrate
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.people import actions as people
from app.people.rules import Role
from app.projects import actions as projects
from app.queues import actions as queues
from app.schemas import actions as schemas

EMAIL, PASSWORD = "samples@example.org", "six sturdy words for a benchmark"
PROJECT = "bench"
BODY: dict[str, Any] = {
    "name": "Claims in sound",
    "parts": [{"name": "voice", "modality": "audio"}],
    "fields": [{"name": "claims", "kind": "segments", "part": "voice", "choices": [{"value": "claim"}]}],
}


def build(own: Path, url: str, sounds: Mapping[str, Path]) -> dict[str, str]:
    """Gives the queues' ids by the sounds' names."""
    database, store = Database(url), Store(own / "media")
    migrate(database)
    with database.write() as session:
        people.add_person(
            session, email=EMAIL, name="Samples", roles=[Role.LABELER], organisation="Company", password=PASSWORD,
            clock=system_clock,
        )  # fmt: skip
        project = projects.create_project(
            session, name="Bench", slug=PROJECT, languages=["en"], markets=[], person=None, clock=system_clock
        )
        schemas.publish(session, project=project, body=BODY, person=None, clock=system_clock)
        guidelines.publish(
            session, project=project, title="Policy", body="# 1 Claims\n\nNo claims.\n", change="new",
            clauses_changed=[], person=None, clock=system_clock,
        )  # fmt: skip
        for name, path in sounds.items():
            assets.add_asset(
                session, store, project=project, external_id=name, metadata={"sound": name},
                parts=[GivenPart("voice", "audio", path=path)], person=None, clock=system_clock,
            )  # fmt: skip
        seq = project.seq
    deriving.derive_all_due(database, store, clock=system_clock)
    with database.write() as session:
        project = session.get_one(type(project), seq)
        found = {}
        for name in sounds:
            queue = queues.create_queue(
                session, project=project, name=name, filter={"metadata.sound": [name]}, person=None, clock=system_clock
            )
            queues.fill(session, queue, clock=system_clock)
            found[name] = queue.id
    database.close()
    return found
