"""Who is handed what, and why not: facts go in, choices and reasons come out. Pure; the statements in `slots.py` pick the
same way, which a test holds them to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor
from typing import Any

from app.people.rules import QualificationKind, qualification_name
from app.queues.rules import STOPPED, QueueState, SlotState, TaskState, looked_up, same

# What a queue may ask for, under the key of `requires`.
ASKED = {
    "languages": QualificationKind.LANGUAGE,
    "markets": QualificationKind.MARKET,
    "qualifications": QualificationKind.CERTIFICATE,
}
PROJECT = "project"  # the key under which a person names projects they would rather not work in

Held = Collection[tuple[QualificationKind, str]]


class Why(StrEnum):
    """Why somebody is handed nothing in a queue, or not this task."""

    QUEUE_STATE = "queue_state"
    FRESH = "fresh"
    DISABLED = "disabled"
    NOT_OPEN_TO_THEM = "not_open_to_them"
    LACKS = "lacks"
    OUTSIDE_HOURS = "outside_hours"
    PERSON_LIMIT = "person_limit"
    DAY_LIMIT = "day_limit"
    ORGANISATION_LIMIT = "organisation_limit"
    OWN_WISH = "own_wish"  # told to nobody but themselves
    THEIRS_TO_REWORK = "theirs_to_rework"
    OTHERS_TO_REWORK = "others_to_rework"
    TASK_STATE = "task_state"
    HAD = "had"
    TAKEN = "taken"


@dataclass(frozen=True)
class Reason:
    """`what`: the word it turns on, such as a certificate's name."""

    why: Why
    what: str = ""


# Whether anything is for somebody ---------------------------------------------------------------------------------


def asked(requires: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a queue asks for, as it is kept: each name once, written as people's qualifications are."""
    kept = {}
    for key, names in requires.items():
        written = [qualification_name(ASKED[key], name) for name in names]
        if any(written):
            kept[key] = sorted({name for name in written if name})
    return kept


def lacking(requires: Mapping[str, Sequence[str]], held: Held) -> list[str]:
    """What a person would need besides: all that is listed is asked for, and each is told with its kind."""
    return [
        f"{ASKED[key]} {name}"
        for key, names in asked(requires).items()
        for name in names
        if (ASKED[key], name) not in held
    ]


@dataclass(frozen=True)
class Limits:
    """The most that is allowed (None: no limit) and what is taken of it: held or answered."""

    person: int | None = None
    person_a_day: int | None = None
    organisation: int | None = None
    taken: int = 0
    taken_today: int = 0
    taken_by_organisation: int = 0

    def reached(self) -> list[Reason]:
        compared = (
            (Why.PERSON_LIMIT, self.person, self.taken),
            (Why.DAY_LIMIT, self.person_a_day, self.taken_today),
            (Why.ORGANISATION_LIMIT, self.organisation, self.taken_by_organisation),
        )
        return [Reason(why, str(most)) for why, most, taken in compared if most is not None and taken >= most]


def most_for_organisation(*, most: int | None, share: float | None, slots: int) -> int | None:
    """The lower of a number and a share of the queue's slots, rounded down."""
    allowed = [one for one in (most, None if share is None else floor(share * slots + 1e-9)) if one is not None]
    return min(allowed, default=None)


@dataclass(frozen=True)
class Applicant:
    """What decides whether somebody is handed anything in a queue at all."""

    is_open_to_them: bool = True
    requires: Mapping[str, Sequence[str]] | None = None
    held: Held = ()
    opens_at: str | None = None  # the queue's next working hours; None within them
    limits: Limits = Limits()  # never changes
    wishes_other_projects: bool = False


def refusals(applicant: Applicant) -> list[Reason]:
    """Every reason for which this person is handed nothing here; none where they are."""
    found = [] if applicant.is_open_to_them else [Reason(Why.NOT_OPEN_TO_THEM)]
    found += [Reason(Why.LACKS, one) for one in lacking(applicant.requires or {}, applicant.held)]
    if applicant.wishes_other_projects:
        found.append(Reason(Why.OWN_WISH))
    if applicant.opens_at is not None:
        found.append(Reason(Why.OUTSIDE_HOURS, applicant.opens_at))
    return found + applicant.limits.reached()


def told(reasons: Sequence[Reason]) -> str:
    """The first of the reasons, as the person themselves reads it; all that they lack at once."""
    missing = ", ".join(reason.what for reason in reasons if reason.why == Why.LACKS)
    sentences = {
        Why.QUEUE_STATE: "This queue is {}, so nothing new is handed out in it.",
        Why.NOT_OPEN_TO_THEM: "This queue is for other organisations to work in.",
        Why.LACKS: f"This queue asks for more than is noted about you: {missing}. If you have it, tell your lead or a "
        "manager, who can add it.",
        Why.OWN_WISH: "You asked not to be given ads of this project; your account says so, and there you can change it.",
        Why.OUTSIDE_HOURS: "This queue hands out tasks in its working hours only. They begin again on {}.",
        Why.PERSON_LIMIT: "You have done your share of this queue: {} tasks. Thank you; work on another one.",
        Why.DAY_LIMIT: "You have done what one person does here in a day: {} tasks. Come back tomorrow.",
        Why.ORGANISATION_LIMIT: "Nothing more of this queue is for your organisation now. Work on another one.",
    }
    return sentences[reasons[0].why].format(reasons[0].what) if reasons else ""


# A person's own wishes --------------------------------------------------------------------------------------------


def is_unwanted(not_for_me: Mapping[str, Sequence[Any]], metadata: Mapping[str, Any]) -> bool:
    """Whether somebody asked not to be given such ads: any value that they named, under the metadata it stands in."""
    return any(
        same(value, one)
        for key, unwanted in not_for_me.items()
        if key != PROJECT
        for value in _listed(looked_up(metadata, key))
        for one in unwanted
    )


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


# Which task ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """One slot that may be free."""

    task: str
    root: str
    state: SlotState
    sort_key: str
    seq: int
    is_unwanted: bool = False


@dataclass(frozen=True)
class History:
    """What somebody did in a queue: roots that never come back to them, tasks they began and lost, and tasks that were only
    reserved for them, each the last first.
    """

    had: Collection[str] = ()
    begun: Sequence[str] = ()
    reserved: Sequence[str] = ()


def pick(places: Sequence[Place], history: History) -> Place | None:
    """What this person is handed next: what they began and lost, then what was reserved for them, then what came back, then
    fresh ones in their order.
    """
    theirs = [place for place in places if place.root not in history.had and not place.is_unwanted]
    for task in (*history.begun, *history.reserved):
        again = [one for one in theirs if one.task == task and one.state in {SlotState.FREE, SlotState.RETURNED}]
        if again:
            return min(again, key=lambda one: one.seq)
    for state in (SlotState.RETURNED, SlotState.FREE):
        waiting = [one for one in theirs if one.state == state]
        if waiting:
            return min(waiting, key=lambda one: (one.sort_key, one.seq))
    return None


class Choice(StrEnum):
    HOLDS = "holds"
    NEXT = "next"
    WAITS = "waits"
    NEVER = "not_handed_out"


@dataclass(frozen=True)
class TaskFacts:
    """A task as it stands for somebody. `slots`: the states of its slots."""

    queue_state: QueueState
    state: TaskState
    slots: Sequence[SlotState]
    is_disabled: bool
    is_held_by_them: bool
    is_reserved_for_them: bool
    was_had: bool
    is_unwanted: bool
    is_next: bool


@dataclass(frozen=True)
class Verdict:
    choice: Choice
    reasons: list[Reason]


def judge(task: TaskFacts, refused: Sequence[Reason]) -> Verdict:
    """Whether a task is handed to somebody, and every reason against it. What a person wished stays with them: such a task
    waits its turn, as most do.
    """
    if task.is_held_by_them:
        return Verdict(Choice.HOLDS, [])
    reasons = _against(task, refused)
    if reasons:
        return Verdict(Choice.NEVER, reasons)
    hidden = not task.is_reserved_for_them and (task.is_unwanted or any(one.why == Why.OWN_WISH for one in refused))
    return Verdict(Choice.NEXT if task.is_next and not hidden else Choice.WAITS, [])


# What keeps somebody even from a task that is reserved for them.
KEEPS_FROM_RESERVED = frozenset({Why.NOT_OPEN_TO_THEM, Why.OUTSIDE_HOURS})


def _against(task: TaskFacts, refused: Sequence[Reason]) -> list[Reason]:
    reasons = [one for one in refused if one.why != Why.OWN_WISH]
    if task.is_reserved_for_them:
        reasons = [one for one in reasons if one.why in KEEPS_FROM_RESERVED]
    if task.queue_state in {QueueState.PAUSED, QueueState.CLOSED}:
        reasons.insert(0, Reason(Why.QUEUE_STATE, task.queue_state))
    if _is_kept_back(task):
        reasons.insert(0, Reason(Why.FRESH))
    if task.is_disabled:
        reasons.insert(0, Reason(Why.DISABLED))
    if task.state in STOPPED or task.state in {TaskState.DONE, TaskState.ANSWERED}:
        reasons.append(Reason(Why.TASK_STATE, task.state))
    if task.is_reserved_for_them:
        return reasons
    if task.was_had:
        reasons.append(Reason(Why.HAD))
    if task.state == TaskState.OPEN and not {SlotState.FREE, SlotState.RETURNED, SlotState.AHEAD} & set(task.slots):
        reasons.append(Reason(Why.TAKEN))
    return reasons


def _is_kept_back(task: TaskFacts) -> bool:
    """Whether only the draining of its queue keeps a task that nobody has begun."""
    waiting = set(task.slots) & {SlotState.FREE, SlotState.RETURNED, SlotState.AHEAD}
    is_fresh = task.state == TaskState.OPEN and waiting == {SlotState.FREE}
    return task.queue_state == QueueState.DRAINING and is_fresh and not task.is_next


CHOICES = {
    Choice.HOLDS: "They hold this task now.",
    Choice.NEXT: "This is the next task that they are handed.",
    Choice.WAITS: "They may be handed this task. Others come before it.",
    Choice.NEVER: "They are not handed this task.",
}


def explained(reason: Reason) -> str:
    """As those read it who run the queue."""
    sentences = {
        Why.QUEUE_STATE: "The queue is {}.",
        Why.FRESH: "The queue is draining, so it hands out only what is begun or came back.",
        Why.DISABLED: "They are disabled, so they work in no queue.",
        Why.NOT_OPEN_TO_THEM: "The queue is not open to their organisation.",
        Why.LACKS: "They lack what the queue asks for: {}.",
        Why.OUTSIDE_HOURS: "It is outside the queue's working hours, which begin again on {}.",
        Why.PERSON_LIMIT: "They have the most tasks that one person may have in the queue: {}.",
        Why.DAY_LIMIT: "They have the most tasks that one person may have here in a day: {}.",
        Why.ORGANISATION_LIMIT: "Their organisation has the most tasks that it may have in the queue: {}.",
        Why.THEIRS_TO_REWORK: "Their label was returned to them: it is theirs to revise until {}.",
        Why.OTHERS_TO_REWORK: "Its label was returned to its author, whose it is to revise until {}. Then it goes to others.",
        Why.TASK_STATE: "The task is {}.",
        Why.HAD: "They had this task, or one of the same ad that it stems from or that stems from it.",
        Why.TAKEN: "Every place of the task is held by somebody or has its label.",
    }
    return sentences[reason.why].format(reason.what.replace("_", " "))
