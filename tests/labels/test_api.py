"""Reading labels over the API: pages, the stream, who may, and the history chain behind them."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from sqlalchemy import event, select
from starlette.testclient import TestClient

from app.assets.store import Store
from app.db.session import Database
from app.labels import chain, checks, queries
from app.labels.models import HistoryLink, Revision
from app.people.rules import Role
from app.queues.models import Slot
from tests.conftest import FakeClock
from tests.making_queues import ANSWER
from tests.queues.conftest import Work


@pytest.fixture
def work(client: TestClient, database: Database, tmp_path: Path, clock: FakeClock) -> Work:
    return Work(client, database, Store(tmp_path / "media"), clock)


def test_labels_are_listed_page_by_page_and_streamed_alike(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    site, ada, engineer = work.site(ads=5), work.worker(), work.colleague(Role.ENGINEER)
    made = [ada.label_next(site.queue.id) for _ in range(5)]
    path = f"/projects/{site.project.slug}/labels"
    listed, after = [], ""
    while True:
        page = engineer.ask("GET", f"{path}?limit=2{after}").json()
        listed += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [label["id"] for label in listed] == made
    answer = engineer.ask("GET", path, Accept="application/x-ndjson")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [orjson.loads(line) for line in answer.text.splitlines()] == listed


def test_the_newest_revision_counts_and_all_are_there_for_the_asking(work: Work) -> None:
    site, ada, engineer = work.site(ads=2), work.worker(), work.colleague(Role.ENGINEER)
    first, _ = ada.label_next(site.queue.id), ada.label_next(site.queue.id)
    body = {**ANSWER, "answers": {"verdict": "reject"}}
    ada.ask("POST", f"/labels/{first}/revisions", body, If_Match="1")
    path = f"/projects/{site.project.slug}/labels"
    newest = engineer.ask("GET", path).json()["items"]
    every = engineer.ask("GET", f"{path}?revisions=all").json()["items"]
    assert {(label["id"], label["revision"]) for label in newest if label["id"] == first} == {(first, 2)}
    assert (len(newest), len(every)) == (2, 3)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("status=submitted", 2, id="by status"),
        pytest.param("status=accepted", 0, id="by a status nobody has"),
        pytest.param("status=accepted&status=submitted", 2, id="any of several"),
        pytest.param("schema_version=1", 2, id="by schema"),
        pytest.param("schema_version=2", 0, id="by another schema"),
        pytest.param("queue=none", 0, id="by a queue that is not there"),
    ],
)
def test_a_list_is_narrowed(work: Work, query: str, count: int) -> None:
    site, ada, engineer = work.site(ads=2), work.worker(), work.colleague(Role.ENGINEER)
    for _ in range(2):
        ada.label_next(site.queue.id)
    found = engineer.ask("GET", f"/projects/{site.project.slug}/labels?{query}").json()
    assert len(found["items"]) == count


@pytest.mark.parametrize("name", ["schema_version", "guideline_version"])
@pytest.mark.parametrize("version", ["9" * 30, "0", "-1", "two"])
def test_a_list_of_a_version_that_cannot_be_is_refused(work: Work, name: str, version: str) -> None:
    site, engineer = work.site(ads=1), work.colleague(Role.ENGINEER)
    assert engineer.ask("GET", f"/projects/{site.project.slug}/labels?{name}={version}").status_code == 422


def test_labels_are_for_their_author_and_those_who_read_them(work: Work) -> None:
    site, ada = work.site(ads=1), work.worker("Ada")
    label = ada.label_next(site.queue.id)
    path = f"/projects/{site.project.slug}/labels"
    assert ada.ask("GET", f"/labels/{label}").status_code == 200
    assert ada.ask("GET", path).status_code in {403, 404}
    for role, status in ((Role.SME, 200), (Role.AUDITOR, 200), (Role.MANAGER, 200), (Role.TRAINER, 404)):
        colleague = work.colleague(role, name=f"G {role}")
        assert colleague.ask("GET", f"/labels/{label}").status_code == status
        assert colleague.ask("GET", path).status_code == status
    bo = work.worker("Bo", organisation="Sør")
    assert bo.ask("GET", f"/labels/{label}").status_code == 404
    assert bo.ask("GET", "/labels/none").status_code == 404


def test_a_page_of_labels_takes_the_same_queries_however_long(work: Work) -> None:
    site, ada, engineer = work.site(ads=4), work.worker(), work.colleague(Role.ENGINEER)
    counts = []
    for _ in range(2):
        ada.label_next(site.queue.id)
        ada.label_next(site.queue.id)
        with counted(work.database) as statements:
            engineer.ask("GET", f"/projects/{site.project.slug}/labels")
        counts.append(len(statements))
    assert counts[0] == counts[1]


class counted:  # noqa: N801  # reads as a word
    """Statements sent while the block runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statements: list[str] = []

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA"):  # a connection is made ready for its first reader
            self._statements.append(statement)

    def __enter__(self) -> list[str]:
        event.listen(self._database.engine, "before_cursor_execute", self._note)
        return self._statements

    def __exit__(self, *_raised: object) -> None:
        event.remove(self._database.engine, "before_cursor_execute", self._note)


def link(work: Work) -> Iterator[int]:
    while True:
        with work.database.write() as session:
            yield chain.link_next(session, clock=work.clock, limit=2)


def test_revisions_and_events_are_chained_in_batches_by_a_job(work: Work) -> None:
    site, ada, engineer = work.site(ads=3), work.worker(), work.colleague(Role.ENGINEER)
    labels = [ada.label_next(site.queue.id) for _ in range(3)]
    ada.ask("POST", f"/labels/{labels[2]}/withdrawal")
    assert engineer.ask("GET", f"/labels/{labels[0]}").json()["history_hash"] is None
    work.clock.forward(seconds=3)
    work.client.app.state.worker.run_due()  # type: ignore[attr-defined]  # our application
    with work.database.read() as session:
        links = session.scalars(select(HistoryLink).order_by(HistoryLink.position)).all()
        assert [one.subject_kind for one in links] == ["revision"] * 3 + ["event"]
        assert list(checks.find_faults(session, work.store)) == []
    assert engineer.ask("GET", f"/labels/{labels[0]}").json()["history_hash"] == links[0].history_hash


def test_the_chain_goes_on_where_it_ended(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker()
    for _ in range(3):
        ada.label_next(site.queue.id)
    linking = link(work)
    assert [next(linking) for _ in range(3)] == [2, 1, 0]
    with work.database.read() as session:
        positions = session.scalars(select(HistoryLink.position).order_by(HistoryLink.position)).all()
        assert list(positions) == [1, 2, 3]
        assert list(checks.find_faults(session, work.store)) == []


def test_a_link_that_was_changed_or_taken_out_is_found(work: Work) -> None:
    site, ada = work.site(ads=3), work.worker()
    for _ in range(3):
        ada.label_next(site.queue.id)
    with work.database.write() as session:
        chain.link_next(session, clock=work.clock)
        session.delete(session.scalars(select(HistoryLink).where(HistoryLink.position == 2)).one())
        session.scalars(select(Revision).order_by(Revision.seq)).first().record_hash = "0" * 64  # type: ignore[union-attr]  # there are three
    with work.database.read() as session:
        found = " ".join(checks.find_faults(session, work.store))
        assert session.scalars(select(Slot.state)).all() == ["done"] * 3
    for words in ("hole before link 3", "Link 3", "not what its revision", "no link in the chain", "record hash"):
        assert words in found
