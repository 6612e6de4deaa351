"""when the page of a claim was closed, so that the task goes back soon and not as one whose time ran out"""

import sqlalchemy as sa
from alembic import op

from app.db.types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claims", sa.Column("left_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("claims", "left_at")
