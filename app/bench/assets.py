"""`fasit bench assets`: pages of the asset table and gallery at a million ads, first and deep, filtered, searched and sorted."""

import json
import statistics
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.bench import assets_site
from app.bench.assets_site import Site
from app.bench.claims_site import database_for
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure

MOST_MS = 100
ROUNDS = 7
MILLI = 1000


@dataclass(frozen=True)
class Case:
    """One page: its name and what it asks for. `at` is how far into the list it begins, as a share."""

    name: str
    asked: dict[str, str]
    at: float | None = None


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    ads = 20_000 if quick else 1_000_000
    with folder() as own, database_for(own, "assets", database_url) as url:
        began = time.perf_counter()
        site = assets_site.build(url, ads=ads)
        built = time.perf_counter() - began
        env = environment(own, FASIT_DATABASE_URL=url)
        port = free_port()
        with running(["serve"], port, env) as server:
            found = [_measure(server.address, site, case, ads) for case in _cases(site)]
    share = "the share of the catalogue in the time of writing the ads' rows and it, in transactions of 1000 ads"
    return [
        *found,
        figure("catalogue of one ad, written with 999 others", site.upkeep_ms, "ms", how=share),
        figure("seconds to write all rows", round(built, 1), "s", how=f"{ads} ads, their parts, revisions, catalogue"),
    ]


def _cases(site: Site) -> Sequence[Case]:
    rare = {"metadata.campaign": "campaign-7"}
    half = {"metadata.market": "NO"}
    return [
        Case("first page", {}),
        Case("deep page", {}, at=0.5),
        Case("last page but one", {}, at=0.999),
        Case("first page by external id", {"sort": "external_id"}),
        Case("deep page by external id", {"sort": "external_id"}, at=0.5),
        Case("filtered by a common value", half),
        Case("filtered by a common value, deep", half, at=0.9),
        Case("filtered by a rare value", rare),
        Case("filtered by values that never meet", half | {"metadata.language": "sv"}),
        Case("filtered by a common value by external id", half | {"sort": "external_id"}),
        Case("filtered by where none comes first by external id", {"metadata.group": "late", "sort": "external_id"}),
        Case("filtered by what all have and one has", half | {"metadata.one": "only"}),
        Case("searched for a word of all", {"q": '"tilbud"'}),
        Case("searched for a word of all, deep", {"q": '"tilbud"'}, at=0.5),
        Case("searched for a word of half, filtered by the other half", {"q": '"norge"', "metadata.market": "SE"}),
        Case("searched for a common beginning", {"q": "til"}),
        Case("searched for a rare word", {"q": "sjelden"}),
        Case("searched for a phrase", {"q": '"tilbud i norge"', "sort": "external_id"}),
        Case("searched for an external id", {"q": site.some_id}),
        Case("searched for a beginning of very many words", {"q": "0000"}),
        Case("by a common state in the queues", {"queue_state": "open"}),
        Case("by a rare state in the queues", {"queue_state": "on_hold"}),
        Case("in no queue", {"queue_state": "none"}),
        Case("by state in the queues, filtered, searched", half | {"queue_state": "done", "q": "tilbud"}),
    ]


def _measure(address: str, site: Site, case: Case, ads: int) -> Figure:
    asked = dict(case.asked)
    if case.at is not None:
        asked["after"] = site.ids[min(int(ads * case.at) // site.step, len(site.ids) - 1)]
    times = []
    for view in ("table", "gallery"):
        url = f"{address}/projects/{assets_site.PROJECT}/assets?{urlencode(asked | {'view': view})}"
        _fetch(url, site.cookie)
        times.append(statistics.median(_fetch(url, site.cookie) for _ in range(ROUNDS)))
    how = f"{json.dumps(case.asked)}: the slower of table and gallery, each the median of {ROUNDS}, from request to answer"
    return figure(f"{case.name}: ms", round(max(times), 1), "ms", how=how, at_most=MOST_MS)


def _fetch(url: str, cookie: str) -> float:
    request = urllib.request.Request(url, headers={"Cookie": cookie})
    begun = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
    return (time.perf_counter() - begun) * MILLI
