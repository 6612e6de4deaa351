"""Refusals: a status and one clear sentence for the person. Rendered once, in `app/web/refusals.py` and `app/cli.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Problem:
    """One fault of an input, at a JSON-pointer-like path such as `/fields/2/choices`."""

    path: str
    message: str


class AppError(Exception):
    """An expected refusal."""

    status: ClassVar[int] = 400
    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, sentence: str, *, problems: Sequence[Problem] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = tuple(problems)


class NotSignedIn(AppError):
    """Nobody is signed in, or the bearer token is dead."""

    status = 401


class NotAllowed(AppError):
    """The person sees the thing but may not do this to it."""

    status = 403


class NotFound(AppError):
    """It does not exist, or it is not theirs to see: the two read alike."""

    status = 404

    def __init__(self, sentence: str = "There is nothing here.") -> None:
        super().__init__(sentence)


class Conflict(AppError):
    """A state that refuses: a dead claim, a duplicate with other content."""

    status = 409


class OutOfDate(AppError):
    """Somebody changed it since the caller read it."""

    status = 412


class RevisionNeeded(AppError):
    """The change must say, by `If-Match`, which revision it was made from."""

    status = 428


class TooLarge(AppError):
    """An upload over its limit."""

    status = 413


class UnsupportedMedia(AppError):
    """A file of a type that is not taken."""

    status = 415


class Invalid(AppError):
    """Input that does not fit: shape, schema or media. `problems` name each fault."""

    status = 422


class TooMany(AppError):
    """Too many tries; `retry_after` seconds until the next may come."""

    status = 429

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unavailable(AppError):
    """The database or the disk does not answer; nothing was saved."""

    status = 503
