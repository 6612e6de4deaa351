"""What runs the work that was left to the background: one thread that takes jobs, one thread a job."""

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db.session import Database
from app.errors import AppError, Unavailable
from app.jobs import actions, due
from app.jobs.models import Job
from app.jobs.rules import LEASE, Chance, GiveUp, LeaseLost, Stopping, delay_after
from app.jobs.runs import Kind, Run

log = logging.getLogger("fasit.jobs")

POLL_SECONDS = 0.5
BEATS_A_LEASE = 6
FORGET_EVERY_SECONDS = 600


class Worker:
    """Runs due jobs of its kinds, of each kind as many at once as it says, so that a long one keeps none from running."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        kinds: Mapping[str, Kind],
        *,
        lease: timedelta = LEASE,
        chance: Chance = secrets.SystemRandom().random,
    ) -> None:
        self._database = database
        self._clock = clock
        self._kinds = dict(kinds)
        self._may_wait = frozenset(name for name, kind in kinds.items() if kind.may_wait)
        self._lease = lease
        self._chance = chance
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._threads: set[threading.Thread] = set()
        self._forgot_at = 0.0

    def start(self) -> None:
        self._stopping.clear()
        event.listen(Session, "after_commit", self._woken_by)
        self._thread = threading.Thread(target=self._loop, name="fasit-jobs", daemon=True)
        self._thread.start()

    def stop(self, *, seconds: float = 10) -> None:
        """Lets the jobs at hand end, for a while; what is left over is taken again when its lease runs out."""
        if self._thread is None:
            return
        self._stopping.set()
        self._wake.set()
        until = time.monotonic() + seconds
        self._thread.join(seconds)
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))
        self._thread = None
        event.remove(Session, "after_commit", self._woken_by)

    def run_due(self, *, limit: int | None = None) -> int:
        """Runs what is due now, and what that leaves due in turn, one by one in this thread. Gives how many ran."""
        ran = 0
        while (limit is None or ran < limit) and not self._stopping.is_set():
            job = self._take(frozenset(self._kinds))
            if job is None:
                break
            self._run(job)
            ran += 1
        return ran

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                while not self._stopping.is_set() and self._start_one():
                    pass
                self._forget()
            except Unavailable as failure:
                log.warning("%s", failure.sentence)
            except Exception:
                log.exception("the worker could not take a job")
            self._wake.wait(POLL_SECONDS)

    def _start_one(self) -> bool:
        with self._lock:
            free = frozenset(name for name, kind in self._kinds.items() if self._running[name] < kind.at_once)
        job = self._take(free) if free else None
        if job is None:
            return False
        thread = threading.Thread(target=self._run_apart, args=(job,), name=f"fasit-job-{job.kind}", daemon=True)
        with self._lock:
            self._running[job.kind] += 1
            self._threads.add(thread)
        thread.start()
        return True

    def _run_apart(self, job: Job) -> None:
        try:
            self._run(job)
        except Unavailable as failure:  # how it went could not be written: it is taken again when its lease runs out
            log.warning("%s", failure.sentence)
        except Exception:
            log.exception("how job %s went could not be written", job.id)
        finally:
            with self._lock:
                self._running[job.kind] -= 1
                self._threads.discard(threading.current_thread())
            self._wake.set()

    def _woken_by(self, session: Session) -> None:
        if session.info.pop(actions.LEFT_A_JOB, False):
            self._wake.set()

    def _take(self, kinds: frozenset[str]) -> Job | None:
        now = self._clock()
        with self._database.read() as session:
            found = due.look(session, kinds, now, may_wait=self._may_wait)
        if found.deadly:
            self._fail_deadly(kinds)
        if found.kind is None:
            return None
        with self._database.write() as session:
            may_wait = found.kind in self._may_wait
            return actions.take(session, found.kind, now, lease=self._lease, may_wait=may_wait)

    def _run(self, job: Job) -> None:
        run = Run(self._database, self._clock, job, lease=self._lease, stopping=self._stopping)
        ended = threading.Event()
        heart = threading.Thread(target=self._beat, args=(run, ended), name="fasit-jobs-heart", daemon=True)
        heart.start()
        try:
            self._kinds[job.kind].handler(job.payload, run)
        except LeaseLost:
            log.info("job %s of kind %s is not this run's any more", job.id, job.kind)
        except Stopping:
            with self._database.write() as session:
                actions.give_back(session, job, self._clock())
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
            attempts = actions.attempts_of(session, job)
            delay = delay_after(attempts, self._chance) if again else None
            if actions.fail(session, job, self._clock(), reason=reason, delay=delay) and delay is None:
                self._tell(session, job)

    def _fail_deadly(self, kinds: frozenset[str]) -> None:
        with self._database.write() as session:
            for job in actions.fail_deadly(session, kinds, self._clock()):
                self._tell(session, job)

    def _tell(self, session: Session, job: Job) -> None:
        kind = self._kinds[job.kind]
        if kind.on_failure is not None:
            kind.on_failure(session, job.payload)

    def _beat(self, run: Run, ended: threading.Event) -> None:
        while not ended.wait(self._lease.total_seconds() / BEATS_A_LEASE):
            try:
                if not run.beat():
                    return
            except Unavailable as failure:
                log.warning("%s", failure.sentence)

    def _forget(self) -> None:
        if self._forgot_at and time.monotonic() - self._forgot_at < FORGET_EVERY_SECONDS:
            return
        self._forgot_at = time.monotonic()
        with self._database.write() as session:
            actions.forget_done(session, self._clock())
