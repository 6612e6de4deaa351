"""Policy of queues and claims, as tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.queues import rules
from app.queues.rules import AdFacts, Lease, QueueKind

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
AD = AdFacts(
    "ad-1",
    {
        "market": "NO",
        "age": 18,
        "rate": 1.0,
        "adult": True,
        "tags": ["beer", "party"],
        "a.b": "whole",
        "deep": {"er": "x"},
    },
    [("creative", "video"), ("caption", "text")],
)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        pytest.param({}, True, id="no filter takes everything"),
        pytest.param({"metadata.market": ["NO"]}, True, id="one value"),
        pytest.param({"metadata.market": ["SE", "NO"]}, True, id="listed values are ored"),
        pytest.param({"metadata.market": ["SE"]}, False, id="none of the values"),
        pytest.param({"metadata.market": ["NO"], "modality": ["video"]}, True, id="keys are anded, both hold"),
        pytest.param({"metadata.market": ["NO"], "modality": ["audio"]}, False, id="keys are anded, one fails"),
        pytest.param({"modality": ["text"]}, True, id="any part's modality"),
        pytest.param({"part": ["caption"]}, True, id="a part by name"),
        pytest.param({"metadata.age": ["18"]}, True, id="a table's text matches a number"),
        pytest.param({"metadata.rate": ["1"]}, True, id="a whole number with a point is that number"),
        pytest.param({"metadata.rate": ["1.0"]}, False, id="and nothing else"),
        pytest.param({"metadata.adult": [True]}, True, id="true is true"),
        pytest.param({"metadata.adult": [1]}, False, id="true is not one"),
        pytest.param({"metadata.tags": ["party"]}, True, id="a list matches by any of its own"),
        pytest.param({"metadata.missing": ["x"]}, False, id="a key that is not there"),
        pytest.param({"metadata.a.b": ["whole"]}, True, id="a key with a dot in it"),
        pytest.param({"metadata.deep.er": ["x"]}, True, id="a step down"),
        pytest.param({"external_id": ["ad-1", "ad-2"]}, True, id="external id"),
    ],
)
def test_a_filter_matches(wanted: dict[str, Any], fits: bool) -> None:
    assert rules.matches(wanted, AD) is fits


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        pytest.param({"metadata.market": ["NO"], "modality": ["image"]}, [], id="known keys"),
        pytest.param({"market": ["NO"]}, ["/filter/market"], id="a key without metadata"),
        pytest.param({"metadata.": ["NO"]}, ["/filter/metadata."], id="metadata of nothing"),
        pytest.param({"modality": "image"}, ["/filter/modality"], id="not a list"),
        pytest.param({"modality": []}, ["/filter/modality"], id="an empty list"),
        pytest.param({"modality": ["image", "tv"]}, ["/filter/modality"], id="a modality that no ad has"),
        pytest.param({"metadata.x": [{"a": 1}]}, ["/filter/metadata.x"], id="an object as value"),
    ],
)
def test_a_filter_is_checked_key_by_key(wanted: dict[str, Any], paths: list[str]) -> None:
    assert [problem.path for problem in rules.check_filter(wanted)] == paths


@pytest.mark.parametrize(
    ("idle_minutes", "left_minutes"),
    [
        pytest.param(0, 15, id="just active: a whole claim"),
        pytest.param(45, 15, id="three claims' lengths ago: the last whole one"),
        pytest.param(50, 10, id="cut short"),
        pytest.param(60, 0, id="four claims' lengths ago: over"),
    ],
)
def test_renewing_stops_four_claims_lengths_after_the_last_activity(idle_minutes: int, left_minutes: int) -> None:
    lease = Lease(900, NOON - timedelta(minutes=idle_minutes))
    assert lease.until(NOON) == NOON + timedelta(minutes=left_minutes)


@pytest.mark.parametrize(
    ("state", "expires_at", "live"),
    [
        pytest.param("live", NOON + timedelta(microseconds=1), True, id="a moment left"),
        pytest.param("live", NOON, False, id="expires this instant"),
        pytest.param("released", NOON + timedelta(hours=1), False, id="released"),
    ],
)
def test_a_claim_ends_strictly_before_it_expires(state: str, expires_at: datetime, live: bool) -> None:
    assert rules.is_live(state, expires_at, NOON) is live


@pytest.mark.parametrize(
    ("holder", "asking", "elsewhere"),
    [
        pytest.param(None, None, False, id="no page named"),
        pytest.param(None, "a", False, id="nobody holds it as a page"),
        pytest.param("a", None, False, id="a program that names no page"),
        pytest.param("a", "a", False, id="the same page"),
        pytest.param("a", "b", True, id="another page"),
    ],
)
def test_another_page_is_told_from_the_same(holder: str | None, asking: str | None, elsewhere: bool) -> None:
    assert rules.is_elsewhere(holder, asking) is elsewhere


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        ("manager", QueueKind.PRODUCTION, True),
        ("admin", QueueKind.GOLD, True),
        ("trainer", QueueKind.PRACTICE, True),
        ("trainer", QueueKind.PRODUCTION, False),
        ("sme", QueueKind.GOLD, True),
        ("auditor", QueueKind.AUDIT, True),
        ("auditor", QueueKind.GOLD, False),
        ("engineer", QueueKind.PRODUCTION, False),
        ("labeler", QueueKind.PRODUCTION, False),
    ],
)
def test_each_role_makes_queues_of_its_own_kinds(role: str, kind: QueueKind, may: bool) -> None:
    assert rules.may_make(frozenset({role}), kind) is may


def test_a_hundred_per_cent_is_only_all_of_it() -> None:
    assert [rules.progress(done, 1000) for done in (0, 999, 1000)] == [0, 99, 100]
    assert rules.progress(0, 0) == 0
