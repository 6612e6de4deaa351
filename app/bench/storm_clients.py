"""People of a storm: each claims, keeps drafts, submits, skips and gives back until the time is up, and notes every request.

In bad weather a request is sent twice, sent again long after, delayed, or its connection is cut before the answer. What is
not answered is asked again, with the same key, until it is.
"""

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import orjson

from app.bench.storm_records import Noted, Verb

PATIENCE = 60.0  # seconds in which a request must come to an answer
AGAIN_AFTER = 0.2
LONGEST_DELAY = 0.05
KEPT_BACK = 3  # requests that are sent again later
DRAFTING, SKIPPING, RELEASING = 0.3, 0.03, 0.03  # shares of tasks that end so, or have drafts
LATE_NOW = 0.5  # how likely a request that was kept back is sent after a task


@dataclass(frozen=True)
class Weather:
    """The shares of requests that something happens to."""

    delayed: float = 0.0
    cut: float = 0.0
    repeated: float = 0.0
    late: float = 0.0


CALM = Weather()
BAD_NETWORK = Weather(delayed=0.1, cut=0.1, repeated=0.1, late=0.1)


@dataclass(frozen=True)
class Request:
    """One request, and what is known of it before it is answered."""

    verb: Verb
    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)  # what `Noted` says of it in any case


class Worker:
    """One person on one connection. The name seeds what they do and what happens to their requests."""

    def __init__(self, address: str, queue: str, token: str, *, name: str, weather: Weather) -> None:
        self._host = urlsplit(address).netloc
        self._line = http.client.HTTPConnection(self._host, timeout=30)
        self._claims = f"/api/v1/queues/{queue}/claims"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._name = name
        self._chance = Random(name)  # noqa: S311  # which request something happens to, the same in every run
        self._weather = weather
        self._late: list[Request] = []
        self._count = 0
        self.person = ""
        self.noted: list[Noted] = []
        self.faults: list[str] = []

    def work(self, answers: Callable[[str], Mapping[str, Any]], over: Event) -> None:
        """Works until all is over, and finishes what is begun; `answers` makes those of a note."""
        try:
            self.person = self._who()
            while not over.is_set() and self._one_task(answers):
                self._send_what_is_late()
        except (OSError, http.client.HTTPException, AssertionError, KeyError) as failure:
            self.faults.append(f"{self._name}: {type(failure).__name__}: {failure}")
        finally:
            self._line.close()

    def _who(self) -> str:
        found = self._ask(Request(Verb.CLAIM, "GET", "/api/v1/me"))
        assert found is not None, "nobody answered"
        return str(found[1]["person"]["id"])

    def _one_task(self, answers: Callable[[str], Mapping[str, Any]]) -> bool:
        status, got = self._insist(Request(Verb.CLAIM, "POST", self._claims, {}))
        if status != HTTPStatus.CREATED:
            assert status == HTTPStatus.NO_CONTENT, f"a claim was answered {status}"
            return False
        claim = got["claim"]
        self._count += 1
        note = f"{self._name}-{self._count}"
        headers, known = {"Claim-Token": claim["token"]}, {"claim": claim["id"]}
        path = f"/api/v1/claims/{claim['id']}"
        if self._chance.random() < DRAFTING:
            for seq in (1, 2):
                draft = {"seq": seq, "answers": answers(note)}
                self._insist(Request(Verb.DRAFT, "PUT", f"{path}/draft", draft, headers, {**known, "draft_seq": seq}))
        self._end(path, headers, known, {"answers": answers(note), "timing": {"page": note, "slices": []}}, note)
        return True

    def _end(
        self, path: str, headers: Mapping[str, str], known: Mapping[str, Any], body: Mapping[str, Any], note: str
    ) -> None:
        what = self._chance.random()
        if what < SKIPPING:
            self._insist(
                Request(Verb.SKIP, "POST", f"{path}/outcome", {"outcome": "skip"}, self._once(headers, note), known)
            )
        elif what < SKIPPING + RELEASING:
            self._insist(Request(Verb.RELEASE, "DELETE", path, None, headers, known))
        else:
            known = {**known, "note": note}
            status, got = self._insist(
                Request(Verb.SUBMIT, "POST", f"{path}/label", body, self._once(headers, note), known)
            )
            assert status in {HTTPStatus.OK, HTTPStatus.CREATED}, f"{note} was answered {status}: {got}"

    def _once(self, headers: Mapping[str, str], note: str) -> dict[str, str]:
        return {**headers, "Idempotency-Key": note}

    def _insist(self, request: Request) -> tuple[int, Any]:
        """Asks until there is an answer that is not the server's own failure; then what bad weather adds."""
        weather, chance = self._weather, self._chance
        if chance.random() < weather.delayed:
            time.sleep(chance.random() * LONGEST_DELAY)
        if chance.random() < weather.cut:
            self._cut(request)
        give_up = time.monotonic() + PATIENCE
        while (found := self._ask(request)) is None or found[0] >= HTTPStatus.INTERNAL_SERVER_ERROR:
            assert time.monotonic() < give_up, f"{request.verb} was never answered"
            time.sleep(chance.random() * AGAIN_AFTER)
        if chance.random() < weather.repeated:
            self._ask(request)
        if chance.random() < weather.late and request.verb != Verb.CLAIM:
            self._late = [*self._late[-KEPT_BACK + 1 :], request]
        return found

    def _send_what_is_late(self) -> None:
        """Requests of tasks that are over, in another order than the first time."""
        self._chance.shuffle(self._late)
        while self._late and self._chance.random() < LATE_NOW:
            self._ask(self._late.pop())

    def _cut(self, request: Request) -> None:
        """Sends, and hangs up before the answer can come."""
        sent_at = time.monotonic()
        try:
            self._send(request)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            self._line.close()
        self._note(request, sent_at, None, None)

    def _ask(self, request: Request) -> tuple[int, Any] | None:
        sent_at = time.monotonic()
        try:
            self._send(request)
            response = self._line.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self._line.close()
            self._note(request, sent_at, None, None)
            return None
        got = orjson.loads(content) if content else None
        self._note(request, sent_at, response.status, got)
        return response.status, got

    def _send(self, request: Request) -> None:
        body = None if request.body is None else orjson.dumps(request.body)
        self._line.request(request.method, request.path, body, {**self._headers, **request.headers})

    def _note(self, request: Request, sent_at: float, status: int | None, got: Any) -> None:
        if request.method == "GET":
            return
        told: dict[str, Any] = {}
        if status == HTTPStatus.CREATED and request.verb == Verb.CLAIM:
            told = {"claim": got["claim"]["id"], "task": got["task"]["id"]}
        elif status in {HTTPStatus.OK, HTTPStatus.CREATED} and request.verb == Verb.SUBMIT:
            told = {"label": got["id"]}
        answered_at = None if status is None else time.monotonic()
        self.noted.append(Noted(self.person, request.verb, sent_at, answered_at, status, **{**request.known, **told}))
