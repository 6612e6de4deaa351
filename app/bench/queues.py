"""`fasit bench queues`: what managers and labelers open, where one queue has a million tasks."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.bench import queues_site
from app.bench.claims_clients import Client
from app.bench.claims_site import Site, database_for
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure
from app.bench.queues_site import RARE_AD

MOST_MS = 100
ROUNDS = 9
MILLI = 1000


@dataclass(frozen=True)
class Case:
    """One page and who opens it."""

    name: str
    path: str
    token: str


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    tasks = 20_000 if quick else 1_000_000
    with folder() as own, database_for(own, "queues", database_url) as url:
        began = time.perf_counter()
        site = queues_site.build(url, tasks=tasks)
        built = time.perf_counter() - began
        with running(["serve"], free_port(), environment(own, FASIT_DATABASE_URL=url)) as server:
            held = sum(Client(server.address, site.queue, token).holds_one() for token in site.tokens)
            found = [_measure(server.address, site, case) for case in _cases(site)]
            found += _changes(Client(server.address, site.queue, site.manager), site)
    how = f"{tasks} tasks, {held} of them held, with what a queue has that {len(site.tokens)} people work in"
    return [*found, figure("seconds to write all rows", round(built, 1), "s", how=how)]


def _cases(site: Site) -> Sequence[Case]:
    manager, labeler, queue = site.manager, site.tokens[0], f"/queues/{site.queue}"
    return [
        Case("home of a manager", "/", manager),
        Case("home of a labeler", "/", labeler),
        Case("queue list of a manager", "/projects/bench/queues", manager),
        Case("queue list of a labeler", "/projects/bench/queues", labeler),
        Case("queue page of a manager", queue, manager),
        Case("queue page of a labeler", queue, labeler),
        Case("live region", f"{queue}/watch", manager),
        Case("watching by API", f"/api/v1{queue}/watch", manager),
        Case("what was put aside, by API", f"/api/v1{queue}/outcomes", manager),
        Case("queue by API", f"/api/v1{queue}", manager),
        Case("queue by API of a labeler", f"/api/v1{queue}", labeler),
        Case("settings", f"{queue}/settings", manager),
        Case("adding tasks", f"{queue}/filling", manager),
        Case("changing many", f"{queue}/bulk", manager),
    ]


def _measure(address: str, site: Site, case: Case) -> Figure:
    client = Client(address, site.queue, case.token)
    client.open(case.path)
    took = statistics.median(client.open(case.path) for _ in range(ROUNDS)) * MILLI
    return figure(
        f"{case.name}: ms",
        round(took, 1),
        "ms",
        how=f"median of {ROUNDS}, from request to answer, GET {case.path}",
        at_most=MOST_MS,
    )


def _changes(manager: Client, site: Site) -> list[Figure]:
    """What would be touched of a million; nothing is changed."""
    path = f"/api/v1/queues/{site.queue}/bulk/preview"
    asked = {
        "as many as go in one go": {"deed": "prioritise", "priority": 5, "states": ["open"]},
        "those on hold": {"deed": "return", "states": ["on_hold"]},
        "one by its external id": {"deed": "withdraw", "external_ids": [RARE_AD]},
        "one by its metadata": {"deed": "withdraw", "filter": {"metadata.rare": ["yes"]}},
    }
    return [
        figure(f"preview of many, {name}", round(manager.ask(path, body), 2), "s", how="once, by API")
        for name, body in asked.items()
    ]
