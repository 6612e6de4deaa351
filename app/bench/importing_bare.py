"""The other side of `import`: the same rows by the driver, with nothing in between.

It reads the same file with orjson and writes the rows that Fasit writes, values and all (ids, hashes, facts, the catalogue's
words, counts and sets), to the same tables with the same indexes, synced as Fasit's are: by executemany on SQLite, by COPY on
PostgreSQL. It checks nothing, looks for nothing that is there already, numbers its rows itself, never has to go on where it
stopped, and keeps the set at hand in memory, to write each block of it once. What a value is, is said by the pure functions that
Fasit asks too.
"""

import secrets
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import orjson
import psycopg

from app.assets.catalog import bits, words
from app.assets.catalog.searching import _as_vector
from app.assets.catalog.terms import Ad, is_listed, number_of, terms_of

ROWS_A_COMMIT = bits.BLOCK
COLUMNS = {
    "assets": (
        "seq", "id", "created_at", "project_id", "external_id", "revision", "metadata", "content_hash", "state",
    ),
    "asset_revisions": ("id", "created_at", "asset_id", "number", "metadata"),
    "parts": (
        "id", "created_at", "asset_id", "name", "modality", "text", "sha256", "facts", "since_revision",
    ),
}  # fmt: skip
UPSERTS = {
    "asset_words": "INSERT INTO asset_words (word) VALUES (?) ON CONFLICT DO NOTHING",
    "asset_values": "INSERT INTO asset_values (project_id, key, value, number) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (project_id, key, value) DO UPDATE SET number = asset_values.number + excluded.number",
    "asset_bits": "INSERT INTO asset_bits (term, block, bits) VALUES (?, ?, ?)"
    " ON CONFLICT (term, block) DO UPDATE SET bits = excluded.bits",
}
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=4000")

Rows = dict[str, list[Sequence[Any]]]


class Tables(Protocol):
    """A database to write to."""

    def project(self) -> str: ...
    def searched(self, found: Sequence[str]) -> str: ...
    def write(self, rows: Rows) -> None: ...
    def close(self) -> None: ...


class SqliteTables:
    """Tables of an SQLite file."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for pragma in PRAGMAS:
            self._database.execute(f"PRAGMA {pragma}")

    def project(self) -> str:
        return str(self._database.execute("SELECT id FROM projects").fetchone()[0])

    @staticmethod
    def searched(found: Sequence[str]) -> str:
        return " ".join(found)

    def write(self, rows: Rows) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        for table, columns in COLUMNS.items():
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # our own names
            self._database.executemany(statement, rows[table])
        self._database.executemany("INSERT INTO asset_search (rowid, words) VALUES (?, ?)", rows["asset_search"])
        for table, statement in UPSERTS.items():
            self._database.executemany(statement, rows[table])
        self._database.execute("COMMIT")

    def close(self) -> None:
        self._database.close()


class PostgresTables:
    """Tables of a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._database = psycopg.connect(url.replace("+psycopg", ""))

    def project(self) -> str:
        row = self._database.execute("SELECT id FROM projects").fetchone()
        assert row is not None
        return str(row[0])

    @staticmethod
    def searched(found: Sequence[str]) -> str:
        return _as_vector(found)

    def write(self, rows: Rows) -> None:
        with self._database.cursor() as cursor:
            for table, columns in (COLUMNS | {"asset_search": ("asset_seq", "words")}).items():
                with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in rows[table]:
                        copy.write_row(row)
            for table, statement in UPSERTS.items():
                cursor.executemany(statement.replace("?", "%s"), rows[table])
        self._database.commit()

    def close(self) -> None:
        self._database.close()


class Bare:
    """A loop that goes on from file to file."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._project = tables.project()
        self._seq = 0
        self._sets: dict[int, list[int]] = defaultdict(list)  # of the block at hand, by term
        self._block = 0

    def load(self, path: Path) -> None:
        for lines in _some(path):
            now = str(datetime.now(UTC).replace(tzinfo=None))
            rows: Rows = defaultdict(list)
            listed: Counter[tuple[str, str]] = Counter()
            known: set[str] = set()
            for line in lines:
                self._add(rows, orjson.loads(line), now, listed, known)
            self._end_block(rows)
            rows["asset_words"] = [(word,) for word in sorted(known)]
            rows["asset_values"] = [(self._project, *term, count) for term, count in sorted(listed.items())]
            self._tables.write(rows)

    def _add(self, rows: Rows, ad: dict[str, Any], now: str, listed: Counter[tuple[str, str]], known: set[str]) -> None:
        self._seq += 1
        asset, metadata, hashes = secrets.token_hex(16), orjson.dumps(ad["metadata"]).decode(), []
        for part in ad["parts"]:
            text = part["text"]
            encoded = text.encode()
            hashed = sha256(encoded).hexdigest()
            hashes.append((part["name"], part["modality"], hashed))
            facts = orjson.dumps({"encoding": None, "byte_size": len(encoded), "characters": len(text)}).decode()
            rows["parts"].append(
                (secrets.token_hex(16), now, asset, part["name"], part["modality"], text, hashed, facts, 1)
            )
        content = orjson.dumps({"metadata": ad["metadata"], "parts": hashes}, option=orjson.OPT_SORT_KEYS)
        hashed = sha256(content).hexdigest()
        rows["assets"].append((self._seq, asset, now, self._project, ad["external_id"], 1, metadata, hashed, "ready"))
        rows["asset_revisions"].append((secrets.token_hex(16), now, asset, 1, metadata))
        self._catalogue(rows, ad, listed, known)

    def _catalogue(self, rows: Rows, ad: dict[str, Any], listed: Counter[tuple[str, str]], known: set[str]) -> None:
        found = words.of_ad(ad["external_id"], ad["metadata"], [part["text"] for part in ad["parts"]])
        known.update(found)
        rows["asset_search"].append((self._seq, self._tables.searched([self._project, *found])))
        held = [(part["name"], part["modality"], part["text"]) for part in ad["parts"]]
        block, place = bits.place_of(self._seq)
        if block != self._block:
            self._end_block(rows)
            self._sets.clear()
            self._block = block
        for term in terms_of(Ad(self._seq, self._project, ad["external_id"], ad["metadata"], "ready", held)):
            self._sets[number_of(self._project, *term)].append(place)
            if is_listed(term):
                listed[term] += 1

    def _end_block(self, rows: Rows) -> None:
        rows["asset_bits"] += [
            (number, self._block, bits.changed(b"", places)) for number, places in sorted(self._sets.items())
        ]


def _some(path: Path) -> Iterator[list[bytes]]:
    lines = []
    with path.open("rb") as file:
        for line in file:
            lines.append(line)
            if len(lines) == ROWS_A_COMMIT:
                yield lines
                lines = []
    if lines:
        yield lines
