"""Full-text search: FTS5 in SQLite, tsvector with GIN in PostgreSQL. Both hold an ad's words as `words` splits them, and the
project's id as one word more; both are asked in their own language, of words only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Result, select, text
from sqlalchemy.orm import Session

from app.assets.catalog.bits import Places
from app.assets.catalog.tables import WORDS
from app.assets.catalog.words import Phrase

Database = Session | Connection

MANY_BEGINNINGS = 8
MOST_BEGINNINGS = 200  # words that one beginning stands for
LAST = "\U0010ffff"
CLOSE = 8  # so many times as wide as the ads asked of, a stretch is read whole
_KNOW = text("INSERT INTO asset_words (word) VALUES (:word) ON CONFLICT (word) DO NOTHING")

_PUT = {
    "sqlite": text("INSERT INTO asset_search (rowid, words) VALUES (:seq, :words)"),
    "postgresql": text("INSERT INTO asset_search (asset_seq, words) VALUES (:seq, CAST(:words AS tsvector))"),
}
_REMOVE = {
    "sqlite": text("DELETE FROM asset_search WHERE rowid = :seq"),
    "postgresql": text("DELETE FROM asset_search WHERE asset_seq = :seq"),
}
_FIRST = {
    "sqlite": text("SELECT rowid FROM asset_search WHERE asset_search MATCH :query LIMIT :most"),
    "postgresql": text("SELECT asset_seq FROM asset_search WHERE words @@ CAST(:query AS tsquery) LIMIT :most"),
}
_SCANNING = text("SELECT set_config('enable_seqscan', :allowed, true)")  # until this transaction ends
_OF_STRETCH = text("SELECT rowid FROM asset_search WHERE asset_search MATCH :query AND rowid BETWEEN :first AND :last")
_HELD = text("SELECT rowid, words FROM asset_search WHERE rowid IN (SELECT value FROM json_each(:seqs))")
_OF_THESE = text("SELECT asset_seq FROM asset_search WHERE asset_seq = ANY(:seqs) AND words @@ CAST(:query AS tsquery)")


@dataclass(frozen=True)
class Search:
    """What is looked for, in the database's own words; `query` is None where some word of it is in no ad.

    `broad` are beginnings that stand for more words than are looked for.
    """

    phrases: Sequence[Phrase]
    query: str | None
    broad: Sequence[str] = ()
    is_wide: bool = False  # stands for very many words

    def first(self, database: Database, most: int) -> Places | None:
        """All ads that fit, in no order; None where there are more."""
        if self.query is None:
            return np.empty(0, np.int64)
        dialect = _dialect(database)
        by_index = self.is_wide and dialect == "postgresql"  # whose planner would read all ads for so many words
        if by_index:
            database.execute(_SCANNING, {"allowed": "off"})
        seqs = _places(database.execute(_FIRST[dialect], {"query": self.query, "most": most + 1}))
        if by_index:
            database.execute(_SCANNING, {"allowed": "on"})
        return seqs if len(seqs) <= most else None

    def among(self, database: Database, seqs: Places) -> Places:
        """Which of these ads fit, in rising order."""
        if self.query is None or not len(seqs):
            return np.empty(0, np.int64)
        if _dialect(database) == "postgresql":
            found = database.execute(_OF_THESE, {"query": self.query, "seqs": seqs.tolist()})
            return np.sort(_places(found))
        first, last = int(seqs.min()), int(seqs.max())
        if last - first < CLOSE * len(seqs):
            found = database.execute(_OF_STRETCH, {"query": self.query, "first": first, "last": last})
            return np.intersect1d(_places(found), seqs)
        held = database.execute(_HELD, {"seqs": str(seqs.tolist())})
        return np.sort(np.array([seq for seq, words in held if self._fits(f" {words} ")], np.int64))

    def _fits(self, words: str) -> bool:
        return all(f" {' '.join(one.words)}{'' if one.is_beginning else ' '}" in words for one in self.phrases)


def search_of(database: Database, project_id: str, phrases: Sequence[Phrase]) -> Search:
    asked, broad = [[Phrase((project_id,), is_beginning=False)]], []
    for phrase in phrases:
        endings = _endings(database, phrase.words[-1]) if phrase.is_beginning else [phrase.words[-1]]
        if len(endings) > MOST_BEGINNINGS:
            broad.append(phrase.words[-1])
        asked.append([Phrase((*phrase.words[:-1], one), is_beginning=False) for one in endings[:MOST_BEGINNINGS]])
    if not all(asked):
        return Search(phrases, None)
    writing = _for_postgresql if _dialect(database) == "postgresql" else _for_sqlite
    return Search(phrases, writing(asked), broad, is_wide=max(map(len, asked)) > MANY_BEGINNINGS)


def put(database: Database, ads: Sequence[tuple[int, str, Sequence[str]]]) -> None:
    """Adds ads that are not there yet: their number, project and words."""
    dialect = _dialect(database)
    if not ads:
        return
    known = sorted({word for _, _, words in ads for word in words})
    if known:
        database.execute(_KNOW, [{"word": word} for word in known])
    written = _as_vector if dialect == "postgresql" else " ".join
    database.execute(_PUT[dialect], [{"seq": seq, "words": written([project, *words])} for seq, project, words in ads])


def remove(database: Database, seqs: Sequence[int]) -> None:
    if seqs:
        database.execute(_REMOVE[_dialect(database)], [{"seq": seq} for seq in seqs])


def _endings(database: Database, beginning: str) -> list[str]:
    query = select(WORDS.c.word).where(WORDS.c.word >= beginning, WORDS.c.word < beginning + LAST)
    return list(database.execute(query.order_by(WORDS.c.word).limit(MOST_BEGINNINGS + 1)).scalars())


def _for_sqlite(asked: Sequence[Sequence[Phrase]]) -> str:
    return " AND ".join("(" + " OR ".join(f'"{" ".join(one.words)}"' for one in any_of) + ")" for any_of in asked)


def _for_postgresql(asked: Sequence[Sequence[Phrase]]) -> str:
    def row(phrase: Phrase) -> str:
        return "(" + " <-> ".join(f"'{word}'" for word in phrase.words) + ")"

    return " & ".join("(" + " | ".join(row(one) for one in any_of) + ")" for any_of in asked)


def _as_vector(words: Sequence[str]) -> str:
    """A tsvector as it is written: each word with its places."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, start=1):
        held = places.setdefault(word, [])
        if len(held) < 255:  # noqa: PLR2004  # PostgreSQL keeps no more of one word
            held.append(str(place))
    return " ".join(f"'{word}':{','.join(held)}" for word, held in places.items())


def _places(found: Result[*tuple[Any, ...]]) -> Places:
    return np.fromiter(found.scalars(), np.int64)


def _dialect(database: Database) -> str:
    connection = database.connection() if isinstance(database, Session) else database
    return connection.dialect.name
