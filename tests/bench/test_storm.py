"""Short storms for real, on both databases: the same code that `fasit bench storm` runs for a minute each."""

import pytest

from app.bench import storm
from tests import machine

SHORT = storm.Size(clients=12, seconds=2.5, tasks=150, kills=1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def server_url(request: pytest.FixtureRequest) -> str | None:
    """None: a file of SQLite; else a server of PostgreSQL, on which a database is made."""
    if request.param == "sqlite":
        return None
    cluster: machine.Cluster = request.getfixturevalue("cluster")
    return cluster.url("postgres")


@pytest.mark.slow
@pytest.mark.parametrize("course", storm.COURSES, ids=lambda course: course.name)
def test_nothing_is_doubled_or_lost(
    course: storm.Course, server_url: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = storm.measure(course, SHORT, server_url)
    assert [one.name for one in figures if not one.met] == [], capsys.readouterr().err
