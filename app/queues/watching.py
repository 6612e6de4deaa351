"""A queue at work, as those see it who run it: counts, pace, forecast, who holds what, what waits and what is stuck."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.labels import rework
from app.labels.canonical import moment
from app.people.models import Person
from app.queues import escalations, forecast, making, queries, stuck, tallies, views
from app.queues.escalations import Escalation
from app.queues.forecast import Finish
from app.queues.models import Outcome, Queue, Task
from app.queues.rules import STOPS_TASK, OutcomeKind, TaskState
from app.queues.stuck import Reason, Stuck
from app.queues.views import QueueCard

MOST_SHOWN = 200


@dataclass(frozen=True)
class HeldTask:
    claim_id: str
    person: str
    external_id: str
    since: datetime
    expires_at: datetime


@dataclass(frozen=True)
class StoppedTask:
    task: Task
    external_id: str
    person: str
    state: str
    note: str | None
    at: datetime
    due_at: datetime | None = None  # of an escalation
    overdue: bool = False  # whether its answer is late
    with_sme: bool = False  # whether an SME queue that is not closed has a task for it, which is not stopped itself


@dataclass(frozen=True)
class Pace:
    """Labels of the last sixty minutes and the last 24 hours."""

    last_hour: int
    last_day: int


@dataclass(frozen=True)
class Watch:
    """`left`: labels still to come. `in_rework`: labels that are with their authors again. `version` tells two looks apart: the same where nothing changed between them."""

    card: QueueCard
    left: int
    in_rework: int
    pace: Pace
    finish: Finish | None
    oldest: datetime | None
    held_count: int
    held: list[HeldTask]
    stopped: list[StoppedTask]
    stuck: list[Stuck]
    is_filling: bool  # whether ads that came are still looked at for tasks
    overdue: bool  # whether the deadline has passed, and labels are still to come

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(orjson.dumps(as_json(self))).hexdigest()[:16]

    @property
    def against(self) -> str | None:
        """How the forecast stands to the deadline, where there are both."""
        due_at = self.card.queue.due_at
        return str(self.finish.against(due_at)) if self.finish and due_at else None


def watch(session: Session, queue: Queue, person: Person, now: datetime) -> Watch:
    counts = tallies.counts_of(session, [queue.id])[queue.id]
    by_hour = tallies.labels_by_hour(session, queue.id, now - forecast.LOOKED_BACK - forecast.HOUR)
    held = queries.held_in(session, queue, now)
    stopped = queries.stopped_tasks(session, queue)
    asked = escalations.waiting(session, [task.id for task, _ in stopped])
    with_smes = escalations.with_smes(session, asked)
    stopped_by = _stopped_by(session, [task for task, _ in stopped], asked)
    names = queries.names_of_people(
        session, {claim.person_id for claim, _ in held} | {outcome.person_id for outcome in stopped_by.values()}
    )
    card = views.queue_cards(session, [queue], person, now)[0]
    return Watch(
        card=card,
        left=counts.left,
        in_rework=rework.count_open(session, queue.id),
        pace=Pace(forecast.in_the_last_hour(by_hour, now), forecast.in_the_last_day(by_hour, now)),
        finish=forecast.finish(by_hour, counts.left, now),
        oldest=stuck.oldest_open(session, queue) if counts.tasks[TaskState.OPEN] else None,
        held_count=len(held),
        held=[
            HeldTask(claim.id, names[claim.person_id], external, claim.claimed_at, claim.expires_at)
            for claim, external in held[:MOST_SHOWN]
        ],
        stopped=[
            StoppedTask(
                task,
                asset.external_id,
                names[stopped_by[task.id].person_id] if task.id in stopped_by else "",
                str(task.state),
                stopped_by[task.id].note if task.id in stopped_by else None,
                task.state_at,
                due_at := asked[task.id].due_at if task.id in asked else None,
                due_at is not None and due_at < now,
                task.id in with_smes,
            )
            for task, asset in stopped
        ],
        stuck=_stuck(session, queue, card, now),
        is_filling=queue.fills_itself and making.needs_filling(session, queue),
        overdue=bool(counts.left) and queue.due_at is not None and queue.due_at < now,
    )


def _stopped_by(session: Session, tasks: Sequence[Task], asked: Mapping[str, Escalation]) -> dict[str, Outcome]:
    """The outcome that stopped each of these tasks. Others who held it at that time may end their claims after."""
    by_id = {task.id: task for task in tasks}
    found: dict[str, Outcome] = {}
    for outcome in queries.outcomes_of(session, list(by_id)):
        task = by_id[outcome.task_id]
        escalation = asked.get(task.id)
        stopped = (
            STOPS_TASK.get(OutcomeKind(outcome.kind)) == task.state and outcome.created_at >= task.state_at
            if escalation is None
            else outcome.id == escalation.outcome_id
        )
        if stopped:
            found.setdefault(task.id, outcome)
    return found


def _stuck(session: Session, queue: Queue, card: QueueCard, now: datetime) -> list[Stuck]:
    found = stuck.held_back(session, queue, now) if card.is_open else []
    if not queue.fills_itself and not any(card.counts.values()):
        found.append(Stuck(Reason.NOT_ADDED, 0))
    elif not any(card.counts.values()) and queue.filled_at_change >= card.project.asset_changes > 0:
        found.append(Stuck(Reason.NO_MATCH, 0))
    return found + ([Stuck(Reason.PREPARING, card.preparing)] if card.preparing else [])


def as_json(shown: Watch) -> dict[str, Any]:
    queue, finish = shown.card.queue, shown.finish
    return {
        "queue": queue.id, "state": queue.state, "revision": queue.revision,
        "tasks": {str(state): count for state, count in shown.card.counts.items()}, "labels_left": shown.left,
        "labels_in_rework": shown.in_rework, "labels_last_hour": shown.pace.last_hour, "labels_last_day": shown.pace.last_day,
        "oldest_open_at": None if shown.oldest is None else moment(shown.oldest),
        "due_at": None if queue.due_at is None else moment(queue.due_at), "overdue": shown.overdue,
        "finish": None if finish is None else {
            "earliest": moment(finish.earliest), "likely": moment(finish.likely), "latest": moment(finish.latest),
            "against_deadline": shown.against,
        },
        "held": [
            {
                "claim": held.claim_id, "person": held.person, "external_id": held.external_id, "since": moment(held.since),
                "until": moment(held.expires_at),
            }
            for held in shown.held
        ],
        "waiting": [
            {
                "task": one.task.id, "external_id": one.external_id, "state": one.state, "by": one.person,
                "note": one.note, "since": moment(one.at), "due_at": moment(one.due_at) if one.due_at else None,
                "overdue": one.overdue, "with_sme": one.with_sme,
            }
            for one in shown.stopped
        ],
        "stuck": [
            {"reason": one.reason, "count": one.count, "examples": one.examples, "what": one.what} for one in shown.stuck
        ],
    }  # fmt: skip
