"""A process that works on `steps` jobs until it is killed: `python -m tests.jobs.counting_worker DATABASE_URL`."""

import sys
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.clock import system_clock
from app.db.session import Database
from app.jobs import actions
from app.jobs.runs import Kind, Run
from app.jobs.worker import Worker

LEASE = timedelta(seconds=1)
MARK = "mark"  # nobody works on these: each stands for one effect


def take_steps(payload: Mapping[str, Any], run: Run) -> None:
    for step in range(run.checkpoint.get("next", 0), payload["steps"]):
        with run.write() as session:
            actions.enqueue(session, MARK, {"of": payload["name"], "step": step}, clock=system_clock)
            time.sleep(0.005)  # so that a kill may come inside a transaction
            run.note_checkpoint(session, {"next": step + 1}, done=step + 1, total=payload["steps"])
        time.sleep(0.02)


if __name__ == "__main__":
    worker = Worker(
        Database(sys.argv[1]), system_clock, {"steps": Kind("", take_steps, at_once=2)}, lease=LEASE, chance=lambda: 0.0
    )
    worker.start()
    threading.Event().wait()
