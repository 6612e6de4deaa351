"""background work is leased by a token, and goes on where it stopped"""

import sqlalchemy as sa
from alembic import op

from app.db.types import Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("token", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("checkpoint", Json(), nullable=True))
        batch_op.drop_index("ix_jobs_state_run_after")
        batch_op.create_index("ix_jobs_state_kind_run_after", ["state", "kind", "run_after"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_state_kind_run_after")
        batch_op.create_index("ix_jobs_state_run_after", ["state", "run_after"], unique=False)
        batch_op.drop_column("checkpoint")
        batch_op.drop_column("token")
