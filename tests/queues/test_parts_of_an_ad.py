"""A mixed ad that lacks a part, or gets it later: only what is there is asked for, and a claim keeps the parts it began with."""

import json
from typing import Any

import pytest

from app.assets import deriving
from app.people.rules import Role
from app.schemas import actions as schemas
from tests.making import make_project
from tests.making_assets import make_asset, tone
from tests.making_queues import make_guideline, make_queue
from tests.queues.conftest import Work, Worker

SCHEMA: dict[str, Any] = {
    "name": "Mixed",
    "parts": [
        {"name": "creative", "modality": "text"},
        {"name": "voice", "modality": "audio", "required": False, "require_played": 0.5},
    ],
    "fields": [
        {"name": "verdict", "kind": "choice", "required": True, "choices": [{"value": "allow"}]},
        {"name": "claims", "kind": "segments", "part": "voice", "required": True, "choices": [{"value": "price"}]},
    ],
}
SEGMENT = {"id": "m1", "choice": "price", "start": 0.0, "end": 0.05}
PLAYED = {"page": "p1", "slices": [], "played": {"voice": [[0, 0.1, 1]]}}
WITHOUT = {"answers": {"verdict": "allow"}, "timing": {"page": "p1", "slices": []}}
WITH = {"answers": {"verdict": "allow", "claims": [SEGMENT]}, "timing": PLAYED}


@pytest.fixture
def queue(work: Work) -> tuple[str, str]:
    """Ids of a queue, whose one task two people answer, and of its ad: a text without its voice."""
    with work.database.write() as session:
        project = make_project(session, clock=work.clock, slug="mixed")
        schemas.publish(session, project=project, body=SCHEMA, person=None, clock=work.clock)
        make_guideline(session, project, clock=work.clock)
        ad = make_asset(session, work.store, project=project, clock=work.clock)
        return make_queue(session, project, clock=work.clock, overlap=2).id, ad.id


def add_voice(work: Work, engineer: Worker, ad: str) -> None:
    parts = {"parts": [{"name": "voice", "modality": "audio"}]}
    answer = work.client.patch(
        f"/api/v1/assets/{ad}", headers=engineer.headers, data={"asset": json.dumps(parts)}, files={"voice": tone()}
    )
    assert answer.status_code == 200, answer.text
    deriving.derive_all_due(work.database, work.store, clock=work.clock)


def parts_of(shown: dict[str, Any]) -> list[str]:
    return [part["name"] for part in shown["asset"]["parts"]]


def test_what_is_asked_of_a_part_that_is_missing_is_not_asked(work: Work, queue: tuple[str, str]) -> None:
    ada = work.worker()
    got = ada.take(queue[0])
    assert parts_of(got["task"]) == ["creative"]
    refused = ada.submit(got, WITH)
    assert refused.status_code == 422
    assert "/answers/claims" in [problem["path"] for problem in refused.json()["errors"]]
    taken = ada.submit(got, WITHOUT)
    assert taken.status_code == 201, taken.text
    assert parts_of(taken.json()) == ["creative"]


def test_a_part_that_comes_later_is_for_the_next_claim_and_each_label_names_the_parts_it_saw(
    work: Work, queue: tuple[str, str]
) -> None:
    ada, bo, engineer = work.worker(), work.worker("Bo"), work.colleague(Role.ENGINEER)
    first = ada.take(queue[0])
    add_voice(work, engineer, queue[1])
    again = ada.take(queue[0])
    assert (again["claim"]["id"], parts_of(again["task"])) == (first["claim"]["id"], ["creative"])
    one = ada.submit(again, WITHOUT)
    assert one.status_code == 201, one.text
    second = bo.take(queue[0])
    assert parts_of(second["task"]) == ["creative", "voice"]
    lacking = bo.submit(second, WITHOUT)
    assert [problem["path"] for problem in lacking.json()["errors"]] == ["/answers/claims"]
    other = bo.submit(second, WITH)
    assert other.status_code == 201, other.text
    assert [(label["asset"]["revision"], parts_of(label)) for label in (one.json(), other.json())] == [
        (1, ["creative"]),
        (2, ["creative", "voice"]),
    ]


def test_who_began_before_the_part_came_goes_on_with_the_draft_and_the_part(work: Work, queue: tuple[str, str]) -> None:
    ada, engineer = work.worker(), work.colleague(Role.ENGINEER)
    got = ada.take(queue[0])
    draft = {"seq": 1, "answers": {"verdict": "allow"}, "timing": WITHOUT["timing"]}
    assert ada.on(got, "PUT", "draft", draft).status_code == 204
    assert ada.on(got, "DELETE", "").status_code == 204
    add_voice(work, engineer, queue[1])
    again = ada.take(queue[0])
    assert parts_of(again["task"]) == ["creative", "voice"]
    assert again["task"]["draft"]["answers"] == {"verdict": "allow"}


def test_an_ad_becomes_a_task_once_the_part_that_a_schema_needs_is_there(work: Work) -> None:
    needing = {**SCHEMA, "parts": [SCHEMA["parts"][0], {"name": "voice", "modality": "audio"}]}
    with work.database.write() as session:
        project = make_project(session, clock=work.clock, slug="needing")
        schemas.publish(session, project=project, body=needing, person=None, clock=work.clock)
        make_guideline(session, project, clock=work.clock)
        ad = make_asset(session, work.store, project=project, clock=work.clock).id
        made = make_queue(session, project, clock=work.clock).id
    ada, engineer = work.worker(), work.colleague(Role.ENGINEER)
    assert ada.claim(made).status_code == 204
    add_voice(work, engineer, ad)
    assert parts_of(ada.take(made)["task"]) == ["creative", "voice"]
