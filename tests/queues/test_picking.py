"""The statements that pick agree with the pure rule, in many small worlds where everything changes. On both databases."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets.models import Asset
from app.assets.store import Store
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from app.queues import actions, admission, arranging, checks, choosing, claims, foretelling, handing, making, slots
from app.queues.choosing import History, Place, pick
from app.queues.models import Claim, Queue, Slot, Task
from app.queues.ordering import Arrangement, Order, Spread
from app.queues.rules import ClaimState, Seat, SlotState
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person
from tests.making_assets import make_asset
from tests.making_queues import make_queue, make_site

STEPS = 40
KEYS = {Order.METADATA: "reach", Order.DEADLINE: "due"}


@dataclass
class World:
    """A queue and a few people, changed at random."""

    session: Session
    store: Store
    clock: FakeClock
    chance: random.Random
    queue: Queue
    people: list[Person]
    manager: Person
    ads: int = 0

    def add_ads(self) -> None:
        for _ in range(self.chance.randint(1, 3)):
            self.ads += 1
            metadata = {"topic": self.chance.choice("abc"), "reach": self.chance.randint(0, 9)}
            metadata |= {"due": f"2026-12-0{self.chance.randint(1, 9)}"} if self.chance.random() < 0.7 else {}
            metadata |= {"family": self.chance.choice("xyz")} if self.chance.random() < 0.7 else {}
            make_asset(
                self.session, self.store, project=self.queue_project, clock=self.clock, external_id=f"ad-{self.ads}",
                metadata=metadata,
            )  # fmt: skip
        making.fill(self.session, self.queue, clock=self.clock)

    @property
    def queue_project(self) -> Project:
        return self.session.scalars(select(Project).where(Project.id == self.queue.project_id)).one()

    def prioritise(self) -> None:
        tasks = self.session.scalars(select(Task.id).where(Task.queue_id == self.queue.id)).all()
        if tasks:
            chosen = self.chance.sample(tasks, min(2, len(tasks)))
            actions.prioritise(
                self.session, self.queue, chosen, self.chance.randint(-2, 2), person=self.manager, clock=self.clock
            )

    def reorder(self) -> None:
        by = self.chance.choice(list(Order))
        order = Arrangement(
            by, KEYS.get(by, ""), self.chance.random() < 0.5 and by == Order.METADATA,
            spread=self.chance.choice(list(Spread)),
        )  # fmt: skip
        actions.change_order(self.session, self.queue, order, person=self.manager, clock=self.clock)
        self.session.flush()
        assert arranging.rearrange_step(self.session, self.queue.id, after=-1, limit=500).missed == []

    def wish(self) -> None:
        person = self.chance.choice(self.people)
        wishes = {"topic": [self.chance.choice("abc")]} if self.chance.random() < 0.6 else None
        kept = {key: value for key, value in person.preferences.items() if key != "not_for_me"}
        person.preferences = kept | ({"not_for_me": wishes} if wishes else {})
        self.session.flush()

    def stem(self) -> None:
        """One task is made to stem from another, where nobody had either."""
        tasks = self.session.scalars(
            select(Task).where(
                Task.queue_id == self.queue.id, ~select(Claim.seq).where(Claim.root_id == Task.root_id).exists()
            )
        ).all()
        if len(tasks) > 1:
            one, other = self.chance.sample(tasks, 2)
            for slot in self.session.scalars(select(Slot).where(Slot.task_id == other.id)):
                slot.root_id = one.root_id
            other.root_id = one.root_id
            self.session.flush()

    def claim(self) -> None:
        person = self.chance.choice(self.people)
        told = foretelling.next_for(self.session, self.queue, person, self.clock())
        slots.expire_due(self.session, self.queue.id, self.clock())
        expected = pick(self.places(person), self.history(person))
        got = handing.claim_next(self.session, self.queue, person=person, holder=None, clock=self.clock)
        assert (got and got.task_id) == (expected and expected.task), "the statements and the rule choose alike"
        assert told == (expected and expected.task), "so does what a manager is told"
        if got is not None:
            assert got.slot_id == self.slot_id(expected)
            after = self.reserve(person) if self.chance.random() < 0.3 else None
            ends = [got, after] if after else [got]
            for one in self.chance.sample(ends, len(ends)):
                self.end(one, person)

    def reserve(self, person: Person) -> Claim | None:
        """The next one for later, which never begins."""
        return handing.reserve_next(self.session, self.queue, person=person, holder=None, clock=self.clock)

    def end(self, claim: Claim, person: Person) -> None:
        slot = slots.lock(self.session, claim.slot_id)
        ways = [ClaimState.RELEASED, ClaimState.EXPIRED]
        if slot.state != SlotState.AHEAD:
            ways += [ClaimState.SUBMITTED] * 3 + [ClaimState.SKIPPED]
        how = self.chance.choice(ways)
        if how == ClaimState.EXPIRED:
            self.clock.forward(seconds=self.queue.claim_seconds)  # and nobody has asked since
            return
        if how != ClaimState.SUBMITTED:
            claims.end(self.session, slot, claim, how, clock=self.clock)
            return
        task = slots.lock_task(self.session, claim.task_id)
        slots.complete(self.session, claim, slot, task, self.clock(), person_id=person.id)
        self.session.flush()

    def places(self, person: Person) -> list[Place]:
        unwanted = admission.not_for_me(person)
        rows = self.session.execute(
            select(Slot, Asset.meta)
            .join(Task, Task.id == Slot.task_id)
            .join(Asset, Asset.id == Task.asset_id)
            .where(Slot.queue_id == self.queue.id)
        ).all()
        return [
            Place(
                slot.task_id,
                slot.root_id,
                SlotState(slot.state),
                slot.sort_key,
                slot.seq,
                choosing.is_unwanted(unwanted, meta),
            )
            for slot, meta in rows
        ]

    def history(self, person: Person) -> History:
        theirs = self.session.scalars(
            select(Claim).where(Claim.person_id == person.id).order_by(Claim.ended_at.desc(), Claim.seq.desc())
        ).all()
        return History(
            {one.root_id for one in theirs if one.state in {"live", "submitted", "skipped"}},
            *(
                [one.task_id for one in theirs if one.state in {"expired", "released"} and one.seat == seat]
                for seat in (Seat.AT_HAND, Seat.NEXT)
            ),
        )

    def slot_id(self, place: Place | None) -> str | None:
        return place and self.session.scalar(select(Slot.id).where(Slot.seq == place.seq))


@pytest.mark.parametrize("seed", range(8))
def test_the_statements_pick_as_the_rule_does(database: Database, tmp_path: Path, clock: FakeClock, seed: int) -> None:
    chance, store = random.Random(seed), Store(tmp_path / "media")
    with database.write() as session:
        site = make_site(session, store, clock=clock, ads=0)
        queue = make_queue(session, site.project, clock=clock, overlap=chance.randint(1, 3), name="Chosen from")
        people = [make_person(session, clock=clock, name=f"P{one}") for one in range(3)]
        manager = make_colleague(session, Role.MANAGER, clock=clock)
        world = World(session, store, clock, chance, queue, people, manager)
        acts: list[Callable[[], None]] = [
            world.add_ads, world.prioritise, world.reorder, world.wish, world.stem, *[world.claim] * 9,
        ]  # fmt: skip
        world.add_ads()
        for _ in range(STEPS):
            chance.choice(acts)()
        while_left = [world.claim for _ in range(30)]
        for act in while_left:
            act()
        labels = [fault for fault in checks.find_faults(session) if "label" not in fault]
        assert labels == []
