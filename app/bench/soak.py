"""An hour of load at a steady pace, as a team makes it: does the memory of the serving process stay flat?"""

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from app.bench import driving
from app.bench.claims_clients import Client
from app.bench.claims_site import Site, build, database_for
from app.bench.figures import Figure, figure

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Size:
    """How long so many people label, each a task every `every` seconds, while a manager opens a page as often."""

    seconds: float
    people: int
    every: float = 1.0
    readings: int = 120  # of the memory, evenly over that time

    @property
    def tasks(self) -> int:
        return int(self.people * (self.seconds / self.every + 10))


FULL = Size(seconds=3600, people=32)
QUICK = Size(seconds=20, people=8)


@dataclass
class _Load:
    """What goes on until `stop` is set, and what came of it."""

    stop: threading.Event = field(default_factory=threading.Event)
    done: list[float] = field(default_factory=list)  # seconds of each claim and submit, page or search
    faults: list[str] = field(default_factory=list)

    def repeat(self, act: Callable[[], object], every: float, offset: float) -> None:
        """`act` each `every` seconds; one that takes longer is followed at once."""
        due = time.perf_counter() + offset
        try:
            while not self.stop.wait(max(0.0, due - time.perf_counter())):
                begun = time.perf_counter()
                act()
                self.done.append(time.perf_counter() - begun)
                due = max(due + every, begun)
        except (OSError, AssertionError, http.client.HTTPException) as failure:
            self.faults.append(f"{type(failure).__name__}: {failure}")


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    size = QUICK if quick else FULL
    with driving.folder() as folder, ExitStack() as stack:
        url = stack.enter_context(database_for(folder, "soak", database_url))
        site = build(url, tasks=size.tasks, done=0, workers=size.people)
        environment = driving.environment(folder, FASIT_DATABASE_URL=site.url)
        server = stack.enter_context(driving.running(["serve"], driving.free_port(), environment))
        with _at_work(site, server.address, size) as load:
            resident = list(_readings(server.process.pid, size, load))
    assert not load.faults, load.faults[0]
    return _figures(size, load, resident)


def _figures(size: Size, load: _Load, resident: Sequence[int]) -> list[Figure]:
    tenth = max(1, len(resident) // 10)
    warm, late = statistics.median(resident[tenth : 2 * tenth]), statistics.median(resident[-tenth:])
    how = (
        f"{size.people} people, a claim and submit every {size.every:g} s each, and a manager's pages, for"
        f" {size.seconds:g} s; resident memory of all processes of the server, {len(resident)} readings"
    )
    return [
        figure(
            "memory after load", late / warm, "ratio", at_most=1.1,
            how=f"{how}: median of the last tenth over that of the second tenth",
        ),
        figure("memory at first", resident[0] / MEGABYTE, "MB", how="before the load began"),
        figure("memory, second tenth", warm / MEGABYTE, "MB", how="median"),
        figure("memory at half", resident[len(resident) // 2] / MEGABYTE, "MB", how="one reading"),
        figure("memory, last tenth", late / MEGABYTE, "MB", how="median"),
        figure("requests done", len(load.done), "pairs and pages", how=how),
        figure("p99 of a pair or a page", statistics.quantiles(load.done, n=100)[98] * 1000, "ms", how=how),
    ]  # fmt: skip


@contextmanager
def _at_work(site: Site, address: str, size: Size) -> Iterator[_Load]:
    """Everybody works, each on a connection and at a moment of their own."""
    load = _Load()
    acts = [_labeling(Client(address, site.queue, token)) for token in site.tokens]
    acts.append(_managing(Client(address, site.queue, site.manager), site.queue))
    threads = [
        threading.Thread(target=load.repeat, args=(act, size.every, size.every * number / len(acts)))
        for number, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join()


def _labeling(client: Client) -> Callable[[], None]:
    def act() -> None:
        client.connect()
        if not client.label_next():
            raise AssertionError("there was nothing left to claim")

    return act


def _managing(client: Client, queue: str) -> Callable[[], None]:
    """Goes through what a manager looks at, page by page."""
    places = cycle((
        f"/queues/{queue}", "/", f"/api/v1/queues/{queue}", f"/queues/{queue}/watch", "/projects/bench/assets",
        "/projects/bench/assets?q=pilsner", "/background",
    ))  # fmt: skip

    def act() -> None:
        client.connect()
        client.open(next(places))

    return act


def _readings(group: int, size: Size, load: _Load) -> Iterator[int]:
    """Resident bytes of the server's processes, once before the load tells and then evenly; no more after a fault."""
    begun = time.perf_counter()
    for number in range(size.readings + 1):
        time.sleep(max(0.0, begun + number * size.seconds / size.readings - time.perf_counter()))
        if load.faults:
            return
        yield _resident(group)


def _resident(group: int) -> int:
    """Bytes that the processes of this group hold in memory, each page of each counted."""
    pages = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) == group:
                pages += int((process / "statm").read_text().split()[1])
        except (ProcessLookupError, FileNotFoundError):  # ended meanwhile
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")
