"""the catalogue of ads: sets of ads as bits, the values that are listed, and full-text search"""

import sqlalchemy as sa
from alembic import op

from app.assets.catalog import remaking

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset_bits",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("term", "block", name=op.f("pk_asset_bits")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "asset_values",
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "key", "value", name=op.f("pk_asset_values")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_asset_values_project_id_key_number", "asset_values", ["project_id", "key", "number"])
    word = sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql")
    op.create_table(
        "asset_words",
        sa.Column("word", word, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_asset_words")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE asset_search USING"
            " fts5(words, tokenize = 'unicode61 remove_diacritics 0', columnsize = 0)"
        )
    else:
        # Blocks are written over in place again and again: room for that in every page.
        op.execute("ALTER TABLE asset_bits SET (fillfactor = 70)")
        op.execute("CREATE TABLE asset_search (asset_seq bigint PRIMARY KEY, words tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_asset_search_words ON asset_search USING gin (words)")
    remaking.remake(op.get_bind())


def downgrade() -> None:
    for table in ("asset_search", "asset_words", "asset_values", "asset_bits"):
        op.drop_table(table)
