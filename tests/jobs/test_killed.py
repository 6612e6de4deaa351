"""Workers killed by `kill -9` in the middle of jobs: each job is taken up again, and nothing is done twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.clock import system_clock
from app.db.session import Database
from app.jobs import actions
from app.jobs.models import Job
from tests.jobs.counting_worker import MARK

ROOT = Path(__file__).resolve().parents[2]
JOBS, STEPS, KILLS = 4, 40, 3
PATIENCE = 60  # seconds


def begin(url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.jobs.counting_worker", url]
    return subprocess.Popen(command, cwd=ROOT)


def kill(process: subprocess.Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def count(database: Database, kind: str, state: str) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).where(Job.kind == kind, Job.state == state)) or 0


def wait_for(database: Database, marks: int) -> None:
    until = time.monotonic() + PATIENCE
    while count(database, MARK, "queued") < marks:
        assert time.monotonic() < until, "no worker came forward"
        time.sleep(0.01)


@pytest.mark.slow
def test_killed_workers_jobs_are_taken_up_again_and_done_once(database: Database) -> None:
    chance = random.Random(5)
    with database.write() as session:
        for number in range(JOBS):
            actions.enqueue(session, "steps", {"name": f"job-{number}", "steps": STEPS}, clock=system_clock)
    url = database.url.render_as_string(hide_password=False)
    workers = [begin(url) for _ in range(1 if database.is_sqlite else 3)]
    try:
        for number in range(KILLS):
            wait_for(database, JOBS * STEPS * (number + 1) // (KILLS + 2))
            time.sleep(chance.random() * 0.1)
            unlucky = workers.pop(0)
            kill(unlucky)
            workers.append(begin(url))
        until = time.monotonic() + PATIENCE
        while count(database, "steps", "done") < JOBS and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        for process in workers:
            kill(process)
    with database.read() as session:
        jobs = session.scalars(select(Job).where(Job.kind == "steps")).all()
        marks = session.scalars(select(Job).where(Job.kind == MARK)).all()
    assert {(job.state, job.done) for job in jobs} == {("done", STEPS)}
    seen = Counter((mark.payload["of"], mark.payload["step"]) for mark in marks)
    assert seen == {(f"job-{number}", step): 1 for number in range(JOBS) for step in range(STEPS)}
