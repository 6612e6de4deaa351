"""Which of many tasks a change touches, and why the others stay as they are. Pure.

What is shown before is named by a token over every fact that counts; the change is made only where the token is the same
then, so nothing else is touched than what was shown.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.queues.rules import STOPPABLE, TaskState


class Deed(StrEnum):
    WITHDRAW = "withdraw"
    RETURN = "return"
    MOVE = "move"
    PRIORITISE = "prioritise"


class Stays(StrEnum):
    """Why a task is not touched."""

    DONE = "done"
    WITHDRAWN = "withdrawn"
    IN_QUEUE = "in its queue already"
    AD_WITHDRAWN = "its ad is withdrawn"
    SETTLED = "what it asks was decided already"
    HELD = "somebody holds it"
    ANSWERED = "somebody has answered it"
    UNFIT = "its ad lacks what the other queue asks for"
    THERE = "its ad has a task there already"


# Of several tasks, where it reads otherwise.
OF_SEVERAL = {
    Stays.IN_QUEUE: "in their queue already",
    Stays.AD_WITHDRAWN: "their ads are withdrawn",
    Stays.SETTLED: "what they ask was decided already",
    Stays.HELD: "somebody holds each",
    Stays.ANSWERED: "somebody has answered each",
    Stays.UNFIT: "their ads lack what the other queue asks for",
    Stays.THERE: "their ads have tasks there already",
}


def why_in_words(why: Stays, count: int) -> str:
    return str(why) if count == 1 else OF_SEVERAL.get(why, str(why))


@dataclass(frozen=True)
class TaskFacts:
    """What decides over one task. `fits`, `is_there`: of the queue that it would move to. `settled`: it was to answer what
    somebody has decided.
    """

    task_id: str
    external_id: str
    state: TaskState
    state_at: datetime
    held: bool
    answered: bool
    ad_withdrawn: bool
    fits: bool = True
    is_there: bool = False
    settled: bool = False


def stays(task: TaskFacts, deed: Deed) -> Stays | None:
    """Why the task stays as it is; None where it is touched."""
    if deed == Deed.RETURN:
        if task.state not in {TaskState.ON_HOLD, TaskState.ESCALATED, TaskState.WITHDRAWN}:
            return Stays.DONE if task.state in {TaskState.DONE, TaskState.ANSWERED} else Stays.IN_QUEUE
        if task.ad_withdrawn:
            return Stays.AD_WITHDRAWN
        return Stays.SETTLED if task.settled else None
    if task.state not in STOPPABLE:
        return Stays.WITHDRAWN if task.state == TaskState.WITHDRAWN else Stays.DONE
    return _cannot_move(task) if deed == Deed.MOVE else None


def _cannot_move(task: TaskFacts) -> Stays | None:
    for holds, why in (
        (task.held, Stays.HELD),
        (task.answered, Stays.ANSWERED),
        (not task.fits, Stays.UNFIT),
        (task.is_there, Stays.THERE),
    ):
        if holds:
            return why
    return None


def token(deed: Deed, details: Mapping[str, str], tasks: Sequence[TaskFacts]) -> str:
    """Another one as soon as anything that was shown differs."""
    digest = hashlib.sha256(f"{deed}\0{sorted(details.items())}".encode())
    for task in tasks:
        digest.update(repr(task).encode())
    return digest.hexdigest()[:32]
