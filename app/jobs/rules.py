"""Words of background work: states, how long a lease is good for, how often and how late a job is tried again."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(seconds=60)
# The longest wait after each try that failed; the wait itself is drawn between nothing and this, so that jobs that failed
# together do not come back together.
RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
)
MOST_ATTEMPTS = len(RETRY_AFTER) + 1
LONGEST_WAIT = RETRY_AFTER[-1]
# Jobs that were done are kept for those who look into what happened, and no longer.
KEPT_WHEN_DONE = timedelta(days=14)

Chance = Callable[[], float]  # from 0 up to 1


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # for good, until somebody asks for another try
    CANCELLED = "cancelled"
    DROPPED = "dropped"  # it failed, and somebody decided that it need not be done


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


class GiveUp(Exception):  # a decision of a handler, not an error of ours
    """Raised by a handler when trying again would change nothing: the job fails at once, with this reason."""


class LeaseLost(Exception):  # nobody's error: what the run wrote in its last transaction is undone
    """The job is another worker's now, or was cancelled."""


class Stopping(Exception):  # a wish of the worker, not an error
    """The worker is to end: the job goes on where it stopped, here or elsewhere."""


def delay_after(attempts: int, chance: Chance) -> timedelta | None:
    """How long to wait after this many tries, or None when it was the last."""
    return RETRY_AFTER[attempts - 1] * chance() if attempts < MOST_ATTEMPTS else None
