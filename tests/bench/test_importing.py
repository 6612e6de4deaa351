"""`fasit bench import` compares what is alike: the bare loop leaves the rows that an import leaves, in every table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.assets.store import Store
from app.bench import importing
from app.bench.importing_bare import Bare, PostgresTables, SqliteTables, Tables
from app.clock import system_clock
from app.db.session import Database
from app.imports import actions as imports
from tests.making import make_project

# What both have to leave alike; ids, times and hashes are each one's own, but for the hash of a text.
ALIKE = (
    "SELECT external_id, revision, metadata, state, length(content_hash) FROM assets ORDER BY seq",
    "SELECT a.external_id, r.number, r.metadata FROM asset_revisions r JOIN assets a ON a.id = r.asset_id ORDER BY 1",
    (
        "SELECT a.external_id, p.name, p.modality, p.text, p.sha256, p.facts, p.since_revision"
        " FROM parts p JOIN assets a ON a.id = p.asset_id ORDER BY 1, 2"
    ),
    "SELECT word FROM asset_words ORDER BY 1",
    "SELECT key, value, number FROM asset_values ORDER BY 1, 2",
    "SELECT block, bits, count(*) FROM asset_bits GROUP BY block, bits ORDER BY 1, 2",
)


@pytest.fixture
def tables(database: Database) -> Iterator[Tables]:
    url = database.url.render_as_string(hide_password=False)
    found: Tables = SqliteTables(url.removeprefix("sqlite:///")) if database.is_sqlite else PostgresTables(url)
    yield found
    found.close()


def rows(database: Database) -> list[list[Any]]:
    with database.read() as session:
        found = [[tuple(row) for row in session.execute(text(query))] for query in ALIKE]
        name = "rowid" if database.is_sqlite else "asset_seq"
        search = text(f"SELECT {name}, CAST(words AS text) FROM asset_search ORDER BY 1")
        project = session.execute(text("SELECT id FROM projects")).scalar_one()
        found.append([(seq, words.replace(project, "PROJECT")) for seq, words in session.execute(search)])
    return found


def clear(database: Database) -> None:
    with database.write() as session:
        for table in (
            "parts",
            "asset_revisions",
            "assets",
            "asset_words",
            "asset_values",
            "asset_bits",
            "asset_search",
        ):
            session.execute(text(f"DELETE FROM {table}"))
        if not database.is_sqlite:
            session.execute(text("ALTER SEQUENCE assets_seq_seq RESTART"))


def test_the_bare_loop_leaves_the_rows_of_an_import(database: Database, tables: Tables, tmp_path: Path) -> None:
    with database.write() as session:
        make_project(session, clock=system_clock)
    files = [tmp_path / "0.jsonl", tmp_path / "1.jsonl"]
    for number, path in enumerate(files):
        importing._make(path, number * 120, 120)
    loop = Bare(tables)
    for path in files:
        loop.load(path)
    bare = rows(database)
    clear(database)
    for path in files:
        imports.import_into(
            database, Store(tmp_path / "media"), project="alcohol", path=path, tell=pytest.fail, clock=system_clock
        )
    ours = rows(database)
    assert [len(one) for one in ours][:3] == [240, 240, 240]
    assert ours == bare
