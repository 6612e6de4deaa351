"""families of media that look alike, and filters that people save"""

import sqlalchemy as sa
from alembic import op

from app.db.types import Json, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.add_column(sa.Column("family_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_media_family_id"), ["family_id"], unique=False)
    op.create_table(
        "media_bands",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("media_id", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("band", "media_id", name=op.f("pk_media_bands")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_media_bands_media_id"), "media_bands", ["media_id"])
    op.create_table(
        "saved_filters",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("asked", Json(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_saved_filters_project_id_projects")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_saved_filters_person_id_people")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("id", name=op.f("uq_saved_filters_id")),
        sa.UniqueConstraint("project_id", "person_id", "name", name=op.f("uq_saved_filters_project_id_person_id_name")),
    )


def downgrade() -> None:
    op.drop_table("saved_filters")
    op.drop_table("media_bands")
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_family_id"))
        batch_op.drop_column("family_id")
