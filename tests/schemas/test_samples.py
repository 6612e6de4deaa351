"""The sample policy: every schema and the guideline it cites can be published, and leave the page room."""

import re
from pathlib import Path

import orjson
import pytest
from sqlalchemy.orm import Session

from app.db.session import Database
from app.guidelines import actions as guidelines
from app.schemas import actions
from tests.conftest import FakeClock
from tests.making import make_project

SAMPLES = Path(__file__).resolve().parents[2] / "sample_media"
KINDS = ("image", "text", "audio", "video", "mixed", "retouch", "claims", "compare")
QUESTIONS_IN_VIEW = 7


@pytest.fixture
def sqlite_session(sqlite_database: Database) -> Session:
    with sqlite_database.write() as session:
        yield session


def test_all_of_it_can_be_published_and_every_clause_cited_is_there(sqlite_session: Session, clock: FakeClock) -> None:
    project = make_project(sqlite_session, clock=clock)
    body = (SAMPLES / "guideline.md").read_text(encoding="utf-8")
    guideline = guidelines.publish(
        sqlite_session,
        project=project,
        title="Ad policy",
        body=body,
        change="new",
        clauses_changed=[],
        person=None,
        clock=clock,
    )
    known = {clause.clause_id for clause in guideline.clauses}
    for number, kind in enumerate(KINDS, start=1):
        text = (SAMPLES / "schemas" / f"{kind}.json").read_text(encoding="utf-8")
        version, created = actions.publish(
            sqlite_session, project=project, body=orjson.loads(text), person=None, clock=clock
        )
        assert (version.version, created) == (number, True)
        assert set(re.findall(r'"clause": "([^"]+)"', text)) <= known


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_is_asked_in_english_and_norwegian_and_they_are_few(kind: str) -> None:
    body = orjson.loads((SAMPLES / "schemas" / f"{kind}.json").read_bytes())
    assert len(body["fields"]) <= QUESTIONS_IN_VIEW
    for field in body["fields"]:
        named = [field, *field.get("choices", []), *field.get("nodes", []), *field.get("fields", [])]
        assert all(set(one["title"]) == {"en", "nb"} for one in named)
