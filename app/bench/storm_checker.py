"""Whether what clients were told, and what the database holds, can both be true. Pure; knows nothing of how Fasit works.

Each function gives one sentence a fault.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from math import inf

from app.bench.storm_records import ENDS_CLAIM, Kept, Noted, Verb

DONE = frozenset({HTTPStatus.OK, HTTPStatus.CREATED})


def double_assignments(noted: Sequence[Noted], kept: Kept) -> list[str]:
    """Tasks that more people had, or answered, than their overlap allows, and slots that served twice."""
    return [
        *_held_beyond_overlap(noted, kept),
        *_handed_out_again(noted),
        *_answered_beyond_overlap(kept),
        *_slots_served_twice(kept),
    ]


def lost_submits(noted: Sequence[Noted], kept: Kept) -> list[str]:
    """Submits that were answered as recorded and are not there as they were sent, and drafts likewise."""
    labels = {label.id: label for label in kept.labels}
    found = []
    for one in noted:
        if one.verb != Verb.SUBMIT or one.status not in DONE:
            continue
        label = labels.get(one.label or "")
        if label is None:
            found.append(f"{one.note} was answered {one.status} with label {one.label}, which is not there.")
        elif (label.person, label.note) != (one.person, one.note):
            found.append(f"{one.note} was answered with label {one.label}, which is another's or says {label.note}.")
    return found + _lost_drafts(noted, kept)


def doubled_submits(noted: Sequence[Noted], kept: Kept) -> list[str]:
    """Answers that are there twice, or that one request was told two labels for, or that nobody sent."""
    sent = {one.note for one in noted if one.verb == Verb.SUBMIT}
    there = Counter(label.note for label in kept.labels)
    told: dict[str | None, set[str | None]] = defaultdict(set)
    for one in noted:
        if one.verb == Verb.SUBMIT and one.status in DONE:
            told[one.note].add(one.label)
    recorded = Counter(one.note for one in noted if one.verb == Verb.SUBMIT and one.status == HTTPStatus.CREATED)
    return [
        *(f"{note} is there {count} times." for note, count in there.items() if count > 1),
        *(f"{note} was told of {len(labels)} labels." for note, labels in told.items() if len(labels) > 1),
        *(f"{note} was answered as new {count} times." for note, count in recorded.items() if count > 1),
        *(f"{note} is there and was never sent." for note in there if note not in sent),
    ]


def unsettled_submits(noted: Sequence[Noted]) -> list[str]:
    """Submits on a live claim that never came to be recorded, however often they were sent."""
    settled = {one.note for one in noted if one.verb == Verb.SUBMIT and one.status in DONE}
    sent = {one.note for one in noted if one.verb == Verb.SUBMIT}
    return [f"{note} was never recorded." for note in sorted(sent - settled, key=str)]


def _held_beyond_overlap(noted: Sequence[Noted], kept: Kept) -> Iterator[str]:
    """By the clients' clock: from the answer that gave a claim to the first request that could end it."""
    begun: dict[str, float] = {}
    ended: dict[str, float] = {}
    tasks: dict[str, str] = {}
    for one in noted:
        if one.claim is None:
            continue
        if one.verb == Verb.CLAIM and one.status in DONE and one.answered_at is not None and one.task is not None:
            tasks[one.claim] = one.task
            begun[one.claim] = min(begun.get(one.claim, inf), one.answered_at)
        elif one.verb in ENDS_CLAIM:
            ended[one.claim] = min(ended.get(one.claim, inf), one.sent_at)
    steps: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for claim, task in tasks.items():
        until = ended.get(claim, inf)
        if until > begun[claim]:
            steps[task] += [(begun[claim], 1), (until, -1)]
    for task, changes in steps.items():
        most = _most_at_once(changes)
        if most > kept.overlaps.get(task, 0):
            yield f"Task {task} was held by {most} at once, and its overlap is {kept.overlaps.get(task, 0)}."


def _handed_out_again(noted: Sequence[Noted]) -> Iterator[str]:
    """A task that somebody was given anew after they had been told that it is submitted or skipped."""
    tasks = {one.claim: one.task for one in noted if one.verb == Verb.CLAIM and one.task is not None}
    finished: dict[tuple[str, str | None], float] = {}
    for one in noted:
        if one.verb in {Verb.SUBMIT, Verb.SKIP} and one.status in DONE and one.answered_at is not None:
            key = (one.person, tasks.get(one.claim))
            finished[key] = min(finished.get(key, inf), one.answered_at)
    for one in noted:
        if one.verb == Verb.CLAIM and one.task and one.sent_at > finished.get((one.person, one.task), inf):
            yield f"Person {one.person} was given task {one.task} again, which they had finished."


def _most_at_once(changes: Iterable[tuple[float, int]]) -> int:
    now = most = 0
    for _, change in sorted(changes):  # at the same instant what ends comes first
        now += change
        most = max(most, now)
    return most


def _answered_beyond_overlap(kept: Kept) -> Iterator[str]:
    by_task = Counter(label.task for label in kept.labels)
    by_person = Counter((label.task, label.person) for label in kept.labels)
    yield from (
        f"Task {task} has {count} labels, and its overlap is {kept.overlaps.get(task, 0)}."
        for task, count in by_task.items()
        if count > kept.overlaps.get(task, 0)
    )
    yield from (
        f"Person {person} answered task {task} {count} times."
        for (task, person), count in by_person.items()
        if count > 1
    )


def _slots_served_twice(kept: Kept) -> Iterator[str]:
    slots = Counter(claim.slot for claim in kept.claims if claim.state in {"live", "submitted"})
    people = Counter(
        (claim.task, claim.person) for claim in kept.claims if claim.state in {"live", "submitted", "skipped"}
    )
    yield from (f"Slot {slot} serves {count} claims." for slot, count in slots.items() if count > 1)
    yield from (
        f"Person {person} got task {task} {count} times." for (task, person), count in people.items() if count > 1
    )


def _lost_drafts(noted: Sequence[Noted], kept: Kept) -> list[str]:
    highest: dict[str, int] = {}
    for one in noted:
        if one.verb == Verb.DRAFT and one.status == HTTPStatus.NO_CONTENT and one.claim and one.draft_seq is not None:
            highest[one.claim] = max(highest.get(one.claim, -1), one.draft_seq)
    return [
        f"Draft {seq} of claim {claim} was answered as kept, and {kept.drafts.get(claim, 'none')} is there."
        for claim, seq in highest.items()
        if kept.drafts.get(claim, -1) < seq
    ]
