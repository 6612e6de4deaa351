"""One thread that runs what was left to the background."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.session import Database
from app.errors import AppError, Unavailable
from app.jobs import actions
from app.jobs.models import Job
from app.jobs.rules import LOCK, GiveUp, delay_after

log = logging.getLogger("fasit.jobs")

POLL_SECONDS = 0.5
BEAT_SECONDS = LOCK.total_seconds() / 4


class Progress:
    """Handed to a handler; what it reports is seen by others at once."""

    def __init__(self, database: Database, clock: Clock, job: Job) -> None:
        self._database = database
        self._clock = clock
        self._job = job

    @property
    def is_last_try(self) -> bool:
        """Whether a failure now is for good: a handler may have to tell somebody."""
        return delay_after(self._job.attempts) is None

    def update(self, done: int, total: int) -> None:
        with self._database.write() as session:
            actions.keep(session, self._job, self._clock(), done=done, total=total)

    def beat(self) -> None:
        with self._database.write() as session:
            actions.keep(session, self._job, self._clock())


Handler = Callable[[Mapping[str, Any], Progress], None]


class Worker:
    """Runs due jobs of the kinds it has handlers for, one at a time."""

    def __init__(self, database: Database, clock: Clock, handlers: Mapping[str, Handler]) -> None:
        self._database = database
        self._clock = clock
        self._handlers = dict(handlers)
        self._kinds = frozenset(self._handlers)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        event.listen(Session, "after_commit", self._woken_by)
        self._thread = threading.Thread(target=self._loop, name="fasit-jobs", daemon=True)
        self._thread.start()

    def stop(self, *, seconds: float = 10) -> None:
        """Lets the job at hand end, for a while; what is left over is taken again when its lock runs out."""
        if self._thread is None:
            return
        self._stopping.set()
        self._wake.set()
        self._thread.join(seconds)
        self._thread = None
        event.remove(Session, "after_commit", self._woken_by)

    def run_due(self, *, limit: int | None = None) -> int:
        """Runs what is due now, and what that leaves due in turn. Gives how many ran."""
        ran = 0
        while (limit is None or ran < limit) and not self._stopping.is_set():
            job = self._take()
            if job is None:
                break
            self._run(job)
            ran += 1
        return ran

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.run_due()
            except Unavailable as failure:
                log.warning("%s", failure.sentence)
            except Exception:
                log.exception("the worker could not take a job")
            self._wake.wait(POLL_SECONDS)

    def _woken_by(self, session: Session) -> None:
        if session.info.pop(actions.LEFT_A_JOB, False):
            self._wake.set()

    def _take(self) -> Job | None:
        now = self._clock()
        with self._database.read() as session:
            if not actions.is_due(session, self._kinds, now):
                return None
        with self._database.write() as session:
            return actions.take(session, self._kinds, now)

    def _run(self, job: Job) -> None:
        progress = Progress(self._database, self._clock, job)
        ended = threading.Event()
        heart = threading.Thread(target=self._beat, args=(progress, ended), name="fasit-jobs-heart", daemon=True)
        heart.start()
        try:
            self._handlers[job.kind](job.payload, progress)
        except GiveUp as refused:
            self._fail(job, str(refused), again=False)
        except AppError as refused:
            self._fail(job, refused.sentence, again=isinstance(refused, Unavailable))
        except Exception as failure:
            log.exception("job %s of kind %s failed", job.id, job.kind)
            self._fail(job, f"{type(failure).__name__}: {failure}", again=True)
        else:
            with self._database.write() as session:
                actions.finish(session, job, self._clock())
        finally:
            ended.set()
            heart.join()

    def _fail(self, job: Job, reason: str, *, again: bool) -> None:
        with self._database.write() as session:
            actions.fail(session, job, self._clock(), reason=reason, again=again)

    @staticmethod
    def _beat(progress: Progress, ended: threading.Event) -> None:
        while not ended.wait(BEAT_SECONDS):
            try:
                progress.beat()
            except Unavailable as failure:
                log.warning("%s", failure.sentence)
