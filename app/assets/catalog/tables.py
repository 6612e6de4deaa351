"""The tables of the catalogue that hold no facts of their own. The table of words differs by database: see `searching`."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from app.assets.catalog.terms import LONGEST_LISTED
from app.assets.catalog.words import LONGEST_WORD
from app.db.base import Row

# One block of the set of ads that have one term (terms.number_of).
BITS = Table(
    "asset_bits",
    Row.metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("bits", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The values that pages offer to filter by, and how many ads of the project have each.
VALUES = Table(
    "asset_values",
    Row.metadata,
    Column("project_id", String(32), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("value", String(LONGEST_LISTED), primary_key=True),
    Column("number", Integer, nullable=False),
    Index("ix_asset_values_project_id_key_number", "project_id", "key", "number"),
    sqlite_with_rowid=False,
)

# Every word there is, so that the words that begin alike are found without asking the full-text index for all of them.
WORDS = Table(
    "asset_words",
    Row.metadata,
    # In the order of code points, so that words of one beginning stand together.
    Column(
        "word", String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql"), primary_key=True
    ),
    sqlite_with_rowid=False,
)
