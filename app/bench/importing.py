"""`fasit bench import`: text ads with metadata against a bare loop that writes the same rows, and the memory it takes."""

import random
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import func, select

from app.assets.models import Asset
from app.assets.store import Store
from app.bench import driving
from app.bench.claims_site import database_for
from app.bench.figures import Figure, figure
from app.bench.importing_bare import Bare, PostgresTables, SqliteTables, Tables
from app.clock import system_clock
from app.db.migrate import migrate
from app.db.session import Database
from app.errors import AppError
from app.imports import actions as imports
from app.projects import actions as projects

PROJECT = "bench"
MEGA = 1e6
WORDS = [
    "buy",
    "now",
    "only",
    "today",
    "offer",
    "new",
    "fresh",
    "summer",
    "price",
    "free",
    "trial",
    "best",
    "ever",
    "tilbud",
    "øl",
    "gratis",
    "frakt",
    "kun",
    "i",
    "dag",
    "spar",
    "penger",
    "nå",
]


@dataclass(frozen=True)
class Size:
    """So many ads in all, in so many files that are imported in turn: ours, bare, ours, bare."""

    ads: int
    files: int


FULL = Size(ads=1_000_000, files=10)
QUICK = Size(ads=50_000, files=5)


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    size = QUICK if quick else FULL
    with driving.folder() as folder, ExitStack() as stack:
        ours = stack.enter_context(database_for(folder, "ours", database_url))
        bare = stack.enter_context(database_for(folder, "bare", database_url))
        for url in (ours, bare):
            _prepare(url)
        pairs, held = _in_turn(folder, ours, bare, size)
        _require_all(ours, bare, size.ads)
    return _figures(pairs, held, size)


def _figures(pairs: list[tuple[float, float]], held: list[int], size: Size) -> list[Figure]:
    own, least = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    how = f"a bare loop's time for the same rows over ours; {size.ads} ads in {size.files} files, each pair in turn"
    return [
        figure("import, share of bare", statistics.median(b / a for a, b in pairs), "ratio", at_least=0.4,
               how=f"median of {len(pairs)} pairs: {how}"),
        figure("import in all, share of bare", least / own, "ratio", at_least=0.4, how=f"all together: {how}"),
        figure("ads a second", size.ads / own, "ads/s", how="ours, over all files"),
        figure("ads a second, bare", size.ads / least, "ads/s", how="the bare loop, over all files"),
        figure("memory added after the first file", (max(held[1:]) - held[0]) / MEGA, "MB", at_most=64,
               how="of this process, which imports all files one after the other; highest after any of them"),
    ]  # fmt: skip


def _in_turn(folder: Path, ours: str, bare: str, size: Size) -> tuple[list[tuple[float, float]], list[int]]:
    database, store = Database(ours), Store(folder / "media")
    tables: Tables = (
        PostgresTables(bare) if bare.startswith("postgresql") else SqliteTables(bare.removeprefix("sqlite:///"))
    )
    loop = Bare(tables)
    pairs, held = [], []
    each = size.ads // size.files
    for number in range(size.files):
        path = folder / f"{number}.jsonl"
        _make(path, number * each, each)
        own = _timed(lambda path=path: _import(database, store, path))  # type: ignore[misc]  # bound at once
        held.append(_held())
        pairs.append((own, _timed(lambda path=path: loop.load(path))))  # type: ignore[misc]  # bound at once
        path.unlink()
    tables.close()
    database.close()
    return pairs, held


def _import(database: Database, store: Store, path: Path) -> None:
    def refuse(place: str, reason: str) -> None:
        raise AppError(f"{place}: {reason}")

    imports.import_into(database, store, project=PROJECT, path=path, tell=refuse, clock=system_clock)


def _prepare(url: str) -> None:
    database = Database(url)
    migrate(database)
    with database.write() as session:
        projects.create_project(
            session, name="Bench", slug=PROJECT, languages=["en"], markets=[], person=None, clock=system_clock
        )
    database.close()


def _make(path: Path, first: int, count: int) -> None:
    """Ads as people bring them: a caption of thirty words, four values of metadata."""
    chance = random.Random(first)  # noqa: S311  # words of made-up ads, the same in every run
    with path.open("wb") as file:
        for number in range(first, first + count):
            metadata = {
                "market": chance.choice(("NO", "SE", "DK", "FI")), "advertiser": f"Advertiser {chance.randrange(5000)}",
                "campaign": f"c-{chance.randrange(100_000)}", "spend": round(chance.random() * 1000, 2),
            }  # fmt: skip
            part = {"name": "caption", "modality": "text", "text": " ".join(chance.choices(WORDS, k=30))}
            ad = {"external_id": f"ad-{number:08}", "metadata": metadata, "parts": [part]}
            file.write(orjson.dumps(ad, option=orjson.OPT_APPEND_NEWLINE))


def _require_all(ours: str, bare: str, count: int) -> None:
    for url in (ours, bare):
        database = Database(url)
        with database.read() as session:
            found = session.scalar(select(func.count()).select_from(Asset))
        database.close()
        if found != count:
            raise AppError(f"There are {found} ads, and not the {count} that were imported.")


def _timed(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _held() -> int:
    """Bytes of memory of this process that are its own."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    return 0
