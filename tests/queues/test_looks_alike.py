"""Ads that look alike come together or apart, whichever of them came first and whenever it is found that they do."""

from contextlib import AbstractContextManager

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.assets import actions, deriving
from app.assets.models import Asset
from app.jobs.models import Job
from app.jobs.rules import Stopping
from app.jobs.runs import Run
from app.people.rules import Role
from app.queues import checks
from app.queues.models import Task
from app.queues.ordering import Arrangement, Order, family_of
from tests.assets.test_families import saved, scene
from tests.making_assets import GivenPart, file_part, make_asset
from tests.making_queues import Site, make_queue
from tests.queues.conftest import Work
from tests.queues.test_ordering import handed, ordered


def bring(work: Work, site: Site, *names: str) -> None:
    """Ads whose pictures are alike where their names begin with the same letter."""
    for name in names:
        picture = saved(scene(ord(name[0])), "JPEG", quality=90 - 10 * int(name[1]))
        parts = [GivenPart("creative", "text", text=name), file_part(picture, name="picture")]
        with work.database.write() as session:
            make_asset(session, work.store, project=site.project, clock=work.clock, external_id=name, parts=parts)
    deriving.derive_all_due(work.database, work.store, clock=work.clock)
    work.run_due()


def queue_by(work: Work, site: Site, order: Order) -> str:
    with work.database.write() as session:
        return make_queue(session, site.project, clock=work.clock, order=Arrangement(order)).id


def families(work: Work, queue: str) -> str:
    """The first letters of what is handed out."""
    found = "".join(name[0] for name in handed(work.worker(), queue))
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []
    return found


TOGETHER = ["aabb", "bbaa"]


def test_what_somebody_wrote_goes_before_what_looks_alike() -> None:
    assert family_of({"family": "f"}, "m1") == family_of({"family": "f"}, "m2") == family_of({"family": "f"})
    assert family_of({}, "m1") == family_of({"family": ""}, "m1") != family_of({}, "m2")
    assert family_of({"family": "m1"}) != family_of({}, "m1") != ""


def test_what_looks_alike_comes_together(work: Work) -> None:
    site = work.site(ads=0)
    queue = queue_by(work, site, Order.FAMILY_TOGETHER)
    bring(work, site, "a0", "b0")
    bring(work, site, "a1", "b1")  # the first of each have tasks by now, and join a family only with these
    assert families(work, queue) in TOGETHER


def test_what_looks_alike_comes_apart(work: Work) -> None:
    site = work.site(ads=0)
    queue = queue_by(work, site, Order.FAMILY_APART)
    bring(work, site, "a0", "a1")
    bring(work, site, "a2", "b0", "b1")
    assert families(work, queue) == "ababa"


@pytest.mark.parametrize("order", [Order.FAMILY_TOGETHER, Order.FAMILY_APART])
def test_a_running_queue_that_is_ordered_by_family_follows(work: Work, order: Order) -> None:
    site, manager = work.site(ads=0), work.colleague(Role.MANAGER)
    bring(work, site, "a0", "a1", "b0", "b1")
    changed = manager.ask("PATCH", f"/queues/{site.queue.id}", {"order": {"by": order}})
    assert changed.status_code == 200
    work.run_due()
    with work.database.read() as session:
        (task,) = session.scalars(select(Task.id).where(Task.queue_id == site.queue.id, Task.position == 1)).all()
    place = manager.ask("GET", f"/tasks/{task}/why?person={work.worker().person.id}").json()["place"]
    together = order == Order.FAMILY_TOGETHER
    assert ("comes with its own" if together else "1 of its family came before") in place
    assert families(work, site.queue.id) in (TOGETHER if together else ["abab"])


def named_apart(work: Work, **families: str) -> tuple[str, dict[str, str]]:
    """A queue in which these ads come apart by the families that their metadata name, and the ads' ids."""
    ads = {name: {"family": family} for name, family in families.items()}
    site = ordered(work, ads, order=Arrangement(Order.FAMILY_APART))
    work.run_due()
    with work.database.read() as session:
        return site.queue.id, {asset.external_id: asset.id for asset in session.scalars(select(Asset))}


def change(work: Work, asset: str, family: str) -> None:
    changed = work.colleague(Role.ENGINEER).ask("PATCH", f"/assets/{asset}", {"metadata": {"family": family}})
    assert changed.status_code == 200, changed.text


def test_the_others_of_a_family_move_up_when_one_leaves_it_and_make_room_when_one_joins(work: Work) -> None:
    queue, ads = named_apart(work, a1="a", a2="a", a3="a", b1="b", b2="b")
    change(work, ads["a1"], "b")  # now the first of the b, and the a are two
    work.run_due()
    assert handed(work.worker(), queue) == ["a1", "a2", "a3", "b1", "b2"]


@pytest.mark.parametrize("breaks", range(1, 8))
def test_a_family_is_counted_anew_though_the_worker_ended_in_the_middle_of_it(
    work: Work, breaks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, ads = named_apart(work, a1="a", a2="a", a3="a", b1="b", b2="b")
    change(work, ads["a1"], "b")
    written, write = [], Run.write

    def ended(run: Run) -> AbstractContextManager[Session]:
        written.append(True)
        if len(written) == breaks:
            raise Stopping
        return write(run)

    monkeypatch.setattr(Run, "write", ended)
    work.run_due()
    work.run_due()
    assert len(written) > breaks
    assert handed(work.worker(), queue) == ["a1", "a2", "a3", "b1", "b2"]


def test_an_ad_that_is_added_to_joins_those_that_it_looks_like_now(work: Work) -> None:
    site = work.site(ads=0)
    queue = queue_by(work, site, Order.FAMILY_APART)
    bring(work, site, "a0", "a1")
    with work.database.write() as session:
        for name in ("c", "d"):
            make_asset(session, work.store, project=site.project, clock=work.clock, external_id=name)
    work.run_due()
    picture, engineer = saved(scene(ord("a")), "JPEG", quality=55), work.colleague(Role.ENGINEER)
    with work.database.write() as session:
        late = session.scalars(select(Asset).where(Asset.external_id == "c")).one()
        actions.change_asset(
            session, work.store, late, metadata=None, parts=[file_part(picture, name="picture")],
            person=engineer.person, clock=work.clock,
        )  # fmt: skip
        session.flush()
        session.execute(delete(Job).where(Job.kind == actions.ARRANGE))  # as done, long before the picture is looked at
    deriving.derive_all_due(work.database, work.store, clock=work.clock)
    work.run_due()
    assert handed(work.worker(), queue) == ["a0", "d", "a1", "c"]
