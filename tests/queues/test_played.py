"""Sound in a queue: it starts muted where the queue says so, and a label waits until enough of it was played."""

import io
from typing import Any

import pytest

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.people.rules import Role
from app.queues import making
from app.schemas import actions as schemas
from tests.making import make_project
from tests.making_assets import tone
from tests.making_queues import make_guideline, make_queue
from tests.queues.conftest import Work

RATE = 44_100
SCHEMA = {
    "name": "Heard out",
    "parts": [{"name": "voice", "modality": "audio", "require_played": 0.9}],
    "fields": [{"name": "verdict", "kind": "choice", "required": True, "choices": [{"value": "allow"}, {"value": "reject"}]}],
}  # fmt: skip


@pytest.fixture
def queue(work: Work) -> str:
    """A queue with one sound of ten seconds."""
    with work.database.write() as session:
        project = make_project(session, clock=work.clock, slug="heard")
        schemas.publish(session, project=project, body=SCHEMA, person=None, clock=work.clock)
        make_guideline(session, project, clock=work.clock)
        assets.add_asset(
            session, work.store, project=project, external_id="ad", metadata={},
            parts=[GivenPart("voice", "audio", file=io.BytesIO(tone(10 * RATE)))], person=None, clock=work.clock,
        )  # fmt: skip
        made = make_queue(session, project, clock=work.clock)
        seq = made.seq
    deriving.derive_all_due(work.database, work.store, clock=work.clock)
    with work.database.write() as session:
        made = session.get_one(type(made), seq)
        making.fill(session, made, clock=work.clock)
        return made.id


def answer(*played: list[float]) -> dict[str, Any]:
    timing = {"page": "p1", "slices": [], "played": {"voice": list(played)}}
    return {"answers": {"verdict": "allow"}, "timing": timing}


def test_a_label_waits_until_enough_was_played_and_the_draft_counts_too(work: Work, queue: str) -> None:
    ada = work.worker()
    got = ada.take(queue)
    refused = ada.submit(got, answer([0, 4, 1], [3, 5, 2]))
    assert refused.status_code == 422
    [problem] = refused.json()["errors"]
    assert problem["path"] == "/timing/played/voice"
    assert problem["message"] == "50% of voice was played and 90% is asked for; the first gap is at 5.0 s"
    draft = {"seq": 1, "answers": {}, "timing": {"page": "p1", "slices": [], "played": {"voice": [[0, 5, 1]]}}}
    assert ada.on(got, "PUT", "draft", draft).status_code == 204
    assert ada.take(queue)["task"]["draft"]["played"] == {"voice": [[0, 5, 1]]}
    taken = ada.submit(got, answer([5, 9.5, 1.5]))
    assert taken.status_code == 201, taken.text
    timing = taken.json()["timing"]
    assert timing["media_coverage"] == {"voice": 0.95}
    assert timing["media_speeds"] == {"voice": {"1": 5.0, "1.5": 4.5}}


def test_a_queue_starts_its_media_muted_until_somebody_changes_it(work: Work, queue: str) -> None:
    manager, ada = work.colleague(Role.MANAGER), work.worker()
    assert ada.ask("GET", f"/queues/{queue}").json()["muted"] is False
    assert manager.ask("PATCH", f"/queues/{queue}", {"muted": True}).json()["muted"] is True
    assert ada.ask("GET", f"/queues/{queue}").json()["muted"] is True
    assert ada.ask("PATCH", f"/queues/{queue}", {"muted": False}).status_code == 403
    assert manager.ask("PATCH", f"/queues/{queue}", {"muted": "loud"}).status_code == 422
