"""Suggestions over the API: kept once and as they came, refused with paths, one or many, by engineers of the project."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from app.assets.models import Asset
from app.assets.store import Store
from app.db.session import Database
from app.people.rules import Role
from app.suggestions import checks
from app.suggestions.models import Suggestion
from tests.conftest import FakeClock
from tests.making import make_project
from tests.queues.conftest import Work, Worker

GIVEN: dict[str, Any] = {
    "asset": "ad-1", "schema_version": 1, "model": "price finder", "model_version": "2.1",
    "answers": {"verdict": "reject", "claims": [{"id": "p", "choice": "price", "start": 0, "end": 3, "text": "Buy"}]},
    "scores": {"verdict": 0.9, "claims": {"p": 0.5}},
}  # fmt: skip


@pytest.fixture
def work(client: TestClient, database: Database, tmp_path: Path, clock: FakeClock) -> Work:
    return Work(client, database, Store(tmp_path / "media"), clock)


def send(worker: Worker, body: Any = GIVEN, project: str = "alcohol", **headers: str) -> Any:
    return worker.ask("POST", f"/projects/{project}/suggestions", body, **headers)


def send_lines(worker: Worker, *lines: Any, project: str = "alcohol") -> Any:
    content = b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
    headers = {**worker.headers, "content-type": "application/x-ndjson"}
    return worker.client.post(f"/api/v1/projects/{project}/suggestions", content=content, headers=headers)


def count(work: Work) -> int:
    with work.database.read() as session:
        return session.scalar(select(func.count(Suggestion.seq))) or 0


def test_a_suggestion_is_kept_as_it_came_and_can_be_read_again(work: Work) -> None:
    site, engineer = work.site(), work.colleague(Role.ENGINEER)
    answer = send(engineer)
    made = answer.json()
    assert answer.status_code == 201, answer.text
    assert {key: made[key] for key in GIVEN if key != "asset"} == {key: GIVEN[key] for key in GIVEN if key != "asset"}
    assert (made["asset_revision"], made["made_by"]) == (1, engineer.person.id)
    path = f"/projects/{site.project.slug}/suggestions"
    assert engineer.ask("GET", f"{path}/{made['id']}").json() == made
    assert engineer.ask("GET", path).json() == {"items": [made], "next": None}
    assert [len(engineer.ask("GET", f"{path}?asset={name}").json()["items"]) for name in ("ad-1", "ad-2", "?")] == [
        1,
        0,
        0,
    ]
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []


def test_the_same_again_is_the_one_there_is_and_other_answers_are_another(work: Work) -> None:
    work.site()
    engineer = work.colleague(Role.ENGINEER)
    first = send(engineer)
    again = send(engineer)
    other = send(engineer, {**GIVEN, "model_version": "2.2"})
    assert [answer.status_code for answer in (first, again, other)] == [201, 200, 201]
    assert first.json() == again.json()
    assert other.json()["id"] != first.json()["id"]


def test_a_key_sent_again_gives_the_first_answer_and_with_another_body_409(work: Work) -> None:
    work.site()
    engineer = work.colleague(Role.ENGINEER)
    first = send(engineer, Idempotency_Key="k")
    assert send(engineer, Idempotency_Key="k").json() == first.json()
    assert send(engineer, {**GIVEN, "model": "another"}, Idempotency_Key="k").status_code == 409
    assert count(work) == 1


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        pytest.param({"answers": {"verdict": "perhaps"}, "scores": None}, ["/answers/verdict"], id="no such choice"),
        pytest.param({"answers": {"mood": "glad"}, "scores": None}, ["/answers/mood"], id="no such field"),
        pytest.param(
            {"answers": {"claims": [{"id": "p", "choice": "price", "start": 0, "end": 99, "text": "?"}]}, "scores": None},
            ["/answers/claims/0"], id="a mark outside its text",
        ),
        pytest.param({"answers": {}, "scores": None}, ["/answers"], id="nothing suggested"),
        pytest.param({"scores": {"note": 0.5}}, ["/scores/note"], id="a score of what is not answered"),
        pytest.param({"scores": {"claims": {"q": 1}}}, ["/scores/claims/q"], id="a score of no mark"),
        pytest.param({"scores": {"verdict": "high"}}, ["/scores/verdict"], id="a score that is no number"),
        pytest.param({"model": " "}, ["/model"], id="a model without a name"),
        pytest.param({"model": "a\u0000b"}, ["/model"], id="a NUL"),
        pytest.param({"schema_version": "one"}, ["/schema_version"], id="a version that is no number"),
        pytest.param({"confidence": 1}, ["/confidence"], id="an unknown key"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_path_and_nothing_is_kept(
    work: Work, change: dict[str, Any], paths: list[str]
) -> None:
    work.site()
    answer = send(work.colleague(Role.ENGINEER), {**GIVEN, **change})
    assert answer.status_code == 422, answer.text
    found = [problem["path"] for problem in answer.json()["errors"]]
    assert all(any(one.startswith(path) for one in found) for path in paths), found
    assert count(work) == 0


def test_a_number_that_json_cannot_hold_is_refused(work: Work) -> None:
    work.site()
    engineer = work.colleague(Role.ENGINEER)
    body = orjson.dumps(GIVEN).replace(b"0.9", b"NaN")
    headers = {**engineer.headers, "content-type": "application/json"}
    answer = engineer.client.post("/api/v1/projects/alcohol/suggestions", content=body, headers=headers)
    assert answer.status_code == 422, answer.text


def test_an_ad_or_schema_that_is_not_there_is_404_and_a_withdrawn_ad_409(work: Work) -> None:
    site, engineer = work.site(), work.colleague(Role.ENGINEER)
    assert send(engineer, {**GIVEN, "asset": "ad-99"}).status_code == 404
    assert send(engineer, {**GIVEN, "schema_version": 7}).status_code == 404
    with work.database.write() as session:
        session.execute(update(Asset).where(Asset.external_id == "ad-1").values(withdrawn_at=work.clock()))
    answer = send(engineer)
    assert (answer.status_code, "withdrawn" in answer.json()["detail"]) == (409, True)
    assert count(work) == 0
    assert site.project.slug == "alcohol"


def test_an_ad_of_another_project_is_not_there(work: Work) -> None:
    work.site()
    with work.database.write() as session:
        make_project(session, clock=work.clock, slug="games")
    engineer = work.colleague(Role.ENGINEER)
    assert send(engineer, project="games").status_code == 404
    made = send(engineer).json()
    assert engineer.ask("GET", f"/projects/games/suggestions/{made['id']}").status_code == 404
    assert engineer.ask("GET", "/projects/games/suggestions").json()["items"] == []


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMIN, 201), (Role.ENGINEER, 201), (Role.MANAGER, 403), (Role.SME, 403)]
)
def test_engineers_and_admins_suggest(work: Work, role: Role, status: int) -> None:
    work.site()
    assert send(work.colleague(role)).status_code == status


def test_those_who_label_neither_suggest_nor_read_suggestions(work: Work) -> None:
    work.site()
    ada = work.worker()
    assert send(ada).status_code == 403
    assert ada.ask("GET", "/projects/alcohol/suggestions").status_code == 403


def test_many_come_as_lines_all_or_none(work: Work) -> None:
    work.site()
    engineer = work.colleague(Role.ENGINEER)
    second = {**GIVEN, "asset": "ad-2"}
    answer = send_lines(engineer, GIVEN, b"", second, GIVEN)
    assert answer.status_code == 201, answer.text
    assert {key: answer.json()[key] for key in ("created", "known")} == {"created": 2, "known": 1}
    assert len(answer.json()["ids"]) == 3
    assert send_lines(engineer, GIVEN, second).status_code == 200
    wrong = send_lines(
        engineer,
        {**GIVEN, "model": "b"},
        {**GIVEN, "answers": {"verdict": "?"}, "scores": None},
        {**GIVEN, "asset": "ad-99"},
    )
    assert wrong.status_code == 422
    assert [problem["path"] for problem in wrong.json()["errors"]] == ["/lines/1/answers/verdict", "/lines/2"]
    assert count(work) == 2


def test_a_line_that_is_no_json_and_too_many_lines_are_refused(work: Work) -> None:
    work.site()
    engineer = work.colleague(Role.ENGINEER)
    answer = send_lines(engineer, GIVEN, b"{")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "/lines/1")
    assert send_lines(engineer, *[GIVEN] * 1001).status_code == 413
    assert count(work) == 0


def test_what_was_changed_behind_is_found_by_the_check(work: Work) -> None:
    work.site()
    made = send(work.colleague(Role.ENGINEER)).json()
    with work.database.write() as session:
        session.execute(update(Suggestion).values(answers={"verdict": "allow"}))
    with work.database.read() as session:
        assert [fault for fault in checks.find_faults(session) if made["id"] in fault]
