"""The only reader of the wall clock. Everything else takes a `Clock` as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC, with microseconds."""
    return datetime.now(UTC)
