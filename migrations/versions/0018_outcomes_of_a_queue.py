"""which queue an outcome is of, with an index, so that the newest of a queue are found at once"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("queue_id", sa.String(length=32), nullable=True))
    op.execute("UPDATE outcomes SET queue_id = (SELECT c.queue_id FROM claims c WHERE c.id = outcomes.claim_id)")
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.alter_column("queue_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_outcomes_queue_id_queues"), "queues", ["queue_id"], ["id"])
    op.create_index("ix_outcomes_queue_id_seq", "outcomes", ["queue_id", "seq"])


def downgrade() -> None:
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.drop_index("ix_outcomes_queue_id_seq")
        batch_op.drop_constraint(batch_op.f("fk_outcomes_queue_id_queues"), type_="foreignkey")
        batch_op.drop_column("queue_id")
