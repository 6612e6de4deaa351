"""A Fasit with a large picture a queue, for measuring the frames of its page; and the marks that are put on them."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

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

Size = tuple[int, int]

EMAIL, PASSWORD = "view@example.org", "six sturdy words for a benchmark"
CHOICES = ("bottle", "glass", "logo", "person")
BODY: dict[str, Any] = {
    "name": "Objects",
    "parts": [{"name": "creative", "modality": "image"}],
    "fields": [{"name": "objects", "kind": "boxes", "choices": [{"value": choice} for choice in CHOICES]}],
}
# Shows so many boxes in rows, as large as there is room, instead of whatever was there. Nothing is saved.
PUT = """([count, width, height]) => {
  const { work } = document.querySelector("fasit-work")
  const choices = work.fieldOf("objects").choices.map(({ value }) => value)
  const columns = Math.ceil(Math.sqrt((count * width) / height))
  const rows = Math.ceil(count / columns)
  const [wide, high] = [width / columns, height / rows]
  const box = (at) => ({
    id: `m${at}`, choice: choices[at % choices.length], source: "human", rotation: at % 9 === 4 ? 10 : 0,
    x: Math.round((at % columns) * wide + wide / 8), y: Math.round(Math.floor(at / columns) * high + high / 8),
    width: Math.round(wide * 0.7), height: Math.round(high * 0.7),
  })
  work.select(null)
  work.load({ answers: count === 0 ? {} : { objects: Array.from({ length: count }, (_, at) => box(at)) } })
}"""


def build(own: Path, url: str, sizes: Mapping[str, Size]) -> dict[str, str]:
    """A queue a picture, each with its task for one labeler. Gives the queues' ids by the pictures' names."""
    database, store = Database(url), Store(own / "media")
    migrate(database)
    with database.write() as session:
        people.add_person(
            session, email=EMAIL, name="View", roles=[Role.LABELER], organisation="Company", password=PASSWORD,
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
        for name, size in sizes.items():
            assets.add_asset(
                session, store, project=project, external_id=name, metadata={"size": name},
                parts=[GivenPart("creative", "image", file=_picture(*size))], person=None, clock=system_clock,
            )  # fmt: skip
    deriving.derive_all_due(database, store, clock=system_clock)
    with database.write() as session:
        project = session.get_one(Project, project.seq)
        found = {name: _queue(session, project, name) for name in sizes}
    database.close()
    return found


def _queue(session: Any, project: Project, name: str) -> str:
    queue = queues.create_queue(
        session, project=project, name=name, filter={"metadata.size": [name]}, person=None, clock=system_clock
    )
    queues.fill(session, queue, clock=system_clock)
    queue_id: str = queue.id
    return queue_id


def _picture(width: int, height: int) -> io.BytesIO:
    """A photograph's share of detail: grain enlarged eightfold, with edges over it."""
    grain = Image.effect_noise((width // 8 + 1, height // 8 + 1), 60)
    image = grain.resize((width, height), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(image)
    for at in range(0, width, 700):
        pen.rectangle((at, at % height, at + 260, at % height + 180), fill=at // 7 % 256)
    stream = io.BytesIO()
    image.convert("RGB").save(stream, "JPEG", quality=85)
    stream.seek(0)
    return stream
