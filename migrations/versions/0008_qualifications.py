"""what people are qualified for: languages, markets and certificates"""

import sqlalchemy as sa
from alembic import op

from app.db.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HELD = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "qualifications",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("given_by", sa.String(length=32), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_qualifications_person_id_people")),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_qualifications_given_by_people")),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_qualifications_ended_by_people")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_qualifications")),
        sa.UniqueConstraint("id", name=op.f("uq_qualifications_id")),
    )
    op.create_index(
        "uq_qualifications_held", "qualifications", ["person_id", "kind", "name"], unique=True, sqlite_where=HELD,
        postgresql_where=HELD,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("qualifications")
