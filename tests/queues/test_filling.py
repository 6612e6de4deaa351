"""Tasks by list, by file and by sample: made once each, told what became of every ad, and the same for the same seed."""

import json
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from app.assets import actions as assets
from app.assets.intake import GivenPart
from app.assets.models import Asset
from app.errors import Invalid, TooLarge
from app.people.rules import Role
from app.queues import checks, listing
from app.queues.models import Task
from app.queues.sampling import Draw, Share, allocate
from tests.making import sign_in
from tests.making_assets import make_asset
from tests.making_queues import make_ads
from tests.queues.conftest import Work, Worker

# Pure -----------------------------------------------------------------------------------------------------------


def draw(ads: Mapping[str, str], count: int, seed: str = "s", share: Share = Share.PROPORTIONAL) -> list[str]:
    found = Draw(seed, count)
    for external_id, stratum in ads.items():
        found.take(stratum, external_id, external_id)
    return found.drawn(share)[0]


def test_a_sample_depends_on_the_seed_and_the_ads_alone() -> None:
    ads = {f"ad-{number}": "" for number in range(500)}
    shuffled = list(ads)
    Random(1).shuffle(shuffled)
    first = draw(ads, 50)
    assert len(set(first)) == 50
    assert draw(dict.fromkeys(shuffled, ""), 50) == first
    assert draw(ads, 50, seed="t") != first
    assert set(draw(ads, 60)) > set(first)
    with_one_more = draw({**ads, "ad-new": ""}, 50)
    assert len(set(with_one_more) - set(first)) <= 1


def test_every_ad_is_drawn_as_often_as_any_other() -> None:
    """Over 400 seeds each of 20 ads is drawn 100 times on average, with a deviation of 8.7; five of those are let pass."""
    ads = {f"ad-{number}": "" for number in range(20)}
    times = Counter(one for seed in range(400) for one in draw(ads, 5, seed=str(seed)))
    assert all(abs(times[ad] - 100) < 44 for ad in ads)


@pytest.mark.parametrize(
    ("sizes", "count", "share", "given"),
    [
        pytest.param({"a": 50, "b": 30, "c": 20}, 10, "proportional", {"a": 5, "b": 3, "c": 2}, id="whole parts"),
        pytest.param({"a": 1, "b": 1, "c": 1}, 2, "proportional", {"a": 1, "b": 1, "c": 0}, id="equal rests by name"),
        pytest.param({"a": 97, "b": 3}, 10, "proportional", {"a": 10, "b": 0}, id="a small one may get none"),
        pytest.param({"a": 97, "b": 3}, 10, "equal", {"a": 7, "b": 3}, id="what a small one cannot give"),
        pytest.param({"a": 9, "b": 9, "c": 9}, 10, "equal", {"a": 4, "b": 3, "c": 3}, id="one over"),
        pytest.param({"a": 2, "b": 1}, 99, "equal", {"a": 2, "b": 1}, id="no more than there is"),
        pytest.param({"a": 2, "b": 1}, 99, "proportional", {"a": 2, "b": 1}, id="all, in proportion"),
        pytest.param({}, 5, "proportional", {}, id="nothing to draw from"),
        pytest.param({}, 5, "equal", {}, id="nothing, equally"),
    ],
)
def test_strata_get_their_share(sizes: dict[str, int], count: int, share: str, given: dict[str, int]) -> None:
    assert allocate(sizes, count, Share(share)) == given


def test_allocations_are_whole_and_within_what_there_is() -> None:
    chance = Random(7)
    for _ in range(300):
        sizes = {f"s{number}": chance.randrange(1, 40) for number in range(chance.randrange(1, 8))}
        count = chance.randrange(0, 120)
        for share in Share:
            given = allocate(sizes, count, share)
            assert sum(given.values()) == min(count, sum(sizes.values()))
            assert all(0 <= given[name] <= sizes[name] for name in sizes)


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        pytest.param(b"external_id,market\nad-1,NO\nad-2,SE\n", ["ad-1", "ad-2"], id="a table"),
        pytest.param(b"market;external_id\nNO;ad-1\n", ["ad-1"], id="with semicolons"),
        pytest.param(b"ad-1\nad-2\n\nad-1\n", ["ad-1", "ad-2"], id="one a line, one twice"),
        pytest.param(b'external_id\n"ad, the first"\n', ["ad, the first"], id="a comma in quotes"),
        pytest.param(b'\xef\xbb\xbf{"external_id": "ad-1"}\n\n"ad-2"\n', ["ad-1", "ad-2"], id="JSONL with a mark"),
        pytest.param("external_id\nøl-1\n".encode(), ["øl-1"], id="Norwegian"),
    ],
)
def test_external_ids_are_read_from_files(content: bytes, ids: list[str]) -> None:
    assert listing.ids_of_file(content) == ids


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "no external id", id="empty"),
        pytest.param(b"name,market\nx,NO\n", "no column external_id", id="another table"),
        pytest.param(b'{"external_id": "a"}\n{"external_id": 3}\n{\n', "Some lines", id="broken lines"),
        pytest.param(b"\xff\xfe\x00", "UTF-8", id="not text"),
    ],
)
def test_files_that_cannot_be_read_are_refused_whole(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        listing.ids_of_file(content)


def test_too_long_a_list_is_refused() -> None:
    with pytest.raises(TooLarge, match="100001"):
        listing.checked(str(number) for number in range(listing.MOST_IDS + 1))


# Over HTTP ------------------------------------------------------------------------------------------------------


def run_due(work: Work) -> None:
    work.run_due()


def add(work: Work, manager: Worker, queue: str, body: dict[str, Any]) -> dict[str, Any]:
    asked = manager.ask("POST", f"/queues/{queue}/fillings", body)
    assert asked.status_code == 202, asked.text
    assert asked.json()["outcome"] is None
    run_due(work)
    found = manager.ask("GET", f"/fillings/{asked.json()['id']}").json()
    assert found["state"] == "done"
    outcome: dict[str, Any] = found["outcome"]
    return outcome


def tasks(work: Work, queue: str) -> list[str]:
    with work.database.read() as session:
        rows = select(Asset.external_id).join(Task, Task.asset_id == Asset.id).where(Task.queue_id == queue)
        return list(session.scalars(rows.order_by(Task.position)))


def by_hand(work: Work, ads: int) -> str:
    return str(work.site(ads=ads, fills_itself=False).queue.id)


def test_a_list_makes_a_task_of_each_ad_once_and_says_why_others_get_none(work: Work) -> None:
    site, manager = work.site(ads=4, fills_itself=False), work.colleague(Role.MANAGER)
    queue = site.queue.id
    other = [GivenPart("headline", "text", text="Buy now")]
    with work.database.write() as session:
        make_asset(session, work.store, project=site.project, clock=work.clock, external_id="unfit", parts=other)
        gone = session.scalars(select(Asset).where(Asset.external_id == "ad-4")).one()
        assets.withdraw_asset(session, gone, reason="x", person=session.merge(manager.person), clock=work.clock)
    run_due(work)
    assert tasks(work, queue) == []
    outcome = add(work, manager, queue, {"external_ids": ["ad-3", "ad-1", "nope", "ad-4", "unfit", "ad-3"]})
    assert tasks(work, queue) == ["ad-3", "ad-1"]
    assert outcome == {
        "chosen": 2, "made": 2, "already": 0,
        "unknown": {"count": 1, "examples": ["nope"]}, "withdrawn": {"count": 1, "examples": ["ad-4"]},
        "unfit": {"count": 1, "examples": ["unfit"]},
    }  # fmt: skip
    assert add(work, manager, queue, {"external_ids": ["ad-1", "ad-2"]}) == {"chosen": 2, "made": 1, "already": 1}
    with work.database.read() as session:
        assert list(checks.find_faults(session)) == []
    assert work.worker().take(queue)["task"]["asset"]["external_id"] == "ad-3"


def test_a_sample_is_the_same_in_two_queues_and_follows_its_strata(work: Work) -> None:
    site, manager = work.site(ads=0, fills_itself=False), work.colleague(Role.MANAGER)
    with work.database.write() as session:
        for market, first, count in (("NO", 1, 30), ("SE", 100, 20)):
            metadata = {"market": market}
            make_ads(session, work.store, site.project, clock=work.clock, count=count, first=first, metadata=metadata)
    body = {"name": "Second", "kind": "production", "fills_itself": False}
    other = manager.ask("POST", f"/projects/{site.project.id}/queues", body).json()["id"]
    sample = {"sample": {"count": 10, "seed": "autumn", "by": "market"}}
    outcome = add(work, manager, site.queue.id, sample)
    assert outcome["strata"] == {"NO": {"of": 30, "chosen": 6}, "SE": {"of": 20, "chosen": 4}}
    assert (outcome["made"], outcome["of"]) == (10, 50)
    asked = manager.ask("POST", f"/queues/{other}/fillings", sample).json()
    assert (asked["asked_by"], asked["by"]) == (manager.person.id, "market")
    run_due(work)
    assert tasks(work, site.queue.id) == tasks(work, other)
    assert add(work, manager, other, sample)["made"] == 0
    only = {"count": 99, "seed": "x", "filter": {"metadata.market": ["SE"]}}
    assert add(work, manager, other, {"sample": only})["of"] == 20
    nothing = {"count": 5, "seed": "x", "filter": {"metadata.market": ["XX"]}}
    assert add(work, manager, other, {"sample": nothing}) == {"chosen": 0, "made": 0, "already": 0, "of": 0}


@pytest.mark.parametrize(
    "body",
    [
        {}, {"external_ids": []}, {"external_ids": ["a"], "sample": {"count": 1, "seed": "x"}},
        {"sample": {"count": 0, "seed": "x"}}, {"sample": {"count": 1, "seed": ""}},
        {"sample": {"count": 1, "seed": "x", "filter": {"market": ["NO"]}}}, {"sample": {"count": 1, "seed": "x", "share": "y"}},
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_refused(work: Work, body: dict[str, Any]) -> None:
    queue = by_hand(work, 1)
    assert work.colleague(Role.MANAGER).ask("POST", f"/queues/{queue}/fillings", body).status_code == 422


def test_a_file_is_added_over_the_api_and_the_page_and_a_closed_queue_takes_none(work: Work) -> None:
    queue, manager = by_hand(work, 3), work.colleague(Role.MANAGER)
    lines = "\n".join(json.dumps({"external_id": f"ad-{number}"}) for number in (2, 9))
    answer = work.client.post(
        f"/api/v1/queues/{queue}/fillings/files", files={"file": ("ids.jsonl", lines)}, headers=manager.headers
    )
    assert (answer.status_code, answer.json()["listed"], answer.json()["source"]) == (202, 2, "ids.jsonl")
    run_due(work)
    assert tasks(work, queue) == ["ad-2"]
    token = {"csrf_token": sign_in(work.client, work.database, manager.person, clock=work.clock)}
    page = f"/queues/{queue}/filling"
    sent = work.client.post(f"{page}/file", data=token, files={"file": ("ids.csv", "external_id\nad-1\n")})
    assert sent.status_code == 303
    assert work.client.post(f"{page}/list", data={**token, "external_ids": "ad-3\r\nad-2\r\n"}).status_code == 303
    sample = {**token, "count": "1", "seed": "s", "by": "", "share": "equal", "metadata": ""}
    assert work.client.post(f"{page}/sample", data=sample).status_code == 303
    assert "Being added" in work.client.get(page).text
    run_due(work)
    shown = work.client.get(page).text
    for words in ("ids.csv", "1 unknown: ad-9", "Sample of 1, seed s", "Grace"):
        assert words in shown
    assert "hx-get" not in work.client.get(f"{page}/added").text
    assert tasks(work, queue)[:3] == ["ad-2", "ad-1", "ad-3"]
    manager.ask("PATCH", f"/queues/{queue}", {"state": "closed"})
    assert manager.ask("POST", f"/queues/{queue}/fillings", {"external_ids": ["ad-1"]}).status_code == 409
    assert work.worker().ask("POST", f"/queues/{queue}/fillings", {"external_ids": ["ad-1"]}).status_code == 403


def test_a_closed_queue_takes_in_what_came_meanwhile_once_it_is_opened(work: Work) -> None:
    site, manager = work.site(ads=1), work.colleague(Role.MANAGER)
    queue = site.queue.id
    assert manager.ask("PATCH", f"/queues/{queue}", {"state": "closed"}).status_code == 200
    with work.database.write() as session:
        make_ads(session, work.store, site.project, clock=work.clock, count=1, first=2)
    run_due(work)
    assert tasks(work, queue) == ["ad-1"]
    assert manager.ask("PATCH", f"/queues/{queue}", {"state": "open"}).status_code == 200
    run_due(work)
    assert tasks(work, queue) == ["ad-1", "ad-2"]


def test_a_queue_begins_and_ends_to_fill_itself(work: Work) -> None:
    queue, manager = by_hand(work, 3), work.colleague(Role.MANAGER)
    ada = work.worker()
    run_due(work)
    assert ada.claim(queue).status_code == 204
    manager.ask("PATCH", f"/queues/{queue}", {"fills_itself": True})
    run_due(work)
    assert tasks(work, queue) == ["ad-1", "ad-2", "ad-3"]
