"""A queue at work over HTTP: people with their tokens, and short words for what they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.assets.store import Store
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_person
from tests.making_queues import ANSWER, Site, make_site


@dataclass
class Worker:
    """A person with a token, at one page."""

    client: TestClient
    headers: dict[str, str]
    person: Person
    holder: str | None = None

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        own = {"Claim-Holder": self.holder} if self.holder else {}
        return {**self.headers, **own, **more}

    def ask(self, method: str, path: str, json: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, f"/api/v1{path}", json=json, headers=self._headers(named))

    def claim(self, queue: str, *, ahead: bool = False) -> Any:
        return self.ask("POST", f"/queues/{queue}/claims", {"ahead": True} if ahead else None)

    def reserve(self, queue: str) -> dict[str, Any]:
        """A claim ahead that must be there."""
        answer = self.claim(queue, ahead=True)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def take(self, queue: str) -> dict[str, Any]:
        """A claim that must be there."""
        answer = self.claim(queue)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def on(self, claim: Mapping[str, Any], method: str, what: str, json: Any = None, **headers: str) -> Any:
        token = headers.pop("token", None) or claim["claim"]["token"]
        path = f"/claims/{claim['claim']['id']}{'/' + what if what else ''}"
        return self.ask(method, path, json, Claim_Token=token, **headers)

    def submit(self, claim: Mapping[str, Any], body: Mapping[str, Any] = ANSWER, **headers: str) -> Any:
        return self.on(claim, "POST", "label", dict(body), **headers)

    def label_next(self, queue: str) -> str:
        """The label's id."""
        answer = self.submit(self.take(queue))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def end(self, claim: Mapping[str, Any], outcome: str, note: str | None = None) -> Any:
        return self.on(claim, "POST", "outcome", {"outcome": outcome, "note": note})


@dataclass
class Work:
    """Makes sites and workers of them."""

    client: TestClient
    database: Database
    store: Store
    clock: FakeClock
    names: dict[str, Worker] = field(default_factory=dict)

    def run_due(self) -> None:
        """The work that was left to the background."""
        self.client.app.state.worker.run_due()  # type: ignore[attr-defined]  # of our application

    def site(self, **options: Any) -> Site:
        with self.database.write() as session:
            return make_site(session, self.store, clock=self.clock, **options)

    def worker(self, name: str = "Ada", *, organisation: str = "Nordlys", holder: str | None = None) -> Worker:
        with self.database.write() as session:
            person = make_person(session, clock=self.clock, name=name, organisation=organisation)
        return Worker(self.client, bearer(self.database, person, clock=self.clock), person, holder)

    def colleague(self, *roles: Role, name: str = "Grace") -> Worker:
        with self.database.write() as session:
            person = make_colleague(session, *roles, clock=self.clock, name=name)
        return Worker(self.client, bearer(self.database, person, clock=self.clock), person)


@pytest.fixture
def work(client: TestClient, database: Database, tmp_path: Path, clock: FakeClock) -> Work:
    return Work(client, database, Store(tmp_path / "media"), clock)
