"""The pages of labels: what they show, to whom, and in how many queries."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from app.assets.intake import GivenPart
from app.assets.store import Store
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from app.queues.models import Queue
from app.schemas.models import SchemaVersion
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person, make_project, sign_in
from tests.making_assets import make_asset
from tests.making_labels import make_label, make_queue_row, make_revision, make_schema

SPAN = {"id": "s1", "choice": "price", "start": 0, "end": 3, "text": "Buy"}


@dataclass
class Scene:
    project: Project
    schema: SchemaVersion
    queue: Queue
    labeler: Person
    auditor: Person
    labels: list[str]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


@pytest.fixture
def scene(database: Database, store: Store, clock: FakeClock) -> Scene:
    """One label that rejects with a marked claim, and one that allows."""
    with database.write() as session:
        auditor = make_colleague(session, Role.AUDITOR, clock=clock)
        labeler = make_person(session, clock=clock)
        project = make_project(session, clock=clock)
        schema = make_schema(session, project, clock=clock)
        queue = make_queue_row(session, project, clock=clock)
        answers = ({"verdict": "reject", "reasons": ["minors"], "claims": [SPAN]}, {"verdict": "allow"})
        labels = [
            make_label(
                session, store, project=project, person=labeler, schema=schema, queue=queue, clock=clock,
                asset=make_asset(session, store, project=project, clock=clock, external_id=f"ad-{number}"),
                answers=given, marks_timing={"s1": {"created_ms": 5_000, "changed_ms": 7_000}},
            ).id
            for number, given in enumerate(answers)
        ]  # fmt: skip
    return Scene(project, schema, queue, labeler, auditor, labels)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_the_list_shows_every_label_with_its_answers_and_marks(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock
) -> None:
    sign_in(client, database, scene.auditor, clock=clock)
    page = client.get("/projects/alcohol/labels").text
    assert page.index("ad-1") < page.index("ad-0")
    assert ">Buy</mark>" in page
    assert "Reject" in page
    assert "30.0 s" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("choice=verdict:reject", ["ad-0"]),
        ("choice=reasons:minors", ["ad-0"]),
        ("choice=claims:price", ["ad-0"]),
        ("choice=claims:urgency", []),
        ("choice=verdict:Buy", []),
        ("choice=note:reject", []),
        ("status=submitted", ["ad-1", "ad-0"]),
        ("status=accepted", []),
        ("schema_version=1&status=&queue=&labeler=&choice=", ["ad-1", "ad-0"]),
        ("schema_version=2", []),
        ("queue=nothing", []),
        ("choice=verdict%22:reject", []),
    ],
)
def test_the_list_is_narrowed_by_what_was_answered_and_by_whom(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock, query: str, found: list[str]
) -> None:
    sign_in(client, database, scene.auditor, clock=clock)
    page = client.get(f"/projects/alcohol/labels?as=table&{query}").text
    assert [name for name in ("ad-1", "ad-0") if f">{name}<" in page] == found


def test_a_longer_list_takes_no_more_queries(
    client: TestClient, database: Database, store: Store, scene: Scene, clock: FakeClock
) -> None:
    sign_in(client, database, scene.auditor, clock=clock)
    with counted(database) as few:
        client.get("/projects/alcohol/labels")
    with database.write() as session:
        for number in range(10, 15):
            make_label(
                session, store, project=scene.project, person=scene.labeler, schema=scene.schema, queue=scene.queue,
                asset=make_asset(session, store, project=scene.project, clock=clock, external_id=f"ad-{number}"),
                clock=clock,
            )  # fmt: skip
    with counted(database) as many:
        client.get("/projects/alcohol/labels")
    assert len(many) == len(few) <= 22


def test_one_label_shows_its_marks_their_times_and_its_record(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock
) -> None:
    sign_in(client, database, scene.auditor, clock=clock)
    page = client.get(f"/labels/{scene.labels[0]}").text
    for part in (
        ">Buy</mark>",
        "characters 0 to 3",
        "7.0 s",
        "Reading the guideline",
        "12.0 s",
        "not chained yet",
        "First pass",
    ):
        assert part in page, part


def test_revisions_stand_side_by_side_and_an_earlier_one_can_be_opened(
    client: TestClient, database: Database, store: Store, scene: Scene, clock: FakeClock
) -> None:
    with database.write() as session:
        label = make_label(
            session, store, project=scene.project, person=scene.labeler, schema=scene.schema, queue=scene.queue,
            asset=(asset := make_asset(session, store, project=scene.project, clock=clock, external_id="ad-9")),
            clock=clock,
        )  # fmt: skip
        make_revision(
            session, store, label, person=scene.labeler, schema=scene.schema, asset=asset, clock=clock,
            answers={"verdict": "reject"},
        )  # fmt: skip
        label_id = label.id
    sign_in(client, database, scene.auditor, clock=clock)
    page = client.get(f"/labels/{label_id}").text
    assert "Revisions side by side" in page
    assert 'class="changed"' in page
    assert "This is revision 1 of 2" in client.get(f"/labels/{label_id}?revision=1").text


def test_a_labeler_sees_their_own_labels_and_nobody_elses(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock
) -> None:
    with database.write() as session:
        other = make_person(session, clock=clock, name="Bo")
    sign_in(client, database, scene.labeler, clock=clock)
    assert "ad-0" in client.get("/my/labels").text
    own = client.get(f"/labels/{scene.labels[0]}")
    assert own.status_code == 200
    assert "production" not in own.text
    assert client.get("/projects/alcohol/labels").status_code == 404

    sign_in(client, database, other, clock=clock)
    assert "Nothing submitted yet" in client.get("/my/labels").text
    assert client.get(f"/labels/{scene.labels[0]}").status_code == 404


def test_a_trainer_reads_no_production_labels(
    client: TestClient, database: Database, scene: Scene, clock: FakeClock
) -> None:
    with database.write() as session:
        trainer = make_colleague(session, Role.TRAINER, clock=clock, name="Tor")
    sign_in(client, database, trainer, clock=clock)
    assert client.get("/projects/alcohol/labels").status_code == 404
    assert client.get(f"/labels/{scene.labels[0]}").status_code == 404


def test_an_empty_list_says_what_to_do_first(client: TestClient, database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        admin = make_colleague(session, Role.ADMIN, clock=clock)
        make_project(session, clock=clock)
    sign_in(client, database, admin, clock=clock)
    assert "No labels yet" in client.get("/projects/alcohol/labels").text
    assert "No label fits this filter" in client.get("/projects/alcohol/labels?status=accepted").text


def test_nonsense_is_refused(client: TestClient, database: Database, scene: Scene, clock: FakeClock) -> None:
    sign_in(client, database, scene.auditor, clock=clock)
    assert client.get("/projects/alcohol/labels?as=poem").status_code == 422
    assert client.get("/projects/alcohol/labels?after=nothing").status_code == 422
    assert client.get(f"/labels/{'0' * 32}").status_code == 404


def test_a_label_of_thousands_of_spans_on_a_long_text_opens(
    client: TestClient, database: Database, store: Store, scene: Scene, clock: FakeClock
) -> None:
    """The text is there whole with every span in it; of the list of marks as many as one reads, until all are asked for."""
    text = "\n".join(f"Line {number}: buy now, buy more" for number in range(10_000))
    step = len(text) // 5000
    spans = [(at * step, at * step + 2 * step // 3 + at % 3 * step) for at in range(4990)]
    marks = [
        {"id": f"m{at}", "choice": "price", "start": start, "end": end, "text": text[start:end]}
        for at, (start, end) in enumerate(spans)
    ]
    with database.write() as session:
        asset = make_asset(
            session, store, project=scene.project, clock=clock, external_id="long",
            parts=[GivenPart("creative", "text", text=text)],
        )  # fmt: skip
        label = make_label(
            session, store, project=scene.project, person=scene.labeler, schema=scene.schema, queue=scene.queue,
            asset=asset, clock=clock, answers={"verdict": "reject", "reasons": ["minors"], "claims": marks},
        ).id  # fmt: skip
    sign_in(client, database, scene.auditor, clock=clock)
    page = client.get(f"/labels/{label}").text
    drawn = page[page.index('class="part-text"') : page.index('id="marks-title"')]
    shown = html.unescape(re.sub(r"<[^>]*>", "", drawn[drawn.index(">") + 1 :].replace("</p>", "\n")))
    assert shown.startswith(text[:200])
    assert text[-200:] in shown
    assert drawn.count('class="lane-1"') > 1000
    assert page.count("characters ") < 310
    assert "The first 300 of 4990 marks are listed." in page
    assert client.get(f"/labels/{label}?marks=all").text.count(">characters ") == 4990
    assert len(client.get("/projects/alcohol/labels").text) < 100_000
