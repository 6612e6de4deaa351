"""How often sign-in may be tried: per e-mail and per address, counted in this process's memory."""

import anyio
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.clock import Clock, system_clock
from app.errors import TooMany

PER_EMAIL = RateLimitItemPerMinute(10, 5)
PER_ADDRESS = RateLimitItemPerMinute(100, 5)  # slips only: a vendor's whole office may share one and come at nine

# Argon2 takes 64 MiB and a core each time; more at once would only wait for one another.
AT_ONCE = 2


class SignInLimits:
    """Tries by e-mail are counted before the password is looked at, and forgotten once it was right; of an address
    only those that were wrong are counted.
    """

    def __init__(self, clock: Clock = system_clock) -> None:
        # The counting library reads the wall clock itself, so this is the one place that does not take a test's.
        self._clock = clock
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._checking: anyio.CapacityLimiter | None = None

    @property
    def checking(self) -> anyio.CapacityLimiter:
        """Threads of their own for checking passwords, so that they take none from the requests of others."""
        if self._checking is None:
            self._checking = anyio.CapacityLimiter(AT_ONCE)
        return self._checking

    def admit(self, email: str, address: str) -> None:
        """Raises `TooMany` when this e-mail or address has been tried too often."""
        if not self._limiter.test(PER_ADDRESS, "address", address):
            raise self._too_many(PER_ADDRESS, "address", address)
        if not self._limiter.hit(PER_EMAIL, "email", email):
            raise self._too_many(PER_EMAIL, "email", email)

    def note_slip(self, address: str) -> None:
        self._limiter.hit(PER_ADDRESS, "address", address)

    def _too_many(self, limit: RateLimitItem, kind: str, who: str) -> TooMany:
        until = self._limiter.get_window_stats(limit, kind, who).reset_time
        seconds = max(1, round(until - self._clock().timestamp()))
        minutes = -(-seconds // 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        return TooMany(f"Too many tries to sign in. Wait {wait} and try again.", retry_after=seconds)

    def forget(self, email: str) -> None:
        """The password was right: earlier slips do not count any more."""
        self._limiter.clear(PER_EMAIL, "email", email)
