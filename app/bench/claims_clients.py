"""Scripts of people who claim and submit over HTTP, one at a time or many at once."""

import http.client
import secrets
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

from app.bench.claims_site import ANSWERS, Site

SLICES = [
    {"seq": 0, "state": "active", "start_ms": 0, "duration_ms": 2},
    {"seq": 1, "state": "reading", "start_ms": 2, "duration_ms": 1},
]


class Client:
    """One person's script on one connection."""

    def __init__(self, address: str, queue: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._queue = queue
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def connect(self) -> None:
        """Anew: a server ends connections that rest for a while."""
        self._connection.close()
        self._connection.connect()

    def label_next(self) -> bool:
        """Claims and submits one task. False when there was nothing to claim."""
        status, got = self._post(f"/api/v1/queues/{self._queue}/claims", {})
        if status != http.client.CREATED:
            return False
        body = {"answers": ANSWERS, "timing": {"page": secrets.token_hex(8), "slices": SLICES}}
        claim = got["claim"]
        headers = {"Claim-Token": claim["token"], "Idempotency-Key": secrets.token_hex(16)}
        status, _ = self._post(f"/api/v1/claims/{claim['id']}/label", body, headers)
        if status != http.client.CREATED:
            raise AssertionError(f"a submit was answered {status}")
        return True

    def holds_one(self) -> bool:
        """Whether there was a task to claim, which they now hold."""
        status, _ = self._post(f"/api/v1/queues/{self._queue}/claims", {})
        return status == http.client.CREATED

    def ask(self, path: str, body: Any) -> float:
        """Seconds until this was answered."""
        begun = time.perf_counter()
        status, told = self._post(path, body)
        if status != http.client.OK:
            raise AssertionError(f"{path} was answered {status}: {told}")
        return time.perf_counter() - begun

    def open(self, path: str) -> float:
        """Seconds until this page was there."""
        begun = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        response.read()
        if response.status != http.client.OK:
            raise AssertionError(f"{path} was answered {response.status}")
        return time.perf_counter() - begun

    def _post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        self._connection.request("POST", path, orjson.dumps(body), {**self._headers, **(headers or {})})
        response = self._connection.getresponse()
        content = response.read()
        return response.status, orjson.loads(content) if content else None


def median_of(client: Client, cycles: int) -> float:
    """Seconds that one claim and submit takes this client alone."""
    client.connect()
    taken: Sequence[float] = [_timed(client) for _ in range(cycles)]
    return statistics.median(taken)


def _timed(client: Client) -> float:
    begun = time.perf_counter()
    if not client.label_next():
        raise AssertionError("there was nothing left to claim")
    return time.perf_counter() - begun


@dataclass
class Crowd:
    """Everybody of a site at once, and what they saw."""

    clients: Sequence[Client]
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def work(self, most: int) -> float:
        """Until `most` pairs were done together or nothing was left; gives pairs a second."""
        before, left, begun = len(self.seconds), iter(range(most)), time.perf_counter()
        lock = threading.Lock()

        def go_on() -> bool:
            with lock:
                return next(left, None) is not None

        threads = [threading.Thread(target=self._work, args=(client, go_on)) for client in self.clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return (len(self.seconds) - before) / (time.perf_counter() - begun)

    def _work(self, client: Client, go_on: Callable[[], bool]) -> None:
        try:
            client.connect()
            while go_on():
                begun = time.perf_counter()
                if not client.label_next():
                    return
                self.seconds.append(time.perf_counter() - begun)
        except (OSError, AssertionError, http.client.HTTPException) as failure:
            self.faults.append(str(failure))

    @property
    def p99(self) -> float:
        """Milliseconds."""
        return statistics.quantiles(self.seconds, n=100)[98] * 1000 if len(self.seconds) > 1 else 0.0


def crowd_of(site: Site, address: str) -> Crowd:
    return Crowd([Client(address, site.queue, token) for token in site.tokens])
