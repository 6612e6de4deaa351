"""Many people at once, over HTTP, against real server processes: on SQLite one, on PostgreSQL two."""

import asyncio
import http
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx2
import pytest
from sqlalchemy import func, select

from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.labels import checks as label_checks
from app.labels.models import Label
from app.people.models import Person
from app.queues import checks
from app.queues.models import Claim, Slot, Task
from app.settings import Settings
from tests.making import bearer, make_person
from tests.making_queues import ANSWER, Site, make_site
from tests.serving_processes import serving

PEOPLE = 64


@dataclass
class Hands:
    """One person's script: claims, submits, and notes every status it was answered."""

    client: httpx2.AsyncClient
    address: str
    headers: dict[str, str]
    queue: str
    seen: Counter[int]

    async def work(self) -> None:
        while (claim := await self.claim()) is not None:
            await self.submit(claim, key=claim["claim"]["id"])

    async def work_ahead(self) -> None:
        """As a page does: the next task is reserved while one is worked on, and a free moment asks again."""
        claim = await self.claim()
        while claim is not None:
            ahead, _ = await asyncio.gather(self.claim(ahead=True), self.lease(claim))
            await self.submit(claim, key=claim["claim"]["id"])
            begun = ahead is not None and await self.lease(ahead) == http.HTTPStatus.OK
            claim = ahead if begun else await self.claim()

    async def lease(self, claim: dict[str, dict[str, str]]) -> int:
        headers = {**self.headers, "Claim-Token": claim["claim"]["token"]}
        answer = await self.client.put(f"{self.address}/api/v1/claims/{claim['claim']['id']}/lease", headers=headers)
        self.seen[answer.status_code] += 1
        return answer.status_code

    async def claim(self, *, ahead: bool = False) -> dict[str, dict[str, str]] | None:
        answer = await self.client.post(
            f"{self.address}/api/v1/queues/{self.queue}/claims", json={"ahead": ahead}, headers=self.headers
        )
        self.seen[answer.status_code] += 1
        if answer.status_code != 201:
            return None
        found: dict[str, dict[str, str]] = answer.json()
        return found

    async def submit(self, claim: dict[str, dict[str, str]], *, key: str) -> int:
        headers = {**self.headers, "Claim-Token": claim["claim"]["token"], "Idempotency-Key": key}
        path = f"{self.address}/api/v1/claims/{claim['claim']['id']}/label"
        answer = await self.client.post(path, json=ANSWER, headers=headers)
        self.seen[answer.status_code] += 1
        return answer.status_code


Script = Callable[[Hands], Awaitable[None]]
Found = TypeVar("Found")


def apart(what: Coroutine[None, None, Found]) -> Found:
    """Runs it on a thread of its own, for the browser's tests leave a running loop on theirs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result()


@dataclass
class Contest:
    database: Database
    settings: Settings
    store: Store

    @property
    def processes(self) -> int:
        return 1 if self.database.is_sqlite else 2

    def site(self, *, ads: int, overlap: int) -> Site:
        with self.database.write() as session:
            return make_site(session, self.store, clock=system_clock, ads=ads, overlap=overlap)

    def people(self, count: int) -> list[dict[str, str]]:
        with self.database.write() as session:
            made: list[Person] = [make_person(session, clock=system_clock, name=f"P{one}") for one in range(count)]
        return [bearer(self.database, person, clock=system_clock) for person in made]

    def run(
        self, site: Site, people: Sequence[dict[str, str]], *, tabs: int = 1, work: Script = Hands.work
    ) -> Counter[int]:
        """Everybody works until there is nothing for them. Gives how often each status was answered."""
        seen: Counter[int] = Counter()

        async def everybody(addresses: list[str]) -> None:
            limits = httpx2.Limits(max_connections=None, max_keepalive_connections=200)
            async with httpx2.AsyncClient(limits=limits, timeout=120) as client:
                hands = [
                    Hands(client, addresses[number % len(addresses)], headers, site.queue.id, seen)
                    for number, headers in enumerate([one for one in people for _ in range(tabs)])
                ]
                await asyncio.gather(*(work(one) for one in hands))

        with serving(self.settings, processes=self.processes) as addresses:
            apart(everybody(addresses))
        return seen

    def faults(self) -> list[str]:
        with self.database.read() as session:
            return [*label_checks.find_faults(session, self.store), *checks.find_faults(session)]

    def doubles(self) -> int:
        """Tasks that one person answered twice, and slots that two claims were submitted on."""
        with self.database.read() as session:
            people = select(Label.task_id).group_by(Label.task_id, Label.person_id).having(func.count() > 1)
            slots = (
                select(Claim.slot_id).where(Claim.state == "submitted").group_by(Claim.slot_id).having(func.count() > 1)
            )
            return len(session.scalars(people).all()) + len(session.scalars(slots).all())

    def count(self, table: type[Label | Task | Slot], *where: object) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]  # conditions


@pytest.fixture
def contest(database: Database, settings: Settings, tmp_path: Path) -> Contest:
    return Contest(database, settings, Store(tmp_path / "media"))


@pytest.mark.slow
def test_sixty_four_people_share_a_queue_without_one_double_assignment(contest: Contest) -> None:
    site = contest.site(ads=160, overlap=1)
    seen = contest.run(site, contest.people(PEOPLE))
    assert contest.doubles() == 0
    assert contest.count(Label) == 160
    assert contest.count(Task, Task.state == "done") == 160
    assert set(seen) == {201, 204}
    assert contest.faults() == []


@pytest.mark.slow
def test_an_overlap_of_three_is_three_different_people_each(contest: Contest) -> None:
    site = contest.site(ads=40, overlap=3)
    seen = contest.run(site, contest.people(PEOPLE))
    assert contest.doubles() == 0
    assert contest.count(Label) == 120
    assert contest.count(Slot, Slot.state == "done") == 120
    assert set(seen) == {201, 204}
    assert contest.faults() == []


@pytest.mark.slow
def test_people_who_reserve_ahead_share_a_queue_to_its_last_task(contest: Contest) -> None:
    site = contest.site(ads=120, overlap=2)
    seen = contest.run(site, contest.people(32), work=Hands.work_ahead)
    assert contest.doubles() == 0
    assert contest.count(Label) == 240
    assert contest.count(Task, Task.state == "done") == 120
    assert contest.count(Slot, Slot.state == "ahead") == 0
    assert set(seen) <= {200, 201, 204, 409}
    assert contest.faults() == []


@pytest.mark.slow
def test_the_same_people_in_two_tabs_never_get_a_second_claim(contest: Contest) -> None:
    """Both tabs get the same claim, and one of the two submits."""
    site = contest.site(ads=60, overlap=2)
    seen = contest.run(site, contest.people(8), tabs=2)
    assert contest.doubles() == 0
    assert contest.count(Label) == 120
    assert set(seen) <= {200, 201, 204, 409}
    assert contest.faults() == []


@pytest.mark.slow
def test_a_submit_that_races_itself_is_recorded_once(contest: Contest) -> None:
    site, people = contest.site(ads=1, overlap=1), contest.people(1)
    seen: Counter[int] = Counter()

    async def race(addresses: list[str]) -> list[int]:
        async with httpx2.AsyncClient(timeout=60) as client:
            hands = [Hands(client, addresses[n % len(addresses)], people[0], site.queue.id, seen) for n in range(16)]
            claim = await hands[0].claim()
            assert claim is not None
            return await asyncio.gather(*(one.submit(claim, key="k") for one in hands))

    with serving(contest.settings, processes=contest.processes) as addresses:
        statuses = apart(race(addresses))
    assert sorted(statuses) == [200] * 15 + [201]
    assert contest.count(Label) == 1
    assert contest.faults() == []
