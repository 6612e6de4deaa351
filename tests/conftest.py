"""Fixtures: a migrated database a test, a clock that stands still, the application and a client."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.db.migrate import migrate
from app.db.session import Database
from app.main import create_app, furnish
from app.settings import Settings
from tests import machine
from tests.databases import PostgresqlDatabase, SqliteFiles, sqlite_at

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime = NINE) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


@pytest.fixture(autouse=True)
def no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing a test does may leave this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test wanted to connect to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file migrated once, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = sqlite_at(path)
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def sqlite_files(migrated_sqlite: Path) -> SqliteFiles:
    return SqliteFiles(migrated_sqlite)


@pytest.fixture
def sqlite_database(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Database]:
    with sqlite_files.fresh(tmp_path / "fasit.db") as database:
        yield database


@pytest.fixture(scope="session")
def cluster() -> Iterator[machine.Cluster]:
    """A PostgreSQL of this test process."""
    if machine.find_postgresql() is None:
        pytest.skip("PostgreSQL's programs are not on this machine")
    with machine.postgresql() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def emptied_postgresql(cluster: machine.Cluster) -> PostgresqlDatabase:
    return PostgresqlDatabase(cluster)


@pytest.fixture
def postgresql_database(emptied_postgresql: PostgresqlDatabase) -> Iterator[Database]:
    with emptied_postgresql.fresh() as database:
        yield database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh migrated database: each test that takes one runs on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; committed when the test ends."""
    with database.write() as session:
        yield session


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return Settings(database_url=url, media_url=str(tmp_path / "media"), secret_key="a key for tests only, long enough")


@pytest.fixture(scope="session")
def routed(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Routes and templates, which are the same for every test and dear to make. `app` furnishes it for one test."""
    folder = tmp_path_factory.mktemp("routed")
    settings = Settings(database_url=f"sqlite:///{folder}/none.db", media_url=str(folder), secret_key="0" * 16)
    return create_app(settings, background=False)


@pytest.fixture
def app(routed: FastAPI, settings: Settings, database: Database, clock: FakeClock) -> Iterator[FastAPI]:
    """Jobs run when a test says so: `app.state.worker.run_due()`. Routes that a test adds are gone after it."""
    furnish(routed.state, settings, clock=clock, database=database, background=False)
    routes = list(routed.router.routes)
    yield routed
    if routed.router.routes != routes:
        routed.router.routes[:] = routes
        routed.openapi_schema = None


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as client:
        yield client


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What this machine could not run is named, not passed over."""
    reasons = {
        str(report.longrepr[2])
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    }
    for reason in sorted(reasons):
        terminalreporter.write_line(f"NOT RUN: {reason.removeprefix('Skipped: ')}")
