"""`fasit worker`: a process that does background work and nothing else, beside others of its kind and serving ones."""

import logging
import signal
import sys
import threading
from types import FrameType

from app.clock import Clock
from app.db.session import Database
from app.errors import AppError
from app.jobs.worker import Worker
from app.main import job_kinds
from app.serving import server
from app.settings import Settings

STOP_SECONDS = 30  # what is not over by then is taken up again by another when its lease has run out


def work(settings: Settings, *, clock: Clock) -> None:
    """Works until SIGTERM or SIGINT. Refuses SQLite, where the serving process is the only one that writes."""
    if settings.is_sqlite:
        raise AppError(
            "On SQLite `fasit serve` does the background work itself; fasit worker is for PostgreSQL (FASIT_DATABASE_URL)."
        )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    database = Database(settings.database_url)
    server.require_current(database)
    server.require_media_folder(settings)
    over = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker = Worker(database, clock, job_kinds(settings, database, clock))
    worker.start()
    print("Working on what is left to the background. Ctrl+C stops it.", file=sys.stderr, flush=True)
    over.wait()
    worker.stop(seconds=STOP_SECONDS)
    database.close()
