"""guideline text is held"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("guideline_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_hash", sa.String(length=64), nullable=True))

    versions = sa.table("guideline_versions", *map(sa.column, ("seq", "title", "body", "content_hash")))
    connection = op.get_bind()
    for seq, title, body in connection.execute(sa.select(versions.c.seq, versions.c.title, versions.c.body)).all():
        content = json.dumps([title, body], ensure_ascii=False).encode()
        known = versions.update().where(versions.c.seq == seq)
        connection.execute(known.values(content_hash=hashlib.sha256(content).hexdigest()))

    with op.batch_alter_table("guideline_versions", schema=None) as batch_op:
        batch_op.alter_column("content_hash", existing_type=sa.String(length=64), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("guideline_versions", schema=None) as batch_op:
        batch_op.drop_column("content_hash")
