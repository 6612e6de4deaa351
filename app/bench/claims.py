"""Claims and submits over HTTP: flat in the number of tasks, nothing handed out twice, nothing lost."""

import http.client
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import func, select

from app.bench import driving
from app.bench.claims_site import ANSWERS, Site, build, database_for
from app.bench.figures import Figure, figure
from app.db.session import Database
from app.labels.models import Label
from app.queues.models import Claim

FEW = 1000
DONE = 0.9
WORKERS = 20
CLIENTS = 32
_BARE = "import sys; from app.bench.claims_bare import serve; serve(sys.argv[1], int(sys.argv[2]))"
SLICES = [
    {"seq": 0, "state": "active", "start_ms": 0, "duration_ms": 2},
    {"seq": 1, "state": "reading", "start_ms": 2, "duration_ms": 1},
]


@dataclass(frozen=True)
class Size:
    """How much is measured: pairs of runs of so many claims and submits each."""

    many: int
    pairs: int
    cycles: int
    contested: int


FULL = Size(many=100_000, pairs=9, cycles=10, contested=3000)
QUICK = Size(many=20_000, pairs=5, cycles=8, contested=400)


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

    def _post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        self._connection.request("POST", path, orjson.dumps(body), {**self._headers, **(headers or {})})
        response = self._connection.getresponse()
        content = response.read()
        return response.status, orjson.loads(content) if content else None


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    size = QUICK if quick else FULL
    with driving.folder() as folder:
        figures = _flat(folder, size, database_url)
        if database_url is None:
            figures += _against_bare(folder, size)
        return figures + _contested(folder, size, database_url)


def _flat(folder: Path, size: Size, server_url: str | None) -> list[Figure]:
    with ExitStack() as stack:
        few, many = (
            _client(stack, folder, name, count, server_url) for name, count in (("few", FEW), ("many", size.many))
        )
        pairs = [(_median(few, size.cycles), _median(many, size.cycles)) for _ in range(size.pairs)]
    ratio = statistics.median(more / less for less, more in pairs)
    how = (
        f"median claim + submit of one client at {size.many} tasks over that at {FEW}, {DONE:.0%} done, "
        f"median of {size.pairs} pairs of {size.cycles} in turn"
    )
    return [
        figure("claim + submit, flat in tasks", ratio, "ratio", at_most=1.3, how=how),
        figure(
            f"claim + submit at {size.many} tasks", statistics.median(more for _, more in pairs) * 1000, "ms",
            how="median of one client over HTTP",
        ),
    ]  # fmt: skip


def _against_bare(folder: Path, size: Size) -> list[Figure]:
    """The same writes by the driver, in a bare server: how much of its speed is kept."""
    with ExitStack() as stack:
        ours = _client(stack, folder, "ours", FEW, None)
        url = stack.enter_context(database_for(folder, "bare", None))
        site = build(url, tasks=FEW, done=int(FEW * DONE), workers=WORKERS)
        address = stack.enter_context(_bare(url.removeprefix("sqlite:///")))
        bare = Client(address, site.queue, site.tokens[0])
        pairs = [(_median(ours, size.cycles), _median(bare, size.cycles)) for _ in range(size.pairs)]
    ratio = statistics.median(least / own for own, least in pairs)
    how = f"median claim + submit of a bare server doing the same writes by the driver, over ours; {size.pairs} pairs in turn"
    return [figure("claim + submit, share of bare", ratio, "ratio", how=how)]


@dataclass
class _Tally:
    """What many clients did together."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def work(self, client: Client) -> None:
        try:
            while True:
                begun = time.perf_counter()
                if not client.label_next():
                    return
                self.seconds.append(time.perf_counter() - begun)
        except (OSError, AssertionError, http.client.HTTPException) as failure:
            self.faults.append(str(failure))


def _contested(folder: Path, size: Size, server_url: str | None) -> list[Figure]:
    tally = _Tally()
    with ExitStack() as stack:
        url = stack.enter_context(database_for(folder, "contested", server_url))
        site = build(url, tasks=size.contested, done=0, workers=CLIENTS)
        server = _serve(stack, folder, site)
        clients = [Client(server, site.queue, token) for token in site.tokens]
        threads = [threading.Thread(target=tally.work, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        double, labels = _count(url)
    p99 = statistics.quantiles(tally.seconds, n=100)[98] * 1000 if len(tally.seconds) > 1 else 0.0
    how = f"{CLIENTS} clients at once until nothing was left of {size.contested} tasks"
    return [
        figure("double assignments", double, "tasks", at_most=0, how=how),
        figure(
            "lost submits", len(tally.seconds) - labels + len(tally.faults), "labels", at_most=0,
            how=f"{how}; answered 201 but not there, or not answered",
        ),
        figure("unanswered tasks, lost to everybody", size.contested - labels, "tasks", at_most=0, how=how),
        figure("claim + submit under 32 clients, p99", p99, "ms", how=how),
    ]  # fmt: skip


def _count(url: str) -> tuple[int, int]:
    database = Database(url)
    with database.read() as session:
        again = select(Claim.task_id).where(Claim.state == "submitted").group_by(Claim.task_id).having(func.count() > 1)
        double = len(session.scalars(again).all())
        labels = session.scalar(select(func.count()).select_from(Label)) or 0
    database.close()
    return double, labels


def _client(stack: ExitStack, folder: Path, name: str, tasks: int, server_url: str | None) -> Client:
    url = stack.enter_context(database_for(folder, name, server_url))
    site = build(url, tasks=tasks, done=int(tasks * DONE), workers=WORKERS)
    return Client(_serve(stack, folder, site), site.queue, site.tokens[0])


def _serve(stack: ExitStack, folder: Path, site: Site) -> str:
    environment = driving.environment(folder, FASIT_DATABASE_URL=site.url)
    return stack.enter_context(driving.running(["serve"], driving.free_port(), environment)).address


@contextmanager
def _bare(path: str) -> Iterator[str]:
    port = driving.free_port()
    process = subprocess.Popen([sys.executable, "-c", _BARE, path, str(port)])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + driving.LONGEST_START
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


def _median(client: Client, cycles: int) -> float:
    client.connect()
    taken: Sequence[float] = [_timed(client) for _ in range(cycles)]
    return statistics.median(taken)


def _timed(client: Client) -> float:
    begun = time.perf_counter()
    if not client.label_next():
        raise AssertionError("there was nothing left to claim")
    return time.perf_counter() - begun
