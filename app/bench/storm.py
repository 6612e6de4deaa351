"""Many people at once, in calm and bad weather, while the server is killed: nothing doubled, nothing lost."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from app.assets.intake import GivenPart
from app.bench import driving, site, storm_checker, storm_records
from app.bench.claims_site import ANSWERS, BODY, TEXT, database_for
from app.bench.figures import Figure, figure
from app.bench.storm_clients import BAD_NETWORK, CALM, Weather, Worker
from app.bench.storm_records import Noted

WORKERS_ON_POSTGRESQL = 3
SHOWN = 5  # faults told in words


@dataclass(frozen=True)
class Size:
    """How many people work for how long, on how many tasks of how much overlap; and how often the server is killed."""

    clients: int
    seconds: float
    tasks: int
    kills: int
    overlap: int = 2


FULL = Size(clients=128, seconds=60, tasks=8000, kills=5)
QUICK = Size(clients=16, seconds=3, tasks=250, kills=2)


@dataclass(frozen=True)
class Course:
    """What a storm is like."""

    name: str
    weather: Weather
    killed: bool = False


COURSES = (
    Course("at once", CALM),
    Course("server killed", CALM, killed=True),
    Course("bad network", BAD_NETWORK),
)


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    size = QUICK if quick else FULL
    return [found for course in COURSES for found in measure(course, size, database_url)]


def measure(course: Course, size: Size, server_url: str | None) -> list[Figure]:
    """One course on a database of its own; what went wrong is told on stderr."""
    with driving.folder() as folder, database_for(folder, "storm", server_url) as url:
        queue, tokens = _build(folder, url, size)
        environment = driving.environment(folder, FASIT_DATABASE_URL=url)
        command = ["serve"] if server_url is None else ["serve", "--workers", str(WORKERS_ON_POSTGRESQL)]
        with _mortal(command, driving.free_port(), environment) as server:
            workers = [
                Worker(server.address, queue, token, name=f"client-{number}", weather=course.weather)
                for number, token in enumerate(tokens)
            ]
            _weather_it(server, workers, course, size)
        kept = storm_records.read(url)
        unsound = _checked_by_fasit(environment)
    noted = [one for worker in workers for one in worker.noted]
    broken = [fault for worker in workers for fault in worker.faults]
    found = {
        "double assignments": storm_checker.double_assignments(noted, kept),
        "lost submits and drafts": [*storm_checker.lost_submits(noted, kept), *storm_checker.unsettled_submits(noted)],
        "doubled submits": storm_checker.doubled_submits(noted, kept),
        "faults found by fasit check": unsound,
        "clients that gave up": broken,
    }
    for name, faults in found.items():
        for fault in faults[:SHOWN]:
            print(f"{course.name}: {name}: {fault}", file=sys.stderr)
    how = f"{size.clients} clients for {size.seconds:g} s, overlap {size.overlap}, {_told(course, size)}"
    return [
        *(
            figure(f"{course.name}: {name}", len(faults), "faults", at_most=0, how=how)
            for name, faults in found.items()
        ),
        figure(f"{course.name}: labels recorded", len(kept.labels), "labels", at_least=1, how=how),
        figure(
            f"{course.name}: requests", len(noted), "requests", how=f"{how}; {_unanswered(noted)} of them unanswered"
        ),
    ]


def _told(course: Course, size: Size) -> str:
    if course.killed:
        return f"the server killed {size.kills} times and started again"
    return "requests repeated, delayed, sent again later and cut off" if course.weather != CALM else "nothing else"


def _unanswered(noted: Sequence[Noted]) -> int:
    return sum(one.status is None for one in noted)


def _build(folder: Path, url: str, size: Size) -> tuple[str, list[str]]:
    """The queue and a token of each client."""
    emails = [f"client-{number}@example.org" for number in range(size.clients)]
    ads = ((f"ad-{number}", [GivenPart("creative", "text", text=TEXT)]) for number in range(size.tasks))
    queue = site.build(folder, url, schema=BODY, ads=ads, labelers=emails, overlap=size.overlap)
    return queue, site.tokens(url, emails)


def _weather_it(server: "_Mortal", workers: Sequence[Worker], course: Course, size: Size) -> None:
    """The time in which the server is down does not count."""
    over = threading.Event()
    threads = [threading.Thread(target=one.work, args=(_answers, over)) for one in workers]
    for thread in threads:
        thread.start()
    kills = size.kills if course.killed else 0
    for _ in range(kills):
        time.sleep(size.seconds / (kills + 1))
        server.kill()
        server.start()
    time.sleep(size.seconds / (kills + 1))
    over.set()
    for thread in threads:
        thread.join()


def _answers(note: str) -> Mapping[str, Any]:
    return {**ANSWERS, "note": note}


class _Mortal:
    """A server, and all processes of its own, that can be killed and started again at the same address."""

    def __init__(self, command: Sequence[str], port: int, environment: Mapping[str, str], log: IO[bytes]) -> None:
        self._start = partial(driving.start, command, port, environment, log)
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        begun = time.perf_counter()
        self._process = self._start()
        driving.wait_until_served(self.address, self._process, begun)

    def kill(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@contextmanager
def _mortal(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[_Mortal]:
    with tempfile.TemporaryFile() as log:
        server = _Mortal(command, port, environment, log)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def _checked_by_fasit(environment: Mapping[str, str]) -> list[str]:
    """What the product itself finds wrong: labels against their schema, hashes, the history chain, slots and claims."""
    command = [sys.executable, "-m", "app", "check"]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()
