"""Six ads with suggestions made under an older schema, of which two choices are gone since."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.clock import system_clock
from app.people.models import Person
from app.projects.models import Project
from app.queues import actions as queues
from app.queues import making
from app.schemas import actions as schemas
from app.schemas.rules import ShowSuggestions
from app.suggestions import actions as suggestions
from tests.browser import labeling_site
from tests.browser.labeling_site import SCHEMA, Site

NEWER = deepcopy(SCHEMA)
NEWER["fields"][0]["choices"].pop()  # nobody can be unsure any more
NEWER["fields"][2]["choices"].pop()  # and glasses are not looked for
BOX = {"choice": "bottle", "x": 480, "y": 200, "width": 140, "height": 500, "rotation": 0}
SUGGESTED: dict[str, Any] = {
    "verdict": "reject",
    "objects": [
        {**BOX, "id": "first"},
        {**BOX, "id": "second", "x": 100},
        {**BOX, "id": "third", "x": 900},
        {**BOX, "id": "glass", "choice": "glass"},
    ],
}
SCORES = {"verdict": 0.91, "objects": {"first": 0.8, "second": 0.7, "third": 0.2}}


@contextmanager
def served(template: Path, folder: Path) -> Iterator[Site]:
    """`template` is a migrated SQLite database, copied into `folder`."""
    with labeling_site.seeded(template, folder) as site:
        with site.database.write() as session:
            project, kari = session.scalars(select(Project)).one(), session.scalars(select(Person).limit(1)).one()
            schemas.publish(session, project=project, body=NEWER, person=None, clock=system_clock)
            for number in range(1, 7):
                given = suggestions.Given(f"ad-{number}", 1, "finder", "3", SUGGESTED, SCORES)
                suggestions.add(session, site.store, given, project=project, person=kari, clock=system_clock)
        yield site


def with_queue(site: Site, show: ShowSuggestions = ShowSuggestions.SHOWN) -> Site:
    """The same with a queue of a test's own under the newer schema."""
    with site.database.write() as session:
        project = session.scalars(select(Project)).one()
        queue = queues.create_queue(
            session, project=project, name="Newer", schema_version=2, suggestions=show, person=None, clock=system_clock
        )
        making.fill(session, queue, clock=system_clock)
        return replace(site, queue_id=queue.id)
