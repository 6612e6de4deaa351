"""when suggestions are shown"""

import sqlalchemy as sa
from alembic import op

from app.db.types import Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suggestions", sa.String(length=20), nullable=False, server_default="shown"))

    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suggestions", Json(), nullable=True))
        batch_op.alter_column(
            "suggested_by", existing_type=sa.String(length=200), type_=sa.Text(), existing_nullable=True
        )

    with op.batch_alter_table("shown_suggestions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_answers", Json(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("shown_suggestions", schema=None) as batch_op:
        batch_op.drop_column("first_answers")

    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.alter_column(
            "suggested_by", existing_type=sa.Text(), type_=sa.String(length=200), existing_nullable=True
        )
        batch_op.drop_column("suggestions")

    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.drop_column("suggestions")
