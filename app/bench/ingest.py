"""`fasit bench ingest`: how long an import takes until one can label, and how much memory: an hour of sound, a minute of video."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.assets import actions as assets
from app.assets import deriving
from app.assets.intake import GivenPart
from app.assets.models import Media
from app.assets.rules import MediaState
from app.assets.store import Store
from app.bench import ingest_media
from app.bench.driving import environment, folder
from app.bench.figures import Figure, figure
from app.clock import system_clock
from app.db.migrate import migrate
from app.db.session import Database
from app.errors import AppError
from app.projects import actions as projects
from app.projects.models import Project

MEMORY_AT_MOST = 400  # MB
SAMPLE_EVERY = 0.05  # seconds
MEGA = 1e6


@dataclass(frozen=True)
class Case:
    """A medium to import, with the seconds it may take."""

    name: str
    modality: str
    path: Path
    at_most: float


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    minutes, seconds = (6, 10) if quick else (60, 60)
    found = []
    with folder() as own:
        cases = [
            Case("audio of an hour", "audio", ingest_media.made(own / "speech.mp3", minutes * 60), 30),
            Case("video that browsers play", "video", ingest_media.made(own / "film.mp4", seconds), 20),
            Case("video that needs a proxy", "video", ingest_media.made(own / "film.avi", seconds), 120),
        ]
        database = Database(environment(own)["FASIT_DATABASE_URL"])
        migrate(database)
        with database.write() as session:
            seq = projects.create_project(
                session, name="Bench", slug="bench", languages=["en"], markets=[], person=None, clock=system_clock
            ).seq
        for case in cases:
            found += _import(database, Store(own / "media"), seq, case, quick=quick)
        database.close()
    return found


def _import(database: Database, store: Store, seq: int, case: Case, *, quick: bool) -> list[Figure]:
    begun = time.perf_counter()
    with _memory() as most:
        with database.write() as session:
            assets.add_asset(
                session, store, project=session.get_one(Project, seq), external_id=case.name, metadata={},
                parts=[GivenPart("part", case.modality, path=case.path)], person=None, clock=system_clock,
            )  # fmt: skip
        deriving.derive_all_due(database, store, clock=system_clock)
    passed = time.perf_counter() - begun
    with database.read() as session:
        media = session.query(Media).order_by(Media.seq.desc()).first()
        if media is None or media.state != MediaState.READY:
            raise AppError(f"The {case.name} was not ready: {media.failure if media else 'it is not there'}")
    shorter = " (a shorter one with --quick, by the same code)" if quick else ""
    how = f"from the file to everything its page needs{shorter}"
    memory = "the most that this process and all it started held at once, shared pages counted once"
    return [
        figure(f"{case.name}: seconds", round(passed, 2), "s", how=how, at_most=case.at_most),
        figure(f"{case.name}: memory", round(max(most) / MEGA, 1), "MB", how=memory, at_most=MEMORY_AT_MOST),
    ]


@contextmanager
def _memory() -> Iterator[list[int]]:
    """Bytes that this process and its descendants hold together, as long as the block lasts."""
    found = [_held()]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_EVERY):
            found.append(_held())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


def _held() -> int:
    parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    ours = {os.getpid()}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in ours} - ours
        ours |= more
        grown = bool(more)
    return sum(_shared_once(pid) for pid in ours)


def _parent(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _shared_once(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
