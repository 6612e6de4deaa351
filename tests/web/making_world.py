"""A small world with one row of everything that an address can name, made over the API as its people would."""

import json
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.db.session import Database
from app.people import queries
from app.people.models import Person
from app.people.rules import COMPANY_ROLES, Role
from tests import making
from tests.conftest import FakeClock
from tests.making_labels import BODY

GUIDELINE = {"title": "Policy", "body": "# 1 Scope\n\nAll ads.\n", "change": "new", "clauses_changed": []}


@dataclass
class World:
    """`people` by role, besides `rival` (another vendor's labeler) and `colleague` (a second one of the same vendor)."""

    people: dict[str, Person]
    params: dict[str, str] = field(default_factory=dict)


def make_world(app: FastAPI, database: Database, clock: FakeClock) -> World:
    with database.write() as session:
        people = {role.value: making.make_colleague(session, role, clock=clock, name=role) for role in COMPANY_ROLES}
        for name, organisation, role in (
            ("labeler", "Nordlys", Role.LABELER),
            ("colleague", "Nordlys", Role.LABELER),
            ("vendor_lead", "Nordlys", Role.VENDOR_LEAD),
            ("rival", "Atlantico", Role.LABELER),
        ):
            people[name] = making.make_person(session, clock=clock, name=name, roles=[role], organisation=organisation)
    world = World(people)
    with TestClient(app) as client:
        _fill(world, app, client, database, clock)
    return world


def _fill(world: World, app: FastAPI, client: TestClient, database: Database, clock: FakeClock) -> None:
    def ask(who: str, path: str, *, headers: dict[str, str] | None = None, **body: Any) -> Any:
        signed = making.bearer(database, world.people[who], clock=clock) | (headers or {})
        answer = client.post(f"/api/v1{path}", headers=signed, **body)
        assert answer.status_code in {200, 201, 202}, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    project = ask("admin", "/projects", json={"name": "Alcohol", "slug": "alcohol", "organisations": ["Nordlys"]})
    path = f"/projects/{project['id']}"
    ask("engineer", f"{path}/schemas", json=BODY)
    ask("trainer", f"{path}/guidelines", json=GUIDELINE)
    for name in ("ad-1", "ad-2"):
        part = {"name": "creative", "modality": "text", "text": "Buy now"}
        asset = ask(
            "engineer", f"{path}/assets", files={"asset": (None, json.dumps({"external_id": name, "parts": [part]}))}
        )
    queue = ask("manager", f"{path}/queues", json={"name": "First", "kind": "production", "organisations": ["Nordlys"]})
    app.state.worker.run_due()
    suggestion = ask(
        "engineer", f"{path}/suggestions",
        json={"asset": "ad-1", "schema_version": 1, "model": "m", "model_version": "1", "answers": {"verdict": "allow"}},
    )  # fmt: skip
    first = ask("labeler", f"/queues/{queue['id']}/claims")
    label = ask(
        "labeler",
        f"/claims/{first['claim']['id']}/label",
        json={"answers": {"verdict": "allow"}, "timing": {"page": "p", "slices": []}},
        headers={"claim-token": first["claim"]["token"], "idempotency-key": "1"},
    )
    given = ask(
        "vendor_lead",
        f"/people/{world.people['labeler'].id}/qualifications",
        json={"kind": "language", "name": "nb"},
    )
    second = ask("labeler", f"/queues/{queue['id']}/claims")
    filling = ask("manager", f"/queues/{queue['id']}/fillings", json={"external_ids": ["ad-1"]})
    with database.read() as session:
        token = queries.live_tokens(session, world.people["admin"])[0]
    world.params = {
        "project": project["slug"], "version": "1", "asset": asset["id"], "queue": queue["id"], "label": label["id"],
        "claim": second["claim"]["id"], "task": second["task"]["id"], "person": world.people["labeler"].id,
        "token": token.id, "name": "creative", "kind": "original", "suggestion": suggestion["id"],
        "chapter": "start", "qualification": given["id"], "filling": filling["id"],
    }  # fmt: skip
