"""What answers and pages show of queues, claims and drafts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets import queries as assets
from app.guidelines import queries as guidelines
from app.labels import drafts
from app.labels import queries as labels
from app.labels.canonical import moment
from app.labels.models import Draft
from app.people import queries as people
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from app.queues import admission, choosing, counting, escalations, hours, media, pinned, queries, suggesting, tallies
from app.queues.choosing import Verdict
from app.queues.models import Claim, Outcome, Queue, Task
from app.queues.rules import HANDS_OUT, QueueState, TaskState, is_elsewhere, progress
from app.schemas import queries as schemas
from app.web.filters import day_and_time
from app.web.pagination import PageRequest, page_of


def queue_json(session: Session, queue: Queue, person: Person, now: datetime) -> dict[str, Any]:
    """Others than the company's people learn what to work on, and nothing of what is behind it."""
    shown: dict[str, Any] = {
        "id": queue.id, "project": queue.project_id, "name": queue.name, "kind": queue.kind,
        "schema_version": queue.schema_version, "guideline_version": queue.guideline_version,
        "claim_seconds": queue.claim_seconds, "priority": queue.priority,
        "due_at": None if queue.due_at is None else moment(queue.due_at), "state": queue.state,
        "muted": queue.muted,
    }  # fmt: skip
    if not person.is_company:
        kept_from = admission.told(session, queue, person, now)
        left = 0 if kept_from else admission.left(session, queue, person, now)
        return shown | {"requires": queue.requires, "left": left, "kept_from": kept_from or None}
    counts = tallies.counts_of(session, [queue.id])[queue.id].tasks
    return shown | {
        "revision": queue.revision, "overlap": queue.overlap, "fills_itself": queue.fills_itself, "escalates_to": queue.escalates_to,
        "escalation_seconds": queue.escalation_seconds, "rework_seconds": queue.rework_seconds, "filter": queue.filter, "requires": queue.requires, "gold_rate": queue.gold_rate,
        "suggestions": queue.suggestions, "hours": queue.hours, "limits": limits_json(session, queue),
        "order": order_json(queue), "spread": queue.spread,
        "organisations": queries.organisation_names(session, queue), "undo_seconds": queue.undo_seconds,
        "tasks": {str(state): count for state, count in counts.items()}, "created_at": moment(queue.created_at),
    }  # fmt: skip


def to_choose_from(queues: Sequence[Queue]) -> list[tuple[str, str]]:
    """Id and name of each. Those of one name are told apart by when they were made, and closed ones are said to be."""
    times = Counter(queue.name for queue in queues)
    return [
        (
            queue.id,
            queue.name
            + (f", made {day_and_time(queue.created_at)} UTC" if times[queue.name] > 1 else "")
            + (" (closed)" if queue.state == QueueState.CLOSED else ""),
        )
        for queue in queues
    ]


def limits_json(session: Session, queue: Queue) -> dict[str, Any]:
    """With organisations by name, as they are given."""
    by_id = queue.limits.get("organisations", {})
    names = people.organisation_names(session, by_id)
    organisations = {names[one]: limit for one, limit in by_id.items()}
    return {**queue.limits, **({"organisations": organisations} if organisations else {})}


def handing_typed(session: Session, queue: Queue) -> dict[str, str]:
    """What a queue hands out, to whom and when, as the form writes it."""
    limits = limits_json(session, queue)
    return {
        **{key: ", ".join(queue.requires.get(key, ())) for key in ("languages", "markets", "qualifications")},
        **{key: str(limits.get(key, "")) for key in ("person", "person_a_day")},
        "organisations": "\n".join(
            f"{name} = {limit_in_words(limit)}" for name, limit in limits.get("organisations", {}).items()
        ),
        "zone": str(queue.hours.get("zone", "")),
        "windows": "\n".join(hours.in_words(queue.hours)),
        "due_at": "" if queue.due_at is None else f"{queue.due_at:%Y-%m-%dT%H:%M}",
    }


def organisation_limits(session: Session, queue: Queue) -> list[tuple[str, str]]:
    """Each organisation with the most that it may take, in words."""
    return [(name, limit_in_words(one)) for name, one in limits_json(session, queue).get("organisations", {}).items()]


def limit_in_words(limit: Mapping[str, Any]) -> str:
    written = [str(limit["most"])] if "most" in limit else []
    return ", ".join(written + ([f"{round(limit['share'] * 100)} %"] if "share" in limit else []))


def order_json(queue: Queue) -> dict[str, Any]:
    return {"by": queue.order_by, "key": queue.order_key, "descending": queue.descending, "seed": queue.seed}


def task_json(task: Task) -> dict[str, Any]:
    return {
        "id": task.id, "queue": task.queue_id, "asset": task.asset_id, "state": task.state, "origin": task.origin,
        "schema_version": task.schema_version, "overlap": task.overlap,
        "priority": task.priority, "stems_from": None if task.root_id == task.id else task.root_id,
    }  # fmt: skip


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "choice": verdict.choice,
        "sentence": choosing.CHOICES[verdict.choice],
        "reasons": [{"why": one.why, "what": one.what, "sentence": choosing.explained(one)} for one in verdict.reasons],
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id, "claim": outcome.claim_id, "task": outcome.task_id, "outcome": outcome.kind, "note": outcome.note,
    }  # fmt: skip


def claim_json(request: Request, session: Session, claim: Claim, *, holder: str | None) -> dict[str, Any]:
    """A claim and its task. Another page than its holder gets no token."""
    shown = {"id": claim.id, "expires_at": moment(claim.expires_at)}
    if not is_elsewhere(claim.holder, holder):
        shown = {"id": claim.id, "token": claim.token, "expires_at": moment(claim.expires_at)}
    return {"claim": shown, "task": _task_to_do(request, session, claim)}


def _task_to_do(request: Request, session: Session, claim: Claim) -> dict[str, Any]:
    asset_id, schema, guideline = pinned.of_claim(session, claim)
    shown = {
        "id": claim.task_id,
        "asset": media.asset_json(
            request, session, asset_id, claim.asset_revision, person_id=claim.person_id, claim_id=claim.id
        ),
        "schema": {**schema.body, "version": schema.version},
        "guideline": {"version": claim.guideline_version, "title": guideline},
    }
    beside = pinned.beside(session, claim)
    draft = drafts.newest(session, task_id=claim.task_id, person_id=claim.person_id) if beside.has_draft else None
    shown |= {"draft": draft_content(draft)} if draft else {}
    shown |= escalation_json(session, claim.task_id) if pinned.origin_of(session, claim) == escalations.ORIGIN else {}
    return shown | suggesting.of_claim(request, session, claim, schema, beside)


def escalation_json(session: Session, task_id: str) -> dict[str, Any]:
    """What there is under `escalation` of a task that answers one; nothing for any other task."""
    asked = escalations.asked_by(session, task_id)
    if asked is None:
        return {}
    times = {"raised_at": moment(asked.raised_at), "due_at": moment(asked.due_at)}
    return {"escalation": {"note": asked.note, **times}}


def suggestions_json(request: Request, session: Session, claim: Claim) -> list[dict[str, Any]]:
    _, schema, _ = pinned.of_claim(session, claim)
    shown = suggesting.of_claim(request, session, claim, schema, pinned.beside(session, claim))
    found: list[dict[str, Any]] = shown.get("suggestions", [])
    return found


def draft_content(draft: Draft) -> dict[str, Any]:
    content = draft.content
    return {
        "seq": draft.draft_seq, "answers": content.get("answers", {}), "sources": content.get("sources", {}),
        "evidence": content.get("evidence", []),
        **{name: content[name] for name in ("refused_suggestions", "unreadable", "played") if name in content},
    }  # fmt: skip


def drafts_json(session: Session, person: Person, now: datetime, paging: PageRequest) -> dict[str, Any]:
    return page_of(ended_drafts(session, person, now), paging).as_json(_draft_json)


def _draft_json(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id, "task": draft.task_id, "queue": draft.queue_id, "claim": draft.claim_id,
        "saved_at": moment(draft.saved_at), **draft_content(draft),
    }  # fmt: skip


def ended_drafts(session: Session, person: Person, now: datetime) -> list[Draft]:
    """Drafts that no live claim goes on with, the newest first, one a task. What a page wrote after another had taken
    its claim over is among them.
    """
    kept = drafts.open_drafts(session, person.id)
    live = queries.live_claims_on(session, person, {draft.task_id for draft in kept}, now)
    found = [
        draft for draft in kept if draft.task_id not in live or (draft.late and live[draft.task_id] == draft.claim_id)
    ]
    return list({draft.task_id: draft for draft in reversed(found)}.values())[::-1]


@dataclass(frozen=True)
class KeptDraft:
    """Work whose claim has ended, as its person may go on with it."""

    draft: Draft
    queue: Queue
    external_id: str
    label_id: str | None  # of the task, where it was submitted meanwhile


def kept_drafts(session: Session, person: Person, now: datetime) -> list[KeptDraft]:
    kept = ended_drafts(session, person, now)
    rows = queries.tasks_with_queues(session, {draft.task_id for draft in kept})
    submitted = labels.labels_of_tasks(session, {draft.task_id for draft in kept}, person.id)
    return [KeptDraft(draft, *rows[draft.task_id], submitted.get(draft.task_id)) for draft in kept]


# Pages ----------------------------------------------------------------------------------------------------------


def left_in_words(left: int) -> str:
    return f"{left}+" if left == counting.MOST_COUNTED else str(left)


@dataclass(frozen=True)
class QueueCard:
    """A queue as lists show it. Counts of tasks are for the company's people; others see what is left for them."""

    queue: Queue
    project: Project
    left: int
    counts: dict[TaskState, int]
    working: bool
    preparing: int  # ads of its project that are not ready yet
    kept_from: str  # why nothing here is for this person now; empty where it is

    @property
    def left_in_words(self) -> str:
        return left_in_words(self.left)

    @property
    def total(self) -> int:
        return sum(self.counts.values()) - self.counts[TaskState.WITHDRAWN]

    @property
    def done(self) -> int:
        return self.counts[TaskState.DONE] + self.counts[TaskState.ANSWERED]

    @property
    def stopped(self) -> int:
        return self.counts[TaskState.ON_HOLD] + self.counts[TaskState.ESCALATED]

    @property
    def percent(self) -> int:
        return progress(self.done, self.total)

    @property
    def is_open(self) -> bool:
        return self.queue.state in HANDS_OUT


def queue_cards(
    session: Session, found: Sequence[Queue], person: Person, now: datetime, *, counts_left: bool = False
) -> list[QueueCard]:
    """`counts_left`: what is left for this person too, which the company's people see only where they work themselves."""
    projects = {
        row.id: row
        for row in session.scalars(select(Project).where(Project.id.in_({queue.project_id for queue in found})))
    }
    counts = tallies.counts_of(session, [queue.id for queue in found])
    preparing = assets.being_prepared(session, set(projects))
    working = queries.working_in(session, person, [queue.id for queue in found])
    kept_from = {queue.id: admission.told(session, queue, person, now) for queue in found}
    shows_left = counts_left or not person.is_company
    return [
        QueueCard(
            queue,
            projects[queue.project_id],
            0 if kept_from[queue.id] or not shows_left else admission.left(session, queue, person, now),
            dict(counts[queue.id].tasks),
            queue.id in working,
            preparing.get(queue.project_id, 0),
            kept_from[queue.id],
        )
        for queue in found
    ]


def to_do(session: Session, person: Person, now: datetime) -> list[QueueCard]:
    """Open queues that this person works in, the one with work at hand first."""
    if Role.LABELER not in person.roles:
        return []
    found = queries.working_queues(session, person, now)
    return sorted(
        queue_cards(session, found, person, now, counts_left=True), key=lambda card: (not card.working, card.left == 0)
    )


def open_to_organisation(session: Session, person: Person, now: datetime) -> list[QueueCard]:
    """For a vendor's people who label nothing themselves: what their organisation may work in."""
    if person.is_company or Role.LABELER in person.roles:
        return []
    return queue_cards(session, queries.working_queues(session, person, now), person, now)


def watched_queues(session: Session, person: Person, now: datetime) -> dict[Project, list[QueueCard]]:
    """What the company's people have going, by project."""
    if not person.is_company:
        return {}
    found = session.scalars(queries.unfinished_queues()).all()
    by_project: dict[Project, list[QueueCard]] = {}
    for card in queue_cards(session, found, person, now):
        by_project.setdefault(card.project, []).append(card)
    return by_project


@dataclass(frozen=True)
class NewQueueOptions:
    """What the form offers: (value, text) pairs."""

    schemas: list[tuple[str, str]]
    guidelines: list[tuple[str, str]]
    organisations: list[str]


def new_queue_options(session: Session, project: Project) -> NewQueueOptions:
    published = schemas.versions_newest_first(session, project.id)
    guides = guidelines.versions_newest_first(session, project.id)
    return NewQueueOptions(
        [(str(one.version), f"{one.name}, version {one.version}") for one in published],
        [("", "The newest when a task is handed out")]
        + [(str(one.version), f"{one.title}, version {one.version}") for one in guides],
        [one.name for one in people.organisations(session)],
    )
