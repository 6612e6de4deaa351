"""One run of a job: what a handler is given, and through which it writes."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.session import Database
from app.jobs import actions
from app.jobs.models import Job
from app.jobs.rules import LeaseLost, Stopping


class Run:
    """Whatever a handler changes, it changes in `write`: so that a run that lost its job changes nothing."""

    def __init__(
        self, database: Database, clock: Clock, job: Job, *, lease: timedelta, stopping: threading.Event | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._job = job
        self._lease = lease
        self._stopping = stopping or threading.Event()

    @property
    def checkpoint(self) -> Mapping[str, Any]:
        """Where the run before this one stopped; empty at the first."""
        return self._job.checkpoint or {}

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that nobody else can take the job in. Raises `LeaseLost` where it is not ours any more."""
        with self._database.write() as session:
            self._require(actions.hold(session, self._job, self._clock(), lease=self._lease))
            yield session

    def note_checkpoint(self, session: Session, checkpoint: Mapping[str, Any], *, done: int, total: int | None) -> None:
        """In a `write` of ours, with what was done up to there."""
        self._require(actions.note_checkpoint(session, self._job, checkpoint, done=done, total=total))

    def update(self, done: int, total: int | None) -> None:
        """How far it is, for those who watch."""
        with self.write() as session:
            actions.note_progress(session, self._job, done=done, total=total)

    def rest(self) -> None:
        """Called where a run can be interrupted: raises `Stopping` when the worker is to end."""
        if self._stopping.is_set():
            raise Stopping

    def beat(self) -> bool:
        """Renews the lease. False when the job is not ours any more."""
        with self._database.write() as session:
            return actions.hold(session, self._job, self._clock(), lease=self._lease)

    @staticmethod
    def _require(held: bool) -> None:
        if not held:
            raise LeaseLost


Handler = Callable[[Mapping[str, Any], Run], None]


SHARE = "%"


@dataclass(frozen=True)
class About:
    """What a job is about: a name, and the page of it where whoever sees background work sees that too."""

    name: str
    route: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A kind of job. `at_once`: how many of it one process runs at a time, whatever else it runs.

    `may_wait`: its jobs may be left for a time far ahead; of others that would mean that the clock was set back since.

    `on_failure` is called with the payload, in the transaction in which a job fails for good. `about` says of many jobs at
    once, by their ids, what each is about. `counts`: what its progress is counted in, a plural with s, or `SHARE` where that differs from
    job to job, so that only the share tells anything.
    """

    title: str
    handler: Handler
    at_once: int = 1
    may_cancel: bool = False
    may_wait: bool = False
    on_failure: Callable[[Session, Mapping[str, Any]], None] | None = None
    about: Callable[[Session, Sequence[Job]], Mapping[str, About]] | None = None
    counts: str = ""
