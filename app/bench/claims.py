"""Claims and submits over HTTP: flat in the number of tasks, near to what bare SQL does, nothing twice, nothing lost."""

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from app.bench import driving
from app.bench.claims_clients import Client, Crowd, crowd_of, median_of
from app.bench.claims_site import Site, build, database_for
from app.bench.figures import Figure, figure
from app.db.session import Database
from app.labels.models import Label
from app.queues.models import Claim

FEW = 1000
DONE = 0.9
WORKERS = 20
CLIENTS = 32
OVERLAP = 3
_BARE = "import sys; from app.bench.claims_bare import serve; serve(sys.argv[1], int(sys.argv[2]))"


@dataclass(frozen=True)
class Size:
    """How much is measured: pairs of runs of so many claims and submits each."""

    many: int  # tasks of a large queue
    veteran: int  # what one person has done of a queue of an overlap of three
    pairs: int
    cycles: int
    burst: int  # what all clients do together in a run
    contested: int


FULL = Size(many=1_000_000, veteran=50_000, pairs=9, cycles=10, burst=400, contested=3000)
QUICK = Size(many=20_000, veteran=2000, pairs=5, cycles=8, burst=100, contested=400)


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    size = QUICK if quick else FULL
    with driving.folder() as folder:
        return [
            *_flat(folder, size, database_url),
            *_against_bare(folder, size, database_url),
            *_contested(folder, size, database_url),
        ]


def _flat(folder: Path, size: Size, server_url: str | None) -> list[Figure]:
    with ExitStack() as stack:
        few, _, _ = _served(stack, folder, "few", server_url, tasks=FEW, done=int(FEW * DONE))
        many, site, address = _served(stack, folder, "many", server_url, tasks=size.many, done=int(size.many * DONE))
        # One worker has done all there is done; of each of those tasks two slots are free, which are not for them.
        veteran, _, _ = _served(
            stack,
            folder,
            "veteran",
            server_url,
            tasks=size.veteran + FEW,
            done=size.veteran,
            overlap=OVERLAP,
            workers=1,
        )
        rounds = [tuple(median_of(one, size.cycles) for one in (few, many, veteran)) for _ in range(size.pairs)]
        pages = _pages(Client(address, site.queue, site.manager), site, size)
    in_turn = f"over that at {FEW}, median of {size.pairs} pairs of {size.cycles} in turn"
    return [
        figure(
            "claim + submit, flat in tasks", statistics.median(b / a for a, b, _ in rounds), "ratio", at_most=1.3,
            how=f"median claim + submit of one client at {size.many} tasks, {DONE:.0%} done, {in_turn}",
        ),
        figure(
            "claim + submit, flat in own work", statistics.median(c / a for a, _, c in rounds), "ratio", at_most=1.3,
            how=f"the same for who has done {size.veteran} tasks of a queue with an overlap of {OVERLAP}, {in_turn}",
        ),
        figure(
            f"claim + submit at {size.many} tasks", statistics.median(b for _, b, _ in rounds) * 1000, "ms",
            how="median of one client over HTTP",
        ),
        *pages,
    ]  # fmt: skip


def _pages(manager: Client, site: Site, size: Size) -> list[Figure]:
    """What a manager opens, in the large queue."""
    found = []
    places = {"queue page": f"/queues/{site.queue}", "home": "/", "queue by API": f"/api/v1/queues/{site.queue}"}
    for name, path in places.items():
        manager.connect()
        manager.open(path)
        took = statistics.median(manager.open(path) for _ in range(size.pairs)) * 1000
        how = f"median of {size.pairs} over HTTP, for a manager"
        found.append(figure(f"{name} at {size.many} tasks", took, "ms", at_most=100, how=how))
    return found


def _against_bare(folder: Path, size: Size, server_url: str | None) -> list[Figure]:
    """The same writes by the driver, behind bare routes: how much of their throughput is kept, and for how long."""
    tasks = size.burst * (size.pairs + 1)
    with ExitStack() as stack:
        site, server = _site_and_server(stack, folder, "ours", server_url, tasks=tasks, done=0, workers=CLIENTS)
        ours = crowd_of(site, server.address)
        url = stack.enter_context(database_for(folder, "bare", server_url))
        other = build(url, tasks=tasks, done=0, workers=CLIENTS)
        bare = crowd_of(other, stack.enter_context(_bare(other.url)))
        warm = ours.work(size.burst), bare.work(size.burst)
        ours.seconds.clear()
        before = _memory(server)
        pairs = [(ours.work(size.burst), bare.work(size.burst)) for _ in range(size.pairs)]
        after = _memory(server)
    assert all(warm)
    faults = ours.faults + bare.faults
    assert not faults, faults[0]
    how = f"{CLIENTS} clients, {size.pairs} pairs of {size.burst} claims and submits in turn"
    within = 250 if server_url is None else None
    return [
        figure(
            "claim + submit, share of bare", statistics.median(own / least for own, least in pairs), "ratio", at_least=0.5,
            how=f"throughput over that of bare FastAPI routes doing the same writes by the driver; {how}",
        ),
        figure("claim + submit with 32 clients", statistics.median(own for own, _ in pairs), "a second", how=how),
        figure("claim + submit with 32 clients, p99", ours.p99, "ms", how=how, at_most=within),
        figure(
            "memory after load", after / before, "ratio", at_most=1.1,
            how=f"resident memory of the serving process after {how}, over that after the first {size.burst}",
        ),
    ]  # fmt: skip


def _memory(server: driving.Server) -> int:
    """Resident pages of the serving process."""
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])


def _contested(folder: Path, size: Size, server_url: str | None) -> list[Figure]:
    with ExitStack() as stack:
        site, server = _site_and_server(
            stack, folder, "contested", server_url, tasks=size.contested, done=0, workers=CLIENTS
        )
        crowd: Crowd = crowd_of(site, server.address)
        crowd.work(2 * size.contested)
        double, labels = _count(site.url)
    how = f"{CLIENTS} clients at once until nothing was left of {size.contested} tasks"
    return [
        figure("double assignments", double, "tasks", at_most=0, how=how),
        figure(
            "lost submits", len(crowd.seconds) - labels + len(crowd.faults), "labels", at_most=0,
            how=f"{how}; answered 201 but not there, or not answered",
        ),
        figure("unanswered tasks, lost to everybody", size.contested - labels, "tasks", at_most=0, how=how),
    ]  # fmt: skip


def _count(url: str) -> tuple[int, int]:
    database = Database(url)
    with database.read() as session:
        again = select(Claim.task_id).where(Claim.state == "submitted").group_by(Claim.task_id).having(func.count() > 1)
        double = len(session.scalars(again).all())
        labels = session.scalar(select(func.count()).select_from(Label)) or 0
    database.close()
    return double, labels


def _served(
    stack: ExitStack, folder: Path, name: str, server_url: str | None, *, tasks: int, done: int, overlap: int = 1,
    workers: int = WORKERS,
) -> tuple[Client, Site, str]:  # fmt: skip
    """A client of a site of its own, the site, and where it is served."""
    site, server = _site_and_server(
        stack, folder, name, server_url, tasks=tasks, done=done, overlap=overlap, workers=workers
    )
    return Client(server.address, site.queue, site.tokens[0]), site, server.address


def _site_and_server(
    stack: ExitStack, folder: Path, name: str, server_url: str | None, *, tasks: int, done: int, workers: int,
    overlap: int = 1,
) -> tuple[Site, driving.Server]:  # fmt: skip
    url = stack.enter_context(database_for(folder, name, server_url))
    site = build(url, tasks=tasks, done=done, workers=workers, overlap=overlap)
    environment = driving.environment(folder, FASIT_DATABASE_URL=site.url)
    return site, stack.enter_context(driving.running(["serve"], driving.free_port(), environment))


@contextmanager
def _bare(url: str) -> Iterator[str]:
    port = driving.free_port()
    process = subprocess.Popen([sys.executable, "-c", _BARE, url, str(port)])
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
