"""How often and how late a job is tried again."""

from datetime import timedelta

LOCK = timedelta(seconds=60)
RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
)
MOST_ATTEMPTS = len(RETRY_AFTER) + 1


class GiveUp(Exception):  # a decision of a handler, not an error of ours
    """Raised by a handler when trying again would change nothing: the job fails at once, with this reason."""


def delay_after(attempts: int) -> timedelta | None:
    """How long to wait after this many tries, or None when it was the last."""
    return RETRY_AFTER[attempts - 1] if attempts < MOST_ATTEMPTS else None
