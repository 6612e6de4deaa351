"""tasks that were moved from a queue to another, so that it makes none of the same ads again"""

import sqlalchemy as sa
from alembic import op

from app.db.types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moves",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("queue_id", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("moved_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_moves_asset_id_assets")),
        sa.ForeignKeyConstraint(["moved_by"], ["people.id"], name=op.f("fk_moves_moved_by_people")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_moves_queue_id_queues")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_moves_task_id_tasks")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_moves")),
        sa.UniqueConstraint("id", name=op.f("uq_moves_id")),
    )
    op.create_index("ix_moves_from", "moves", ["queue_id", "asset_id"])


def downgrade() -> None:
    op.drop_table("moves")
