"""Serving: one process on SQLite, several on PostgreSQL, and what refuses before the first request."""

import gc
import socket

import uvicorn
from fastapi import FastAPI
from sqlalchemy import func, select

from app.assets import actions as assets
from app.assets.store import Store
from app.clock import system_clock
from app.db import migrate
from app.db.session import Database
from app.errors import AppError, Unavailable
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.jobs.worker import Worker
from app.main import create_app, job_kinds
from app.serving.progress import Advance
from app.settings import Settings, read_settings

COLLECTING = (10_000, 20, 20)
LEFT_BY_IMPORTS = (assets.DERIVE, assets.FILL)


def require_current(database: Database) -> None:
    """Raises, naming the command to run, unless the database stands at the newest revision."""
    if not migrate.is_current(database):
        raise AppError("The database is not at the newest revision. Run: fasit migrate")


def require_media_folder(settings: Settings) -> None:
    try:
        Store(settings.media_folder).require_writable()
    except Unavailable as refused:
        raise AppError(f"FASIT_MEDIA_URL is of no use as it is. {refused.sentence}") from None


def require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise AppError(f"Cannot listen on {host}:{port}: {refused.strerror}. Choose another with --port.") from None


def serve(settings: Settings, *, host: str, port: int, workers: int = 1) -> None:
    """Serves until stopped. Refuses an unmigrated database, a port in use, and several workers on SQLite."""
    if workers > 1 and settings.is_sqlite:
        raise AppError("SQLite has one serving process. Use --workers 1, or PostgreSQL (FASIT_DATABASE_URL).")
    if settings.background == "workers" and settings.is_sqlite:
        raise AppError("SQLite has one process that writes, so FASIT_BACKGROUND=workers needs PostgreSQL.")
    database = Database(settings.database_url)
    require_current(database)
    database.close()
    require_media_folder(settings)
    require_free_port(host, port)
    if workers > 1:
        _run("app.serving.server:from_environment", host, port, factory=True, workers=workers)
    else:
        _run(_application(settings), host, port)


def _run(
    application: FastAPI | str, host: str, port: int, *, factory: bool = False, workers: int | None = None
) -> None:
    # Connections rest longer than proxies and browsers keep theirs, so that none is closed under a request just sent.
    uvicorn.run(
        application, host=host, port=port, factory=factory, workers=workers,
        log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5, timeout_keep_alive=75,
    )  # fmt: skip


def finish_jobs(settings: Settings, database: Database, *, progress: Advance) -> None:
    """Runs what an import left to be done, so that the command ends with ads that can be labelled."""
    kinds = {name: job_kinds(settings, database, system_clock)[name] for name in LEFT_BY_IMPORTS}
    worker = Worker(database, system_clock, kinds)
    with database.read() as session:
        waiting = select(func.count()).where(Job.state == JobState.QUEUED, Job.kind.in_(kinds))
        total = session.scalar(waiting) or 0
    done = 0
    while ran := worker.run_due(limit=1):
        done += ran
        progress(done, max(total, done))


def from_environment() -> FastAPI:
    """One worker's application: uvicorn calls it in each process."""
    return _application(read_settings())


def _application(settings: Settings) -> FastAPI:
    """What is there before the first request stays for good, and looking through all of it for cycles, every few thousand
    requests, made all wait for a fifth of a second. It is not looked at again, and the rest less often.
    """
    application = create_app(settings)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)
    return application
