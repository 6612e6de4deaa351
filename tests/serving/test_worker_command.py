"""`fasit worker` for real: it works beside PostgreSQL, leaves off when told to, and refuses SQLite."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import system_clock
from app.db.session import Database
from app.jobs.models import Job
from app.labels import chain

ROOT = Path(__file__).resolve().parents[2]


def environment(database: Database, tmp_path: Path, **more: str) -> dict[str, str]:
    url = database.url.render_as_string(hide_password=False)
    own = {"FASIT_DATABASE_URL": url, "FASIT_MEDIA_URL": str(tmp_path / "media")}
    return {**os.environ, **own, **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app", *arguments]


def test_a_worker_does_what_is_due_and_ends_when_told(postgresql_database: Database, tmp_path: Path) -> None:
    with postgresql_database.write() as session:
        chain.ask(session, clock=system_clock)
    worker = subprocess.Popen(
        command("worker"), cwd=ROOT, env=environment(postgresql_database, tmp_path), stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 60
        state = "queued"
        while state != "done" and time.monotonic() < until:
            with postgresql_database.read() as session:
                state = session.scalars(select(Job.state)).one()
            time.sleep(0.1)
        assert state == "done"
    finally:
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert "Working on" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "background", "says"),
    [(("worker",), "serve", "fasit worker is for PostgreSQL"), (("serve",), "workers", "needs PostgreSQL")],
)
def test_sqlite_has_no_workers(
    sqlite_database: Database, tmp_path: Path, arguments: tuple[str], background: str, says: str
) -> None:
    given = environment(sqlite_database, tmp_path, FASIT_BACKGROUND=background)
    done = subprocess.run(command(*arguments), check=False, cwd=ROOT, env=given, capture_output=True, text=True)
    assert (done.returncode, says in done.stderr) == (1, True), done.stderr
