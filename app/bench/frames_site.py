"""A Fasit with one video a queue, for measuring what its page shows."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from app.projects.models import Project
from app.queues import actions as queues
from app.schemas import actions as schemas

if TYPE_CHECKING:
    from playwright.sync_api import Page

EMAIL, PASSWORD = "frames@example.org", "six sturdy words for a benchmark"
BODY: dict[str, Any] = {
    "name": "Bottles in films",
    "parts": [{"name": "clip", "modality": "video"}],
    "fields": [
        {"name": "bottles", "kind": "tracks", "part": "clip", "choices": [{"value": "bottle"}, {"value": "glass"}]},
        {"name": "scenes", "kind": "segments", "part": "clip", "choices": [{"value": "party"}]},
    ],
}
# Tracks that wander over the whole video, given to the page as the draft of a long day's work.
MANY_TRACKS = """async ([tracks, keyframes]) => {
  const { work } = document.querySelector("fasit-work")
  const part = work.part("clip")
  const { times } = await (await fetch(part.urls.frames)).json()
  const each = Math.floor(keyframes / tracks)
  const gap = Math.floor((times.length - 1) / each)
  const made = Array.from({ length: tracks }, (_, track) => ({
    id: `t${track}`, choice: track % 2 ? "bottle" : "glass", source: "human",
    keyframes: Array.from({ length: each }, (_, n) => ({
      frame: n * gap, time: times[n * gap] / 1e6, x: (track * 13 + n * 7) % 250, y: (track * 7 + n * 5) % 140, width: 40, height: 40,
      rotation: 0, outside: false, occluded: false,
    })),
  }))
  work.load({ answers: { bottles: made } })
}"""


def build(own: Path, url: str, films: Mapping[str, Path]) -> dict[str, str]:
    """A queue a film, each with a task for one labeler. Gives the queues' ids by the films' names."""
    database, store = Database(url), Store(own / "media")
    migrate(database)
    with database.write() as session:
        people.add_person(
            session, email=EMAIL, name="Frames", roles=[Role.LABELER], organisation="Company", password=PASSWORD,
            clock=system_clock,
        )  # fmt: skip
        project = projects.create_project(
            session, name="Bench", slug="bench", languages=["en"], markets=[], person=None, clock=system_clock
        )
        schemas.publish(session, project=project, body=BODY, person=None, clock=system_clock)
        guidelines.publish(
            session, project=project, title="Policy", body="# 1 Alcohol\n\nNo alcohol.\n", change="new",
            clauses_changed=[], person=None, clock=system_clock,
        )  # fmt: skip
        for name, path in films.items():
            assets.add_asset(
                session, store, project=project, external_id=name, metadata={"film": name},
                parts=[GivenPart("clip", "video", path=path)], person=None, clock=system_clock,
            )  # fmt: skip
    deriving.derive_all_due(database, store, clock=system_clock)
    with database.write() as session:
        project = session.get_one(Project, project.seq)
        found = {name: _queue(session, project, name) for name in films}
    database.close()
    return found


def _queue(session: Any, project: Project, name: str) -> str:
    queue = queues.create_queue(
        session, project=project, name=name, filter={"metadata.film": [name]}, person=None, clock=system_clock
    )
    queues.fill(session, queue, clock=system_clock)
    queue_id: str = queue.id
    return queue_id


def sign_in(page: "Page", address: str) -> None:
    asked = {"Accept": "application/json"}
    token = page.request.get(f"{address}/sign-in", headers=asked).json()["csrf_token"]
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    page.request.post(f"{address}/sign-in", form=form, headers=asked)
