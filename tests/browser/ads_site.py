"""A Fasit with a test's own schema and ads: one labeler, and a queue of the ads."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.store import Store
from app.clock import system_clock
from app.guidelines import actions as guidelines
from app.main import create_app
from app.people import actions as people
from app.people.rules import Role
from app.projects import actions as projects
from app.schemas import actions as schemas
from tests import databases
from tests.browser import labeling_site
from tests.browser.labeling_site import EMAIL, PASSWORD, Site

Ad = tuple[str, Sequence[GivenPart]]  # its external id and its parts
LABELER, VENDOR = (Role.LABELER,), "Vendor"


@contextmanager
def served(
    template: Path,
    folder: Path,
    *,
    schema: dict[str, Any],
    ads: Iterable[Ad],
    language: str = "en",
    roles: Sequence[Role] = LABELER,
    organisation: str = VENDOR,
) -> Iterator[Site]:
    """`template` is a migrated SQLite database, copied into `folder`; `roles` and `organisation` are the labeler's."""
    copyfile(template, folder / "fasit.db")
    settings = labeling_site.settings_in(folder)
    database, store = databases.sqlite_at(folder / "fasit.db"), Store(settings.media_folder)
    with database.write() as session:
        people.add_person(
            session, email=EMAIL, name="Ana", roles=list(roles), organisation=organisation, password=PASSWORD,
            clock=system_clock,
        )  # fmt: skip
        project = projects.create_project(
            session, name="Ads", slug="ads", languages=[language], markets=["NO"], person=None, clock=system_clock
        )
        schemas.publish(session, project=project, body=schema, person=None, clock=system_clock)
        guidelines.publish(
            session, project=project, title="Marks", body="# 1 Mark\n\nAll there is.", change="new", clauses_changed=[],
            person=None, clock=system_clock,
        )  # fmt: skip
        for name, parts in ads:
            assets.add_asset(
                session, store, project=project, external_id=name, metadata={}, parts=list(parts), person=None,
                clock=system_clock,
            )  # fmt: skip
    deriving.derive_all_due(database, store, clock=system_clock)
    queue_id = labeling_site.open_queue(database, claim_seconds=900)
    application = create_app(settings, database=database)
    with labeling_site.serving(application) as url:
        yield Site(url, application, queue_id)
