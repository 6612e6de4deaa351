"""A label with a mark of every kind on pictures and texts: recorded, checked, exported and shown as it was sent."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from app.assets import deriving
from app.assets import queries as assets
from app.assets.intake import GivenPart
from app.assets.store import Store
from app.datasets import actions as datasets
from app.db.session import Database
from app.labels import checks
from app.labels.models import Revision
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person, make_project, sign_in
from tests.making_assets import file_part, make_asset, picture
from tests.making_frames import moving
from tests.making_labels import make_label, make_queue_row, make_schema
from tests.making_schemas import make_choices, make_templates

TEXT = "Kun 99 kr 🙂 i dag"
BODY: dict[str, Any] = {
    "name": "Everything",
    "parts": [
        {"name": "creative", "modality": "image"},
        {"name": "banner", "modality": "image"},
        {"name": "caption", "modality": "text"},
        {"name": "landing", "modality": "text"},
    ],
    "fields": [
        {"name": "best", "kind": "ranking", "parts": ["caption", "landing"], "required": True},
        {"name": "zones", "kind": "polygons", "part": "creative", "choices": make_choices("before", "after")},
        {"name": "lines", "kind": "polylines", "part": "creative", "choices": make_choices("bent")},
        {"name": "faces", "kind": "keypoints", "part": "creative", "choices": make_choices("face"), "templates": make_templates()},
        {"name": "skin", "kind": "masks", "part": "creative", "choices": make_choices("skin")},
        {"name": "stickers", "kind": "boxes", "part": "banner", "choices": make_choices("price")},
        {"name": "claims", "kind": "spans", "part": "caption", "choices": make_choices("claim", "proof")},
        {"name": "ties", "kind": "relations", "part": "caption", "choices": [{"value": "proves", "title": {"en": "Proves"}}]},
    ],
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "zones": [{"id": "p1", "choice": "before", "points": [[1, 1], [30.5, 2], [12, 33.25]]}],
    "lines": [{"id": "l1", "choice": "bent", "points": [[0, 0], [60, 40]]}],
    "faces": [
        {"id": "k1", "choice": "face", "points": {"left_eye": [10, 10, 2], "right_eye": [20, 10, 1], "mouth": [0, 0, 0]}}
    ],
    "skin": [{"id": "m1", "choice": "skin", "rle": {"size": [40, 60], "counts": "03mZ2"}}],
    "stickers": [
        {"id": "b1", "choice": "price", "x": 3, "y": 3, "width": 40, "height": 12.5, "rotation": -18, "frame": 2},
        {"id": "b2", "choice": "price", "x": 1, "y": 1, "width": 4, "height": 4, "frame": 0},
    ],
    "claims": [
        {"id": "s1", "choice": "claim", "start": 0, "end": 9, "text": "Kun 99 kr"},
        {"id": "s2", "choice": "proof", "start": 12, "end": 17, "text": "i dag"},
    ],
    "ties": [{"id": "r1", "choice": "proves", "from": "s2", "to": "s1"}],
    "best": ["landing", "caption"],
}  # fmt: skip


@dataclass
class Scene:
    project: Project
    auditor: Person
    label: str


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


@pytest.fixture
def scene(database: Database, store: Store, clock: FakeClock) -> Scene:
    with database.write() as session:
        project = make_project(session, clock=clock)
        parts = [
            file_part(picture(60, 40)),
            file_part(moving("GIF", [100, 100, 100]), name="banner"),
            GivenPart("caption", "text", text=TEXT),
            GivenPart("landing", "text", text="99 kr"),
        ]
        asset_id = make_asset(session, store, project=project, clock=clock, parts=parts).id
    deriving.derive_all_due(database, store, clock=clock)
    with database.write() as session:
        auditor = make_colleague(session, Role.AUDITOR, clock=clock)
        asset = assets.find_asset(session, asset_id)
        assert asset is not None
        label = make_label(
            session, store, project=project, person=make_person(session, clock=clock), clock=clock, asset=asset,
            schema=make_schema(session, project, clock=clock, body=BODY),
            queue=make_queue_row(session, project, clock=clock), answers=ANSWERS,
        )  # fmt: skip
        return Scene(project, auditor, label.id)


def test_it_is_kept_as_it_was_sent_and_what_is_changed_later_is_found(
    database: Database, store: Store, scene: Scene
) -> None:
    with database.read() as session:
        [revision] = session.query(Revision).all()
        assert revision.answers == ANSWERS
        assert list(checks.find_faults(session, store)) == []
    with database.write() as session:
        [revision] = session.query(Revision).all()
        moved = [{**ANSWERS["lines"][0], "points": [[0, 0], [60, 39]]}]
        revision.answers = {**ANSWERS, "lines": moved, "ties": []}
    with database.read() as session:
        [fault] = checks.find_faults(session, store)
        assert "does not match its record hash" in fault
    assert scene.label


def test_exports_carry_every_kind(database: Database, scene: Scene, tmp_path: Path) -> None:
    def export(name: str) -> bytes:
        return datasets.export_to(
            database,
            project=scene.project,
            format_name=name,
            out=tmp_path / name,
            selection={},
            progress=lambda *_: None,
        ).read_bytes()

    [line] = export("jsonl").splitlines()
    assert orjson.loads(line)["answers"] == ANSWERS
    [row] = csv.DictReader(export("csv").decode().splitlines())
    assert row["answers.best"] == "landing|caption"
    for name in ("zones", "lines", "faces", "skin", "stickers", "ties"):
        assert orjson.loads(row[f"answers.{name}"]) == ANSWERS[name]


def test_its_page_draws_every_shape_on_its_part_and_frame_and_lists_the_rest(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock
) -> None:
    sign_in(client, database, scene.auditor, clock=clock)
    page = client.get(f"/labels/{scene.label}").text
    for path in ('d="M1 1L30.5 2L12 33.25z"', 'd="M0 0L60 40"', 'd="M10 10L20 10"', 'cx="20" cy="10"'):
        assert path in page, path
    assert page.index("banner, frame 0") < page.index("banner, frame 2")
    assert 'data-frame="0"' in page
    assert 'data-frame="2"' in page
    assert 'transform="rotate(-18 23 9.25)"' in page
    assert "claim “Kun 99 kr”" in page
    assert "1. landing" in page
    assert "2. caption" in page


def test_the_list_draws_them_small(client: TestClient, database: Database, scene: Scene, clock: FakeClock) -> None:
    sign_in(client, database, scene.auditor, clock=clock)
    page = client.get("/projects/alcohol/labels").text
    assert 'd="M1 1L30.5 2L12 33.25z"' in page
    assert "1. landing, 2. caption" in page
