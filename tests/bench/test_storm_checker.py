"""The checker of storms finds every kind of fault that is planted, and nothing where there is none."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.bench import storm_checker
from app.bench.storm_records import ClaimRow, Kept, LabelRow, Noted, Verb

GIVEN = Noted("ana", Verb.CLAIM, 1.0, 1.1, 201, claim="c1", task="t1")
DRAFTED = Noted("ana", Verb.DRAFT, 1.2, 1.3, 204, claim="c1", draft_seq=2)
SENT = Noted("ana", Verb.SUBMIT, 2.0, 2.1, 201, claim="c1", label="l1", note="ana-1")
NOTED = [
    GIVEN,
    DRAFTED,
    replace(SENT, answered_at=None, status=None, label=None, sent_at=1.9),
    SENT,
    replace(SENT, status=200, sent_at=2.2, answered_at=2.3),
    Noted("bo", Verb.CLAIM, 2.05, 2.2, 201, claim="c2", task="t1"),
    Noted("bo", Verb.SKIP, 2.5, 2.6, 201, claim="c2"),
    Noted("bo", Verb.CLAIM, 2.7, 2.8, 201, claim="c3", task="t2"),
    Noted("bo", Verb.RELEASE, 3.0, 3.1, 204, claim="c3"),
    Noted("ana", Verb.CLAIM, 3.05, 3.2, 201, claim="c4", task="t2"),
]
CLAIMS = [
    ClaimRow("c1", "t1", "s1", "ana", "submitted"),
    ClaimRow("c2", "t1", "s2", "bo", "skipped"),
    ClaimRow("c3", "t2", "s3", "bo", "released"),
    ClaimRow("c4", "t2", "s3", "ana", "live"),
]
LABEL = LabelRow("l1", "t1", "ana", "ana-1")
KEPT = Kept({"t1": 1, "t2": 1}, CLAIMS, [LABEL], {"c1": 2})

Change = Callable[[list[Noted], Kept], tuple[list[Noted], Kept]]


def more(*noted: Noted) -> Change:
    return lambda before, kept: ([*before, *noted], kept)


def kept(**changes: object) -> Change:
    return lambda before, there: (before, replace(there, **changes))  # type: ignore[arg-type]  # fields by name


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert storm_checker.double_assignments(NOTED, KEPT) == []
    assert storm_checker.lost_submits(NOTED, KEPT) == []
    assert storm_checker.doubled_submits(NOTED, KEPT) == []
    assert storm_checker.unsettled_submits(NOTED) == []


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (more(Noted("cy", Verb.CLAIM, 1.1, 1.5, 201, claim="c9", task="t1")), "Task t1 was held by 2 at once"),
        (more(replace(GIVEN, claim="c8", sent_at=2.4, answered_at=2.5)), "Person ana was given task t1 again"),
        (
            more(Noted("bo", Verb.CLAIM, 4.0, 4.1, 201, claim="c7", task="t1")),
            "Person bo was given task t1 again",
        ),
        (kept(labels=[LABEL, LabelRow("l2", "t1", "cy", "cy-1")]), "Task t1 has 2 labels"),
        (
            kept(overlaps={"t1": 2, "t2": 1}, labels=[LABEL, replace(LABEL, id="l2", note="ana-2")]),
            "Person ana answered task t1 2 times",
        ),
        (kept(claims=[*CLAIMS, ClaimRow("c5", "t1", "s1", "cy", "submitted")]), "Slot s1 serves 2 claims"),
        (kept(claims=[*CLAIMS, ClaimRow("c5", "t1", "s5", "ana", "live")]), "Person ana got task t1 2 times"),
    ],
)
def test_double_assignments_are_found(plant: Change, sentence: str) -> None:
    faults = storm_checker.double_assignments(*plant(NOTED, KEPT))
    assert any(one.startswith(sentence) for one in faults), faults


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (kept(labels=[]), "ana-1 was answered 201 with label l1, which is not there."),
        (kept(labels=[replace(LABEL, note="bo-1")]), "ana-1 was answered with label l1, which is another's"),
        (kept(labels=[replace(LABEL, person="bo")]), "ana-1 was answered with label l1, which is another's"),
        (kept(drafts={"c1": 1}), "Draft 2 of claim c1 was answered as kept, and 1 is there."),
        (kept(drafts={}), "Draft 2 of claim c1 was answered as kept, and none is there."),
    ],
)
def test_lost_work_is_found(plant: Change, sentence: str) -> None:
    faults = storm_checker.lost_submits(*plant(NOTED, KEPT))
    assert any(one.startswith(sentence) for one in faults), faults


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (kept(labels=[LABEL, replace(LABEL, id="l2")]), "ana-1 is there 2 times."),
        (more(replace(SENT, status=200, label="l2")), "ana-1 was told of 2 labels."),
        (more(replace(SENT, sent_at=2.4, answered_at=2.5)), "ana-1 was answered as new 2 times."),
        (kept(labels=[LABEL, LabelRow("l9", "t2", "bo", "bo-9")]), "bo-9 is there and was never sent."),
    ],
)
def test_doubled_and_invented_answers_are_found(plant: Change, sentence: str) -> None:
    assert sentence in storm_checker.doubled_submits(*plant(NOTED, KEPT))


def test_a_submit_that_never_was_recorded_is_found() -> None:
    unheard = replace(SENT, note="ana-2", status=None, answered_at=None, label=None)
    assert storm_checker.unsettled_submits([*NOTED, unheard]) == ["ana-2 was never recorded."]


def test_what_is_not_answered_as_kept_may_be_missing() -> None:
    late = replace(DRAFTED, draft_seq=7, status=409)
    assert storm_checker.lost_submits([*NOTED, late], KEPT) == []
