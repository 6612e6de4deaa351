"""labels that are returned to their authors, and for how long they are theirs alone"""

import sqlalchemy as sa
from alembic import op

from app.db.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WAITS = {"sqlite_where": sa.text("ended_at IS NULL"), "postgresql_where": sa.text("ended_at IS NULL")}


def upgrade() -> None:
    op.create_table(
        "reworks",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("label_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("queue_id", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("returned_by", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_reworks_author_id_people")),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name=op.f("fk_reworks_label_id_labels")),
        sa.ForeignKeyConstraint(["returned_by"], ["people.id"], name=op.f("fk_reworks_returned_by_people")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reworks")),
        sa.UniqueConstraint("id", name=op.f("uq_reworks_id")),
    )
    op.create_index("uq_reworks_open", "reworks", ["label_id"], unique=True, **WAITS)
    op.create_index("ix_reworks_of_author", "reworks", ["author_id"], **WAITS)
    op.create_index("ix_reworks_due", "reworks", ["queue_id", "until"], **WAITS)
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rework_seconds", sa.Integer(), server_default="86400", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.drop_column("rework_seconds")
    op.execute("UPDATE labels SET status = 'submitted' WHERE status = 'returned'")
    op.drop_table("reworks")
